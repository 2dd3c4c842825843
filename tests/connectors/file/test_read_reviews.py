"""Rows as reviews: nothing lost, nothing invented."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.file.build import one_review, reviews_of


def test_a_full_row_becomes_a_full_review() -> None:
    review = one_review(
        评价编号="R-881",
        订单编号="4200000012345678907",
        店铺="一家衣铺",
        商品名称="格子衬衫",
        商品ID="66012",
        规格="蓝色 L",
        买家昵称="w**g（匿名）",
        评价内容="袖子&hellip;开线了\r\n不满意",
        评价星级="2",
        评价类型="差评",
        评价时间="2026-10-03 21:14:05",
        商家回复="解释：亲，抱歉",
        回复时间="2026-10-04 09:00",
        追评内容="换了一件，好了",
        追评时间="2026-10-09",
        追评回复="谢谢您",
        追评天数="6",
        评价标签="做工差、客服好",
        图片链接="https://p.example/1.jpg",
        备注="重点",
    )
    assert review.text == "袖子…开线了\n不满意"
    assert review.raw == "袖子&hellip;开线了\r\n不满意"
    assert (review.stars, review.platform_verdict, review.no_text) == (2, "bad", False)
    assert (review.said_on, review.said_at, review.precision) == (
        date(2026, 10, 3),
        datetime(2026, 10, 3, 21, 14, 5),
        "second",
    )
    assert (review.platform_id, review.order_id, review.product_id) == ("R-881", "4200000012345678907", "66012")
    assert (review.shop, review.product_name, review.sku) == ("一家衣铺", "格子衬衫", "蓝色 L")
    assert (review.buyer, review.anonymous) == ("w**g", True)
    assert (review.reply, review.reply_at) == ("亲，抱歉", datetime(2026, 10, 4, 9, 0))
    later = review.follow_ups[0]
    assert (later.text, later.said_on, later.days_after, later.reply) == (
        "换了一件，好了",
        date(2026, 10, 9),
        6,
        "谢谢您",
    )
    assert (review.tags, review.media) == (("做工差", "客服好"), ("https://p.example/1.jpg",))
    assert (review.problems, review.refused) == ((), "")
    assert review.source["备注"] == "重点"


def test_a_placeholder_counts_as_no_text_and_keeps_its_star() -> None:
    review = one_review(评价内容="此用户没有填写评价。", 评分="1")
    assert (review.text, review.no_text, review.stars, review.refused) == ("", True, 1, "")
    assert review.raw == "此用户没有填写评价。"


def test_the_sku_after_a_date_is_kept() -> None:
    review = one_review(评价内容="好喝", 评价时间="2025年2月5日 · 蓝色 2盒")
    assert (review.said_on, review.sku) == (date(2025, 2, 5), "蓝色 2盒")


def test_a_follow_up_inside_the_text_is_parted() -> None:
    review = one_review(评价内容="好喝4天后追评：喝完拉肚子", 评分="5")
    assert review.text == "好喝"
    assert [(later.text, later.days_after) for later in review.follow_ups] == [("喝完拉肚子", 4)]


def test_a_cell_with_only_a_follow_up_is_a_review_without_a_first_text() -> None:
    review = one_review(评价内容="4天后追评：喝完拉肚子", 买家="m**i")
    assert (review.text, review.no_text, len(review.follow_ups), review.refused) == ("", True, 1, "")


def test_a_date_without_a_year_takes_a_persons_word() -> None:
    data = "评论,评论时间\n好吃,01.18\n"
    assert reviews_of(data)[0].problems == ("time without a year: 01.18",)
    assert reviews_of(data, year=2019)[0].said_on == date(2019, 1, 18)


def test_a_damaged_order_number_is_a_problem_and_not_an_order() -> None:
    review = one_review(评价内容="好", 订单号="1.23E+18")
    assert review.order_id == ""
    assert review.problems == ("order id damaged by a spreadsheet: it became the number 1.23E+18",)


def test_a_review_with_neither_star_nor_time_is_still_a_review() -> None:
    review = one_review(评价内容="客服一直不回", 评分="", 评价时间="")
    assert (review.stars, review.said_on, review.precision, review.refused) == (None, None, "", "")


def test_rows_that_are_no_reviews_are_refused_with_their_reason_and_still_counted() -> None:
    found = reviews_of(
        "商品,评论,评论时间,买家\n糖,好吃,2026-01-02,a\n糖,,,\n,,,\n商品,评论,评论时间,买家\n糖,,2026-01-03,b\n"
    )
    assert [review.row for review in found] == [0, 1, 2, 3, 4]
    assert [review.refused for review in found] == [
        "",
        "the row has no text, rating, time, buyer or id",
        "the row is empty",
        "the row repeats the header",
        "",
    ]


def test_a_half_star_is_counted_down_and_said() -> None:
    review = one_review(评价内容="还行", 评分="3.5")
    assert review.stars == 3
    assert review.problems == ("rating between two stars: 3.5 is counted as 3",)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends_of_the_file_do_not_reach_the_text(ending: str) -> None:
    assert reviews_of(f"评论,评分{ending}好吃,5{ending}")[0].text == "好吃"


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30),
            st.sampled_from(["", "1", "5", "差评", "x"]),
            st.sampled_from(["", "2026-01-02", "01.18", "?"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_input_row_gives_exactly_one_row_with_its_source(rows: list[tuple[str, str, str]]) -> None:
    import csv
    import io

    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(
        [("评价内容", "评分", "评价时间"), ("衣服很好看", "5", "2026-01-01"), *rows]
    )
    found = reviews_of(stream.getvalue())
    assert [tuple(review.source.values()) for review in found[1:]] == rows
    assert [review.row for review in found] == list(range(len(rows) + 1))


def test_a_row_with_too_many_cells_is_refused_with_its_reason_and_nothing_of_it_is_lost() -> None:
    good = "很好,5,梅\n" * 600
    found = reviews_of(f"评价内容,评分,买家\n{good}快递慢,很慢,1,李\n{good}")
    assert len(found) == 1201
    assert [review.row for review in found if review.refused] == [600]
    assert found[600].refused.startswith("the row has more cells than the header: 4 for 3")
    assert list(found[600].source.values()) == ["快递慢", "很慢", "1 | 李"]


def test_columns_without_a_name_that_many_rows_have_are_columns() -> None:
    found = reviews_of("评价内容,评分\n" + "很好,5,梅\n" * 30)
    assert not any(review.refused for review in found)
    assert found[0].source == {"评价内容": "很好", "评分": "5", "列3": "梅"}


@pytest.mark.parametrize("nothing", ["无", "-", "暂无", "n/a", "/", ""])
def test_a_word_for_nothing_is_neither_a_reply_nor_a_follow_up(nothing: str) -> None:
    review = one_review(评价内容="好喝", 商家回复=nothing, 追评=nothing)
    assert (review.reply, review.follow_ups) == ("", ())


def test_a_users_id_stands_in_for_a_missing_name_but_never_a_mobile_number() -> None:
    found = reviews_of("评论内容,用户ID\n好,m**i\n坏,13912345678\n")
    assert [review.buyer for review in found] == ["m**i", ""]
    assert [review.platform_id for review in found] == ["", ""]
