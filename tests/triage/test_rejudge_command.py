"""`wanhui rejudge`: a table of what would change first, the change only with --apply."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests import makers
from tests.cast import Cast
from tests.safety.conftest import Snapshot, snapshot
from tests.triage.other_engine import NAME, Words, other
from wanhui.cli import app
from wanhui.config import commands
from wanhui.language import DEFAULT_ENGINE
from wanhui.pipeline.advance import drain
from wanhui.reviews.models import Review
from wanhui.triage import actions as triage
from wanhui.triage.models import Verdict
from wanhui.triage.rejudging import actions
from wanhui.triage.rejudging.models import Rejudging

__all__ = ["other", "snapshot"]


@pytest.fixture
def three(people: Cast, monkeypatch: pytest.MonkeyPatch) -> list[Review]:
    """Three judged reviews of 梅's shop; the second was corrected by 小李."""
    monkeypatch.setattr(commands, "refuse_an_old_database", lambda: None)
    made = [makers.review(people.clothes, text, stars=None) for text in ("很好，快递不错", "贵", "面料很舒服")]
    triage.judge_reviews([review.pk for review in made], actor=None)
    verdict = Verdict.objects.get(review=made[1], current=True)
    triage.correct(verdict, actor=people.li, sentiment="negative", causes=["service"])
    drain()
    return made


def said(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["rejudge", *arguments])


def test_the_table_is_shown_and_nothing_is_written(three: list[Review], other: Words, snapshot: Snapshot) -> None:
    before = snapshot()
    told = said("一家衣铺", "--engine", NAME)
    assert told.exit_code == 0, told.output
    assert f"2 texts read by {NAME}; 2 (100.0%) would read differently" in told.output
    assert "Left alone: 1 that a person gave or confirmed" in told.output
    assert "1 would be opened" in told.output
    assert "causes gained" in told.output
    assert "很好，快递不错" in told.output
    assert "Nothing was changed. With --apply it is." in told.output
    assert snapshot() == before


def test_with_apply_the_verdicts_are_put_in_place(three: list[Review], other: Words) -> None:
    told = said("一家衣铺", "--engine", NAME, "--apply")
    assert told.exit_code == 0, told.output
    assert "Put in place: 2 verdicts, 2 of them read differently." in told.output
    engines = [Verdict.objects.get(review=review, current=True).engine for review in three]
    assert engines == [NAME, "person", NAME]
    assert Rejudging.objects.get().state == "applied"


def test_days_narrow_it(three: list[Review], other: Words) -> None:
    told = said("一家衣铺", "--engine", NAME, "--until", "2020-01-01")
    assert "0 texts read" in told.output
    assert told.output.rstrip().endswith("Nothing was changed.")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["一家衣铺", "--engine", "nobody-1"], "There is no engine"),
        (["没有这家店", "--engine", NAME], "There is no store"),
        (["一家衣铺", "--engine", NAME, "--than", DEFAULT_ENGINE], "--than is for a file"),
        (["一家衣铺", "--since", "yesterday"], "--since"),
    ],
)
def test_wrong_use_is_told_and_changes_nothing(
    three: list[Review], other: Words, snapshot: Snapshot, arguments: list[str], reason: str
) -> None:
    before = snapshot()
    told = said(*arguments)
    assert (told.exit_code, reason in told.output) == (2, True)
    assert snapshot() == before


def test_while_one_is_under_way_another_is_refused(three: list[Review], other: Words, people: Cast) -> None:
    actions.ask_rejudging(people.clothes, NAME, actor=people.mei)
    assert said("一家衣铺", "--engine", NAME, "--apply").exit_code == 2


def test_a_file_is_read_by_two_engines_without_a_database(other: Words, tmp_path: Path) -> None:
    file = tmp_path / "评价.csv"
    file.write_text("评价内容,评价星级\n一切都好，就是起球,4\n面料很舒服,5\n,5\n", encoding="utf-8")
    told = said(str(file), "--engine", NAME)
    assert told.exit_code == 0, told.output
    assert f"3 texts read by {NAME}" in told.output
    assert f"Compared with {DEFAULT_ENGINE}: 3" in told.output
    assert "quality" in told.output
    same = said(str(file), "--engine", DEFAULT_ENGINE)
    assert "0 (0.0%) would read differently" in same.output
    assert said(str(file), "--engine", NAME, "--apply").exit_code == 2


def test_a_file_that_is_no_table_is_refused_in_a_sentence(other: Words, tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"PK\x03\x04 nothing")
    told = said(str(file), "--engine", NAME)
    assert (told.exit_code, "Traceback" in told.output) == (2, False)
