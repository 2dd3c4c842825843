"""Several files in one drop: each an import of its own, the wrong one told, the clear ones confirmed together."""

import secrets
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.reviews.making import as_csv, line, received, taken_in
from wanhui.audit.models import Entry
from wanhui.connectors import actions, queries
from wanhui.connectors.models import Import
from wanhui.kit import clock
from wanhui.pipeline.advance import drain
from wanhui.reviews.models import Review

GOOD = as_csv([line("饼干碎了一半", id="1")])
OTHER = as_csv([line("客服不理人", id="2")])
NO_YEAR = as_csv([line("碎了", id="3", at="01.18")])
NO_YEAR_2 = as_csv([line("碎了", id="4", at="02.18")])
TOTALS = "统计周期,全部评价数,好评率\n11月,300,98%\n".encode()


def drop(client: Client, store: int, *files: tuple[str, bytes], **more: str) -> str:
    """Send files together; where the desk leads to."""
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    answer = client.post(
        reverse("connectors:start"), {"store": store, "file": sent, "batch": secrets.token_hex(16)} | more
    )
    return answer.headers.get("Location", "")


def states() -> dict[str, str]:
    return dict(Import.objects.order_by("pk").values_list("file_name", "state"))


def test_every_file_becomes_an_import_and_a_wrong_one_stops_no_other(as_mei: Client, people: Cast) -> None:
    files = [("一.csv", GOOD), ("周报.csv", TOTALS), ("坏.xlsx", b"%PDF-1.7"), ("二.csv", OTHER)]
    where = drop(as_mei, people.clothes.pk, *files)
    assert states() == {"一.csv": "checking", "周报.csv": "refused", "坏.xlsx": "refused", "二.csv": "checking"}
    shown = as_mei.get(where).content.decode()
    assert all(name in shown for name in states())
    assert shown.count("note-now") == 2
    assert len(set(Import.objects.values_list("batch", flat=True))) == 1


def test_one_button_takes_in_all_that_are_clear(as_mei: Client, people: Cast) -> None:
    where = drop(as_mei, people.clothes.pk, ("一.csv", GOOD), ("坏.csv", TOTALS), ("二.csv", OTHER))
    first = Import.objects.get(file_name="一.csv")
    as_mei.post(reverse("connectors:confirm_clear", args=[first.pk]))
    drain()
    assert states() == {"一.csv": "done", "坏.csv": "refused", "二.csv": "done"}
    assert Review.objects.count() == 2
    assert as_mei.get(where).status_code == 200


def test_those_that_are_unclear_are_asked_about_one_after_the_other(as_mei: Client, people: Cast) -> None:
    drop(as_mei, people.clothes.pk, ("一.csv", GOOD), ("二.csv", NO_YEAR), ("三.csv", NO_YEAR_2))
    one, two, three = Import.objects.order_by("pk")
    answer = as_mei.post(reverse("connectors:confirm_clear", args=[one.pk]))
    assert answer.headers["Location"] == reverse("connectors:show", args=[two.pk])
    chosen = {f"column_{at}": name for name, at in two.columns.items()} | {"do": "import", "year": "2026"}
    answer = as_mei.post(reverse("connectors:check", args=[two.pk]), chosen)
    assert answer.headers["Location"] == reverse("connectors:show", args=[three.pk])
    answer = as_mei.post(reverse("connectors:check", args=[three.pk]), chosen)
    assert answer.headers["Location"] == reverse("connectors:together", args=[three.pk])


def test_the_year_is_asked_once_for_all_files_of_the_drop(as_mei: Client, people: Cast) -> None:
    where = drop(as_mei, people.clothes.pk, ("一.csv", NO_YEAR), ("二.csv", NO_YEAR_2), ("三.csv", GOOD))
    assert as_mei.get(where).content.decode().count('name="year"') == 1
    first = Import.objects.order_by("pk").first()
    as_mei.post(reverse("connectors:say_year", args=[first.pk]), {"year": "2026"})
    assert list(Import.objects.order_by("pk").values_list("year", "asks")) == [(2026, []), (2026, []), (None, [])]
    assert 'name="year"' not in as_mei.get(where).content.decode()


def test_a_year_that_is_none_is_told_and_changes_nothing(as_mei: Client, people: Cast) -> None:
    drop(as_mei, people.clothes.pk, ("一.csv", NO_YEAR), ("二.csv", NO_YEAR_2))
    first = Import.objects.order_by("pk").first()
    answer = as_mei.post(reverse("connectors:say_year", args=[first.pk]), {"year": "26"})
    assert answer.status_code == 200
    assert set(Import.objects.values_list("year", flat=True)) == {None}


