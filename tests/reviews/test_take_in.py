"""Taking in files: nothing lost, nothing doubled, every row accounted for."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.reviews.making import as_csv, figures, line, received, taken_in
from wanhui.audit.models import Entry
from wanhui.connectors import actions as connectors
from wanhui.connectors.models import Import, ImportLine
from wanhui.reviews import actions, walked
from wanhui.reviews.models import Edit, FollowUp, Review
from wanhui.stores.models import Product, Store
from wanhui.work.models import Step

GOOD_ID = "9007199254740993"


def received_ids() -> list[int]:
    return sorted(pk for step in Step.objects.filter(kind="reviews.received") for pk in step.ids)


def everything() -> list[tuple[Any, ...]]:
    fields = ("platform_id", "fingerprint", "occurrence", "text", "stars", "said_on", "said_at", "buyer", "sku")
    return sorted(Review.objects.values_list(*fields), key=repr)


def test_a_file_becomes_reviews_and_the_same_file_changes_nothing(people: Cast) -> None:
    data = as_csv([line("饼干碎了一半"), line("很好吃", buyer="大**力", stars="5", later="还会再来")])
    first = taken_in(people.clothes, data, people.mei)
    before = everything()
    again = taken_in(people.clothes, data, people.mei)
    assert (figures(first), figures(again)) == ((2, 0, 0, 0), (0, 0, 2, 0))
    assert everything() == before
    assert FollowUp.objects.count() == 1
    assert Product.objects.count() == 1


def test_what_a_row_says_is_stored_as_it_was_said(people: Cast) -> None:
    taken_in(people.clothes, as_csv([line("饼干碎了&hellip;\n一半", reply="亲，抱歉", later="补发了")]), people.mei)
    review = Review.objects.select_related("product").get()
    assert (review.text, review.raw) == ("饼干碎了…\n一半", "饼干碎了&hellip;\n一半")
    assert (review.said_on, review.said_at) == (date(2026, 11, 1), datetime(2026, 11, 1, 2, 20, 30, tzinfo=UTC))
    assert review.product is not None
    assert review.product.name == "云朵饼干"
    assert (review.stars, review.buyer, review.platform_reply) == (1, "小**梅", "亲，抱歉")
    assert [later.text for later in review.follow_ups.all()] == ["补发了"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ('{"content": "碎了", "score": 1, "id": 5}\n{"content": "很慢", "score": 2, "id": 6}\n', "评价.jsonl"),
        ('callback({"comments": [{"content": "碎了", "score": 1, "id": 5},'
         ' {"content": "很慢", "score": 2, "id": 6}]});', "评价.txt"),
        ("content\tscore\tid\n碎了\t1\t5\n很慢\t2\t6\n", "评价.tsv"),
    ],
    ids=["jsonl", "jsonp", "tsv"],
)  # fmt: skip
def test_other_kinds_of_file_are_taken_in_alike(people: Cast, data: str, name: str) -> None:
    source = taken_in(people.clothes, data.encode(), people.mei, name=name)
    assert figures(source) == (2, 0, 0, 0)
    assert sorted(Review.objects.values_list("text", "stars", "platform_id")) == [("很慢", 2, "6"), ("碎了", 1, "5")]


def test_a_naive_time_is_meant_in_the_zone_of_the_store(people: Cast) -> None:
    taken_in(people.otto, as_csv([line("Kam zerdrückt an", at="2026-07-01 10:00:05")]), people.anna)
    assert Review.objects.get().said_at == datetime(2026, 7, 1, 8, 0, 5, tzinfo=UTC)


def test_a_placeholder_is_no_text_and_a_missing_star_stays_missing(people: Cast) -> None:
    taken_in(people.clothes, as_csv([line("此用户没有填写评价。", stars="")]), people.mei)
    review = Review.objects.get()
    assert (review.no_text, review.text, review.stars) == (True, "", None)


def test_equal_words_of_different_people_are_different_reviews(people: Cast) -> None:
    """Also under one mask: rows that agree in everything are counted, not thrown away."""
    rows = [line("太慢了", buyer="匿**")] * 3 + [line("太慢了", buyer="大**")]
    assert figures(taken_in(people.clothes, as_csv(rows), people.mei)) == (4, 0, 0, 0)
    assert figures(taken_in(people.clothes, as_csv(rows), people.mei)) == (0, 0, 4, 0)


def test_a_formula_in_a_nickname_is_stored_as_it_is(people: Cast) -> None:
    taken_in(people.clothes, as_csv([line("还行", buyer="=1+cmd|' /C calc'!A0")]), people.mei)
    assert Review.objects.get().buyer == "=1+cmd|' /C calc'!A0"


def test_an_edit_is_known_by_the_platforms_id(people: Cast) -> None:
    taken_in(people.clothes, as_csv([line("太慢了", id="a1", stars="1")]), people.mei)
    first = received_ids()
    second = taken_in(people.clothes, as_csv([line("客服解决了，改好评", id="a1", stars="5")]), people.mei)
    review, edit = Review.objects.get(), Edit.objects.get()
    assert figures(second) == (0, 1, 0, 0)
    assert (review.text, review.stars) == ("客服解决了，改好评", 5)
    assert (edit.review_id, edit.old_text, edit.old_stars) == (review.pk, "太慢了", 1)
    assert received_ids() == first * 2


def test_an_older_export_changes_nothing_back_and_says_so(people: Cast) -> None:
    older, newer = as_csv([line("太慢了", id="a1")]), as_csv([line("客服解决了", id="a1", stars="5")])
    for data in (older, newer):
        taken_in(people.clothes, data, people.mei)
    last = taken_in(people.clothes, older, people.mei)
    assert figures(last) == (0, 0, 1, 0)
    assert Review.objects.get().text == "客服解决了"
    assert "earlier version" in last.lines.get().reason


def test_stars_alone_can_be_edited_and_are_judged_again(people: Cast) -> None:
    taken_in(people.clothes, as_csv([line("一般", id="a1", stars="1")]), people.mei)
    before = Review.objects.get().text_digest
    taken_in(people.clothes, as_csv([line("一般", id="a1", stars="5")]), people.mei)
    after = Review.objects.get()
    assert after.stars == 5
    assert after.text_digest != before


def test_a_follow_up_appears_later_and_only_once(people: Cast) -> None:
    taken_in(people.clothes, as_csv([line("碎了")]), people.mei)
    data = as_csv([line("碎了", later="一周了还没退款")])
    second = taken_in(people.clothes, data, people.mei)
    third = taken_in(people.clothes, data, people.mei)
    assert (figures(second), second.follow_ups) == ((0, 1, 0, 0), 1)
    assert (figures(third), third.follow_ups) == ((0, 0, 1, 0), 0)
    later = FollowUp.objects.get()
    assert (later.position, later.text) == (1, "一周了还没退款")
    assert received_ids() == [later.review_id] * 2


def test_the_shops_reply_is_noticed_without_a_new_review(people: Cast) -> None:
    taken_in(people.clothes, as_csv([line("碎了")]), people.mei)
    second = taken_in(people.clothes, as_csv([line("碎了", reply="亲，已补发")]), people.mei)
    taken_in(people.clothes, as_csv([line("碎了")]), people.mei)
    assert figures(second) == (0, 0, 1, 0)
    assert Review.objects.get().platform_reply == "亲，已补发"


def test_an_id_that_went_through_a_float_is_refused_as_an_id(people: Cast) -> None:
    """The row itself is taken, by its fingerprint; two ids that became one number stay two reviews."""
    rows = [line("碎了", id="9.00719925474099E+15"), line("很慢", id="9.00719925474099E+15"), line("好", id=GOOD_ID)]
    source = taken_in(people.clothes, as_csv(rows), people.mei)
    assert figures(source) == (3, 0, 0, 0)
    assert sorted(Review.objects.values_list("platform_id", flat=True)) == ["", "", GOOD_ID]
    noted = source.lines.filter(outcome=ImportLine.Outcome.NOTED)
    assert sorted(noted.values_list("row", flat=True)) == [2, 3], "the header is row 1, as a spreadsheet shows it"


def test_one_id_with_two_texts_is_refused_with_the_row_it_stands_in(people: Cast) -> None:
    source = taken_in(people.clothes, as_csv([line("碎了", id="77"), line("很好", id="77")]), people.mei)
    assert figures(source) == (1, 0, 0, 1)
    refused = source.lines.get()
    assert (refused.row, refused.outcome) == (3, "refused")
    assert "row 2" in refused.reason


def test_refused_rows_stand_in_the_report_and_the_sum_is_right(people: Cast) -> None:
    source = taken_in(people.clothes, as_csv([line("碎了"), ("",) * 8, line("好")]), people.mei)
    assert (source.total_rows, source.done_rows, figures(source)) == (3, 3, (2, 0, 0, 1))
    assert list(source.lines.values_list("row", "reason")) == [(3, "the row is empty")]


def test_a_dry_run_tells_the_same_figures_and_stores_nothing(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_ROWS", 2)
    rows = [line("碎了", id="1"), line("好"), line("好"), line("碎了", id="1"), ("",) * 8]
    dry = taken_in(people.clothes, as_csv(rows), people.mei, dry_run=True)
    assert (Review.objects.count(), Product.objects.count(), received_ids()) == (0, 0, [])
    told = figures(dry)
    connectors.confirm(dry, actor=people.mei)
    real = actions.take_in(dry.pk, actor=None)
    assert figures(real) == told == (3, 0, 1, 1)


def test_two_overlapping_halves_give_the_whole(people: Cast) -> None:
    rows = [line(f"第{n % 7}个理由", buyer=f"买**{n % 5}", at=f"2026-11-{1 + n // 10:02} 10:00:00") for n in range(60)]
    taken_in(people.clothes, as_csv(rows), people.mei)
    whole = everything()
    Review.objects.all().delete()
    first = taken_in(people.clothes, as_csv(rows[:40]), people.mei)
    second = taken_in(people.clothes, as_csv(rows[20:]), people.mei)
    assert everything() == whole
    assert first.new + second.new == 60
    assert second.duplicate == 20


def broken_after(parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies after so many transactions, before it can do anything else."""
    take_part: Callable[..., bool] = actions._take_part
    left = iter(range(parts))

    def dying(*args: Any) -> bool:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return take_part(*args)

    monkeypatch.setattr(actions, "_take_part", dying)


