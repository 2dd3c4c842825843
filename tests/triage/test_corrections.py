"""What people corrected: kept with what it was, counted, shown, and learnt from by a store's own bars."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.test import Client

from tests import makers
from tests.api.conftest import Calls, call_as, unhurried
from tests.cast import Cast, person
from tests.safety.pages import text
from tests.triage.verdicts import judgement
from wanhui.accounts.rules import Role
from wanhui.audit.models import Entry
from wanhui.kit import clock
from wanhui.kit.errors import NotAllowed, Refused
from wanhui.language import DEFAULT_ENGINE
from wanhui.language.bars import own_bars
from wanhui.stores.models import Membership, Store
from wanhui.triage import actions as triage
from wanhui.triage.corrections import actions, queries, refit, rules
from wanhui.triage.corrections.queries import Wanted
from wanhui.triage.corrections.rules import Hits
from wanhui.triage.models import StoreBars, Verdict
from wanhui.work.models import Step

__all__ = ["call_as", "unhurried"]
pytestmark = pytest.mark.django_db
# The engine's own bar for a price, and scores just above it and far above: whichever engine is the default one.
OWN = own_bars(DEFAULT_ENGINE)["price"]
LOW, HIGH = OWN + 0.06, 0.95


def judged(store: Store, *causes: str, score: float = 0.5, engine: str = DEFAULT_ENGINE, **more: object) -> Verdict:
    """A verdict of an engine with these causes, each of this score."""
    found = [{"code": code, "sub": None, "score": score, "evidence": [[0, 2]]} for code in causes]
    return makers.verdict(makers.review(store, "裤子起球了，还贵"), *causes, engine=engine, causes=found, **more)


def put_right(people: Cast, verdict: Verdict, *causes: str, **more: object) -> Verdict:
    mood = "negative" if causes else "positive"
    return triage.correct(verdict, actor=people.li, sentiment=mood, causes=causes, **more)  # type: ignore[arg-type]


def taken_away(people: Cast, n: int) -> None:
    """`n` times 小李 took a price away that was said with a low score, and left what was said with a high one."""
    for turn in range(n):
        low = judged(people.clothes, "price", "quality", score=LOW + turn / 1000)
        put_right(people, low, "quality")
        triage.confirm(judged(people.clothes, "price", "quality", score=HIGH + turn / 1000), actor=people.wang)


def report(people: Cast, **wanted: object) -> rules.Report:
    return queries.report(people.clothes, Wanted(**wanted))  # type: ignore[arg-type]


def test_a_correction_keeps_whose_verdict_it_was_also_when_it_is_corrected_again(people: Cast) -> None:
    first = judged(people.clothes, "price")
    second = put_right(people, first, "quality")
    third = put_right(people, second, "delivery")
    assert (second.about, third.about) == (first, first)
    [row] = queries.rows(people.clothes)
    assert (row.pk, row.checked.engine) == (third.pk, DEFAULT_ENGINE)
    assert (row.checked.said.causes, row.checked.truly.causes) == ({"price"}, {"delivery"})
    assert row.scores == {"price": 0.5}


def test_a_correction_judges_nothing_else_anew(people: Cast) -> None:
    beside = [judged(people.clothes, "price") for _turn in range(3)]
    new = put_right(people, judged(people.clothes, "price"), "quality")
    assert Verdict.objects.filter(current=True, pk__in=[each.pk for each in beside]).count() == 3
    assert Step.objects.get(kind="verdicts.given").ids == [new.review_id]


def test_the_words_that_say_a_cause_can_be_corrected_too(people: Cast) -> None:
    new = put_right(people, judged(people.clothes, "quality"), "quality", "price", evidence={"price": [(6, 8)]})
    assert {cause["code"]: cause["evidence"] for cause in new.causes} == {"quality": [[0, 2]], "price": [[6, 8]]}
    assert "evidence" in Entry.objects.get(verb="triage.correct").fields
    with pytest.raises(Refused):
        put_right(people, new, "price", evidence={"price": [(6, 9)]})


def corrected_on_page(client: Client, verdict: Verdict, **words: str) -> int:
    form = f"v{verdict.pk}"
    answer = client.post(f"/verdicts/{verdict.pk}/correct/", {
        f"{form}-sentiment": "negative", f"{form}-causes": ["quality", "price"],
        **{f"{form}-words_{code}": typed for code, typed in words.items()},
    })  # fmt: skip
    return answer.status_code


def test_words_are_typed_on_the_page_as_they_stand_in_the_text(as_mei: Client, people: Cast) -> None:
    verdict = judged(people.clothes, "quality")
    shown = text(as_mei.get(f"/reviews/{verdict.review_id}/"))
    assert f'name="v{verdict.pk}-words_quality"' in shown
    assert 'value="裤子"' in shown
    assert corrected_on_page(as_mei, verdict, quality="裤子 … 起球", price="还贵") == 303
    causes = Verdict.objects.get(review=verdict.review, current=True).causes
    assert {each["code"]: each["evidence"] for each in causes} == {"quality": [[0, 2], [2, 4]], "price": [[6, 8]]}


def test_words_that_are_not_in_the_text_are_refused(as_mei: Client, people: Cast) -> None:
    verdict = judged(people.clothes, "quality")
    assert corrected_on_page(as_mei, verdict, price="物流慢") != 303
    verdict.refresh_from_db()
    assert verdict.current


def test_words_left_as_they_were_keep_what_the_engine_marked(as_mei: Client, people: Cast) -> None:
    verdict = judged(people.clothes, "quality")
    assert corrected_on_page(as_mei, verdict, quality="裤子") == 303
    causes = Verdict.objects.get(review=verdict.review, current=True).causes
    assert causes[0]["evidence"] == [[0, 2]]


def test_added_taken_away_and_replaced_are_counted_each_with_what_they_are_of(people: Cast) -> None:
    put_right(people, judged(people.clothes, "price"), "quality")
    put_right(people, judged(people.clothes, "price", "quality"), "quality")
    put_right(people, judged(people.clothes, "quality"), "quality", "delivery")
    triage.confirm(judged(people.clothes, "price"), actor=people.wang)
    found = report(people)
    lines = {line.code: line for line in found.causes}
    assert (lines["price"].hits, lines["price"].taken_away, lines["price"].replaced) == (Hits(1, 3), 1, 1)
    assert (lines["quality"].hits, lines["quality"].added) == (Hits(2, 2), 1)
    assert (lines["delivery"].hits, lines["delivery"].added) == (Hits(0, 0), 1)
    assert dict(found.pairs) == {("price", "quality"): 1, ("price", ""): 1, ("", "delivery"): 1}
    assert (found.whole, found.moods) == (Hits(1, 4), Hits(4, 4))
    assert found.causes[0].code == "price"


def test_a_share_is_told_from_enough_on_with_its_range() -> None:
    assert not Hits(1, rules.ENOUGH - 1).enough
    half = Hits(10, 20)
    assert (half.enough, half.share) == (True, 0.5)
    assert half.between == pytest.approx((0.299, 0.701), abs=0.001)
    assert Hits(0, 0).between is None


def test_engines_and_days_narrow_what_is_counted(people: Cast) -> None:
    put_right(people, judged(people.clothes, "price", engine="old-1"), "quality")
    old = put_right(people, judged(people.clothes, "price"), "quality")
    Verdict.objects.filter(pk=old.pk).update(made_at=clock.now() - timedelta(days=90))
    today = clock.day_in(clock.now(), people.clothes.timezone)
    assert report(people).whole.n == 2
    assert [name for name, _hits in report(people).engines] == sorted([DEFAULT_ENGINE, "old-1"])
    assert report(people, engine="old-1").whole.n == 1
    assert report(people, since=today - timedelta(days=30)).engines == (("old-1", Hits(0, 1)),)
    assert report(people, until=today - timedelta(days=30)).engines == ((DEFAULT_ENGINE, Hits(0, 1)),)
    assert {month.day for month, _hits in report(people).months} == {1}
    assert len(report(people).months) == 2


def test_another_stores_corrections_are_not_counted_here(people: Cast) -> None:
    triage.confirm(judged(people.otto, "price"), actor=people.anna)
    assert report(people).whole.n == 0
    assert queries.report(people.otto, Wanted()).whole.n == 1


def test_what_no_engine_had_said_is_no_correction_of_one(people: Cast) -> None:
    makers.verdict(makers.review(people.clothes), "price", engine="person", by=people.li)
    assert report(people).whole.n == 0


READS = {Role.OWNER, Role.MANAGER, Role.LEAD, Role.QUALITY}
APPLIES = {Role.OWNER, Role.MANAGER}
PATHS = ("corrections/", "corrections.csv", "corrections/rows/", "bars/")


@pytest.mark.parametrize("role", Role)
def test_who_reads_corrections_and_who_puts_bars_in_place(client: Client, people: Cast, role: Role) -> None:
    who = person("tried", "试试")
    Membership.objects.create(store=people.clothes, user=who, role=role)
    client.force_login(who)
    for path in PATHS:
        answer = client.get(f"/stores/{people.clothes.pk}/{path}")
        assert answer.status_code == (200 if role in READS else 302), path
    shown = text(client.get(f"/stores/{people.clothes.pk}/"))
    assert (f"/stores/{people.clothes.pk}/corrections/" in shown) == (role in READS)
    client.post(f"/stores/{people.clothes.pk}/bars/", {"engine": DEFAULT_ENGINE, "seen": 0, "bar_price": 0.7})
    assert StoreBars.objects.exists() == (role in APPLIES)
    if role in APPLIES:
        client.post(f"/stores/{people.clothes.pk}/bars/", {"engine": DEFAULT_ENGINE, "seen": 1, "action": "revoke"})
        assert StoreBars.objects.count() == 2


@pytest.mark.parametrize("role", Role)
def test_the_api_opens_the_same_cells(call_as: Calls, people: Cast, role: Role) -> None:
    Membership.objects.create(store=people.clothes, user=people.eve, role=role)
    eve, store = call_as("eve"), people.clothes.pk
    for path in ("corrections", "corrections/rows", "bars"):
        assert eve("get", f"/stores/{store}/{path}").status_code == (200 if role in READS else 403), path
    answer = eve("put", f"/stores/{store}/bars", {"engine": DEFAULT_ENGINE, "seen": 0, "bars": {"price": 0.7}})
    assert answer.status_code == (200 if role in APPLIES else 403)
    answer = eve("post", f"/stores/{store}/bars/revoke", {"engine": DEFAULT_ENGINE, "seen": 1})
    assert answer.status_code == (200 if role in APPLIES else 403)


def test_a_stranger_finds_nothing(call_as: Calls, client: Client, people: Cast) -> None:
    client.force_login(people.anna)
    for path in PATHS:
        assert client.get(f"/stores/{people.clothes.pk}/{path}").status_code == 404
    assert call_as("anna")("get", f"/stores/{people.clothes.pk}/corrections").status_code == 404


def test_the_report_says_what_it_is_of_and_leads_to_the_rows(as_mei: Client, people: Cast) -> None:
    as_mei.cookies["django_language"] = "en"
    put_right(people, judged(people.clothes, "price"), "quality")
    store = people.clothes.pk
    shown = text(as_mei.get(f"/stores/{store}/corrections/"))
    assert "0 of 1: not enough yet, from 20 on" in shown
    assert f"/stores/{store}/corrections/rows/?said=price&amp;truly=quality" in shown
    rows = text(as_mei.get(f"/stores/{store}/corrections/rows/?said=price&truly=quality"))
    assert "裤子起球了" in rows
    assert "小李" in rows
    assert DEFAULT_ENGINE in rows
    assert "裤子起球了" not in text(as_mei.get(f"/stores/{store}/corrections/rows/?said=price&truly=-"))
    assert "裤子起球了" in text(as_mei.get(f"/stores/{store}/corrections/rows/?cause=quality"))
    assert "裤子起球了" not in text(as_mei.get(f"/stores/{store}/corrections/rows/?cause=noise"))


def test_an_empty_report_and_nonsense_in_the_address_are_no_trouble(as_mei: Client, people: Cast) -> None:
    store = people.clothes.pk
    for query in ("", "?engine=x&since=yesterday&said=%00&cause=zz", "?said=price", "?truly=-&said=-"):
        assert as_mei.get(f"/stores/{store}/corrections/{query}").status_code == 200
        assert as_mei.get(f"/stores/{store}/corrections/rows/{query}").status_code == 200
    assert as_mei.get(f"/stores/{store}/corrections/rows/?before=x").status_code == 200


def test_rows_go_on_behind_a_key(as_mei: Client, call_as: Calls, people: Cast) -> None:
    for _turn in range(52):
        put_right(people, judged(people.clothes, "price"), "quality")
    shown = text(as_mei.get(f"/stores/{people.clothes.pk}/corrections/rows/"))
    last = sorted(row.pk for row in queries.rows(people.clothes))[2]
    assert f"before={last}" in shown
    behind = text(as_mei.get(f"/stores/{people.clothes.pk}/corrections/rows/?before={last}"))
    assert behind.count("裤子起球了") == 2
    mei, seen, cursor = call_as("mei"), set[int](), ""
    while True:
        page = mei.get(f"/stores/{people.clothes.pk}/corrections/rows?limit=20{cursor}")
        seen |= {each["verdict"] for each in page["items"]}
        if not page["next"]:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == 52


def test_the_file_says_the_same_as_the_page(as_mei: Client, people: Cast) -> None:
    as_mei.cookies["django_language"] = "en"
    for _turn in range(20):
        put_right(people, judged(people.clothes, "price"), "quality")
    answer = as_mei.get(f"/stores/{people.clothes.pk}/corrections.csv")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][1:] == ["20", "0", "0.000", "0.000", "0.161", "0", "20", "0"]
    assert [row[2] for row in rows if len(row) == 3][1] == "20"


def test_through_the_api_a_report_has_no_share_before_it_is_enough(call_as: Calls, people: Cast) -> None:
    put_right(people, judged(people.clothes, "price"), "quality")
    told = call_as("mei").get(f"/stores/{people.clothes.pk}/corrections")
    assert told["whole"] == {"right": 0, "n": 1, "share": None, "low": None, "high": None}
    assert told["pairs"] == [{"said": "price", "truly": "quality", "n": 1}]
    assert told["enough"] == rules.ENOUGH


def test_the_page_asks_as_little_for_many_corrections_as_for_one(
    as_mei: Client, people: Cast, django_assert_max_num_queries: object
) -> None:
    taken_away(people, 20)
    for path in PATHS:
        with django_assert_max_num_queries(20):  # type: ignore[operator]
            as_mei.get(f"/stores/{people.clothes.pk}/{path}")


def test_bars_are_shown_with_what_they_would_change_before_anything_changes(
    as_mei: Client, call_as: Calls, people: Cast
) -> None:
    as_mei.cookies["django_language"] = "en"
    taken_away(people, 30)
    doubtful = judged(people.clothes, "price", score=LOW)
    judged(people.clothes, "price", score=HIGH)
    told = call_as("mei").get(f"/stores/{people.clothes.pk}/bars")
    price = next(each for each in told["causes"] if each["code"] == "price")
    assert LOW + 0.029 < price["proposed"] < HIGH
    assert (price["checked"], price["mistakes"], price["then"]) == (60, 30, 0)
    assert told["preview"] == {"looked": 2, "changed": 1, "empty": 1, "gone": {"price": 1}, "come": {}}
    shown = text(as_mei.get(f"/stores/{people.clothes.pk}/bars/"))
    assert "<strong>1</strong> of the 2 unchecked verdicts" in shown
    assert 'name="bar_price"' in shown
    doubtful.refresh_from_db()
    assert [cause["code"] for cause in doubtful.causes] == ["price"]
    assert not StoreBars.objects.exists()


@pytest.fixture
def engine_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default engine says price with 0.9 and quality with 0.5, of every text."""
    found = judgement("price", "quality", engine=DEFAULT_ENGINE)
    less = replace(found, causes=(found.causes[0], replace(found.causes[1], score=0.5)))
    monkeypatch.setattr(triage, "judge", lambda texts, **_more: [less for _text in texts])


