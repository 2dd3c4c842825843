"""`wanhui import`: the report in the terminal and what the exit code means."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests import cast
from tests.cast import Cast
from tests.reviews.making import as_csv, line
from wanhui.cli import app
from wanhui.connectors.models import Import
from wanhui.reviews.models import Review
from wanhui.triage.models import Verdict
from wanhui.work.actions import claim
from wanhui.work.models import Step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "评价.csv"
    path.write_bytes(as_csv([line("饼干碎了一半"), line("很好吃", buyer="大**力", stars="5")]))
    return path


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["import", *map(str, words)])
    return result.exit_code, result.output


def figures(output: str) -> dict[str, int]:
    """The lines of the report that end in a number."""
    rows = [text.strip().rsplit(maxsplit=1) for text in output.splitlines()]
    return {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdecimal()}


def test_the_report_accounts_for_every_row(people: Cast, file: Path) -> None:
    code, output = run(file, "--store", people.clothes.name, "--no-judge")
    told = figures(output)
    assert code == 0
    assert told["rows in the file"] == told["new"] + told["known already"] + told["changed or continued"] == 2
    assert Review.objects.count() == 2
    assert Step.objects.get(kind="import.confirmed").state == "done"


def test_judging_at_once_leaves_verdicts(people: Cast, file: Path) -> None:
    code, _output = run(file, "--store", people.clothes.pk)
    assert (code, Verdict.objects.count()) == (0, 2)


def test_the_second_time_nothing_is_new_and_it_says_so(people: Cast, file: Path) -> None:
    run(file, "--store", people.clothes.name, "--no-judge")
    code, output = run(file, "--store", people.clothes.name, "--no-judge")
    assert (code, figures(output)["known already"], Review.objects.count()) == (0, 2, 2)
    assert "already; nothing new will come" in output


def test_a_dry_run_stores_nothing(people: Cast, file: Path) -> None:
    code, output = run(file, "--store", people.clothes.name, "--dry-run")
    assert (code, figures(output)["new"], Review.objects.count()) == (0, 2, 0)


def test_refused_rows_are_named_and_end_with_one(people: Cast, tmp_path: Path) -> None:
    path = tmp_path / "评价.csv"
    path.write_bytes(as_csv([line("碎了", id="7"), line("很好", id="7")]))
    code, output = run(path, "--store", people.clothes.name, "--no-judge")
    assert code == 1
    assert "row 3 refused: the id 7 stands in row 2 already" in output


@pytest.mark.parametrize("form", ["words", "json", "toml"])
def test_a_mapping_corrects_what_was_recognised(people: Cast, file: Path, tmp_path: Path, form: str) -> None:
    mapping = "text=买家昵称,buyer="
    if form != "words":
        path = tmp_path / f"columns.{form}"
        path.write_text(json.dumps({"text": "买家昵称", "buyer": ""}) if form == "json" else 'text = 3\nbuyer = ""\n')
        mapping = str(path)
    code, _output = run(file, "--store", people.clothes.name, "--mapping", mapping, "--no-judge")
    assert code == 0
    assert set(Review.objects.values_list("text", "buyer")) == {("小**梅", ""), ("大**力", "")}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--store", "没有这家"], "There is no store"),
        (["--store", "一家衣铺", "--mapping", "text"], "field=Column"),
        (["--store", "一家衣铺", "--mapping", "text=没有"], "There is no column"),
        (["--store", "一家衣铺", "--mapping", "nonsense=星级"], "not a field"),
        (["--store", "一家衣铺", "--mapping", "missing.toml"], "cannot be read"),
    ],
    ids=["store", "mapping", "column", "field", "mapping file"],
)
def test_wrong_use_says_what_to_do_and_keeps_nothing(people: Cast, file: Path, words: list[str], said: str) -> None:
    code, output = run(file, *words)
    assert (code, said in output, Review.objects.count()) == (2, True, 0)
    assert not Import.objects.exclude(state="cancelled").exists()


def test_a_file_that_is_not_there_or_broken_is_wrong_use(people: Cast, tmp_path: Path) -> None:
    broken = tmp_path / "评价.xlsx"
    broken.write_bytes(b"PK\x03\x04 cut")
    assert run(tmp_path / "没有.csv", "--store", people.clothes.name)[0] == 2
    code, output = run(broken, "--store", people.clothes.name)
    assert (code, "damaged" in output, Import.objects.count()) == (2, True, 0)


def test_a_name_two_stores_share_asks_for_the_number(people: Cast, file: Path) -> None:
    cast.store(people.clothes.name, "jd")
    code, output = run(file, "--store", people.clothes.name)
    assert (code, f"{people.clothes.pk} " in output) == (2, True)


def test_when_a_worker_was_quicker_the_command_only_looks_on(
    people: Cast, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wanhui.reviews.actions import take_in

    def taken_by_a_worker(step_id: int) -> Step | None:
        step = claim(step_id)
        if step is not None:
            take_in(step.ids[0], actor=None, step=step)
        return None

    monkeypatch.setattr("wanhui.work.actions.claim", taken_by_a_worker)
    code, output = run(file, "--store", people.clothes.name, "--no-judge")
    assert (code, figures(output)["new"], Review.objects.count()) == (0, 2, 2)