@pytest.mark.parametrize("kept", [10, 1000], ids=["kept on disk", "kept in memory"])
@pytest.mark.parametrize("parts", [0, 1, 2, 3])
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    people: Cast, monkeypatch: pytest.MonkeyPatch, parts: int, kept: int
) -> None:
    rows = [line(f"第{n % 3}个理由", buyer="匿**", later="又来说" if n % 4 == 0 else "") for n in range(40)]
    taken_in(people.hotel, as_csv(rows), people.mei)
    whole = everything()
    Review.objects.all().delete()
    Step.objects.all().delete()
    source = connectors.confirm(received(people.clothes, as_csv(rows), people.mei), actor=people.mei)
    monkeypatch.setattr(actions, "MOST_ROWS", 12)
    monkeypatch.setattr(walked, "IN_MEMORY", kept)
    with monkeypatch.context() as patch:
        broken_after(parts, patch)
        with pytest.raises(KeyboardInterrupt):
            actions.take_in(source.pk, actor=None)
    source.refresh_from_db()
    assert source.done_rows == Review.objects.count() == 12 * parts
    done = actions.take_in(source.pk, actor=None)
    assert (done.state, figures(done)) == (Import.State.DONE, (40, 0, 0, 0))
    assert everything() == whole
    assert received_ids() == sorted(Review.objects.values_list("pk", flat=True))
    assert Entry.objects.filter(verb="reviews.take_in", store_ref=people.clothes.pk).count() == 1


