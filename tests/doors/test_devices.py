"""Where one is signed in: what is shown, what is stored, and signing others out."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import PASSWORD, Cast
from tests.safety.pages import Page, text
from wanhui.audit.models import Entry
from wanhui.doors import queries
from wanhui.doors.models import Visit, kept_key
from wanhui.doors.rules import device
from wanhui.kit import clock

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
PHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/18.1 Mobile/15E148 Safari/604.1")


def sign_in(agent: str, name: str = "mei") -> Client:
    client = Client(headers={"user-agent": agent, "accept-language": "en"})
    assert client.post("/login/", {"username": name, "password": PASSWORD}).status_code == 302
    return client


def key(client: Client) -> str:
    return str(client.cookies["sessionid"].value)


@pytest.mark.parametrize(("agent", "words"), [
    (FIREFOX, "Firefox · Linux"), (PHONE, "Safari · iPhone"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0",
     "Edge · Windows"),
    ("Mozilla/5.0 (Linux; Android 14; M2102) AppleWebKit/537.36 Chrome/116.0 Mobile MicroMessenger/8.0.49",
     "WeChat · Android"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/131.0 Safari/537.36",
     "Chrome · macOS"),
    ("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 Safari/537.36 HuaweiBrowser/5.1",
     "Huawei Browser · HarmonyOS"),
    ("curl/8.5.0", ""), ("", ""), ("<script>alert(1)</script>", ""),
])
def test_a_device_is_named_in_a_few_known_words(agent: str, words: str) -> None:
    assert device(agent) == words


def test_the_list_shows_every_browser_with_this_one_marked(people: Cast) -> None:
    people.mei.language = "en"
    people.mei.save()
    here, _there = sign_in(FIREFOX), sign_in(PHONE)
    words = " ".join(Page(text(here.get("/account/devices/"))).words.split())
    assert "Safari · iPhone" in words
    assert "Firefox · Linux this one Since" in words
    assert words.count("this one") == 1
    assert [visit.device for visit in queries.visits_of(people.mei)].count("Firefox · Linux") == 1
    assert not queries.visits_of(people.li).exists()


def test_one_other_device_can_be_signed_out_and_this_one_stays(people: Cast) -> None:
    here, there = sign_in(FIREFOX), sign_in(PHONE)
    here.post("/account/devices/end/", {"visit": kept_key(key(there))})
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert Entry.objects.get(verb="doors.end_visits").counts == {"visits": 1}


def test_all_others_can_be_signed_out_at_once(people: Cast) -> None:
    here, *others = [sign_in(FIREFOX) for _ in range(3)]
    here.post("/account/devices/end/")
    assert [other.get("/").status_code for other in others] == [302, 302]
    assert here.get("/").status_code == 200


def test_nobody_signs_somebody_else_out(people: Cast) -> None:
    mei, li = sign_in(FIREFOX), sign_in(PHONE, "li")
    mei.post("/account/devices/end/", {"visit": kept_key(key(li))})
    mei.post("/account/devices/end/")
    assert li.get("/").status_code == 200


def test_the_device_in_use_is_not_signed_out_by_its_row(people: Cast) -> None:
    here = sign_in(FIREFOX)
    here.post("/account/devices/end/", {"visit": kept_key(key(here))})
    assert here.get("/").status_code == 200


def test_what_is_stored_is_no_key_to_any_door(people: Cast) -> None:
    here = sign_in(FIREFOX)
    stored = json.dumps(list(Visit.objects.values()), default=str)
    assert key(here) not in stored
    thief = Client()
    for kept in Visit.objects.values_list("session_key", flat=True):
        thief.cookies["sessionid"] = kept
        assert thief.get("/").status_code == 302


def test_last_seen_is_written_every_few_minutes_and_not_at_every_page(people: Cast) -> None:
    here, now = sign_in(FIREFOX), clock.now()
    with clock.at(now + timedelta(minutes=2)):
        here.get("/account/devices/")
    first = Visit.objects.get(person=people.mei).last_seen
    assert first < now + timedelta(minutes=1)
    with clock.at(now + timedelta(minutes=6)):
        here.get("/account/devices/")
    assert Visit.objects.get(person=people.mei).last_seen == now + timedelta(minutes=6)


def test_a_new_password_takes_other_devices_off_the_list(people: Cast) -> None:
    here, _there = sign_in(FIREFOX), sign_in(PHONE)
    new = "rainy-tuesday-teapot"
    here.post("/password/", {"present": PASSWORD, "new": new, "again": new})
    assert [visit.device for visit in queries.visits_of(people.mei)] == ["Firefox · Linux"]
    assert here.get("/").status_code == 200


def test_visits_that_ended_by_themselves_are_removed_when_somebody_comes_in(people: Cast) -> None:
    sign_in(FIREFOX)
    Visit.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    sign_in(PHONE)
    assert Visit.objects.filter(device="Firefox · Linux").count() == 0
