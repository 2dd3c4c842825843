"""A reply that a later export shows stops its case's clock, at the latest moment at which it can have appeared."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.cast import Cast
from tests.reviews.making import HEADER, as_csv, line, taken_in
from wanhui.audit.models import Entry
from wanhui.cases.models import Case
from wanhui.kit import clock
from wanhui.pipeline.advance import drain
from wanhui.reviews.models import Review
from wanhui.stores.models import Store

ZONE = ZoneInfo("Asia/Shanghai")
SAID = datetime(2026, 11, 18, 10, 20, 30, tzinfo=ZONE)
WITH_DAY = (*HEADER, "回复时间")


def brought(store: Store, people: Cast, at: datetime, *, reply: str = "", day: str = "", later: str = "") -> Case:
    """The export of that moment, taken in and judged; the case it is about."""
    with clock.at(at):
        one = line("饼干碎了一半，客服不理人", id="7", at=f"{SAID:%Y-%m-%d %H:%M:%S}", reply=reply, later=later)
        taken_in(store, as_csv([(*one, day)], WITH_DAY), people.mei)
        drain()
    return Case.objects.get()


def test_a_reply_that_appears_later_stops_the_clock(people: Cast) -> None:
    case = brought(people.clothes, people, SAID + timedelta(hours=1))
    assert case.first_reply_at is None
    seen = SAID + timedelta(hours=30)
    case = brought(people.clothes, people, seen, reply="亲，给您补发一盒")
    assert case.first_reply_at == seen
    assert Entry.objects.filter(verb="cases.reply_recorded").count() == 1


def test_of_a_reply_whose_day_is_known_the_end_of_that_day_counts(people: Cast) -> None:
    brought(people.clothes, people, SAID + timedelta(hours=1))
    case = brought(people.clothes, people, SAID + timedelta(days=4), reply="亲，给您补发一盒", day="2026-11-19")
    assert case.first_reply_at == datetime(2026, 11, 20, tzinfo=ZONE)


def test_the_same_export_again_changes_nothing(people: Cast) -> None:
    brought(people.clothes, people, SAID + timedelta(hours=1))
    first = brought(people.clothes, people, SAID + timedelta(hours=30), reply="亲，给您补发一盒").first_reply_at
    again = brought(people.clothes, people, SAID + timedelta(hours=60), reply="亲，给您补发一盒")
    assert again.first_reply_at == first
    assert Entry.objects.filter(verb="cases.reply_recorded").count() == 1


def test_a_reply_from_before_the_customer_spoke_again_answers_nothing(people: Cast) -> None:
    brought(people.clothes, people, SAID + timedelta(hours=1))
    brought(people.clothes, people, SAID + timedelta(days=3), later="换来的还是碎的，再也不来了")
    Review.objects.get().follow_ups.update(said_on=(SAID + timedelta(days=3)).date())
    case = brought(people.clothes, people, SAID + timedelta(days=4), reply="亲，给您补发一盒", day="2026-11-19",
                   later="换来的还是碎的，再也不来了")
    assert case.first_reply_at is None


def test_a_reply_without_a_case_is_only_taken_over(people: Cast) -> None:
    with clock.at(SAID + timedelta(hours=1)):
        taken_in(people.clothes, as_csv([line("很好吃", id="8", stars="5")]), people.mei)
        drain()
        taken_in(people.clothes, as_csv([line("很好吃", id="8", stars="5", reply="谢谢亲")]), people.mei)
        drain()
    assert (Case.objects.count(), Review.objects.get().platform_reply) == (0, "谢谢亲")
