"""Saved column maps: what a person confirmed is taken the next time, silently where nothing changed."""

from collections.abc import Sequence

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.connectors.test_import_pages import chosen, page
from tests.reviews.making import HEADER, as_csv, line, received
from wanhui.audit.models import Entry
from wanhui.connectors import actions, queries
from wanhui.connectors.models import Import, MapVersion, SavedMap
from wanhui.kit.errors import Refused
from wanhui.stores import actions as stores
from wanhui.stores.models import Store

ODD = ("说了什么", "留言", "评价星级")


def odd(header: Sequence[str] = ODD) -> bytes:
    """An export whose text would be looked for in the wrong column."""
    cells = {"说了什么": "碎了一半，客服不理人", "留言": "第二次买还是很好吃", "评价星级": "1"}
    return as_csv([[cells.get(name, "") for name in header]], header)


def confirmed(people: Cast, store: Store | None = None) -> Import:
    """小李 said which column it is, and imported."""
    source = received(store or people.clothes, odd(), people.li)
    source = actions.set_columns(source, {"text": 0, "stars": 2}, year=None, actor=people.li)
    return actions.confirm(source, actor=people.li)


def test_what_a_person_confirmed_is_taken_silently_the_next_time(people: Cast) -> None:
    first = confirmed(people)
    again = received(people.clothes, odd() + b"\n", people.mei)
    assert again.columns == {"text": 0, "stars": 2}
    assert (again.map_version, again.asks) == (first.map_version, [])
    assert again.map_version.number == 1
    assert again.map_version.by == people.li


def test_moved_columns_are_found_by_their_names(people: Cast) -> None:
    confirmed(people)
    moved = received(people.clothes, odd(("评价星级", "留言", "说了什么")), people.mei)
    assert (moved.columns, moved.asks) == ({"text": 2, "stars": 0}, [])


def test_importing_the_same_way_again_makes_no_new_version(people: Cast) -> None:
    confirmed(people)
    again = actions.confirm(received(people.clothes, odd() + b"\n", people.mei), actor=people.mei)
    assert [version.number for version in MapVersion.objects.all()] == [1]
    assert again.map_version == MapVersion.objects.get()
    assert Entry.objects.filter(verb="connectors.keep_map").count() == 1


def test_another_word_makes_the_next_version_and_the_older_stays(people: Cast) -> None:
    confirmed(people)
    other = received(people.clothes, odd() + b"\n", people.mei)
    other = actions.set_columns(other, {"text": 1, "stars": 2}, year=None, actor=people.mei)
    actions.confirm(other, actor=people.mei)
    assert list(MapVersion.objects.order_by("number").values_list("number", "fields__text")) == [
        (1, "说了什么"), (2, "留言"),
    ]  # fmt: skip
    assert received(people.clothes, odd(), people.mei).columns["text"] == 1


def test_a_dry_run_keeps_nothing_until_it_is_meant(people: Cast) -> None:
    source = received(people.clothes, odd(), people.mei)
    actions.confirm(source, actor=people.mei, dry_run=True)
    assert SavedMap.objects.count() == 0


def test_a_changed_header_keeps_the_word_and_is_shown_with_its_differences(as_mei: Client, people: Cast) -> None:
    confirmed(people)
    source = received(people.clothes, odd(("说了什么", "留言", "评分")), people.mei)
    assert source.asks == ["changed"]
    assert source.columns["text"] == 0
    shown = page(as_mei, source)
    assert "评分" in shown
    assert "、".join(["评价星级"]) in shown


def test_a_header_with_little_in_common_is_recognised_anew(people: Cast) -> None:
    confirmed(people)
    source = received(people.clothes, as_csv([line("碎了")]), people.mei)
    assert source.map_version is None


def test_the_map_of_another_store_of_the_platform_helps_where_one_works_in_both(people: Cast) -> None:
    confirmed(people)
    second = stores.open_store("二店", people.clothes.platform, actor=people.mei)
    assert received(second, odd(), people.mei).columns["text"] == 0


def test_a_strangers_map_helps_nobody(people: Cast) -> None:
    confirmed(people)
    theirs = stores.open_store("别家", people.clothes.platform, actor=people.eve)
    source = received(theirs, odd(), people.eve)
    assert source.map_version is None


def test_the_stores_own_map_stands_before_anothers(people: Cast) -> None:
    confirmed(people)
    second = stores.open_store("二店", people.clothes.platform, actor=people.mei)
    own = actions.set_columns(received(second, odd(), people.mei), {"text": 1}, year=None, actor=people.mei)
    actions.confirm(own, actor=people.mei)
    assert received(second, odd(), people.mei).columns["text"] == 1
    assert received(people.clothes, odd(), people.mei).columns["text"] == 0


