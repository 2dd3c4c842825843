"""`wanhui figures`: says whether the kept counts are right, and makes them so."""

from typer.testing import CliRunner

from tests import makers
from tests.cast import Cast
from wanhui.analytics.models import ReviewDay
from wanhui.audit.models import Entry
from wanhui.cli import app
from wanhui.triage import actions as triage


def said(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["figures", *words])
    return result.exit_code, result.output


def test_right_figures_are_called_right_and_waiting_ones_are_not_wrong(people: Cast) -> None:
    triage.judge_reviews([makers.review(people.clothes).pk], actor=None)
    code, words = said()
    assert code == 0
    assert "一家衣铺" in words
    assert ReviewDay.objects.get(store=people.clothes, judged__gt=0).bad == 1


def test_wrong_figures_are_found_first_and_mended_on_request(people: Cast) -> None:
    triage.judge_reviews([makers.review(people.clothes).pk], actor=None)
    said()
    ReviewDay.objects.update(judged=9)
    code, words = said()
    assert (code, ReviewDay.objects.filter(judged=9).exists()) == (1, True)
    assert "--rebuild" in words
    code, words = said("--rebuild")
    assert code == 1
    assert "days that differed: 1 (" in words
    assert not ReviewDay.objects.filter(judged=9).exists()
    assert said("--rebuild")[0] == 0
    assert Entry.objects.filter(verb="analytics.rebuild").count() == 2