def causes_now(store: Store) -> tuple[list[str], list[str], int]:
    """What a new review of this store is said to be about, what bars left out, and by which bars."""
    review = makers.review(store, "裤子起球了，还贵")
    triage.judge_reviews([review.pk], actor=None)
    verdict = Verdict.objects.get(review=review)
    return [each["code"] for each in verdict.causes], [each["code"] for each in verdict.near], verdict.bars_version


def test_bars_count_for_what_is_judged_from_then_on_and_can_be_revoked(people: Cast, engine_says: None) -> None:
    assert causes_now(people.clothes) == (["price", "quality"], [], 0)
    actions.apply_bars(people.clothes, DEFAULT_ENGINE, {"quality": 0.6}, seen=0, actor=people.mei)
    assert causes_now(people.clothes) == (["price"], ["quality"], 1)
    assert causes_now(people.otto) == (["price", "quality"], [], 0)
    assert [len(each.causes) for each in Verdict.objects.order_by("pk")] == [2, 1, 2]
    actions.revoke_bars(people.clothes, DEFAULT_ENGINE, seen=1, actor=people.mei)
    assert causes_now(people.clothes) == (["price", "quality"], [], 0)


def test_an_unhappy_text_without_a_cause_left_waits_to_be_checked(people: Cast, engine_says: None) -> None:
    bars = {"quality": 0.95, "price": 0.95}
    actions.apply_bars(people.clothes, DEFAULT_ENGINE, bars, seen=0, actor=people.mei)
    assert causes_now(people.clothes) == ([], ["price", "quality"], 1)
    verdict = Verdict.objects.get()
    assert (verdict.primary, verdict.unsure, verdict.to_check) == ("", True, True)


