"""Working on cases through the API."""

from tests import makers
from tests.api.conftest import Caller, Calls
from tests.cast import Cast
from wanhui.audit.models import Entry
from wanhui.cases import actions as cases


def test_the_queue_comes_in_parts_and_every_case_once(mei: Caller, people: Cast) -> None:
    made = {makers.case(people.clothes, f"第{n}条差评").pk for n in range(5)}
    seen, cursor = [], ""
    while True:
        part = mei.get(f"/cases?limit=2{cursor}")
        seen += [item["id"] for item in part["items"]]
        if part["next"] is None:
            break
        cursor = f"&cursor={part['next']}"
    assert (len(seen), set(seen)) == (5, made)


def test_a_cursor_of_another_list_or_a_made_up_one_leads_nowhere(mei: Caller, people: Cast) -> None:
    for n in range(3):
        makers.case(people.clothes, f"第{n}条差评")
    cursor = mei.get("/cases?limit=1")["next"]
    assert mei("get", f"/cases/all?cursor={cursor}").status_code == 404
    assert mei("get", f"/cases?cursor={cursor[:-1]}{'A' if cursor[-1] != 'A' else 'B'}").status_code == 404
    assert mei("get", "/cases?cursor=x").status_code == 422


def test_the_filters_of_the_queue_are_those_of_the_page(mei: Caller, people: Cast) -> None:
    mine = makers.case(people.clothes, "起球", causes=("quality",))
    other = makers.case(people.clothes, "太慢", causes=("delivery",))
    cases.assign(mine, people.mei, actor=people.mei)

    def found(query: str) -> set[int]:
        return {item["id"] for item in mei.get(f"/cases?{query}")["items"]}

    assert found("whose=mine") == {mine.pk}
    assert found("whose=nobody") == {other.pk}
    assert found("cause=delivery") == {other.pk}
    assert found(f"store={people.hotel.pk}") == set()
    assert found("stage=discovered") == {mine.pk, other.pk}


def test_a_case_is_told_whole(mei: Caller, people: Cast) -> None:
    case = makers.case(people.clothes, "裤子起球了", buyer="王小红", order_number="880011223344")
    cases.add_note(case, "看过照片了", actor=people.li)
    told = mei.get(f"/cases/{case.pk}")
    review = told["reviews"][0]
    assert (review["text"], review["buyer"], review["order_number"]) == ("裤子起球了", "王**红", "880011223344")
    assert review["verdict"]["primary"] == "quality"
    assert [line["what"] for line in told["log"]] == ["note", "opened"]
    assert "claim" in told["may"]


def test_somebody_who_only_looks_sees_the_end_of_an_order_number(call_as: Calls, people: Cast) -> None:
    case = makers.case(people.clothes, order_number="880011223344")
    assert call_as("viewer").get(f"/cases/{case.pk}")["reviews"][0]["order_number"] == "…3344"


def test_a_deed_by_token_is_the_persons_deed_in_the_record(call_as: Calls, people: Cast) -> None:
    case = makers.case(people.clothes)
    told = call_as("li").do("post", f"/cases/{case.pk}/claim", {"version": case.version})
    assert told["assignee"] == {"id": people.li.pk, "name": "小李"}
    assert told["version"] > case.version
    entry = Entry.objects.get(verb="cases.assign")
    assert (entry.actor, entry.ref) == (people.li, str(case.pk))


def test_two_at_one_case_the_second_is_shown_what_it_is_now_and_nothing_is_overwritten(
    call_as: Calls, people: Cast
) -> None:
    case = makers.case(people.clothes)
    call_as("li").do("post", f"/cases/{case.pk}/claim", {"version": case.version})
    problem = call_as("wang").do("post", f"/cases/{case.pk}/claim", {"version": case.version}, status=409)
    assert problem["code"] == "changed_meanwhile"
    assert problem["current"]["assignee"]["name"] == "小李"
    assert "小李" in problem["detail"]
    case.refresh_from_db()
    assert case.assignee == people.li


