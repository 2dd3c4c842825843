"""Which column is taken for what, and what is said about it."""

import random
from datetime import datetime, timedelta

import pytest

from tests.connectors.file.build import columns_of, reviews_of, table_of
from wanhui.connectors.file.aliases import FIELDS, squeeze
from wanhui.connectors.file.columns import ColumnMap, with_fields
from wanhui.connectors.file.problem import FileProblem

TEXT = "这件衣服的面料和图片上完全不一样，很失望"


def recognised(header: str, *rows: str) -> dict[str, str]:
    """Field → column name for a small csv."""
    table = table_of("\n".join([header, *rows]) + "\n")
    return {field: table.header[index] for field, index in columns_of(table).fields().items()}


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("text,score", f"{TEXT},2", {"text": "text", "stars": "score"}),
        (
            "评论,店家回复,评论日期",
            f"{TEXT},亲，抱歉,2026-10-01",
            {"text": "评论", "reply": "店家回复", "said_at": "评论日期"},
        ),
        (
            "入住房型,点评内容,评分（1-5）",
            f"大床房,{TEXT},3",
            {"product_name": "入住房型", "text": "点评内容", "stars": "评分（1-5）"},
        ),
        (
            "Datum,Bewertungstext,Sterne,Artikel",
            "07.01.2026,Der Stoff ist dünn,2,Hemd",
            {"said_at": "Datum", "text": "Bewertungstext", "stars": "Sterne", "product_name": "Artikel"},
        ),
        (
            "Review Date,reviewer_name,Body,RATING",
            "2026-01-07,Kim,It broke after a day,1",
            {"said_at": "Review Date", "buyer": "reviewer_name", "text": "Body", "stars": "RATING"},
        ),
        (
            "主订单编号,买家昵称,初评内容,追评内容,评价类型",
            f"5501,梅**子,{TEXT},还是坏的,差评",
            {
                "order_id": "主订单编号",
                "buyer": "买家昵称",
                "text": "初评内容",
                "append": "追评内容",
                "verdict": "评价类型",
            },
        ),
    ],
)
def test_names_of_real_exports_are_known(header: str, row: str, expected: dict[str, str]) -> None:
    assert recognised(header, row) == expected


def test_a_row_number_is_never_an_id() -> None:
    assert recognised("序号,评价内容", f"1,{TEXT}", f"2,{TEXT}") == {"row_number": "序号", "text": "评价内容"}
    assert reviews_of(f"序号,评价内容\n1,{TEXT}\n")[0].platform_id == ""


def test_a_column_named_like_text_that_holds_numbers_is_not_taken() -> None:
    table = table_of(f"评论,内容\n12,{TEXT}\n7,{TEXT}\n3,{TEXT}\n")
    assert columns_of(table).index("text") == 1


def test_the_plainer_of_two_names_is_taken_and_said() -> None:
    columns = columns_of(table_of(f"内容,评价内容\n上新,{TEXT}\n换季,{TEXT}\n"))
    assert columns.index("text") == 1
    assert columns.notes == ('"评价内容" and "内容" both look like text; "评价内容" was taken.',)
    assert columns.unmatched == (0,)


def test_a_column_called_evaluation_may_hold_texts_verdicts_or_stars() -> None:
    assert recognised("商品名称,评价", f"衬衫,{TEXT}")["text"] == "评价"
    assert recognised("评论内容,评价", f"{TEXT},差评", f"{TEXT},好评")["verdict"] == "评价"
    assert recognised("评论内容,评价", f"{TEXT},1", f"{TEXT},5")["stars"] == "评价"


def test_without_a_known_name_the_longest_text_is_only_proposed() -> None:
    columns = columns_of(table_of(f"a1,b2,c3\nhttps://example.com/a/very/long/link/that/is/not/text,{TEXT},17\n"))
    match = columns.match("text")
    assert match is not None
    assert (match.index, match.confidence) == (1, 0.3)
    assert "Please check it" in columns.notes[-1]


def test_a_sheet_without_any_text_is_refused_with_its_columns() -> None:
    with pytest.raises(FileProblem, match=r'No column holds the text of reviews\. The columns are: "商品编码", "库存"'):
        columns_of(table_of("商品编码,库存\nA1,3\nA2,9\n"))


@pytest.mark.parametrize(
    "header",
    [
        "门店ID,门店名称,统计周期,新中差评回复率",
        "店铺,综合体验星级,成长层级,店铺评价分排名",
        "商品编码,计数(中差评),占比,环比",
        "全部评价数,全部好评数,好评率,全部中差评数",
    ],
)
def test_a_sheet_of_totals_is_refused_in_words(header: str) -> None:
    with pytest.raises(FileProblem, match=r"holds totals .* not single reviews"):
        columns_of(table_of(f"{header}\n1,2,3,4\n5,6,7,8\n"))


