"""Stores, imports, reviews, verdicts, replies, figures and the record through the API."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import makers
from tests.api.conftest import Caller, Calls
from tests.cast import Cast
from tests.safety.conftest import tiny_png
from wanhui.accounts.models import User
from wanhui.audit.models import Entry
from wanhui.pipeline.advance import drain
from wanhui.reviews.models import Review

REPLY = "您好，裤子洗后起球给您添了麻烦，真对不起。请在订单里找客服，退换都可以商量。"
CSV = "评价内容,评价星级\n起球了,1\n很好,5\n还行,九颗\n".encode()


def test_the_stores_one_works_in_with_what_one_may_there(call_as: Calls, people: Cast) -> None:
    told = call_as("li").get("/stores")
    assert [(store["name"], store["role"]) for store in told] == [("一家衣铺", "agent")]
    assert "claim" in told[0]["may"]
    assert "people" not in told[0]["may"]


def test_a_store_is_opened_and_set(mei: Caller) -> None:
    assert "pdd" in {platform["id"] for platform in mei.get("/platforms")}
    store = mei.do("post", "/stores", {"name": "二店", "platform": "pdd"}, status=201)
    assert store["role"] == "owner"
    told = mei.do("patch", f"/stores/{store['id']}", {"reply_within_hours": 6})
    assert (told["reply_within_hours"], told["name"]) == (6, "二店")
    unknown = mei.do("patch", f"/stores/{store['id']}", {"timezone": "Mars/Olympus"}, status=409)
    assert "Asia/Shanghai" in unknown["detail"]
    assert mei("post", "/stores", {"name": "二店", "platform": "pdd"}).status_code == 409


def test_people_of_a_store_come_change_and_leave(mei: Caller, people: Cast) -> None:
    where = f"/stores/{people.clothes.pk}/people"
    mei.do("put", f"{where}/{people.li.pk}", {"role": "lead"})
    assert {one["username"]: one["role"] for one in mei.get(where)}["li"] == "lead"
    mei.do("delete", f"{where}/{people.li.pk}", status=204)
    assert "li" not in {one["username"] for one in mei.get(where)}
    assert User.objects.get(username="li").is_active
    last = mei.do("delete", f"{where}/{people.mei.pk}", status=409)
    assert "owner" in last["detail"]


def test_a_file_is_brought_in_looked_at_and_taken(mei: Caller, people: Cast) -> None:
    file = SimpleUploadedFile("一周.csv", CSV)
    response = mei("post", "/imports", data={"store": people.clothes.pk, "file": file})
    assert response.status_code == 201, response.content
    source = response.json()
    assert (source["state"], source["columns"]) == ("checking", {"text": 0, "stars": 1})
    columns = mei.get(f"/imports/{source['id']}/columns")["columns"]
    assert [(c["field"], c["examples"]) for c in columns] == [("text", ["起球了", "很好"]), ("stars", ["1", "5"])]
    mei.do("put", f"/imports/{source['id']}/columns", {"columns": {"text": 0, "stars": 1}, "year": 2026})
    mei.do("post", f"/imports/{source['id']}/confirm", {})
    drain()
    done = mei.get(f"/imports/{source['id']}")
    assert (done["state"], done["new"], done["refused"]) == ("done", 3, 0)
    lines = mei.get(f"/imports/{source['id']}/lines")["items"]
    assert [line["outcome"] for line in lines] == ["noted"]
    assert mei.do("post", f"/imports/{source['id']}/confirm", {}, status=409)["code"] == "refused"
    assert Entry.objects.get(verb="connectors.confirm").actor == people.mei


def test_rows_are_taken_like_a_file(mei: Caller, people: Cast) -> None:
    rows = [{"评价内容": "袖子短了一截", "星级": 1}, {"评价内容": "很合身", "星级": 5}]
    source = mei.do("post", "/imports/rows", {"store": people.clothes.pk, "rows": rows}, status=201)
    mei.do("post", f"/imports/{source['id']}/confirm", {})
    drain()
    assert set(Review.objects.values_list("text", "stars")) == {("袖子短了一截", 1), ("很合身", 5)}


def test_an_import_nobody_wants_is_thrown_away(mei: Caller, people: Cast) -> None:
    rows = [{"评价内容": "袖子短了一截"}]
    source = mei.do("post", "/imports/rows", {"store": people.clothes.pk, "rows": rows}, status=201)
    assert mei.do("post", f"/imports/{source['id']}/cancel")["state"] == "cancelled"
    assert [one["id"] for one in mei.get("/imports")["items"]] == [source["id"]]


def test_a_file_that_cannot_be_read_is_refused_in_words(mei: Caller, people: Cast) -> None:
    file = SimpleUploadedFile("x.xlsx", b"PK\x03\x04 not really")
    problem = mei("post", "/imports", data={"store": people.clothes.pk, "file": file})
    assert (problem.status_code, problem.json()["code"]) == (409, "refused")
    assert len(problem.json()["detail"]) > 20


def test_one_review_is_typed_in_with_or_without_a_picture(mei: Caller, people: Cast) -> None:
    plain = mei.do("post", "/reviews", {"store": people.clothes.pk, "text": "拉链坏了", "stars": 1}, status=201)
    form = {"store": people.clothes.pk, "text": "开线了", "stars": "2", "said_on": "2026-11-01", "said_time": "09:30",
            "screenshot": SimpleUploadedFile("x.png", tiny_png())}
    response = mei("post", "/reviews/pictured", data=form)
    assert response.status_code == 201, response.content
    picture = mei("get", f"/reviews/{response.json()['id']}/screenshot")
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")
    assert b"".join(picture) == tiny_png()
    assert mei("get", f"/reviews/{plain['id']}/screenshot").status_code == 404
    again = mei.do("post", "/reviews", {"store": people.clothes.pk, "text": "拉链坏了", "stars": 1}, status=409)
    assert again["code"] == "refused"


def test_reviews_are_listed_by_day_and_narrowed_as_on_the_page(mei: Caller, people: Cast) -> None:
    bad = makers.review(people.clothes, "起球了")
    makers.verdict(bad, "quality")
    good = makers.review(people.clothes, "很好", stars=5)
    makers.verdict(good)
    undated = makers.review(people.clothes, "还行", stars=3, said_on=None, said_at=None)
    seen, cursor = [], ""
    for _ in range(3):
        part = mei.get(f"/reviews?limit=1{cursor}")
        seen += [item["id"] for item in part["items"]]
        cursor = f"&cursor={part['next']}"
    assert part["next"] is None
    assert seen == [good.pk, bad.pk, undated.pk]
    assert [item["id"] for item in mei.get("/reviews?mood=bad")["items"]] == [bad.pk]


def test_a_persons_verdict_takes_the_place_of_the_engines(call_as: Calls, people: Cast) -> None:
    verdict = makers.verdict(makers.review(people.clothes), "quality")
    scout = call_as("scout")
    body = {"sentiment": "negative", "causes": ["delivery.slow"], "primary": "delivery"}
    new = scout.do("post", f"/verdicts/{verdict.pk}/correct", body)
    assert (new["engine"], new["primary"], new["by"]["name"]) == ("person", "delivery", "小陈")
    problem = scout.do("post", f"/verdicts/{verdict.pk}/correct", body, status=409)
    assert (problem["code"], problem["current"]["verdict"]) == ("changed_meanwhile", new["id"])
    assert scout.do("post", f"/verdicts/{new['id']}/correct", body | {"causes": ["weather"]}, status=409)


def test_a_reply_is_written_approved_by_another_and_recorded_as_sent(call_as: Calls, people: Cast) -> None:
    review = makers.case(people.clothes, "裤子起球了").case_reviews.get().review
    where = f"/reviews/{review.pk}/reply"
    li, wang = call_as("li"), call_as("wang")
    assert li.get(where)["drafts"]
    assert li.do("put", where, {"text": REPLY})["state"] == "draft"
    assert li.do("post", f"{where}/request", {})["state"] == "awaiting"
    assert li.do("post", f"{where}/approve", {"seen": "0" * 64}, status=403)["code"] == "not_allowed"
    assert wang.do("post", f"{where}/approve", {"seen": "0" * 64}, status=409)["code"] == "refused"
    approved = wang.do("post", f"{where}/approve", {"seen": wang.get(where)["digest"]})
    assert (approved["state"], approved["approved_by"]["name"]) == ("approved", "老王")
    sent = li.do("post", f"{where}/sent")
    assert [one["text"] for one in sent["sent"]] == [REPLY]
    assert Entry.objects.get(verb="replies.record_sent").actor == people.li


def test_a_reply_goes_back_and_is_thrown_away(call_as: Calls, people: Cast) -> None:
    review = makers.case(people.clothes, "裤子起球了").case_reviews.get().review
    where = f"/reviews/{review.pk}/reply"
    li, wang = call_as("li"), call_as("wang")
    li.do("put", where, {"text": REPLY})
    li.do("post", f"{where}/request", {})
    assert wang.do("post", f"{where}/send-back", {"note": "提一下赠品"})["returned_note"] == "提一下赠品"
    li.do("post", f"{where}/request", {})
    assert li.do("post", f"{where}/take-back")["state"] == "draft"
    assert li.do("delete", where)["id"] is None
    assert li.do("delete", where, status=409)["code"] == "refused"


def test_the_lint_says_why_a_text_cannot_go_out_and_keeps_nothing(call_as: Calls, people: Cast) -> None:
    review = makers.case(people.clothes, "裤子起球了").case_reviews.get().review
    text = "改成好评返现5元，加微信"
    told = call_as("viewer").do("post", f"/reviews/{review.pk}/reply/lint", {"text": text})
    assert not told["clean"]
    assert "block" in {finding["severity"] for finding in told["findings"]}
    assert not review.replies.exists()


def test_a_follow_up_has_its_own_reply(call_as: Calls, people: Cast) -> None:
    review = makers.case(people.clothes, "裤子起球了").case_reviews.get().review
    later = makers.follow_up(review, "追评：洗了两次更厉害")
    makers.verdict(review, "quality", later=later)
    li = call_as("li")
    li.do("put", f"/reviews/{review.pk}/reply?follow_up={later.pk}", {"text": REPLY})
    assert li.get(f"/reviews/{review.pk}/reply")["id"] is None
    assert li.get(f"/reviews/{review.pk}/reply?follow_up={later.pk}")["text"] == REPLY
    assert li("get", f"/reviews/{review.pk}/reply?follow_up={later.pk + 1}").status_code == 404


def test_figures_carry_formula_numerator_and_denominator(mei: Caller, people: Cast) -> None:
    told = mei.get("/figures?days=30")
    assert told["bad_rate"]["formula"] == "bad_rate"
    assert told["bad_rate"]["share"] is None
    assert told["bad_rate"]["denominator"] == 0


def test_the_record_says_who_did_what_and_comes_in_parts(mei: Caller, people: Cast) -> None:
    case = makers.case(people.clothes)
    for text in ("一", "二", "三"):
        mei.do("post", f"/cases/{case.pk}/notes", {"text": text}, status=201)
    part = mei.get("/record?verb=cases.add_note&limit=2")
    rest = mei.get(f"/record?verb=cases.add_note&limit=2&cursor={part['next']}")
    entries = part["items"] + rest["items"]
    assert [entry["by"]["name"] for entry in entries] == ["梅"] * 3
    assert rest["next"] is None


def test_a_place_is_kept_for_somebody_and_taken_back(mei: Caller, people: Cast) -> None:
    where = f"/stores/{people.clothes.pk}/invitations"
    made = mei.do("post", where, {"role": "agent"}, status=201)
    assert made["link"].startswith("http://testserver/join/")
    assert [one["id"] for one in mei.get(where)] == [made["id"]]
    mei.do("delete", f"{where}/{made['id']}", status=204)
    assert mei.get(where) == []


def test_an_account_is_switched_off_and_on_and_its_token_ends_with_it(call_as: Calls, people: Cast) -> None:
    mei, li = call_as("mei"), call_as("li")
    where = f"/stores/{people.clothes.pk}/people/{people.li.pk}"
    assert mei.do("post", f"{where}/switch-off?heir={people.wang.pk}")["active"] is False
    assert li("get", "/me").status_code == 401
    assert mei.do("post", f"{where}/switch-on")["active"] is True


def test_a_column_map_is_corrected_renamed_and_withdrawn(mei: Caller, people: Cast) -> None:
    file = SimpleUploadedFile("一周.csv", CSV)
    source = mei("post", "/imports", data={"store": people.clothes.pk, "file": file}).json()
    mei.do("post", f"/imports/{source['id']}/confirm", {})
    [kept] = mei.get("/column-maps")
    assert kept["versions"][0]["fields"] == {"text": "评价内容", "stars": "评价星级"}
    where = f"/column-maps/{kept['id']}"
    assert [v["number"] for v in mei.do("put", f"{where}/columns", {"columns": {"text": 0}})["versions"]] == [2, 1]
    assert mei.do("put", f"{where}/columns", {"columns": {"text": 7}}, status=409)["code"] == "refused"
    assert mei.do("patch", where, {"name": "淘宝导出"})["name"] == "淘宝导出"
    assert mei.do("delete", where)["withdrawn_at"] is not None


def test_the_search_finds_words_with_their_place(mei: Caller, people: Cast) -> None:
    review = mei.do("post", "/reviews", {"store": people.clothes.pk, "text": "袖口开线了，很失望", "stars": 2}, 201)
    drain()
    [hit] = mei.get("/search?q=开线&kind=review")["items"]
    assert (hit["kind"], hit["review"]) == ("review", review["id"])
    [[start, end]] = hit["marks"]
    assert hit["words"][start:end] == "开线"
    assert mei("get", "/search").status_code == 422


def test_a_view_of_the_queue_is_kept_renamed_and_thrown_away(call_as: Calls, people: Cast) -> None:
    wang, li = call_as("wang"), call_as("li")
    body = {"name": "物流", "filter": {"cause": "delivery", "whose": "mine"}, "share": people.clothes.pk}
    view = wang.do("post", "/views", body, status=201)
    assert view["query"] == "cause=delivery&whose=mine"
    assert [one["id"] for one in li.get("/views")] == [view["id"]]
    assert wang.do("patch", f"/views/{view['id']}", {"name": "快递"})["name"] == "快递"
    assert li("delete", f"/views/{view['id']}").status_code == 409
    wang.do("delete", f"/views/{view['id']}", status=204)
    assert wang.do("post", "/views", {"name": "x", "filter": {}}, status=409)["code"] == "refused"


def test_the_dashboard_compares_with_the_window_before(mei: Caller, people: Cast) -> None:
    makers.verdict(makers.review(people.clothes), "quality")
    told = mei.get("/dashboard?days=7")
    assert told["bad_rate"]["now"]["formula"] == "bad_rate"
    assert len(told["bars"]) == 7
    assert told["first"] < told["last"]
