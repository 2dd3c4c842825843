"""The page of one case, and every verb through it."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.desk import world
from tests.desk.conftest import signed_in
from wanhui.cases.models import Case, Measure
from wanhui.reviews.models import FollowUp
from wanhui.triage.models import Verdict


def page(client: Client, case: Case) -> str:
    return client.get(f"/cases/{case.pk}/").content.decode()


def do(client: Client, case: Case, verb: str, **data: object) -> list[str]:
    """Send one verb; the messages it leaves."""
    answer = client.post(reverse(f"cases:{verb}", args=[case.pk]), {"version": case.version} | data)
    assert answer.status_code == 303
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    case.refresh_from_db()
    return said


@pytest.fixture
def case(people: cast.Cast) -> Case:
    return world.case(people.clothes)


def test_everything_about_the_customer_is_on_the_page(case: Case, mei: Client) -> None:
    shown = page(mei, case)
    for expected in ("赠品没有", "雾蓝色长裤", "260001112223334", "First reply", "Order handling"):
        assert expected in shown
    assert "What the playbook advises" in shown


def test_a_case_of_a_store_one_does_not_work_in_is_not_there(people: cast.Cast, case: Case) -> None:
    anna = signed_in(people, "anna")
    assert anna.get(f"/cases/{case.pk}/").status_code == 404
    assert anna.get(f"/reviews/{case.case_reviews.get().review_id}/").status_code == 404
    for verb in ("claim", "assign", "move", "note", "contact", "plan", "close", "reopen"):
        assert anna.post(reverse(f"cases:{verb}", args=[case.pk]), {"version": 1}).status_code == 404
    case.refresh_from_db()
    assert (case.assignee, case.version) == (None, 1)


def test_a_script_and_a_formula_are_shown_and_never_run(people: cast.Cast, mei: Client) -> None:
    nasty = world.case(people.clothes, "<script>alert(1)</script>很差", causes=[("quality", (25, 27))],
                       buyer="=cmd|' /C calc'!A0", product="<b>裤</b>")
    shown = page(mei, nasty)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<b>裤" not in shown
    assert "=cmd" not in shown


def test_a_follow_up_is_shown_with_its_own_verdict(people: cast.Cast, mei: Client, case: Case) -> None:
    review = case.case_reviews.get().review
    later = FollowUp.objects.create(review=review, position=1, days_after=3, text="还是没人理", raw="", text_digest="x",
                                    seen_at=review.seen_at)
    world.verdict(review, follow_up=later, causes=[("service", (2, 5))])
    shown = page(mei, case)
    assert "Follow-up after 3 days" in shown
    assert '<mark class="mark-bad line-1" data-places="1" data-ends="1" title="Service">没人理</mark>' in shown


def test_one_chooses_which_text_to_reply_to_and_the_worst_is_offered_first(
    people: cast.Cast, mei: Client, case: Case
) -> None:
    review = case.case_reviews.get().review
    later = FollowUp.objects.create(review=review, position=1, days_after=3, text="还是没人理", raw="", text_digest="x",
                                    seen_at=review.seen_at)
    world.verdict(review, follow_up=later, causes=[("service", (2, 5))], sentiment="mixed")
    assert f'href="?reply={review.pk}-{later.pk}"' in page(mei, case)
    chosen = mei.get(f"/cases/{case.pk}/?reply={review.pk}-{later.pk}").content.decode()
    assert f'href="?reply={review.pk}-0"' in chosen
    assert "Public reply to the follow-up" in chosen


def test_claim_takes_the_case(people: cast.Cast, mei: Client, case: Case) -> None:
    assert do(mei, case, "claim") == ["The case is yours."]
    assert case.assignee == people.mei


def test_a_case_is_given_to_a_colleague_and_back_to_nobody(people: cast.Cast, mei: Client, case: Case) -> None:
    do(mei, case, "assign", person=people.li.pk)
    assert case.assignee == people.li
    do(mei, case, "assign", person="")
    assert case.assignee is None


def test_a_case_is_not_given_to_a_stranger(people: cast.Cast, mei: Client, case: Case) -> None:
    assert "Choose somebody else" in do(mei, case, "assign", person=people.eve.pk)[0]
    assert case.assignee is None


def test_stages_move_forward_and_one_back(mei: Client, case: Case) -> None:
    do(mei, case, "move", stage="doing")
    assert case.stage == "doing"
    do(mei, case, "move", stage="planned")
    assert case.stage == "planned"
    do(mei, case, "move", stage="closed")
    assert case.stage == "planned"


def test_the_log_tells_notes_and_contacts(mei: Client, case: Case) -> None:
    do(mei, case, "note", text="顾客愿意等补发。")
    do(mei, case, "contact", channel="phone", result="no_answer", note="晚上再打")
    shown = page(mei, case)
    for expected in ("顾客愿意等补发。", "Phone: No answer", "晚上再打"):
        assert expected in shown


def test_a_measure_is_planned_and_carried_out(people: cast.Cast, mei: Client, case: Case) -> None:
    do(mei, case, "plan", kind="solution", text="补发赠品", owner=people.li.pk)
    measure = Measure.objects.get()
    assert (measure.text, measure.owner) == ("补发赠品", people.li)
    mei.post(reverse("cases:finish", args=[case.pk, measure.pk]))
    measure.refresh_from_db()
    assert measure.done_at is not None


def test_a_case_closes_with_outcome_and_conclusion_and_opens_again(mei: Client, case: Case) -> None:
    do(mei, case, "close", outcome="satisfied", conclusion="打包漏放，已补发。")
    assert (case.stage, case.outcome) == ("closed", "satisfied")
    shown = page(mei, case)
    assert "打包漏放，已补发。" in shown
    assert f'action="/cases/{case.pk}/claim/"' not in shown
    assert "打包漏放" not in mei.get("/").content.decode()
    assert f"/cases/{case.pk}/" in mei.get("/cases/closed/").content.decode()
    do(mei, case, "reopen")
    assert (case.closed_at, case.stage) == (None, "following")


def test_a_refused_close_keeps_what_was_typed(mei: Client, case: Case) -> None:
    assert do(mei, case, "close", outcome="", conclusion="打包漏放，已经补发给顾客。") == ["Choose how the case ended."]
    assert case.closed_at is None
    assert "打包漏放，已经补发给顾客。" in page(mei, case)
    assert "打包漏放，已经补发给顾客。" not in page(mei, case)


def test_somebody_elses_change_in_between_is_never_overwritten(people: cast.Cast, mei: Client, case: Case) -> None:
    looked_at = case.version
    do(signed_in(people, "wang"), case, "claim")
    said = do(mei, case, "assign", person=people.li.pk, version=looked_at)
    assert said == ["Meanwhile: 老王 is in charge (老王). Look at the case as it is now, then try again."]
    assert case.assignee == people.wang


@pytest.mark.parametrize("version", ["", "x", "-1"])
def test_a_verb_without_the_version_looked_at_counts_as_outdated(mei: Client, case: Case, version: str) -> None:
    assert "Somebody else changed this case" in do(mei, case, "claim", version=version)[0]
    assert case.assignee is None


def test_a_viewer_sees_the_case_and_no_verb(people: cast.Cast, case: Case) -> None:
    viewer = signed_in(people, "viewer")
    shown = page(viewer, case)
    assert "赠品没有" in shown
    for verb in ("claim", "contact", "plan", "close", "note", "reopen"):
        assert reverse(f"cases:{verb}", args=[case.pk]) not in shown
    assert "260001112223334" not in shown
    assert do(viewer, case, "claim") == ["Your role in this store does not allow this. Ask the owner or the lead."]


def test_the_page_leads_to_the_cases_before_and_after(people: cast.Cast, mei: Client) -> None:
    made = [world.case(people.clothes, hours_ago=hours) for hours in (5, 3, 1)]
    shown = page(mei, made[1])
    assert f'href="/cases/{made[0].pk}/" data-key="k"' in shown
    assert f'href="/cases/{made[2].pk}/" data-key="j"' in shown


def test_a_verb_is_never_done_by_looking(mei: Client, case: Case) -> None:
    assert mei.get(reverse("cases:claim", args=[case.pk])).status_code == 405


def test_correcting_the_verdict_puts_the_persons_word_in_its_place(people: cast.Cast, mei: Client, case: Case) -> None:
    old = Verdict.objects.get(current=True)
    answer = correct(mei, old, sentiment="negative", causes=["delivery"], sub_delivery="delivery.slow", flags=["churn"])
    assert answer.status_code == 303
    new = Verdict.objects.get(current=True)
    assert (new.engine, new.by, new.primary, new.flags) == ("person", people.mei, "delivery", ["churn"])
    assert new.causes[0]["sub"] == "delivery.slow"
    old.refresh_from_db()
    assert not old.current


def test_a_verdict_that_was_corrected_meanwhile_is_left_alone(people: cast.Cast, mei: Client, case: Case) -> None:
    old = Verdict.objects.get(current=True)
    correct(signed_in(people, "wang"), old, sentiment="negative", causes=["price"])
    correct(mei, old, sentiment="positive", causes=[])
    assert Verdict.objects.get(current=True).primary == "price"


def correct(client: Client, verdict: Verdict, **data: object):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Send the correction form of one verdict."""
    fields = {f"v{verdict.pk}-{name}": value for name, value in data.items()}
    return client.post(reverse("triage:correct", args=[verdict.pk]), fields)