def test_a_named_text_column_wins_over_every_rule() -> None:
    table = table_of(f"标题,评价内容\n{TEXT},好\n")
    columns = columns_of(table, "标题")
    assert columns.index("text") == 0
    assert 1 in columns.unmatched


def user_ids(ids: list[int], times: list[datetime]) -> ColumnMap:
    rows = "".join(
        f"梅**子,{number},{TEXT},{when:%Y-%m-%d %H:%M:%S}\n" for number, when in zip(ids, times, strict=True)
    )
    return columns_of(table_of(f"用户名,用户ID,评论内容,评论时间\n{rows}"))


def test_a_user_id_that_grows_with_time_is_the_review_id() -> None:
    times = [datetime(2024, 1, 1) + timedelta(hours=7 * n, seconds=n) for n in range(60)]
    ids = [13_900_000_000 + 25_000 * n + n % 7 for n in range(60)]
    columns = user_ids(ids, times)
    assert columns.index("review_id") == 1
    assert columns.ids_proven
    assert "each belongs to one time" in columns.notes[0]


def test_a_user_id_without_that_proof_stays_a_users() -> None:
    times = [datetime(2024, 1, 1) + timedelta(hours=7 * n) for n in range(60)]
    ids = [13_900_000_000 + 25_000 * n for n in range(60)]
    random.Random(3).shuffle(ids)
    assert user_ids(ids, times).index("review_id") is None
    returning = [13_900_000_000 + 25_000 * (n // 2) for n in range(60)]
    assert user_ids(returning, times).index("review_id") is None
    assert user_ids(ids[:5], times[:5]).index("review_id") is None


def test_a_persons_corrections_replace_the_recognised_columns() -> None:
    table = table_of(f"说明,评价内容,分\n{TEXT},好,1\n")
    columns = with_fields(columns_of(table), {"text": 0, "stars": 2}, table.sample)
    assert columns.fields() == {"text": 0, "stars": 2}
    assert [match.reason for match in columns.matches] == ["you chose it", "you chose it"]
    assert columns.unmatched == (1,)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"text": 9}, "no column 10"),
        ({"nonsense": 0, "text": 1}, '"nonsense" is not a field'),
        ({"stars": 0}, "Please say which"),
    ],
)
def test_corrections_that_make_no_sense_are_refused(fields: dict[str, int], word: str) -> None:
    table = table_of(f"说明,评价内容\n{TEXT},好\n")
    with pytest.raises(FileProblem, match=word):
        with_fields(columns_of(table), fields, table.sample)


def test_a_rating_out_of_ten_is_noticed_and_said() -> None:
    rows = "".join(f"{TEXT},{n}\n" for n in (2, 7, 9, 10))
    columns = columns_of(table_of(f"点评内容,评分\n{rows}"))
    assert columns.star_scale == 10
    assert "counts up to 10" in columns.notes[-1]


def test_no_name_of_the_alias_table_stands_twice_for_one_field() -> None:
    for field, names in FIELDS.items():
        squeezed = [squeeze(name) for name in names]
        assert len(squeezed) == len(set(squeezed)), (field, sorted(n for n in squeezed if squeezed.count(n) > 1))


def test_a_column_whose_cells_belie_its_name_is_left_out_and_said() -> None:
    columns = columns_of(table_of(f"评价内容,评分\n{TEXT},很软\n{TEXT},很硬\n"))
    assert columns.fields() == {"text": 0}
    assert columns.notes == ('"评分" is named like stars but its cells are of another kind; it was left out.',)


@pytest.mark.parametrize(
    ("dates", "first", "on"),
    [
        (("13/04/2026", "03/04/2026"), True, "2026-04-03"),
        (("04/13/2026", "03/04/2026"), False, "2026-03-04"),
        (("05/05/2026", "03/04/2026"), None, None),
        (("13/04/2026", "04/13/2026", "03/04/2026"), None, None),
    ],
)
def test_day_and_month_are_told_apart_by_the_columns_other_dates(
    dates: tuple[str, ...], first: bool | None, on: str | None
) -> None:
    data = "body,review_date\n" + "".join(f"It broke after a day,{date}\n" for date in dates)
    columns = columns_of(table_of(data))
    assert columns.day_first is first
    assert any("stands first" in note for note in columns.notes) == (first is not None)
    last = reviews_of(data)[-1]
    assert (last.said_on.isoformat() if last.said_on else None) == on
    assert bool(last.problems) == (on is None)


def test_a_review_tool_export_in_english_is_known() -> None:
    header = "title,body,rating,review_date,source,curated,reviewer_name,reviewer_email,product_id,product_handle,reply"
    row = "Oh no,It broke after a day,1,2026-01-07 10:00:00 UTC,web,ok,Kim,kim@example.com,881,red-shirt,Sorry"
    found = recognised(header, row)
    assert {found[field] for field in ("text", "stars", "said_at", "buyer", "product_id", "product_name", "reply")} == {
        "body",
        "rating",
        "review_date",
        "reviewer_name",
        "product_id",
        "product_handle",
        "reply",
    }
