"""Receiving a file: kept, recognised, or refused with nothing left behind."""

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.http import Http404

from tests.cast import Cast
from tests.reviews.making import HEADER, as_csv, line, received, taken_in
from wanhui.audit.models import Entry
from wanhui.connectors import actions, queries
from wanhui.connectors.models import Import
from wanhui.kit.errors import Refused
from wanhui.work.models import Step

ONE = as_csv([line("饼干碎了一半")])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def kept() -> list[Path]:
    return list(Path(settings.MEDIA_ROOT).rglob("imports/*"))


def refusal(people: Cast, data: bytes, name: str = "评价.csv") -> str:
    with pytest.raises(Refused) as refused:
        received(people.clothes, data, people.mei, name)
    assert (kept(), Import.objects.count(), Entry.objects.count()) == ([], 0, 0)
    return refused.value.message


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 400_000_000)
    return packed.getvalue()


def test_a_file_waits_with_its_columns_recognised(people: Cast) -> None:
    source = received(people.clothes, ONE, people.mei)
    assert (source.state, source.file_name) == ("checking", "评价.csv")
    assert source.columns["text"] == HEADER.index("评价内容")
    assert [path.read_bytes() for path in kept()] == [ONE]
    assert "评价" not in source.stored_as
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.store_ref) == ("connectors.receive", people.mei, people.clothes.pk)


def test_a_name_that_climbs_out_of_the_folder_is_only_a_name(people: Cast) -> None:
    source = received(people.clothes, ONE, people.mei, "..\\..\\/etc/评价.csv")
    assert source.file_name == "评价.csv"
    assert len(kept()) == 1


def test_a_file_beyond_the_limit_is_refused(people: Cast, settings: object) -> None:
    settings.WANHUI_MAX_UPLOAD_BYTES = 1024 * 1024  # type: ignore[attr-defined]
    assert "1 MB" in refusal(people, as_csv([line("很长" * 100)] * 4000))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "评价.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 900, "评价.xls"),
        (b"%PDF-1.7 ...", "评价.xlsx"),
        ("统计周期,全部评价数,好评率\n11月,300,98%\n".encode(), "周报.csv"),
        (b"a,b\n1,2\n3,4\n", "zahlen.csv"),
        (ONE, "评价.exe"),
    ],
    ids=["empty", "broken", "pdf", "totals", "no text", "unknown ending"],
)
def test_what_is_no_list_of_reviews_is_refused_and_not_kept(people: Cast, data: bytes, name: str) -> None:
    assert refusal(people, data, name)


def test_a_zip_bomb_is_refused_unopened(people: Cast) -> None:
    assert refusal(people, bomb(), "评价.xlsx")


def test_a_stranger_does_not_even_learn_that_the_store_exists(people: Cast) -> None:
    with pytest.raises(Http404):
        received(people.clothes, ONE, people.eve)
    assert kept() == []


def test_a_viewer_may_not_import(people: Cast) -> None:
    with pytest.raises(Refused):
        received(people.clothes, ONE, people.viewer)
    source = received(people.clothes, ONE, people.scout)
    for verb in (actions.confirm, actions.cancel):
        with pytest.raises(Refused):
            verb(source, actor=people.viewer)
    with pytest.raises(Refused):
        actions.set_columns(source, {"text": 5}, year=None, actor=people.viewer)


def test_columns_can_be_corrected_and_are_then_used(people: Cast) -> None:
    data = as_csv([("碎了", "备注一")], header=("说了什么", "review"))
    source = received(people.clothes, data, people.mei)
    actions.set_columns(source, {"text": 0}, year=2026, actor=people.mei)
    assert (source.columns, source.year) == ({"text": 0}, 2026)
    assert queries.check(source).preview[0].text == "碎了"
    assert Entry.objects.filter(verb="connectors.set_columns").count() == 1


def test_columns_without_a_text_are_refused(people: Cast) -> None:
    source = received(people.clothes, ONE, people.mei)
    with pytest.raises(Refused):
        actions.set_columns(source, {"stars": 4}, year=None, actor=people.mei)
    with pytest.raises(Refused):
        actions.set_columns(source, {"text": 99}, year=None, actor=people.mei)


def test_the_year_of_dates_without_one_is_asked_for_and_never_guessed(people: Cast) -> None:
    source = received(people.clothes, as_csv([line("碎了", at="01.18"), line("好", at="01.19")]), people.mei)
    assert queries.check(source).needs_year
    actions.set_columns(source, source.columns, year=2026, actor=people.mei)
    found = queries.check(source)
    assert not found.needs_year
    assert [f"{row.said_on}" for row in found.preview] == ["2026-01-18", "2026-01-19"]


def test_confirming_notes_one_step_and_cannot_be_done_twice(people: Cast) -> None:
    source = actions.confirm(received(people.clothes, ONE, people.mei), actor=people.mei)
    assert Step.objects.get(kind="import.confirmed").ids == [source.pk]
    for verb in (actions.confirm, actions.cancel):
        with pytest.raises(Refused):
            verb(source, actor=people.mei)


def test_a_finished_import_is_not_started_again(people: Cast) -> None:
    done = taken_in(people.clothes, ONE, people.mei)
    with pytest.raises(Refused):
        actions.confirm(done, actor=people.mei)


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_import_keeps_no_file(people: Cast) -> None:
    source = actions.cancel(received(people.clothes, ONE, people.mei), actor=people.mei)
    assert (source.state, kept()) == ("cancelled", [])
    assert Entry.objects.filter(verb="connectors.cancel").count() == 1


def test_the_same_file_is_known_by_its_bytes_in_its_own_store(people: Cast) -> None:
    first = taken_in(people.clothes, ONE, people.mei)
    assert queries.same_file_before(received(people.clothes, ONE, people.wang)) == first
    assert queries.same_file_before(received(people.hotel, ONE, people.mei)) is None
    assert queries.same_file_before(received(people.clothes, ONE + b"\n", people.mei)) is None
