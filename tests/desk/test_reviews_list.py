"""The list of reviews: what each filter means, pages by key, cost, what may be seen."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.desk import world
from tests.desk.conftest import signed_in
from wanhui.cases import actions as cases
from wanhui.desk import reviewed
from wanhui.desk.reviewed import Wanted, listed
from wanhui.reviews.models import Review
from wanhui.triage.models import Verdict

LINK = re.compile(r'data-row href="/reviews/(\d+)/"')
NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)


def ids(client: Client, **asked: object) -> list[int]:
    answer = client.get("/reviews/", asked)
    assert answer.status_code == 200
    return [int(pk) for pk in LINK.findall(answer.content.decode())]


def said(review: Review, day: date | None, seen: datetime = NOON) -> int:
    """Put a review and its verdict under another day."""
    Review.objects.filter(pk=review.pk).update(said_on=day, said_at=None, seen_at=seen)
    for verdict in Verdict.objects.filter(review=review):
        verdict.review.refresh_from_db()
        verdict.save()
    return int(review.pk)


@pytest.fixture
def moods(people: cast.Cast) -> dict[str, int]:
    """One review of every mood in the clothing shop."""
    return {
        "bad": world.review(people.clothes, stars=1).pk,
        "middling": world.review(people.clothes, stars=3, causes=[("price", (0, 2))]).pk,
        "good": world.review(people.clothes, "很好", stars=5, causes=[], sentiment="positive").pk,
    }


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {"bad", "middling", "good"}),
        ({"mood": "bad"}, {"bad"}),
        ({"mood": "middling"}, {"middling"}),
        ({"mood": "good"}, {"good"}),
        ({"mood": "open"}, {"bad", "middling"}),
        ({"mood": "judged"}, {"bad", "middling", "good"}),
        ({"cause": "price"}, {"middling"}),
        ({"mood": "bad", "cause": "price"}, set()),
        ({"mood": "judged", "cause": "price"}, {"middling"}),
        ({"mood": "bad", "cause": "fulfilment"}, {"bad"}),
        ({"mood": "bad", "cause": "service"}, set()),
        ({"mood": "x", "cause": "x", "store": "x", "product": "x", "from": "x"}, {"bad", "middling", "good"}),
    ],
)
def test_mood_and_cause_are_those_of_the_first_text(
    mei: Client, moods: dict[str, int], asked: dict[str, str], expected: set[str]
) -> None:
    assert set(ids(mei, **asked)) == {moods[name] for name in expected}


def test_a_review_without_a_verdict_is_listed_until_judged_ones_are_asked_for(
    people: cast.Cast, mei: Client
) -> None:
    made = world.review(people.clothes)
    Verdict.objects.filter(review=made).delete()
    assert ids(mei) == [made.pk]
    assert ids(mei, mood="judged") == []


def test_a_correction_moves_a_review_to_its_new_mood(people: cast.Cast, mei: Client) -> None:
    from wanhui.triage.actions import correct

    made = world.review(people.clothes, "一般", stars=None, causes=[])
    assert ids(mei, mood="bad") == [made.pk]
    correct(Verdict.objects.get(review=made), actor=people.mei, sentiment="positive", causes=[])
    assert ids(mei, mood="bad") == []
    assert ids(mei, mood="good") == [made.pk]


def test_days_count_both_ends_and_whoever_has_no_date_by_the_day_it_was_seen(
    people: cast.Cast, mei: Client
) -> None:
    one, two, undated = (world.review(people.clothes) for _n in range(3))
    said(one, date(2026, 10, 9))
    said(two, date(2026, 10, 10))
    # In Shanghai this is the eleventh already.
    said(undated, None, datetime(2026, 10, 10, 17, tzinfo=UTC))
    assert ids(mei, **{"from": "2026-10-09", "to": "2026-10-10"}) == [two.pk, one.pk]
    assert ids(mei, **{"from": "2026-10-11", "to": "2026-10-11"}) == [undated.pk]
    assert ids(mei, **{"from": "2026-10-11", "mood": "bad"}) == [undated.pk]
    assert ids(mei, to="2026-10-09", mood="bad", cause="fulfilment") == [one.pk]
    assert ids(mei) == [two.pk, one.pk, undated.pk], "without a date comes last"


def test_a_product_and_a_customer_narrow(people: cast.Cast, mei: Client) -> None:
    coat = world.review(people.clothes, product="风衣")
    world.review(people.clothes, product="围巾")
    case = cases.open_case(coat, actor=people.mei)
    answer = mei.get("/reviews/", {"product": coat.product_id}).content.decode()
    assert re.findall(r'data-row href="([^"]+)"', answer) == [f"/cases/{case.pk}/"]
    assert "风衣" in answer
    answer = mei.get("/reviews/", {"customer": case.customer_id, "mood": "bad"}).content.decode()
    assert re.findall(r'data-row href="([^"]+)"', answer) == [f"/cases/{case.pk}/"]
    assert "t**8" in answer
    happy = mei.get("/reviews/", {"product": coat.product_id, "mood": "good"})
    assert 'data-row href="' not in happy.content.decode()


def test_another_shops_product_and_customer_are_unknown_and_list_nothing(people: cast.Cast) -> None:
    made = world.review(people.clothes, product="风衣")
    case = cases.open_case(made, actor=people.mei)
    anna = signed_in(people, "anna")
    for asked in ({"product": made.product_id}, {"customer": case.customer_id}):
        answer = anna.get("/reviews/", asked).content.decode()
        assert "风衣" not in answer
        assert "t**8" not in answer
        assert 'data-row href="' not in answer


def test_what_is_set_shows_as_chips_that_take_it_away(people: cast.Cast, mei: Client) -> None:
    made = world.review(people.clothes)
    answer = mei.get("/reviews/", {"mood": "bad", "from": "2026-01-01", "product": made.product_id}).content.decode()
    chips = dict(re.findall(r'<a href="(\?[^"]*)"><span><span class="muted">([^<]+)</span>', answer))
    assert set(chips.values()) == {"Verdict", "From", "Product"}
    [without_mood] = [address for address, label in chips.items() if label == "Verdict"]
    assert "mood" not in without_mood
    assert "from=2026-01-01" in without_mood


@pytest.mark.parametrize("asked", [{}, {"mood": "bad"}, {"cause": "fulfilment"}, {"mood": "open"}])
def test_pages_follow_by_key_across_stores_and_show_every_review_once(
    people: cast.Cast, mei: Client, asked: dict[str, str]
) -> None:
    made = [world.review(store) for _n in range(14) for store in (people.clothes, people.hotel)]
    for n, review in enumerate(made):
        said(review, None if n % 7 == 0 else date(2026, 10, 1) + timedelta(days=n % 3))
    seen: list[tuple[date | None, int]] = []
    key = None
    while found := listed(people.mei, Wanted(**asked), kind="real", before=key, limit=5):
        seen += [(review.said_on, review.pk) for review in found]
        key = seen[-1]
    assert seen == sorted(seen, key=lambda row: (row[0] or date.min, row[1]), reverse=True)
    assert sorted(pk for _day, pk in seen) == sorted(review.pk for review in made)


@pytest.mark.parametrize("key", ["x", "undated~x", "2026-13-01~4", f"2026-01-01~{2**80}", "~", "undated~-4"])
def test_a_key_nobody_gave_out_shows_the_first_page(people: cast.Cast, mei: Client, key: str) -> None:
    made = world.review(people.clothes)
    assert ids(mei, before=key) == [made.pk]


def test_the_cost_does_not_grow_with_stores_or_reviews(people: cast.Cast, mei: Client) -> None:
    counts = []
    for more in (1, 12):
        for _n in range(more):
            world.review(people.clothes)
            world.review(people.hotel)
        mei.get("/reviews/", {"mood": "open"})
        with CaptureQueriesContext(connection) as asked:
            mei.get("/reviews/", {"mood": "open"})
        counts.append(len(asked))
    assert counts[0] == counts[1]


FILTERS = [
    Wanted(), Wanted(mood="bad"), Wanted(mood="middling"), Wanted(mood="good", until=date(2026, 1, 1)),
    Wanted(mood="open"), Wanted(mood="bad", cause="price"), Wanted(cause="price"), Wanted(product=3),
    Wanted(product=3, mood="bad", cause="price"), Wanted(mood="bad", since=date(2026, 1, 1)),
]  # fmt: skip


@pytest.mark.parametrize("wanted", FILTERS)
@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.django_db
def test_every_filter_is_read_from_an_index_in_its_order(wanted: Wanted, dated: bool) -> None:
    """Whatever sorts or reads a whole table would be slow with two million reviews."""
    before = (date(2026, 5, 5), 9) if dated else None
    for sql, values in reviewed._statements("Asia/Shanghai", wanted, 51, dated, before):
        plan = _plan(sql, values)
        assert plan
        assert not [step for step in plan if re.search("TEMP B-TREE|^SCAN|Seq Scan|Sort", step)]


def _plan(sql: str, values: list[object]) -> list[str]:
    """How the database would go about it. PostgreSQL reads few rows whole and sorts them, unless it is told that this
    is dear: what remains is what no index helps with."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
            cursor.execute("EXPLAIN " + sql, values)
            return [str(row[0]) for row in cursor.fetchall()]
        cursor.execute("EXPLAIN QUERY PLAN " + sql, values)
        return [row[3] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_those_without_an_answer_have_an_index_of_their_own() -> None:
    """Where nearly everything is answered, reading every bad review for the few that are not takes seconds."""
    [(sql, values)] = reviewed._statements("Asia/Shanghai", Wanted(mood="open"), 51, True, None)
    assert "verdict_unanswered" in " ".join(_plan(sql, values))


def test_the_unanswered_are_found_behind_many_that_are_answered(
    people: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewed, "_STRETCH", (3, 4))
    made = [world.review(people.clothes, hours_ago=n) for n in range(20)]
    Review.objects.filter(pk__in=[review.pk for review in made[:15]]).update(platform_reply="已经补发")
    found = listed(people.mei, Wanted(mood="open"), kind="real", before=None, limit=4)
    assert [review.pk for review in found] == [
        pk for _day, pk in sorted(((r.said_on, r.pk) for r in made[15:]), reverse=True)
    ][:4]
