"""Sheets that count reviews are refused in words; exports that carry figures beside their texts are read."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.connectors.file.build import columns_of, table_of, xlsx_of
from wanhui.connectors import wording
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.readers import read_table

TEXT = "面料比想象的薄，洗了一次就起球"


def csv_of(header: str, *rows: str) -> str:
    return "\n".join((header, *rows)) + "\n"


def days(template: str, count: int = 8) -> list[str]:
    return [template.format(n=n, day=date(2026, 10, n + 1), share=f"{90 + n}.5%") for n in range(count)]


TOTALS = {
    "per product": (
        csv_of("商品编码,商品名称,好评率,评价数,销量", *days("A{n},春秋薄款衬衫长袖 {n},{share},1{n},3{n}")),
        "for each product",
    ),
    "per day": (csv_of("日期,评价数,差评数,平均评分", *days("{day},2{n},{n},4.{n}")), "for each day"),
    "per shop": (csv_of("门店名称,差评回复率,平均首次响应时长", *days("人民路店{n},{share},{n}分钟")), "for each shop"),
    "returns": (csv_of("货号,实际销售量,货品退货率,占比", *days("K{n},30{n},{n}.2%,{n}%")), "for each product"),
    "stars counted": (csv_of("商品,5星,4星,3星,2星,1星", *days("杯子{n},9{n},8,7,2,{n}")), "for each product"),
    "in English": (
        csv_of("product,average rating,number of reviews", *days("Mug {n},4.{n},12{n}")),
        "for each product",
    ),
    "in German": (
        csv_of("Artikel;Ø Bewertung;Anzahl Bewertungen;Absatz", *days("Tasse {n};4,{n};12{n};33")),
        "for each product",
    ),
    "one figure": (csv_of("店铺,好评率", *days("衣橱{n},{share}")), "for each shop"),
    "with remarks": (
        csv_of("date,average rating,review count,comment", *days("{day},4.{n},1{n},"), "2026-11-01,4.2,12,Sale week"),
        "for each day",
    ),
    "with a long title": (
        csv_of("宝贝链接名,月销量,评价数", *days("春秋季宽松显瘦中长款外套女{n}号 加厚,4{n},{n}")),
        "of reviews",
    ),
    "sales alone": (csv_of("型号说明,销量,销售额", *days("宽松显瘦中长款外套女{n}号,4{n},99{n}")), "of reviews"),
    "empty text column": (csv_of("商品ID,评价内容,评价数,好评率", *days("7{n},,1{n},{share}")), "for each product"),
}


@pytest.mark.parametrize("kind", TOTALS)
def test_totals_are_refused_with_what_they_are_which_columns_tell_and_what_to_export(kind: str) -> None:
    data, each = TOTALS[kind]
    with pytest.raises(FileProblem) as problem:
        columns_of(table_of(data))
    said = problem.value.message
    assert f"holds totals {each}" in said
    assert "评价明细" in said
    assert wording.told(said) != ""
    with translation.override("en"):
        assert wording.told(said) == said
    assert any(pattern.fullmatch(said) for pattern, _ in wording._patterns())


def reviews(header: str, template: str, count: int = 12) -> str:
    return csv_of(header, *(template.format(n=n, text=f"{TEXT}，第{n}次了", same=n // 6) for n in range(count)))


EXPORTS = {
    "sales beside": reviews("商品名称,销量,评价内容,星级", "衬衫,320{n},{text},1"),
    "product's figures beside": reviews("product,average_rating,review_count,review", "mug,4.5,1{n},{text}"),
    "reviewer's own count": reviews("用户昵称,评论数,点评内容", "梅*,{n},{text}"),
    "rates and sales": reviews("商品ID,好评率,评价数,月销量,评价内容", "7,99%,{n},30{n},{text}"),
    "German": reviews(
        "Artikel;Anzahl Bewertungen;Bewertungstext", "Tasse;1{n};Der Henkel ist nach {n} Tagen abgebrochen"
    ),
    "praise and complaint apart": reviews("hotel,Positive review,Negative review,content", "Haus,nice,loud {n},{text}"),
    "texts under an odd name": reviews("商品,评价数,好评率,顾客说的话", "衬衫{same},2{same},9{same}%,{text}"),
    "few write anything": reviews("评价内容,评论数,星级", ",{n},5") + "洗了一次就起球,3,1\n",
    "a comment column": reviews("date,comment,units sold", "2026-10-01,{text},{n}"),
}


@pytest.mark.parametrize("kind", EXPORTS)
def test_an_export_with_figures_beside_its_texts_is_read(kind: str) -> None:
    columns = columns_of(table_of(EXPORTS[kind]))
    text = columns.match("text")
    assert text is not None
    wanted = {"顾客说的话", "评价内容", "review", "点评内容", "Bewertungstext", "content", "comment"}
    assert text.header in wanted


def test_a_persons_word_is_stronger_than_every_sign_of_totals() -> None:
    data, _ = TOTALS["with a long title"]
    assert columns_of(table_of(data), "宝贝链接名").index("text") == 0


SUMMARY: list[list[Any]] = [["商品ID", "商品名称", "店铺", "日期", "好评率", "评价数"]]
SUMMARY += [[f"7{n}", f"衬衫{n}", "衣橱", f"2026-10-0{n + 1}", f"9{n}%", n] for n in range(6)]
SINGLE = [["评价内容", "星级"], [TEXT, 1], ["很好看", 5]]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
def test_among_several_sheets_the_one_with_reviews_is_read_and_totals_are_named(order: tuple[int, ...]) -> None:
    sheets, names = [SUMMARY, SINGLE, [["说明"], ["十月的评价"]]], ["商品汇总", "明细", "说明"]
    table = table_of(xlsx_of(*(sheets[i] for i in order), names=[names[i] for i in order]), "a.xlsx")
    assert table.sheet == "明细"
    assert 'The sheet "明细" was read; not read: "说明".' in table.notes
    assert 'Left out because they hold totals and not single reviews: "商品汇总".' in table.notes


def test_a_workbook_of_totals_only_is_refused_as_such() -> None:
    with pytest.raises(FileProblem, match="holds totals for each product"):
        columns_of(table_of(xlsx_of(SUMMARY, SUMMARY, names=["十月", "十一月"]), "a.xlsx"))


def test_no_real_export_is_taken_for_totals(shared_data: Path) -> None:
    files = [path for path in sorted((shared_data / "imports").iterdir()) if path.name != "truncated.xls"]
    files += sorted((shared_data / "reviews").glob("*.parquet")) + sorted((shared_data / "replies").glob("*.csv"))
    assert len(files) >= 15
    for path in files:
        with read_table(path, path.name) as table:
            assert columns_of(table).index("text") is not None, path.name