def test_bars_of_another_engine_say_nothing_here(people: Cast, engine_says: None) -> None:
    actions.apply_bars(people.clothes, DEFAULT_ENGINE, {"quality": 0.6}, seen=0, actor=people.mei)
    StoreBars.objects.update(engine="another-1")
    assert causes_now(people.clothes) == (["price", "quality"], [], 0)


def price_bar(people: Cast) -> float:
    fitted, _checked = queries.fit(people.clothes, DEFAULT_ENGINE)
    return refit.bars_of(fitted).get("price", OWN)


def test_a_higher_bar_is_taken_down_again_when_what_it_left_out_was_right(people: Cast) -> None:
    taken_away(people, 30)
    raised = price_bar(people)
    assert raised > LOW
    left_out = (LOW + raised) / 2
    near = [{"code": "price", "sub": None, "score": left_out, "evidence": []}]
    for _turn in range(120):
        put_right(people, judged(people.clothes, "quality", near=near, bars_version=1), "quality", "price")
    assert price_bar(people) <= left_out


@pytest.mark.parametrize("bars", [{}, {"price": 0.04}, {"price": 0.96}, {"weather": 0.5}, {"price": float("nan")}])
def test_bars_nobody_could_mean_are_refused(people: Cast, bars: dict[str, float]) -> None:
    with pytest.raises(Refused):
        actions.apply_bars(people.clothes, DEFAULT_ENGINE, bars, seen=0, actor=people.mei)
    assert not StoreBars.objects.exists()


