"""Everything that reading a file can say is known by its sentence, so that it can be said in the reader's language."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import wanhui.connectors.file
from wanhui.connectors import wording
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.readers import read_table
from wanhui.connectors.sentences import SENTENCES

FOLDER = Path(wanhui.connectors.file.__file__).parent
# Of these files a person in the desk sees nothing: they write results of the command line.
UNSEEN = {"writers.py"}
# Put together from two pieces; both results are read below.
PIECED = {"7 7, which is not known. Please use one of: 7."}


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence as the source spells it, its holes filled with "7"."""
    for path in sorted(FOLDER.glob("*.py")):
        if path.name in UNSEEN:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for spoken in _spoken(node):
                text = _text(spoken)
                if text and " " in text:
                    yield f"{path.name}:{spoken.lineno}", text


def _spoken(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name == "FileProblem":
            yield from node.args
        yield from (word.value for word in node.keywords if word.arg in ("problem", "refused"))
    if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "note" for target in node.targets):
        yield node.value


def _text(node: ast.expr) -> str:
    """The text of a string, with "7" for what is put in; "" when it is not spelled here."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return "".join(_text(side) or "7" for side in (node.left, node.right))
    return ""


def known(sentence: str) -> bool:
    return any(pattern.fullmatch(sentence) for pattern, _template in wording._patterns())


def test_the_sentences_are_found() -> None:
    assert len(list(sentences())) > 40


def test_every_sentence_of_the_readers_is_known() -> None:
    # A row's id problem gets the name of its id in front.
    unknown = [(where, text) for where, text in sentences() if not known(text) and not known(f"order {text}")]
    assert [one for one in unknown if one[1] not in PIECED] == []


def test_a_kind_of_problem_is_known_without_its_value_too() -> None:
    whole = [sentence for sentence in SENTENCES if sentence.startswith(("time ", "rating ", "order "))]
    kinds = {sentence.partition(": ")[0] for sentence in whole}
    assert [kind for kind in kinds if not known(kind)] == []


def test_what_stands_in_a_sentence_stays_and_fields_get_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "MEANINGS", {"said_at": "Zeit"})
    sentence = '"日期" is named like said at but its cells are of another kind; it was left out.'
    monkeypatch.setattr(wording, "gettext", lambda template: f"¡{template}")
    assert wording.told(sentence) == sentence.replace('"日期"', '¡"日期"').replace("said at", "Zeit")


def test_an_unknown_sentence_comes_back_as_it_is() -> None:
    assert wording.told("nobody ever wrote this") == "nobody ever wrote this"


@pytest.mark.parametrize("name", ["评价.xlsx", "评价.exe", "评价"])
def test_a_real_problem_is_known_and_reads_the_same_in_english(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"%PDF")
    with pytest.raises(FileProblem) as problem:
        read_table(path, path.name)
    assert known(problem.value.message)
    with translation.override("en"):
        assert wording.told(problem.value.message) == problem.value.message
