"""Judging many rows: order, what is judged, and the summary."""

import pytest

from tests.connectors.file.build import reviews_of
from tests.triage.verdicts import judgement
from wanhui.connectors.file.rows import ReviewRow
from wanhui.language import UnknownEngine
from wanhui.triage.bulk import Judged, Options, judge_reviews, said
from wanhui.triage.rules import is_bad, is_middling, reasons, severity
from wanhui.triage.summary import Summary, main_language

TEXTS = ["快递太慢了，等了十天", "很喜欢，面料舒服", "客服不理人，再也不来了", "此用户没有填写评价。"]


def rows(count: int) -> list[ReviewRow]:
    lines = "".join(f"{TEXTS[n % len(TEXTS)]}{n},{n % 5 + 1}\n" for n in range(count))
    return reviews_of(f"评价内容,评分\n{lines}")


def judged(review: ReviewRow, *causes: str, **changes: object) -> Judged:
    found = judgement(*causes, **changes)
    stars, platform = review.stars, review.platform_verdict
    return Judged(
        review,
        said(review),
        found,
        severity(found, stars),
        reasons(found, stars),
        is_bad(stars, platform, found.sentiment),
        is_middling(stars, platform, found.sentiment),
    )


def test_what_is_judged_is_the_text_with_its_follow_ups() -> None:
    found = reviews_of("评价内容,追评\n很喜欢4天后追评：掉色,彻底坏了\n,\n评价内容,追评\n")
    assert [said(review) for review in found] == ["很喜欢\n掉色\n彻底坏了", "", ""]


def test_every_row_comes_back_in_order_with_a_verdict() -> None:
    found = list(judge_reviews(rows(700), Options(jobs=1)))
    assert [one.review.row for one in found] == list(range(700))
    assert all(one.severity in (1, 2, 3, 4) for one in found)
    assert all(
        0 <= start < end <= len(one.text) for one in found for c in one.judgement.causes for start, end in c.evidence
    )


@pytest.mark.processes
def test_two_processes_say_the_same_as_one() -> None:
    assert list(judge_reviews(rows(900), Options(jobs=2))) == list(judge_reviews(rows(900), Options(jobs=1)))


@pytest.mark.processes
def test_an_unknown_engine_ends_every_process() -> None:
    with pytest.raises(UnknownEngine):
        list(judge_reviews(rows(10), Options(engine="nobody-2020", jobs=2)))


def test_stars_reach_the_rules() -> None:
    bad, good = judge_reviews(reviews_of("评价内容,评分\n此用户没有填写评价。,1\n此用户没有填写评价。,5\n"), Options())
    assert (bad.bad, bad.severity, bad.reasons) == (True, 3, ("bare_one_star",))
    assert (good.bad, good.severity) == (False, 4)


def test_a_summary_counts_each_review_once() -> None:
    found = reviews_of("评论,评分,评论时间\n坏,1,01.18\n还行,3,\n好,5,2026-01-01\n无,,\n,,\n")
    summary = Summary()
    watched = summary.watch(
        [
            judged(found[0], "quality", "delivery", flags=("churn",)),
            judged(found[1], "quality", sentiment="mixed", unsure=True),
            judged(found[2]),
            judged(found[3], no_text=True, sentiment=None),
            judged(found[4], no_text=True, sentiment=None),
        ]
    )
    assert len(list(watched)) == 5
    assert (summary.rows, summary.refused, summary.reviews) == (5, 1, 4)
    assert (summary.bad, summary.middling, summary.good, summary.silent) == (1, 1, 1, 1)
    assert (summary.unhappy, summary.no_text, summary.unsure) == (2, 1, 1)
    assert summary.causes == {"quality": 2, "delivery": 1}
    assert summary.stars == {1: 1, 3: 1, 5: 1}
    assert summary.problems == {"time without a year": 1, "the row is empty": 1}
    assert summary.first_rows == {"time without a year": 0, "the row is empty": 4}


def test_the_most_urgent_bad_reviews_are_kept_first() -> None:
    summary = Summary()
    for review in rows(600):
        flags = ("safety",) if review.row == 590 else ()
        summary.add(judged(review, "quality", flags=flags))
    kept = summary.urgent()
    assert len(kept) == 200
    assert kept[0].review.row == 590
    assert [one.severity for one in kept] == sorted(one.severity for one in kept)


def test_the_language_of_titles_is_that_of_most_texts() -> None:
    review = rows(1)[0]
    assert main_language([]) == "zh"
    assert main_language([judged(review, language="zh-Hant")]) == "zh"
    assert main_language([judged(review, language="de")] * 2 + [judged(review)]) == "de"
    assert main_language([judged(review, language="und")]) == "zh"


def test_an_example_is_of_a_text_that_minds_the_cause_most() -> None:
    summary = Summary()
    first, second, third = reviews_of("评论\n甲甲甲甲\n乙乙乙乙\n丙丙丙丙\n")
    summary.add(judged(first, "delivery", "quality"))
    assert summary.examples == {"delivery": "甲甲", "quality": "甲甲"}
    summary.add(judged(second, "quality", "delivery"))
    summary.add(judged(third, "quality", "delivery"))
    assert summary.examples == {"delivery": "甲甲", "quality": "乙乙"}
