"""Every real export beside the project opens with the right columns: names, counts and encodings only."""

from pathlib import Path

import pytest

from tests.connectors.file.build import columns_of
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.readers import read_table
from wanhui.connectors.file.rows import read_reviews

JD = {"buyer": "用户名", "review_id": "用户ID", "text": "评论内容", "said_at": "评论时间", "stars": "评分"}

GOLDEN: dict[str, tuple[str, str | None, int, dict[str, str]]] = {
    "hotel.gbk.csv": (
        "csv",
        "gb18030",
        599,
        {"shop": "酒店名称", "said_at": "评论日期", "text": "评论内容", "product_name": "入住房型"},
    ),
    "jd_100001642346-差评.xls": ("xls", None, 141, JD),
    "jd_100002280591-中评.xls": ("xls", None, 299, JD),
    "jd_100002280591-好评.xls": ("xls", None, 1000, JD),
    "jd_100002280591-差评.xls": ("xls", None, 421, JD),
    "jd_100023751678-好评.xlsx": ("xlsx", None, 1000, JD),
    "jd_6795485-差评.xls": ("xls", None, 230, JD),
    "jd_haier.gb18030.csv": (
        "csv",
        "gb18030",
        207,
        {
            "buyer": "nickname",
            "buyer_level": "userLevelName",
            "stars": "score",
            "verdict": "evaluation",
            "said_at": "creationTime",
            "ordered_at": "referenceTime",
            "product_id": "referenceId",
            "text": "content",
        },
    ),
    "productPageComments_1548519300.jsonp.txt": (
        "jsonp",
        "gb18030",
        4,
        {
            "review_id": "id",
            "text": "content",
            "said_at": "creationTime",
            "product_id": "referenceId",
            "product_name": "referenceName",
            "ordered_at": "referenceTime",
            "stars": "score",
            "status": "status",
            "helpful": "usefulVoteCount",
            "order_id": "orderId",
            "buyer": "nickname",
            "sku": "productColor",
            "anonymous": "anonymousFlag",
            "buyer_level": "userLevelName",
            "media": "images",
        },
    ),
    "taobao.utf8bom.csv": ("csv", "utf-8-sig", 399, {"buyer": "username", "said_at": "time", "text": "content"}),
    "tmall_replies.xlsx": (
        "xlsx",
        None,
        300,
        {
            "product_name": "商品名",
            "text": "评论",
            "said_at": "评论时间",
            "buyer": "评论人信息",
            "reply": "店家回复",
        },
    ),
    "tongcheng_messy.csv": (
        "csv",
        "utf-8",
        368,
        {
            "row_number": "Unnamed: 0",
            "buyer": "name",
            "said_at": "time",
            "stars": "rating",
            "text": "text",
            "helpful": "useful",
        },
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_real_export_opens_with_the_right_columns(name: str, shared_data: Path) -> None:
    kind, encoding, rows, fields = GOLDEN[name]
    with read_table(shared_data / "imports" / name, name) as table:
        columns = columns_of(table)
        assert {field: table.header[index] for field, index in columns.fields().items()} == fields
        assert (table.format, table.encoding, len(list(table.rows))) == (kind, encoding, rows)


def test_the_cut_off_file_is_refused(shared_data: Path) -> None:
    with pytest.raises(FileProblem, match=r"truncated\.xls is damaged .* export or download it again"):
        read_table(shared_data / "imports" / "truncated.xls", "truncated.xls")


def test_every_file_of_the_folder_is_in_the_golden_map(shared_data: Path) -> None:
    assert {path.name for path in (shared_data / "imports").iterdir()} == {*GOLDEN, "truncated.xls"}


def test_the_file_with_a_damaged_string_table_gives_all_its_rows(shared_data: Path) -> None:
    name = "jd_6795485-差评.xls"
    table = read_table(shared_data / "imports" / name, name)
    found = list(read_reviews(table, columns_of(table)))
    assert len(found) == 230
    assert all(review.text and review.stars == 1 and review.precision == "second" for review in found)
    assert len({review.platform_id for review in found}) == 230


def test_widths_of_a_style_are_stars_in_the_real_file(shared_data: Path) -> None:
    name = "tongcheng_messy.csv"
    table = read_table(shared_data / "imports" / name, name)
    found = [review.stars for review in read_reviews(table, columns_of(table))]
    assert (found.count(1), found.count(2)) == (249, 119)


def test_dates_without_a_year_stay_problems_in_the_real_file(shared_data: Path) -> None:
    name = "tmall_replies.xlsx"
    table = read_table(shared_data / "imports" / name, name)
    found = list(read_reviews(table, columns_of(table)))
    assert all(review.said_on is None for review in found)
    assert sum("time without a year" in problem for review in found for problem in review.problems) == 272
    assert sum(bool(review.reply) for review in found) == 148
    assert not any(review.reply.startswith("解释") for review in found)
    assert sum(bool(review.refused) for review in found) == 28