def test_who_looked_at_an_older_version_is_told_so(people: Cast) -> None:
    actions.apply_bars(people.clothes, DEFAULT_ENGINE, {"price": 0.6}, seen=0, actor=people.mei)
    with pytest.raises(Refused):
        actions.apply_bars(people.clothes, DEFAULT_ENGINE, {"price": 0.7}, seen=0, actor=people.mei)
    with pytest.raises(Refused):
        actions.apply_bars(people.clothes, DEFAULT_ENGINE, {"price": 0.6}, seen=1, actor=people.mei)
    with pytest.raises(NotAllowed):
        actions.apply_bars(people.clothes, DEFAULT_ENGINE, {"price": 0.7}, seen=1, actor=people.wang)
    assert [each.bars for each in queries.versions(people.clothes.pk)] == [{"price": 0.6}]


def test_bars_in_place_are_not_proposed_again(as_mei: Client, people: Cast) -> None:
    as_mei.cookies["django_language"] = "en"
    taken_away(people, 30)
    proposed = {each.code: each.bar for each in queries.fit(people.clothes, DEFAULT_ENGINE)[0] if each.bar}
    sent = {f"bar_{code}": f"{bar:.3f}" for code, bar in proposed.items()}
    answer = as_mei.post(
        f"/stores/{people.clothes.pk}/bars/", {"engine": DEFAULT_ENGINE, "seen": 0, "action": "apply", **sent}
    )
    assert answer.status_code == 303
    shown = text(as_mei.get(f"/stores/{people.clothes.pk}/bars/"))
    assert "are in place" in shown
    assert 'value="apply"' not in shown
    assert 'value="revoke"' in shown
    assert Entry.objects.get(verb="triage.apply_bars").counts == {"version": 1, "checked": 60}


def test_the_day_of_checking_is_the_shops(people: Cast) -> None:
    verdict = judged(people.clothes, "price")
    triage.confirm(verdict, actor=people.li)
    late = clock.now().replace(year=2026, month=3, day=31, hour=17, minute=0)
    Verdict.objects.filter(pk=verdict.pk).update(checked_at=late)
    [row] = queries.rows(people.clothes)
    assert row.checked.day == date(2026, 4, 1)
