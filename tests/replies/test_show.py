"""What the editor shows, and what it tells the page around it."""

import pytest
from django.test import Client

from tests import makers
from tests.cast import Cast
from wanhui.replies import queries
from wanhui.replies.findings import LintFinding, LintResult
from wanhui.reviews.models import Review

TEXT = "您好，裤子起球是我们没做好，请在订单里点售后，我们来处理。"


@pytest.fixture
def review(people: Cast) -> Review:
    return makers.case(people.clothes).case_reviews.get().review


def test_a_finding_about_the_whole_reply_quotes_nothing(
    review: Review, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lint(text: str, **_context: object) -> LintResult:
        found = [LintFinding("a", "info", 0, len(text), "all of it", ""), LintFinding("b", "warn", 3, 5, "a part", "")]
        return LintResult(False, tuple(found), "test")

    monkeypatch.setattr(queries, "lint", lint)
    shown = queries.editor(people.li, review, text=TEXT).findings
    assert [finding.quote for finding in shown] == ["", TEXT[3:5]]


def test_a_verb_tells_the_page_around_the_editor_and_typing_does_not(as_mei: Client, review: Review) -> None:
    def answer(action: str) -> str:
        response = as_mei.post(f"/reviews/{review.pk}/reply/", {"action": action, "text": TEXT},
                               headers={"hx-request": "true"})
        return str(response.headers.get("HX-Trigger", ""))

    assert answer("autosave") == ""
    assert answer("save") == "case-changed"
