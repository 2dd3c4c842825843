"""Whatever `connectors.file` says can be said in the reader's language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import wanhui.connectors.file as room
from tests.connectors.file.build import columns_of, reviews_of, table_of, xlsx_of
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.sentences import SENTENCES

HOLE = "\x00"
KNOWN = {re.sub(r"%\(\w+\)s", HOLE, sentence) for sentence in SENTENCES}


def known(sentence: str) -> bool:
    """Is there a sentence of which this is a filling?"""
    patterns = ("(.*?)".join(map(re.escape, template.split(HOLE))) for template in KNOWN)
    return any(re.fullmatch(pattern, sentence, re.DOTALL) for pattern in patterns)


def skeleton(node: ast.expr) -> str | None:
    """The literal text of an expression with a hole for every value; None when it is not written out."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
    return None


def written_out() -> Iterator[str]:
    """Every message that stands whole in a `FileProblem(…)`, and every `problem=…`; not the writers', which only the
    command line uses."""
    folder = Path(str(room.__file__)).parent
    for path in sorted(folder.glob("*.py")):
        if path.name == "writers.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and node.func.id == "FileProblem" and node.args:
                yield skeleton(node.args[0]) or ""
            if isinstance(node.func, ast.Name) and node.func.id in ("Moment", "Stars"):
                yield from (skeleton(word.value) or "" for word in node.keywords if word.arg == "problem")


@pytest.mark.parametrize("sentence", sorted({sentence for sentence in written_out() if sentence}))
def test_every_sentence_that_is_written_out_can_be_translated(sentence: str) -> None:
    assert known(sentence.replace(HOLE, "7")) or known(sentence.replace(HOLE, 'has the ending ".x"'))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"text,stars\n\xff\xff,1\n", "a.csv"),
        (b"\xff\xfea\x00\x00\xd8", "a.csv"),
        ("Text;Sterne\nSchöne Qualität, völlig zerdrückt;1\n".encode("cp1252"), "a.csv"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 99, "a.xls"),
        (b"x", "a"),
        (b"x", "a.docx"),
        ("评价内容\n" + "好" * 1_000_001, "a.csv"),
        ('{"text": "好"}\n{', "a.jsonl"),
        (xlsx_of([["评价内容"] * 2, ["好"] * 2]), "a.xlsx"),
        ("商品编码,库存\nA1,3\n", "a.csv"),
        ("统计周期,好评率\n1,2\n3,4\n", "a.csv"),
    ],
)
def test_a_refused_file_is_refused_in_a_sentence_that_can_be_translated(data: bytes | str, name: str) -> None:
    with pytest.raises(FileProblem) as caught:
        columns_of(table_of(data, name))
    assert known(caught.value.message)


def test_notes_reasons_and_problems_can_be_translated() -> None:
    header = "内容,评价内容,评分,订单号,评价时间,评价编号"
    data = f"{header}\n上新了,很好看,3.5,1.2E+18,01.18,13912345678\n很好,不好看,9,a,03/04/2026,b\n,,,,,\n"
    table = table_of(data)
    columns = columns_of(table)
    said = [*columns.notes, *table.notes, *(match.reason for match in columns.matches)]
    said += [problem for review in reviews_of(data) for problem in (*review.problems, review.refused) if problem]
    said += [review.refused for review in reviews_of("评价内容,评分\n" + "好,5\n" * 20 + "a,b,c\n") if review.refused]
    said += [match.reason for match in columns_of(table_of("评价内容,评分\n11,5\n22,4\n33,1\n")).matches]
    assert len(said) >= 14
    assert [sentence for sentence in said if not known(sentence)] == []
