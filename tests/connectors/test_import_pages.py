"""The pages of an import, as a browser without scripts sees them."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.reviews.making import HEADER, as_csv, line, received, taken_in
from wanhui.connectors import actions, queries
from wanhui.connectors.models import Import, ImportLine
from wanhui.reviews import actions as reviews
from wanhui.reviews.models import Review

HOSTILE = "<script>alert(1)</script>太慢了"


def upload(client: Client, store: int, data: bytes, name: str = "评价.csv") -> str:
    """Send a file; where the desk leads to, "" when it shows the form again."""
    answer = client.post(reverse("connectors:start"), {"store": store, "file": SimpleUploadedFile(name, data)})
    return answer.headers.get("Location", "")


def page(client: Client, source: Import, name: str = "show") -> str:
    answer = client.get(reverse(f"connectors:{name}", args=[source.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def chosen(source: Import, **more: str) -> dict[str, str]:
    return {f"column_{index}": field for field, index in source.columns.items()} | more


def test_from_the_file_to_the_report_in_three_pages(as_mei: Client, people: Cast) -> None:
    where = upload(as_mei, people.clothes.pk, as_csv([line("饼干碎了一半"), ("",) * 8]))
    source = Import.objects.get()
    assert where == reverse("connectors:show", args=[source.pk])
    shown = page(as_mei, source)
    assert "饼干碎了一半" in shown
    assert all(name in shown for name in HEADER)
    as_mei.post(reverse("connectors:check", args=[source.pk]), chosen(source, do="import"))
    assert 'hx-trigger="every 1s"' in page(as_mei, source)
    reviews.take_in(source.pk, actor=None)
    assert "<strong>2</strong>" in page(as_mei, source)
    assert as_mei.get(reverse("connectors:progress", args=[source.pk])).headers["HX-Redirect"] == where


def test_corrected_columns_are_used_for_the_import(as_mei: Client, people: Cast) -> None:
    upload(as_mei, people.clothes.pk, as_csv([line("碎了", buyer="云朵饼干很好吃")]))
    source = Import.objects.get()
    wanted = {"column_2": "text", "do": "look"}
    as_mei.post(reverse("connectors:check", args=[source.pk]), wanted)
    source.refresh_from_db()
    assert (source.state, source.columns["text"]) == ("checking", 2)
    assert "buyer" not in source.columns


def test_two_columns_of_one_meaning_are_told_and_change_nothing(as_mei: Client, people: Cast) -> None:
    upload(as_mei, people.clothes.pk, as_csv([line("碎了")]))
    source = Import.objects.get()
    answer = as_mei.post(
        reverse("connectors:check", args=[source.pk]), {"column_1": "text", "column_5": "text", "do": "import"}
    )
    assert (answer.status_code, b"note-now" in answer.content) == (200, True)
    source.refresh_from_db()
    assert (source.state, source.columns["text"]) == ("checking", 5)


def test_an_oversized_upload_brings_the_form_again_with_the_limit(
    as_mei: Client, people: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.WANHUI_MAX_UPLOAD_BYTES, settings.MEDIA_ROOT = 2 * 1024 * 1024, tmp_path
    file = SimpleUploadedFile("评价.csv", as_csv([line("很长" * 100)] * 5000))
    answer = as_mei.post(reverse("connectors:start"), {"store": people.clothes.pk, "file": file})
    assert (answer.status_code, "2 MB" in answer.content.decode()) == (200, True)
    assert Import.objects.count() == 0
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_broken_file_brings_the_form_again_with_the_sentence(as_mei: Client, people: Cast) -> None:
    assert upload(as_mei, people.clothes.pk, b"%PDF-1.7", "评价.xlsx") == ""
    assert Import.objects.count() == 0


def test_a_file_that_breaks_later_is_told_on_its_page(as_mei: Client, people: Cast) -> None:
    rows = as_csv([line(f"第{n}个理由") for n in range(900)]) + '1,"没有下文\n2,好\n3,好\n'.encode()
    done = taken_in(people.clothes, rows, people.mei)
    assert "note-now" in page(as_mei, done)


def test_the_same_file_again_is_told_kindly_before_it_is_taken(as_mei: Client, people: Cast) -> None:
    data = as_csv([line("碎了")])
    taken_in(people.clothes, data, people.mei)
    assert "note-soon" not in page(as_mei, received(people.clothes, data + b"\n", people.mei))
    assert "note-soon" in page(as_mei, received(people.clothes, data, people.mei))


def test_a_file_of_several_shops_is_questioned(as_mei: Client, people: Cast) -> None:
    header = (*HEADER, "店铺名称")
    one = as_csv([(*line("碎了"), "东门店"), (*line("好"), "东门店")], header)
    two = as_csv([(*line("碎了"), "东门店"), (*line("好"), "西门店")], header)
    assert "note-soon" not in page(as_mei, received(people.clothes, one, people.mei))
    assert "西门店 …" in page(as_mei, received(people.clothes, two, people.mei))


def test_a_script_in_a_review_is_shown_and_not_run(as_mei: Client, people: Cast) -> None:
    source = received(people.clothes, as_csv([line(HOSTILE, buyer="<img src=x>")]), people.mei)
    shown = page(as_mei, source)
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown
    assert "<img src=x>" not in shown


def test_a_dry_run_can_be_followed_by_the_import(as_mei: Client, people: Cast) -> None:
    dry = taken_in(people.clothes, as_csv([line("碎了")]), people.mei, dry_run=True)
    assert reverse("connectors:confirm", args=[dry.pk]) in page(as_mei, dry)
    as_mei.post(reverse("connectors:confirm", args=[dry.pk]))
    reviews.take_in(dry.pk, actor=None)
    assert Review.objects.count() == 1


def test_throwing_away_leads_back_and_takes_nothing(as_mei: Client, people: Cast) -> None:
    source = received(people.clothes, as_csv([line("碎了")]), people.mei)
    answer = as_mei.post(reverse("connectors:cancel", args=[source.pk]))
    assert answer.headers["Location"] == reverse("connectors:start")
    assert Review.objects.count() == 0
    assert page(as_mei, source)


def test_the_report_pages_by_key_and_shows_every_line_once(as_mei: Client, people: Cast) -> None:
    empty = [("",) * 8] * (queries.LINES_A_PAGE + 7)
    source = taken_in(people.clothes, as_csv([line("碎了"), *empty, line("好")]), people.mei)
    address, seen = reverse("connectors:show", args=[source.pk]), []
    query = ""
    while True:
        answer = as_mei.get(address + query)
        seen += [row for row, _outcome, _reason in answer.context["lines"]]
        if not answer.context["next"]:
            break
        query = f"?after={answer.context['next']}"
    assert seen == list(range(3, 3 + len(empty)))


def test_the_downloaded_report_holds_no_cell_that_a_spreadsheet_runs(as_mei: Client, people: Cast) -> None:
    source = taken_in(people.clothes, as_csv([line("碎了")]), people.mei)
    ImportLine.objects.create(source=source, row=1, outcome="noted", reason="=HYPERLINK(1)")
    answer = as_mei.get(reverse("connectors:lines", args=[source.pk]))
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert body.splitlines()[1].endswith(",'=HYPERLINK(1)")


@pytest.mark.parametrize("name", ["show", "progress", "lines"])
def test_an_import_of_a_foreign_store_is_not_there(people: Cast, client: Client, name: str) -> None:
    source = received(people.clothes, as_csv([line("碎了")]), people.mei)
    client.force_login(people.eve)
    assert client.get(reverse(f"connectors:{name}", args=[source.pk])).status_code == 404


@pytest.mark.parametrize("name", ["check", "confirm", "cancel"])
def test_nothing_can_be_done_to_an_import_of_a_foreign_store(people: Cast, client: Client, name: str) -> None:
    source = received(people.clothes, as_csv([line("碎了")]), people.mei)
    client.force_login(people.anna)
    assert client.post(reverse(f"connectors:{name}", args=[source.pk]), {"do": "import"}).status_code == 404
    source.refresh_from_db()
    assert source.state == "checking"


def test_a_foreign_store_cannot_be_chosen(people: Cast, client: Client) -> None:
    client.force_login(people.eve)
    assert upload(client, people.clothes.pk, as_csv([line("碎了")])) == ""
    assert Import.objects.count() == 0


def test_a_viewer_sees_imports_but_no_button(people: Cast, client: Client) -> None:
    source = received(people.clothes, as_csv([line("碎了")]), people.mei)
    client.force_login(people.viewer)
    assert 'value="import"' not in page(client, source)
    client.post(reverse("connectors:check", args=[source.pk]), chosen(source, do="import"))
    source.refresh_from_db()
    assert source.state == "checking"


def test_the_list_asks_the_same_number_of_questions_for_one_import_as_for_many(
    as_mei: Client, people: Cast, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        actions.receive(people.clothes, io.BytesIO(as_csv([line(f"第{number}个")])), "评价.csv", actor=people.mei)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert as_mei.get(reverse("connectors:start")).status_code == 200
