"""Putting things into the index, finding them, taking them out: the same on both databases."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wanhui.search import rules
from wanhui.search.actions import drop, put
from wanhui.search.models import Findable
from wanhui.search.queries import find
from wanhui.search.rules import Item, Kind

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


def keep(*texts: str, ref: int = 1, store: int = 1, kind: Kind = Kind.REVIEW, day: date | None = DAY) -> None:
    with transaction.atomic():
        put([Item(kind, ref, store, day, texts)])


def refs(words: str, stores: tuple[int, ...] = (1,), **more: object) -> list[int]:
    return [hit.ref for hit in find(stores, rules.read(words), **more)]  # type: ignore[arg-type]


def test_a_word_of_two_characters_is_found_and_another_is_not() -> None:
    keep("说好的赠品没有，客服也不理人")
    assert refs("赠品") == [1]
    assert refs("赠品 客服") == [1]
    assert refs("赠客") == []
    assert refs("赠品 水果") == []


def test_characters_must_stand_side_by_side_in_one_text() -> None:
    keep("甲乙，乙丙")
    keep("甲乙丙", ref=2)
    assert refs("甲乙丙") == [2]


def test_a_part_of_a_german_compound_is_found() -> None:
    keep("Klarer Versandschaden, die Tür ist verkratzt")
    assert refs("schaden") == [1]
    assert refs("Tuer") == [1]
    assert refs("ür") == [1]


def test_an_order_number_is_found_whole_and_by_its_end() -> None:
    keep("很好", "260001112223334")
    assert refs("260001112223334") == [1]
    assert refs("3334") == [1]
    assert refs("260001112223335") == []


def test_everything_of_another_store_stays_unfound() -> None:
    keep("赠品没有", store=2)
    assert refs("赠品", (1,)) == []
    assert refs("赠品", ()) == []
    assert refs("赠品", (1, 2)) == [1]


def test_the_stores_are_checked_too_where_there_are_too_many_for_marks() -> None:
    keep("赠品没有", ref=1, store=7)
    keep("赠品没有", ref=2, store=70_000)
    assert refs("赠品", tuple(range(1, 60))) == [1]


def test_kinds_and_days_narrow() -> None:
    keep("赠品没有", ref=1, kind=Kind.REPLY)
    keep("赠品没有", ref=2, day=DAY - timedelta(days=1))
    keep("赠品没有", ref=3, day=None)
    assert refs("赠品") == [1, 2, 3]
    assert refs("赠品", kinds=[Kind.REPLY, Kind.CASE]) == [1]
    assert refs("赠品", since=DAY) == [1]
    assert refs("赠品", until=DAY - timedelta(days=1)) == [2]
    assert refs("赠品", since=DAY, until=DAY - timedelta(days=1)) == []


def test_pages_follow_by_key_the_newest_first_and_show_everything_once() -> None:
    with transaction.atomic():
        put([Item(Kind.REVIEW, n, 1, DAY + timedelta(days=n % 5), ("赠品没有",)) for n in range(1, 24)])
    seen: list[int] = []
    before = None
    while hits := find([1], rules.read("赠品"), before=before, limit=10):
        seen += [hit.key for hit in hits]
        before = hits[-1].key
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 23


def test_changed_words_are_found_and_the_old_ones_are_not() -> None:
    keep("赠品没有")
    keep("客服道歉了", day=DAY + timedelta(days=3))
    assert refs("赠品") == []
    assert refs("客服") == [1]
    assert Findable.objects.count() == 1


def test_what_was_dropped_or_lost_its_words_is_not_found_any_more() -> None:
    keep("赠品没有", ref=1)
    keep("赠品没有", ref=2)
    with transaction.atomic():
        drop(Kind.REVIEW, [1])
    keep("", ref=2)
    assert refs("赠品") == []
    assert tokens_kept() == 0


def test_a_rolled_back_change_leaves_the_index_as_it_was() -> None:
    keep("赠品没有")
    with transaction.atomic():
        keep("客服道歉了")
        transaction.set_rollback(True)
    assert (refs("赠品"), refs("客服")) == ([1], [])


HOSTILE = [
    '"', "'", "a\" OR \"b", "* NEAR(赠品)", "words:赠品", "赠品\x00没有", "\x00", "赠品🙂没有", "赠品\ud800", "%赠品_",
    "'赠品' | '客服' & !x:*", "赠品'; DROP TABLE search_findable", "赠品" * 5000, "，" * 10_000, "NOT AND OR",
    "\\", "{}()^~-+:", " ".join("ab" for _n in range(5000)), "\ue000s2", "\ue000k1",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_query_is_only_words(words: str) -> None:
    keep("赠品没有", store=2)
    keep(words, ref=2)
    assert set(refs(words)) <= {2}
    assert refs("赠品", (2,)) == [1]


def test_a_text_that_looks_like_a_mark_leads_into_no_other_store() -> None:
    keep("赠品 \ue000s2 \ue000k2")
    assert refs("赠品", (2,)) == []
    assert refs("赠品", kinds=[Kind.REPLY]) == []


TEXTS = st.text(st.sampled_from("差评赠品没abcs ü1，"), min_size=1, max_size=30)


@given(texts=st.lists(TEXTS, min_size=1, max_size=6), words=TEXTS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_found_is_what_holds_the_words(texts: list[str], words: str) -> None:
    with transaction.atomic():
        put([Item(Kind.REVIEW, n, 1, DAY, (text,)) for n, text in enumerate(texts, 1)])
        query = rules.read(words)
        holding = [n for n, text in enumerate(texts, 1) if query.parts and rules.holds(rules.stored([text]), query)]
        assert sorted(refs(words)) == holding
        drop(Kind.REVIEW, range(1, len(texts) + 1))
    assert tokens_kept() == 0


def tokens_kept() -> int:
    """How many things the database still has tokens of."""
    if connection.vendor == "postgresql":
        return Findable.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_words WHERE search_words MATCH %s", ['"\ue000"*'])
        return int(cursor.fetchone()[0])
