"""Files that try to fill, freeze or fool the desk."""

import io
import re
import struct
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.cast import Cast
from tests.safety.conftest import Snapshot, attack, tiny_png
from tests.safety.pages import Page, text
from wanhui.connectors.models import Import
from wanhui.reviews.models import Review

MEGA = 1024 * 1024
HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FOOT = "</sheetData></worksheet>"


def workbook(sheet: str | bytes, *, shared: str = "") -> bytes:
    """A true xlsx whose one sheet (and whose shared words) are these."""
    honest, out = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.save(honest)
    changed = {"xl/worksheets/sheet1.xml": sheet} | ({"xl/sharedStrings.xml": shared} if shared else {})
    with zipfile.ZipFile(honest) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in before.namelist():
            archive.writestr(name, changed.get(name, before.read(name)))
    return out.getvalue()


def cell(at: str, words: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{words}</t></is></c>'


def small_table() -> str:
    return HEAD + f'<row r="1">{cell("A1", "评价内容")}{cell("B1", "星级")}</row>' \
        f'<row r="2">{cell("A2", "袖子短了一截")}<c r="B2"><v>1</v></c></row>' + FOOT


def understated(packed: bytes, size: int) -> bytes:
    """The same archive whose directory claims that its largest part unpacks to `size` bytes."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        largest = max(part.file_size for part in archive.infolist())
    return packed.replace(struct.pack("<I", largest), struct.pack("<I", size))


def upload(client: Client, people: Cast, data: bytes, name: str = "reviews.xlsx") -> HttpResponse:
    file = SimpleUploadedFile(name, data, content_type="application/octet-stream")
    return client.post("/imports/", {"store": people.clothes.pk, "file": file}, headers={"accept-language": "en"})


def refused(response: HttpResponse) -> str:
    """The sentence beside the field."""
    assert response.status_code == 200
    found = re.search(r'<ul class="errors"[^>]*>(.*?)</ul>', text(response), re.DOTALL)
    assert found, "nothing was said"
    return Page(found.group(1)).words


def kept_files(settings: LazySettings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_an_honest_small_workbook_comes_in(as_mei: Client, people: Cast) -> None:
    """Else the refusals below could be for anything."""
    assert upload(as_mei, people, workbook(small_table())).status_code == 303
    assert Import.objects.get().columns["text"] == 0


def test_a_file_above_the_limit_is_refused_in_words_and_nothing_of_it_stays(
    as_mei: Client, people: Cast, settings: LazySettings, snapshot: Snapshot
) -> None:
    settings.WANHUI_MAX_UPLOAD_BYTES = MEGA
    before = snapshot()
    said = refused(upload(as_mei, people, "评价内容,星级\n".encode() + b"a,1\n" * (MEGA // 3), "big.csv"))
    assert "larger than 1 MB" in said
    assert snapshot() == before
    assert kept_files(settings) == []


def test_a_body_far_above_the_limit_is_not_even_read(
    as_mei: Client, people: Cast, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WANHUI_MAX_UPLOAD_BYTES = MEGA
    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.parse", lambda self: pytest.fail("it was read"))
    response = upload(as_mei, people, b"x" * (3 * MEGA), "big.csv")
    assert response.status_code == 413
    assert "A file may have 1 MB" in Page(text(response)).words


def test_even_at_the_door_nothing_huge_is_read(client: Client, db: None, settings: LazySettings) -> None:
    settings.WANHUI_MAX_UPLOAD_BYTES = MEGA
    response = client.post("/login/", {"username": "mei", "file": io.BytesIO(b"x" * (3 * MEGA))})
    assert response.status_code == 413


@pytest.mark.parametrize("lying", [False, True], ids=["honest about its size", "understating its size"])
def test_a_zip_bomb_is_refused_before_it_is_opened(
    as_mei: Client, people: Cast, settings: LazySettings, snapshot: Snapshot, lying: bool
) -> None:
    bomb = workbook(HEAD.encode() + b" " * (64 * MEGA) + FOOT.encode())
    assert len(bomb) < MEGA
    bomb = understated(bomb, 4096) if lying else bomb
    before, began = snapshot(), time.monotonic()
    said = refused(upload(as_mei, people, bomb))
    assert time.monotonic() - began < 10
    assert ("would unpack to 64 MB" in said) != lying
    assert snapshot() == before
    assert kept_files(settings) == []


def test_a_cell_at_the_far_end_of_the_sheet_does_not_fill_the_memory(as_mei: Client, people: Cast) -> None:
    sheet = HEAD + f'<row r="1">{cell("A1", "评价内容")}</row><row r="1048576">{cell("XFD1048576", "x")}</row>' + FOOT
    assert "16,384" in refused(upload(as_mei, people, workbook(sheet)))


def test_entities_that_multiply_are_not_expanded(as_mei: Client, people: Cast) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    shared = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "哈哈哈哈哈哈哈哈哈哈">{laughs}]>' \
             '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&l9;</t></si></sst>'
    sheet = HEAD + f'<row r="1">{cell("A1", "评价内容")}</row><row r="2"><c r="A2" t="s"><v>0</v></c></row>' + FOOT
    began = time.monotonic()
    response = upload(as_mei, people, workbook(sheet, shared=shared))
    assert time.monotonic() - began < 5
    shown = text(as_mei.get(response.headers["Location"])) if response.status_code == 303 else text(response)
    assert len(shown) < 100_000


@pytest.mark.parametrize(("name", "data"), [
    ("reviews.xlsx", b"PK\x03\x04 not really"), ("reviews.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600),
    ("reviews.json", b"[" * 200_000), ("reviews.csv", b"\x00\x01\x02\xff" * 500), ("reviews.pdf", b"%PDF-1.7"),
    ("reviews.html", b"<html><script>alert(1)</script></html>"),
], ids=["cut xlsx", "empty xls", "deep json", "binary csv", "pdf", "html"])
def test_a_broken_or_wrong_file_is_refused_with_a_sentence_and_leaves_nothing(
    as_mei: Client, people: Cast, settings: LazySettings, snapshot: Snapshot, name: str, data: bytes
) -> None:
    before = snapshot()
    said = refused(upload(as_mei, people, data, name))
    assert len(said) > 20
    assert "Error" not in said
    assert snapshot() == before
    assert kept_files(settings) == []


def test_a_file_name_cannot_lead_out_of_its_folder(as_mei: Client, people: Cast, settings: LazySettings) -> None:
    assert upload(as_mei, people, workbook(small_table()), "..\\..\\windows\\reviews.xlsx").status_code == 303
    source = Import.objects.get()
    assert source.file_name == "reviews.xlsx"
    assert [path.parent for path in kept_files(settings)] == [Path(settings.MEDIA_ROOT) / "imports"]
    assert source.stored_as.removeprefix("imports/").isalnum()


def test_an_uploaded_file_is_served_to_nobody(as_mei: Client, people: Cast) -> None:
    upload(as_mei, people, workbook(small_table()))
    source = Import.objects.get()
    for address in (f"/files/{source.stored_as}", f"/media/{source.stored_as}", f"/static/{source.stored_as}",
                    f"/static/../{source.stored_as}"):
        assert as_mei.get(address).status_code == 404


def test_a_preview_shows_nasty_cells_as_words(as_mei: Client, people: Cast) -> None:
    words = attack("cell")
    quoted = words.replace('"', '""')
    data = f'评价内容,买家昵称,"{quoted}"\n"{quoted}","{quoted}","{quoted}"\n很好,衣*,x\n'.encode()
    response = upload(as_mei, people, data, "nasty.csv")
    page = text(as_mei.get(response.headers["Location"]))
    assert Page(page).wrong == []
    assert "<script>alert" not in page
    assert words[:50] in Page(page).words


@pytest.mark.parametrize(("name", "data"), [
    ("shot.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    ("shot.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    ("shot.png", b"<html><script>alert(1)</script>"),
    ("shot.png", tiny_png()[:30]),
    ("shot.png", tiny_png()[:-12] + b"\x00" * (9 * MEGA) + tiny_png()[-12:]),
], ids=["svg", "svg called png", "html called png", "cut off", "nine megabytes"])
def test_a_screenshot_that_is_no_picture_is_refused_and_nothing_is_written(
    as_mei: Client, people: Cast, settings: LazySettings, snapshot: Snapshot, name: str, data: bytes
) -> None:
    before = snapshot()
    typed = {"store": people.clothes.pk, "text": "线头很多", "stars": "1", "screenshot": SimpleUploadedFile(name, data)}
    response = as_mei.post("/reviews/new/", typed)
    assert response.status_code == 200
    assert snapshot() == before
    assert kept_files(settings) == []


def test_a_typed_link_that_would_run_is_refused(as_mei: Client, people: Cast) -> None:
    for link in ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd"):
        as_mei.post("/reviews/new/", {"store": people.clothes.pk, "text": "线头很多", "stars": "1", "link": link})
    assert not Review.objects.exists()
