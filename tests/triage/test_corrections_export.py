"""Corrections taken out for the training: who may, what is masked, and that the training reads what was written."""

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests import makers
from tests.cast import Cast, person
from training.corrections import corrected
from wanhui.accounts.rules import Role
from wanhui.audit.models import Entry
from wanhui.cli import app
from wanhui.config import commands
from wanhui.kit.errors import NotAllowed
from wanhui.stores.models import Membership
from wanhui.triage import actions as triage
from wanhui.triage.corrections import actions
from wanhui.triage.corrections.masking import masked
from wanhui.triage.models import Verdict

pytestmark = pytest.mark.django_db
SAID = "裤子起球，请打13912345678找欧阳翠花"


@pytest.fixture
def two(people: Cast, monkeypatch: pytest.MonkeyPatch) -> list[Verdict]:
    """One confirmed and one corrected verdict of 梅's shop."""
    monkeypatch.setattr(commands, "refuse_an_old_database", lambda: None)
    first = makers.verdict(makers.review(people.clothes, SAID, buyer="欧阳翠花"), "price")
    second = makers.verdict(makers.review(people.clothes, "物流太慢了", stars=2), "delivery")
    triage.confirm(second, actor=people.wang)
    return [triage.correct(first, actor=people.li, sentiment="negative", causes=["quality"], flags=["churn"]), second]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["corrections", "export", *arguments])


def test_a_line_says_what_a_person_said_and_what_the_engine_had_said(people: Cast, two: list[Verdict]) -> None:
    confirmed, put_right = (json.loads(line) for line in reversed(actions.export_corrections(
        people.clothes, actor=people.mei)))
    if not confirmed["confirmed"]:
        confirmed, put_right = put_right, confirmed
    assert (put_right["star"], put_right["sentiment"], put_right["primary"]) == (1, "negative", "quality")
    assert ([each["code"] for each in put_right["causes"]], put_right["flags"]) == (["quality"], ["churn"])
    assert put_right["engine_said"]["primary"] == "price"
    assert put_right["engine_said"]["engine"] == "test"
    assert (confirmed["star"], confirmed["engine_said"]["primary"]) == (2, "delivery")


def test_numbers_and_names_are_masked_and_the_rest_stays_where_it_was(people: Cast, two: list[Verdict]) -> None:
    lines = "\n".join(actions.export_corrections(people.clothes, actor=people.mei))
    assert "13912345678" not in lines
    assert "欧阳翠花" not in lines
    assert "裤子起球，请打***********找****" in lines


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("订单 2026112233445566 没到", "没到"), ("写信到 anna.vogt@example.org 吧", "吧"),
        ("电话１３９１２３４５６７８", "电话"), ("Tel. 030 1234567 bitte", "bitte"),
    ],
)
def test_what_names_a_person_is_masked_character_for_character(said: str, left: str) -> None:
    told = masked(said)
    assert len(told) == len(said)
    assert left in told
    assert not any(run in told for run in ("2233445566", "anna.vogt", "１２３４５６７８", "1234567"))


def test_a_text_that_the_customer_changed_since_is_not_told(people: Cast, two: list[Verdict]) -> None:
    review = two[1].review
    type(review).objects.filter(pk=review.pk).update(text="其实很快", text_digest="0" * 64)
    told = [json.loads(line) for line in actions.export_corrections(people.clothes, actor=people.mei)]
    assert [each["text"] for each in told if each["confirmed"]] == [None]


@pytest.mark.parametrize("role", Role)
def test_who_may_take_corrections_out(people: Cast, role: Role) -> None:
    who = person("tried", "试试")
    Membership.objects.create(store=people.clothes, user=who, role=role)
    if role in {Role.OWNER, Role.MANAGER, Role.LEAD, Role.QUALITY}:
        assert actions.export_corrections(people.clothes, actor=who) == []
        assert Entry.objects.filter(verb="triage.export_corrections", actor=who).count() == 1
    else:
        with pytest.raises(NotAllowed):
            actions.export_corrections(people.clothes, actor=who)


def test_the_command_writes_what_the_training_reads(people: Cast, two: list[Verdict], tmp_path: Path) -> None:
    out = tmp_path / "checked.jsonl"
    told = run("一家衣铺", "-o", str(out), "--by", "mei", "--yes")
    assert told.exit_code == 0, told.output
    assert "your customers wrote" in told.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    rows = {row.primary: row for row in corrected(out)}
    assert rows["quality"].causes == {"quality"}
    assert rows["quality"].flags == {"churn"}
    assert (rows["delivery"].star, rows["delivery"].sentiment) == (2, "negative")
    assert rows["delivery"].text == "物流太慢了"


@pytest.mark.parametrize(
    ("by", "yes", "said"),
    [
        ("mei", False, "--yes"), ("nobody", True, "no person"), ("li", True, "may not take"),
        ("anna", True, "may not take"),
    ],
)
def test_nothing_is_written_without_a_yes_or_for_whoever_may_not(
    people: Cast, two: list[Verdict], tmp_path: Path, by: str, yes: bool, said: str
) -> None:
    out = tmp_path / "checked.jsonl"
    told = run("一家衣铺", "-o", str(out), "--by", by, *(["--yes"] if yes else []))
    assert (told.exit_code, said in told.output) == (2, True), told.output
    assert list(tmp_path.iterdir()) == []
    assert not Entry.objects.filter(verb="triage.export_corrections").exists()


def test_a_file_that_is_there_is_not_written_over(people: Cast, tmp_path: Path) -> None:
    out = tmp_path / "checked.jsonl"
    out.write_text("mine")
    assert run("一家衣铺", "-o", str(out), "--by", "mei", "--yes").exit_code == 2
    assert run("一家衣铺", "-o", str(tmp_path / "x.csv"), "--by", "mei", "--yes").exit_code == 2
    assert out.read_text() == "mine"


def line(**changes: object) -> str:
    fields: dict[str, object] = {
        "text": "太贵", "star": 1, "language": "zh-Hans", "sentiment": "negative", "causes": [{"code": "price"}],
        "primary": "price", "flags": [],
    }
    return json.dumps(fields | changes, ensure_ascii=False) + "\n"


def test_the_training_takes_each_text_once_and_leaves_out_what_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "checked.jsonl"
    file.write_text(line() + line(primary=None) + line(text=None) + line(text="此用户没有填写评价"), encoding="utf-8")
    [row] = corrected(file)
    assert (row.text, row.primary, row.part) == ("太贵", "price", "corrections")


@pytest.mark.parametrize(
    "wrong", ["not json\n", "[]\n", "{}\n", line(causes=[{"code": "weather"}]), line(sentiment="furious"),
              line(language="fr"), line(flags=["alien"])],
)
def test_what_is_no_checked_verdict_is_refused_with_its_line(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "checked.jsonl"
    file.write_text(line() + wrong, encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        corrected(file)