def test_a_dry_run_killed_in_the_middle_begins_anew(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [line(f"第{n % 9}个理由", id=str(n % 30 + 1)) for n in range(40)]
    source = received(people.clothes, as_csv(rows), people.mei)
    connectors.confirm(source, actor=people.mei, dry_run=True)
    monkeypatch.setattr(actions, "MOST_ROWS", 12)
    with monkeypatch.context() as patch:
        broken_after(2, patch)
        with pytest.raises(KeyboardInterrupt):
            actions.take_in(source.pk, actor=None)
    dry = actions.take_in(source.pk, actor=None)
    assert (figures(dry), dry.lines.count()) == ((30, 0, 0, 10), 10)
    connectors.confirm(dry, actor=people.mei)
    assert figures(actions.take_in(source.pk, actor=None)) == (30, 0, 0, 10)


def test_a_worker_that_was_overtaken_stops_without_a_trace(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    source = connectors.confirm(received(people.clothes, as_csv([line("碎了")]), people.mei), actor=people.mei)
    survey = actions._survey

    def overtaken(*args: Any) -> Any:
        found = survey(*args)
        monkeypatch.setattr(actions, "_survey", survey)
        actions.take_in(source.pk, actor=None)
        return found

    monkeypatch.setattr(actions, "_survey", overtaken)
    done = actions.take_in(source.pk, actor=None)
    assert (done.state, figures(done), Review.objects.count()) == (Import.State.DONE, (1, 0, 0, 0), 1)


def test_a_file_broken_in_its_middle_is_refused_whole_and_deleted(people: Cast) -> None:
    rows = as_csv([line(f"第{n}个理由") for n in range(2000)]) + '1,"饼干,没有下文\n2,好\n3,好\n'.encode()
    done = taken_in(people.clothes, rows, people.mei)
    assert (done.state, Review.objects.count(), done.done_rows) == (Import.State.REFUSED, 0, 0)
    assert "quotation mark" in done.message
    assert Entry.objects.get(verb="connectors.refuse").ref == str(done.pk)


@pytest.mark.django_db(transaction=True)
def test_the_file_is_deleted_when_its_rows_are_stored(people: Cast) -> None:
    done = taken_in(people.clothes, as_csv([line("碎了")]), people.mei)
    assert not (Path(settings.MEDIA_ROOT) / done.stored_as).exists()


def test_taking_in_leaves_one_entry_with_the_counts_and_no_text(people: Cast) -> None:
    source = taken_in(people.clothes, as_csv([line("碎了", later="退了"), ("",) * 8]), people.mei)
    entry = Entry.objects.get(verb="reviews.take_in")
    assert entry.counts == {"rows": 2, "new": 1, "edited": 0, "duplicate": 0, "refused": 1, "follow_ups": 1}
    assert (entry.kind, entry.ref, entry.store_ref) == ("import", str(source.pk), people.clothes.pk)
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["connectors.receive", "connectors.confirm", "connectors.keep_map", "stores.know_products",
                     "reviews.take_in"]


def test_more_rows_in_one_transaction_need_no_more_questions(people: Cast) -> None:
    """What is asked does not grow with the rows; what is written grows by whole batches only."""

    def questions(count: int) -> int:
        rows = [line(f"第{n}个理由", id=str(n + 1)) for n in range(count)]
        source = connectors.confirm(received(people.clothes, as_csv(rows), people.mei), actor=people.mei)
        with CaptureQueriesContext(connection) as seen:
            actions.take_in(source.pk, actor=None)
        return sum(query["sql"].startswith("SELECT") for query in seen)

    assert questions(400) <= questions(3) + 2


def test_every_row_of_every_real_file_is_accounted_for(people: Cast, shared_data: Path) -> None:
    for file in sorted((shared_data / "imports").iterdir()):
        if file.name != "truncated.xls":
            source = taken_in(people.clothes, file.read_bytes(), people.mei, name=file.name)
            assert source.total_rows == source.done_rows == sum(figures(source)), file.name
            assert source.refused <= source.done_rows / 10, file.name
            again = taken_in(people.clothes, file.read_bytes(), people.mei, name=file.name)
            assert (again.new, again.edited, again.refused) == (0, 0, source.refused), file.name


@pytest.mark.slow
def test_every_row_of_a_real_export_is_accounted_for(people: Cast, shared_data: Path, tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    file = tmp_path / "taobao.csv"
    polars.read_parquet(shared_data / "reviews" / "taobao_health.parquet").write_csv(file)
    lines_ = file.read_bytes()
    first = taken_in(people.clothes, lines_, people.mei)
    assert first.total_rows == first.done_rows == sum(figures(first)) == 15_698
    assert Review.objects.count() == first.new
    second = taken_in(people.clothes, lines_, people.mei)
    assert figures(second) == (0, 0, first.new, first.refused)
    assert Review.objects.count() == first.new


@pytest.mark.slow
def test_two_overlapping_halves_of_a_real_export_are_the_whole(people: Cast, shared_data: Path) -> None:
    """In the order of time, as platforms export: equal rows lie together, so that one half holds them all."""
    polars = pytest.importorskip("polars")
    table = polars.read_parquet(shared_data / "reviews" / "taobao_health.parquet").sort("time", maintain_order=True)
    whole = taken_in(people.hotel, table.write_csv().encode(), people.mei)
    halves = (table[:9000].write_csv().encode(), table[7000:].write_csv().encode())
    first, second = (taken_in(people.clothes, half, people.mei) for half in halves)
    assert first.new + second.new == whole.new
    assert not everything_in(people.hotel) - everything_in(people.clothes)


def everything_in(store: Store) -> Counter[tuple[str, int]]:
    return Counter(Review.objects.filter(store=store).values_list("fingerprint", "occurrence"))


def test_rows_in_any_order_are_the_same_reviews(people: Cast) -> None:
    rows = [line(f"第{n % 4}个理由", buyer="匿**") for n in range(30)]
    taken_in(people.clothes, as_csv(rows), people.mei)
    random.Random(7).shuffle(rows)
    assert figures(taken_in(people.clothes, as_csv(rows), people.mei)) == (0, 0, 30, 0)