def test_a_whole_case_from_discovered_to_closed_and_back(mei: Caller, people: Cast) -> None:
    case = makers.case(people.clothes)
    where = f"/cases/{case.pk}"
    told = mei.do("post", f"{where}/assign", {"version": case.version, "person": people.li.pk, "note": "请你看看"})
    told = mei.do("post", f"{where}/move", {"version": told["version"], "stage": "planned"})
    measure = mei.do("post", f"{where}/measures", {"kind": "page", "text": "改尺码表", "owner": people.li.pk}, 201)
    assert mei.do("post", f"{where}/measures/{measure['id']}/finish")["done_at"]
    contact = mei.do("post", f"{where}/contacts", {"channel": "phone", "result": "reached", "note": "说清楚了"}, 201)
    assert contact["by"]["name"] == "梅"
    mei.do("post", f"{where}/notes", {"text": "顾客满意"}, status=201)
    told = mei.get(where)
    closing = {"version": told["version"], "outcome": "satisfied", "conclusion": "换货了"}
    assert mei("post", f"{where}/close", closing).status_code == 422
    told = mei.do("post", f"{where}/close", closing | {"conclusion": "面料批次有问题，已换货"})
    assert (told["stage"], told["outcome"]) == ("closed", "satisfied")
    assert [item["id"] for item in mei.get("/cases/all?state=closed&outcome=won")["items"]] == [case.pk]
    assert mei.do("post", f"{where}/move", {"version": told["version"], "stage": "doing"}, 409)["code"] == "refused"
    assert mei.do("post", f"{where}/reopen")["stage"] == "following"


def test_a_case_is_given_to_people_of_its_store_only(mei: Caller, people: Cast) -> None:
    case = makers.case(people.clothes)
    body = {"version": case.version, "person": people.anna.pk}
    assert mei.do("post", f"/cases/{case.pk}/assign", body, 409)["code"] == "refused"


def test_a_review_without_a_case_gets_one_and_keeps_it(mei: Caller, people: Cast) -> None:
    review = makers.review(people.clothes, "还可以", stars=3)
    makers.verdict(review, "quality")
    first = mei.do("post", f"/reviews/{review.pk}/case", status=201)
    assert mei.do("post", f"/reviews/{review.pk}/case", status=201)["id"] == first["id"]
    assert mei.get(f"/reviews/{review.pk}")["case"] == first["id"]


def test_many_cases_are_given_at_once_those_that_changed_are_named_and_all_is_undone(
    call_as: Calls, people: Cast
) -> None:
    mei = call_as("mei")
    made = [makers.case(people.clothes, f"第{n}条差评") for n in range(3)]
    seen = [{"case": case.pk, "version": case.version} for case in made]
    call_as("li").do("post", f"/cases/{made[0].pk}/claim", {"version": made[0].version})
    batch = mei.do("post", "/cases/assign", {"cases": seen, "person": people.wang.pk})
    assert batch["done"] == [made[1].pk, made[2].pk]
    assert [one["case"] for one in batch["left"]] == [made[0].pk]
    undone = mei.do("post", f"/cases/deeds/{batch['deed']}/undo")
    assert undone["done"] == batch["done"]
    assert mei.get(f"/cases/{made[1].pk}")["assignee"] is None
    assert call_as("wang")("post", f"/cases/deeds/{batch['deed']}/undo").status_code == 404


def test_a_batch_with_a_strangers_case_touches_none(call_as: Calls, people: Cast) -> None:
    own, foreign = makers.case(people.clothes), makers.case(people.otto)
    seen = [{"case": case.pk, "version": case.version} for case in (own, foreign)]
    assert call_as("mei")("post", "/cases/move", {"cases": seen, "stage": "doing"}).status_code == 404
    own.refresh_from_db()
    assert own.stage == "discovered"