def test_the_same_file_twice_in_one_drop_is_taken_once(as_mei: Client, people: Cast) -> None:
    where = drop(as_mei, people.clothes.pk, ("一.csv", GOOD), ("一 (1).csv", GOOD))
    assert states() == {"一.csv": "checking", "一 (1).csv": "refused"}
    assert "一.csv" in as_mei.get(where).content.decode()


def test_files_sent_one_by_one_by_the_script_stay_together(as_mei: Client, people: Cast) -> None:
    batch = secrets.token_hex(16)
    told = []
    for name, data in (("一.csv", GOOD), ("坏.csv", TOTALS), ("二.csv", OTHER)):
        answer = as_mei.post(reverse("connectors:start"), {
            "store": people.clothes.pk, "file": SimpleUploadedFile(name, data), "batch": batch, "one_of": "1",
        })  # fmt: skip
        told.append(answer.json())
    assert [bool(each["refused"]) for each in told] == [False, True, False]
    shown = as_mei.get(told[0]["next"]).content.decode()
    assert all(name in shown for name in ("一.csv", "坏.csv", "二.csv"))


def test_one_file_alone_leads_to_its_own_page(as_mei: Client, people: Cast) -> None:
    where = drop(as_mei, people.clothes.pk, ("一.csv", GOOD))
    assert where == reverse("connectors:show", args=[Import.objects.get().pk])


def test_too_many_files_are_refused_in_words(as_mei: Client, people: Cast) -> None:
    assert drop(as_mei, people.clothes.pk, *[(f"{n}.csv", GOOD) for n in range(51)]) == ""
    assert Import.objects.count() == 0


def test_the_first_reviews_of_a_file_can_be_unfolded(as_mei: Client, people: Cast) -> None:
    source = received(people.clothes, GOOD, people.mei)
    assert "饼干碎了一半" in as_mei.get(reverse("connectors:first_rows", args=[source.pk])).content.decode()


def test_a_viewer_sees_the_drop_but_confirms_nothing(people: Cast, client: Client, as_mei: Client) -> None:
    where = drop(as_mei, people.clothes.pk, ("一.csv", GOOD), ("二.csv", OTHER))
    client.force_login(people.viewer)
    assert "foot-in-sight" not in client.get(where).content.decode()
    client.post(reverse("connectors:confirm_clear", args=[Import.objects.first().pk]))
    assert set(states().values()) == {"checking"}


def test_the_page_of_a_drop_asks_as_many_questions_for_two_files_as_for_twenty(
    as_mei: Client, people: Cast, django_assert_max_num_queries: object
) -> None:
    where = drop(as_mei, people.clothes.pk, *[(f"{n}.csv", as_csv([line("碎了", id=str(n))])) for n in range(20)])
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert as_mei.get(where).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_nobody_confirms_is_thrown_away_after_two_weeks_with_its_file(people: Cast) -> None:
    begin = clock.now()
    old = received(people.clothes, GOOD, people.mei)
    dry = taken_in(people.clothes, OTHER, people.mei, dry_run=True)
    with clock.at(begin + timedelta(days=13)):
        assert actions.lapse(actor=None) == 0
    with clock.at(begin + timedelta(days=13, hours=23)):
        young = received(people.clothes, NO_YEAR, people.mei)
    with clock.at(begin + timedelta(days=14, hours=1)):
        assert actions.lapse(actor=None) == 2
    for source in (old, dry, young):
        source.refresh_from_db()
    assert [each.state for each in (old, dry, young)] == ["cancelled", "cancelled", "checking"]
    assert [queries.path_of(each).exists() for each in (old, dry, young)] == [False, False, True]
    assert Entry.objects.filter(verb="connectors.lapse").count() == 2


def test_a_finished_import_never_lapses(people: Cast) -> None:
    done = taken_in(people.clothes, GOOD, people.mei)
    with clock.at(clock.now() + timedelta(days=400)):
        assert actions.lapse(actor=None) == 0
    done.refresh_from_db()
    assert done.state == "done"


def test_the_page_says_why_a_lapsed_file_is_gone(as_mei: Client, people: Cast) -> None:
    source = received(people.clothes, GOOD, people.mei)
    with clock.at(clock.now() + timedelta(days=15)):
        actions.lapse(actor=None)
    assert "note-now" in as_mei.get(reverse("connectors:show", args=[source.pk])).content.decode()
