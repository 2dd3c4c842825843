"""The search page: what is found, for whom, how it is shown."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast, makers
from tests.desk import world
from tests.desk.conftest import signed_in
from wanhui.cases import actions as cases
from wanhui.customers import actions as customers
from wanhui.pipeline import searching
from wanhui.pipeline.advance import drain
from wanhui.replies import actions as replies
from wanhui.reviews import actions as reviews
from wanhui.reviews.models import FollowUp, Review
from wanhui.reviews.sought import items
from wanhui.reviews.typed import Typed
from wanhui.search import actions as search
from wanhui.search.rules import Kind
from wanhui.stores.models import Store

LINK = re.compile(r'data-row href="([^"]+)"')


def links(client: Client, words: str, **more: object) -> list[str]:
    """Where a search leads, in its order."""
    answer = client.get("/search/", {"q": words, **more})
    assert answer.status_code == 200
    return LINK.findall(answer.content.decode())


def page(client: Client, words: str, **more: object) -> str:
    return str(client.get("/search/", {"q": words, **more}).content.decode())


def indexed(store: Store, text: str = world.TEXT, **more: object) -> Review:
    """A review that is in the desk and in the index, as after its step."""
    made = world.review(store, text, **more)  # type: ignore[arg-type]
    bring_in(made)
    return made


def bring_in(*found: Review) -> None:
    with transaction.atomic():
        search.put(items([one.pk for one in found]))


def test_a_typed_review_is_found_by_two_characters_and_leads_to_its_page(people: cast.Cast, mei: Client) -> None:
    made = reviews.type_in(people.clothes, Typed(text="拉链第三天就坏了", stars=5), actor=people.mei)
    drain()
    assert links(mei, "拉链") == [f"/reviews/{made.pk}/"]
    assert '<mark class="mark-found">拉链</mark>第三天' in page(mei, "拉链")


def test_a_bad_review_leads_to_its_case(people: cast.Cast, mei: Client) -> None:
    case = world.case(people.clothes)
    bring_in(case.case_reviews.get().review)
    assert links(mei, "赠品") == [f"/cases/{case.pk}/"]


def test_a_follow_up_is_found_and_shown(people: cast.Cast, mei: Client) -> None:
    made = indexed(people.clothes, "很好", stars=5, causes=())
    FollowUp.objects.create(review=made, position=1, text="用了一周开线了", seen_at=made.seen_at, text_digest="x")
    bring_in(made)
    assert links(mei, "开线")
    assert '<mark class="mark-found">开线</mark>' in page(mei, "开线")


def test_a_reply_is_found_while_it_is_written_and_not_after_it_was_thrown_away(
    people: cast.Cast, mei: Client
) -> None:
    made = world.review(people.clothes)
    reply = replies.save_draft(made, "马上给您补发挂件", actor=people.mei)
    assert links(mei, "挂件", kind="reply") == [f"/reviews/{made.pk}/?reply={made.pk}-0#reply"]
    replies.save_draft(made, "马上给您补发吊坠", actor=people.mei)
    assert links(mei, "挂件") == []
    assert len(links(mei, "吊坠")) == 1
    reply.refresh_from_db()
    replies.drop(reply, actor=people.mei)
    assert links(mei, "吊坠") == []


def test_notes_and_conclusions_of_a_case_are_found(people: cast.Cast, mei: Client) -> None:
    case = world.case(people.clothes)
    cases.add_note(case, "仓库说那批缺吊牌", actor=people.li)
    cases.close(case, "satisfied", "补寄后顾客满意，打包清单加一行", actor=people.mei)
    assert links(mei, "吊牌") == links(mei, "打包清单") == [f"/cases/{case.pk}/"]
    cases.reopen(case, actor=people.mei)
    assert links(mei, "打包清单", kind="case") == [f"/cases/{case.pk}/"], "the old conclusion is in its log"


def test_a_product_leads_to_its_reviews(people: cast.Cast, mei: Client) -> None:
    from wanhui.stores.actions import know_products

    [number] = know_products(people.clothes.pk, [("", "墨绿灯芯绒外套")], actor=people.mei).values()
    assert links(mei, "灯芯绒") == [f"/reviews/?product={number}"]


def test_an_order_number_typed_whole_stands_on_top_once(people: cast.Cast, mei: Client) -> None:
    first, second = indexed(people.clothes), indexed(people.clothes, "订单 6677889900 也坏了")
    Review.objects.filter(pk=first.pk).update(order_number="6677889900")
    bring_in(first)
    assert links(mei, "6677889900") == [f"/reviews/{first.pk}/", f"/reviews/{second.pk}/"]
    assert "This number" in page(mei, "6677889900")
    assert "This number" not in page(mei, "9900")


def test_a_stranger_finds_nothing_and_no_filter_opens_a_store(people: cast.Cast) -> None:
    indexed(people.clothes)
    anna = signed_in(people, "anna")
    for more in ({}, {"store": people.clothes.pk}, {"kind": "review"}):
        assert links(anna, "赠品", **more) == []
        assert links(anna, "260001112223334", **more) == []


def test_practice_stores_stay_out_for_those_who_work_in_a_real_one(people: cast.Cast, mei: Client) -> None:
    indexed(people.demo)
    assert links(mei, "赠品") == []


def test_names_are_found_only_by_those_who_may_see_them_and_shown_masked(people: cast.Cast, mei: Client) -> None:
    known = customers.know(people.clothes.pk, "欧阳晴空", actor=people.mei)
    assert links(mei, "晴空") == links(mei, "晴空", kind="customer") == [f"/reviews/?customer={known.pk}"]
    assert "欧阳晴空" not in page(mei, "欧阳")
    li = signed_in(people, "li")
    assert links(li, "晴空") == links(li, "晴空", kind="customer") == []


def test_what_a_customer_changed_is_found_by_its_new_words_only(people: cast.Cast, mei: Client) -> None:
    made = indexed(people.clothes, "袖口脱线", stars=5, causes=())
    Review.objects.filter(pk=made.pk).update(text="袖口补好了", text_digest="new")
    bring_in(made)
    assert links(mei, "脱线") == []
    assert len(links(mei, "补好")) == 1


def test_what_was_erased_is_not_found(people: cast.Cast, mei: Client) -> None:
    made = indexed(people.clothes)
    with transaction.atomic():
        search.drop(Kind.REVIEW, [made.pk])
    assert links(mei, "赠品") == []


def test_filters_narrow_by_kind_store_and_day(people: cast.Cast, mei: Client) -> None:
    here, there = indexed(people.clothes), indexed(people.hotel)
    older = indexed(people.clothes, hours_ago=24 * 10)
    assert links(mei, "赠品", store=people.hotel.pk) == [f"/reviews/{there.pk}/"]
    assert links(mei, "赠品", kind="reply") == []
    day = str(date.today() - timedelta(days=5))
    assert links(mei, "赠品", to=day) == [f"/reviews/{older.pk}/"]
    assert set(links(mei, "赠品", **{"from": day})) == {f"/reviews/{here.pk}/", f"/reviews/{there.pk}/"}
    assert len(links(mei, "赠品", kind="nonsense", store="x", to="yesterday")) == 3


def test_pages_follow_by_key_and_show_everything_once(people: cast.Cast, mei: Client) -> None:
    made = [world.review(people.clothes, hours_ago=n) for n in range(60)]
    bring_in(*made)
    first = page(mei, "赠品")
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    rest = mei.get("/search/" + following[1].replace("&amp;", "&")).content.decode()
    seen = LINK.findall(first) + LINK.findall(rest)
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("key", ["x", "-1", "9" * 40, "1e5", "٣"])
def test_a_key_nobody_gave_out_begins_at_the_newest(people: cast.Cast, mei: Client, key: str) -> None:
    indexed(people.clothes)
    assert len(links(mei, "赠品", before=key)) in (0, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Find any words, however they are written"),
        ("味", "This is too short to look for"),
        ("，。！", "This is too short to look for"),
        ("骆驼", "Nothing was found for “骆驼”"),
        ("骆驼 味", "Left out, because a single character is too short: 味"),
        ("骆驼" * 200, "This is longer than what can be looked for at once"),
        ("\x00", "Find any words, however they are written"),
        ('" OR 1=1 --*', "Nothing was found"),
        ("<script>alert(1)</script>", "Nothing was found for “&lt;script&gt;alert(1)&lt;/script&gt;”"),
    ],
)
def test_every_query_gets_a_clear_answer(mei: Client, words: str, said: str) -> None:
    assert said in page(mei, words)


def test_nothing_found_within_filters_offers_to_search_everywhere(people: cast.Cast, mei: Client) -> None:
    indexed(people.clothes)
    answer = page(mei, "赠品", kind="case", store=people.hotel.pk)
    assert "Search everywhere" in answer
    assert len(LINK.findall(answer)) == 0


def test_the_cost_of_a_page_does_not_grow_with_what_is_found(people: cast.Cast, mei: Client) -> None:
    counts = []
    for more in (1, 15):
        bring_in(*(world.review(people.clothes) for _n in range(more)))
        links(mei, "赠品")
        with CaptureQueriesContext(connection) as asked:
            links(mei, "赠品")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_was_there_before_is_brought_in_by_one_command(people: cast.Cast, mei: Client) -> None:
    case = world.case(people.clothes)
    case.log.create(at=case.opened_at, what="note", text="仓库说那批缺吊牌")
    assert links(mei, "赠品") == links(mei, "吊牌") == []
    makers.bring_into_search()
    drain()
    assert links(mei, "赠品") == links(mei, "吊牌") == [f"/cases/{case.pk}/"]
    assert links(mei, "雾蓝色")[0].startswith("/reviews/?product=")


def test_filling_goes_on_in_stretches_until_everything_is_there(
    people: cast.Cast, mei: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_A_STEP", 3)
    monkeypatch.setattr(searching, "_BATCH", 2)
    made = [world.review(people.clothes) for _n in range(8)]
    makers.bring_into_search()
    drain()
    assert len(links(mei, "赠品")) == len(made)


def test_the_box_is_on_every_page(mei: Client) -> None:
    for address in ("/", "/reviews/", "/search/"):
        assert 'type="search" name="q"' in mei.get(address).content.decode()