def test_the_year_is_a_persons_word_and_offered_but_never_taken_the_next_time(as_mei: Client, people: Cast) -> None:
    data = as_csv([line("碎了", at="01.18"), line("好", at="01.19")])
    source = received(people.clothes, data, people.mei)
    assert "year" in source.asks
    actions.confirm(
        actions.set_columns(source, source.columns, year=2026, actor=people.mei), actor=people.mei
    )
    again = received(people.clothes, data + b"\n", people.mei)
    assert (again.year, again.asks) == (None, ["year"])
    assert 'name="year" value="2026"' in page(as_mei, again)


def test_a_file_without_a_header_keeps_no_map(people: Cast) -> None:
    source = received(people.clothes, "碎了一半\n客服不理人\n还不错\n".encode(), people.mei, "一行一条.txt")
    actions.confirm(source, actor=people.mei)
    assert (source.header, SavedMap.objects.count()) == ([], 0)


def test_a_withdrawn_map_is_not_used_and_the_import_still_names_it(people: Cast) -> None:
    first = confirmed(people)
    actions.withdraw_map(first.map_version.saved, actor=people.mei)
    assert received(people.clothes, odd() + b"\n", people.mei).map_version is None
    first.refresh_from_db()
    assert first.map_version is not None
    with pytest.raises(Refused):
        actions.withdraw_map(first.map_version.saved, actor=people.mei)


def test_a_map_is_corrected_on_its_page(as_mei: Client, people: Cast) -> None:
    saved = confirmed(people).map_version.saved
    address = reverse("connectors:map", args=[saved.pk])
    assert "小李" in as_mei.get(address).content.decode()
    where = reverse("connectors:correct_map", args=[saved.pk])
    as_mei.post(where, {"column_1": "text", "column_2": "stars", "year": "2025"})
    latest = saved.versions.order_by("-number").first()
    assert (latest.number, latest.fields, latest.year, latest.by) == (
        2, {"text": "留言", "stars": "评价星级"}, 2025, people.mei,
    )  # fmt: skip
    as_mei.post(where, {"column_2": "stars"})
    assert saved.versions.count() == 2, "a map without the text is no map"


def test_a_map_is_renamed_and_found_in_the_list(as_mei: Client, people: Cast) -> None:
    saved = confirmed(people).map_version.saved
    as_mei.post(reverse("connectors:rename_map", args=[saved.pk]), {"name": " 后台  评价导出 "})
    assert "后台 评价导出" in as_mei.get(reverse("connectors:maps")).content.decode()


def test_a_viewer_changes_no_map_and_a_stranger_does_not_find_it(people: Cast) -> None:
    saved = confirmed(people).map_version.saved
    with pytest.raises(Refused):
        actions.correct_map(saved, {"text": 1}, year=None, actor=people.viewer)
    with pytest.raises(Refused):
        actions.withdraw_map(saved, actor=people.viewer)
    with pytest.raises(Http404):
        actions.rename_map(saved, "x", actor=people.eve)
    with pytest.raises(Http404):
        queries.saved_map_for(people.eve, saved.pk)


def test_each_verb_about_a_map_leaves_one_entry(people: Cast) -> None:
    saved = confirmed(people).map_version.saved
    actions.rename_map(saved, "导出", actor=people.mei)
    actions.correct_map(saved, {"text": 1}, year=None, actor=people.mei)
    actions.withdraw_map(saved, actor=people.mei)
    verbs = Entry.objects.filter(kind="column_map").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "connectors.keep_map", "connectors.rename_map", "connectors.correct_map", "connectors.withdraw_map",
    ]  # fmt: skip


def test_the_report_says_which_version_was_used(as_mei: Client, people: Cast) -> None:
    source = confirmed(people)
    from wanhui.reviews.actions import take_in

    take_in(source.pk, actor=None)
    assert reverse("connectors:map", args=[source.map_version.saved_id]) in page(as_mei, source)


def test_pressing_import_on_the_page_keeps_the_map(as_mei: Client, people: Cast) -> None:
    source = received(people.clothes, as_csv([line("碎了")]), people.mei)
    as_mei.post(reverse("connectors:check", args=[source.pk]), chosen(source, do="import"))
    saved = SavedMap.objects.get()
    assert (saved.header, saved.store) == (list(HEADER), people.clothes)
