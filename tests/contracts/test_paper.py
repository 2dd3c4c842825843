"""What stands beside the code must be true: dependencies, migrations, and nothing that is not ours."""

import io
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import polars
import pytest
from django.core.management import call_command

from tests.contracts import source


def _requirement_names(lines: list[str]) -> set[str]:
    return {re.split(r"[\s\[<>=!~;]", line, maxsplit=1)[0].lower() for line in lines}


def test_every_run_time_dependency_has_its_line_of_reason_and_no_line_is_left_over() -> None:
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    used = _requirement_names(project["dependencies"])
    for extra, lines in project["optional-dependencies"].items():
        if extra not in {"dev", "training", "bench"}:
            used |= _requirement_names(lines)
    page = (source.ROOT / "docs/decisions/dependencies.md").read_text(encoding="utf-8")
    reasons = {name.lower(): reason for name, reason in re.findall(r"^\| `([^`]+)` \| (.+) \|$", page, re.MULTILINE)}
    assert set(reasons) == used
    assert [name for name, reason in reasons.items() if len(reason.strip()) < 15] == []


@pytest.mark.django_db
def test_no_change_of_a_model_waits_for_its_migration() -> None:
    said = io.StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", verbosity=1, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_migrations_have_names() -> None:
    unnamed = [file.name for file in source.PACKAGE.rglob("migrations/0*.py") if "_auto_" in file.name]
    assert unnamed == []


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    # Written in pieces, or this file would be a finding itself.
    hosts = ["py" + r"pi\.org", "python" + r"hosted\.org", r"registry\.n" + "pmjs", r"deb\.deb" + r"ian\.org"]
    places = [r"(?<![\w.])/wo" + "rk/", r"(?<![\w.])/ro" + "ot/", r"(?<![\w.])/ho" + r"me/\w", r"C:\\Us" + "ers"]
    banned = re.compile("|".join(hosts + places))
    found = [
        f"{file.relative_to(source.ROOT)}: {hit[0]}"
        for file in source.tracked()
        if (text := source.text_of(file)) is not None and (hit := banned.search(text))
    ]
    assert found == []


def test_no_text_of_the_real_reviews_is_in_the_project(shared_data: Path) -> None:
    """Twenty characters in a row of a real review, most of them Chinese, stand nowhere in the project."""
    ours: dict[str, str] = {}
    for file in source.tracked():
        for line in (source.text_of(file) or "").splitlines():
            ours |= dict.fromkeys(_windows(line), str(file.relative_to(source.ROOT)))
    texts = _real_texts(shared_data)
    assert len(texts) > 10_000
    found = {f"{ours[run]}: {run}" for text in texts for run in _runs(text) if run in ours}
    assert sorted(found) == []


_RUN = 20
_HAN = re.compile(r"[一-鿿]")


def _windows(text: str) -> set[str]:
    """Every run of twenty characters of a text that is mostly Chinese; plain English and code are left out."""
    return {run for run in _runs(text) if len(_HAN.findall(run)) >= _RUN - 8} if _HAN.search(text) else set()


def _runs(text: str) -> Iterator[str]:
    return (text[start : start + _RUN] for start in range(len(text) - _RUN + 1))


def _real_texts(folder: Path) -> list[str]:
    """The texts of every review table and label file."""
    found: list[str] = []
    for file in sorted(folder.glob("reviews/*.parquet")):
        table = polars.read_parquet(file)
        for name in table.columns:
            if table[name].dtype == polars.String:
                found += table[name].drop_nulls().unique().to_list()
    for file in sorted(folder.glob("labels/*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            found += [str(json.loads(line).get("text", "")) for line in lines if line.strip()]
    return [text for text in found if len(text) >= _RUN]


_DOCUMENTS = [*source.ROOT.glob("*.md"), *(source.ROOT / "docs").rglob("*.md")]
PAGES = sorted(str(file.relative_to(source.ROOT)) for file in _DOCUMENTS)


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_page_that_a_document_names_is_there(page: str) -> None:
    text = (source.ROOT / page).read_text(encoding="utf-8")
    folder = (source.ROOT / page).parent
    named = set(re.findall(r"`((?:src|tests|docs)/[\w/.-]+\.\w+)`", text))
    linked = set(re.findall(r"\]\(([^)#:]+)\)", text))
    assert [name for name in named if not (source.ROOT / name).exists()] == []
    assert [link for link in linked if not (folder / link).exists()] == []


def test_every_function_that_the_architecture_names_stands_in_its_file() -> None:
    text = (source.ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    pairs = re.findall(r"`(src/[\w/]+\.py)`, `(\w+)`", text)
    assert len(pairs) >= 8
    assert [f"{name} in {file}" for file, name in pairs
            if not re.search(rf"^def {name}\(", (source.ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)] == []
