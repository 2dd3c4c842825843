"""Every verb leaves one entry of its own name, with its actor, in the transaction that does it."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType

import pytest
from django.test import Client
from django_otp.oath import totp

from tests import makers
from tests.cast import PASSWORD, Cast
from wanhui.accounts import actions as accounts
from wanhui.accounts.models import Token
from wanhui.accounts.queries import address_key
from wanhui.accounts.rules import Role
from wanhui.analytics import actions as analytics
from wanhui.audit.models import Entry
from wanhui.cases import actions as cases
from wanhui.cases import queries as case_queries
from wanhui.cases.models import Case
from wanhui.connectors import actions as connectors
from wanhui.connectors.models import Import, SavedMap
from wanhui.desk import actions as desk
from wanhui.desk.models import SavedView
from wanhui.doors import actions as doors
from wanhui.kit import clock
from wanhui.language import DEFAULT_ENGINE
from wanhui.language.own_causes import Recipe
from wanhui.pipeline.advance import drain
from wanhui.replies import actions as replies
from wanhui.replies import queries as reply_queries
from wanhui.replies.models import Reply
from wanhui.reviews import actions as reviews
from wanhui.reviews.typed import Typed
from wanhui.stores import actions as stores
from wanhui.stores.models import Invitation
from wanhui.triage import actions as triage
from wanhui.triage.corrections import actions as corrections
from wanhui.triage.own import actions as own
from wanhui.triage.own.models import OwnCause
from wanhui.triage.rejudging import actions as rejudging
from wanhui.triage.rejudging.models import Rejudging
from wanhui.triage.rules import DEFAULT
from wanhui.triage.severity import actions as severity
from wanhui.triage.severity.models import SeverityTable
from wanhui.work import actions as work
from wanhui.work.models import Step

TEXT = "您好，裤子洗后起球给您添了麻烦，真对不起。请在订单里找客服，退换都可以商量。"
CSV = "评价内容,评价星级\n起球了,1\n很好,5\n".encode()


class World:
    """An open case about one review, for verbs to act on."""

    def __init__(self, people: Cast) -> None:
        self.people = people
        self.case: Case = makers.case(people.clothes)
        self.review = case_queries.reviews_of(self.case)[0]

    def draft(self) -> Reply:
        return replies.save_draft(self.review, TEXT, actor=self.people.li)

    def waiting(self) -> Reply:
        reply = self.draft()
        replies.request_approval(reply, actor=self.people.li)
        return reply

    def approved(self) -> Reply:
        reply = self.waiting()
        replies.approve(reply, reply_queries.digest(TEXT), actor=self.people.wang)
        return reply

    def file(self) -> Import:
        return connectors.receive(self.people.clothes, io.BytesIO(CSV), "一周.csv", actor=self.people.mei)

    def view(self) -> SavedView:
        return desk.save_view("我的", "whose=mine", actor=self.people.mei)

    def column_map(self) -> SavedMap:
        version = connectors.keep_map(self.file(), actor=self.people.mei)
        assert version is not None
        return version.saved

    def close(self) -> None:
        cases.close(self.case, "satisfied", "面料批次有问题，已换货", actor=self.people.mei)


def owned(world: World) -> OwnCause:
    return own.add_own_cause(world.people.clothes, "起球", Recipe(words=("起球",)), actor=world.people.mei)


def looked_through(world: World) -> Callable[[], object]:
    cause = owned(world)
    own.look_through(cause, actor=world.people.mei)
    step = work.claim(Step.objects.get(kind=own.LOOK_THROUGH).pk)
    assert step is not None
    return partial(own.fill_own_cause, cause.pk, actor=world.people.mei, step=step)


def a_token(world: World) -> Token:
    mei = world.people.mei
    return accounts.make_token(mei, "ERP", ["read"], clock.now() + timedelta(days=30), actor=mei)[0]


def confirmed(world: World) -> Callable[[], object]:
    mei = world.people.mei
    accounts.choose_address(mei, "mei@example.com", PASSWORD, actor=mei)
    return lambda: accounts.confirm_address(mei, address_key(mei), actor=mei)


def switched_on(world: World) -> Callable[[], object]:
    people = world.people
    stores.switch_off(people.clothes, people.li, actor=people.mei)
    return lambda: stores.switch_on(people.clothes, people.li, actor=people.mei)


def handed_over(world: World) -> Callable[[], object]:
    people = world.people
    cases.assign(world.case, people.li, actor=people.mei)
    return lambda: cases.hand_over_all(people.clothes.pk, people.li, people.wang, actor=people.mei)


def locked(world: World) -> Callable[[], list[str]]:
    mei = world.people.mei
    device = doors.begin_second_factor(mei, actor=mei)
    code = f"{totp(device.bin_key):06d}"
    return lambda: doors.confirm_second_factor(mei, code, actor=mei)


def visited(world: World) -> Callable[[], object]:
    Client().force_login(world.people.mei)
    return lambda: doors.end_others(world.people.mei, None, actor=world.people.mei)


def invited(world: World, *, of_anna: bool = False) -> Invitation:
    people = world.people
    where, owner = (people.otto, people.anna) if of_anna else (people.clothes, people.mei)
    return stores.invite(where, Role.AGENT, "", "de", actor=owner)


def planned(world: World) -> Callable[[], object]:
    measure = cases.plan_measure(world.case, "solution", "换货", actor=world.people.mei)
    return lambda: cases.finish_measure(measure, actor=world.people.mei)


def handed(world: World) -> Callable[[], object]:
    cases.assign(world.case, world.people.mei, actor=world.people.li, note="懂面料的是你")
    return lambda: cases.accept(world.case, actor=world.people.mei)


def tabled(world: World, *, seen: int) -> SeverityTable:
    everything = replace(DEFAULT, levels=MappingProxyType(dict.fromkeys(DEFAULT.levels, 1)))
    return severity.change_severity(world.people.clothes, everything, seen=seen, actor=world.people.mei)


def reopened(world: World) -> Callable[[], object]:
    world.close()
    return lambda: cases.reopen(world.case, actor=world.people.mei)


# verb -> what makes everything ready and returns the deed; every deed is 梅's, so that she can be found as the actor
def looked_at(world: World) -> Rejudging:
    made = rejudging.ask_rejudging(world.people.clothes, DEFAULT_ENGINE, actor=world.people.mei)
    drain()
    return Rejudging.objects.get(pk=made.pk)


def rejudged(world: World) -> Callable[[], object]:
    made, mei = looked_at(world), world.people.mei
    rejudging.confirm_rejudging(made, actor=mei)
    step = work.claim(Step.objects.get(kind=rejudging.APPLY).pk)
    assert step is not None
    return lambda: rejudging.rejudge(made.pk, actor=mei, step=step)


DEEDS: dict[str, Callable[[World], Callable[[], object]]] = {
    "analytics.rebuild": lambda w: lambda: analytics.rebuild(actor=w.people.mei),
    "accounts.make_person": lambda w: lambda: accounts.make_person("hong", "小红", actor=w.people.mei),
    "accounts.change_password": lambda w: lambda: accounts.change_password(
        w.people.mei, PASSWORD, "another-long-secret-9", actor=w.people.mei
    ),
    "accounts.choose_language": lambda w: lambda: accounts.choose_language(w.people.mei, "de", actor=w.people.mei),
    "accounts.make_token": lambda w: lambda: a_token(w),
    "accounts.revoke_token": lambda w: partial(accounts.revoke_token, a_token(w), actor=w.people.mei),
    "accounts.rename": lambda w: lambda: accounts.rename(w.people.mei, "梅姐", actor=w.people.mei),
    "accounts.choose_address": lambda w: lambda: accounts.choose_address(
        w.people.mei, "mei@example.com", PASSWORD, actor=w.people.mei
    ),
    "accounts.confirm_address": confirmed,
    "accounts.shut_out": lambda w: lambda: accounts.shut_out(w.people.li, actor=w.people.mei),
    "accounts.switch_off": lambda w: lambda: stores.switch_off(w.people.clothes, w.people.li, actor=w.people.mei),
    "accounts.switch_on": switched_on,
    "cases.hand_over_all": handed_over,
    "doors.second_factor_on": locked,
    "doors.second_factor_off": lambda w: partial(doors.clear_second_factor, w.people.mei, actor=w.people.mei),
    "doors.use_recovery_code": lambda w: partial(
        doors.check_code, w.people.mei, locked(w)()[0], actor=w.people.mei
    ),
    "doors.end_visits": visited,
    "stores.invite": lambda w: lambda: invited(w),
    "stores.withdraw": lambda w: partial(stores.withdraw, invited(w), actor=w.people.mei),
    "stores.join": lambda w: partial(stores.join, invited(w, of_anna=True), actor=w.people.mei),
    "stores.reset_link": lambda w: lambda: stores.reset_link(w.people.clothes, w.people.li, actor=w.people.mei),
    "stores.open": lambda w: lambda: stores.open_store("新店", "pdd", actor=w.people.mei),
    "stores.settings": lambda w: lambda: stores.change_settings(
        w.people.clothes, {"reply_within_hours": 6}, actor=w.people.mei
    ),
    "stores.add_person": lambda w: lambda: stores.set_role(
        w.people.clothes, w.people.eve, Role.AGENT, actor=w.people.mei
    ),
    "stores.change_role": lambda w: lambda: stores.set_role(
        w.people.clothes, w.people.li, Role.LEAD, actor=w.people.mei
    ),
    "stores.remove_person": lambda w: lambda: stores.remove_person(w.people.clothes, w.people.li, actor=w.people.mei),
    "connectors.receive": lambda w: w.file,
    "connectors.confirm": lambda w: partial(connectors.confirm, w.file(), actor=w.people.mei),
    "connectors.cancel": lambda w: partial(connectors.cancel, w.file(), actor=w.people.mei),
    "connectors.turn_away": lambda w: lambda: connectors.turn_away(
        w.people.clothes, "一周.csv", "empty", actor=w.people.mei, batch="ab"
    ),
    "connectors.keep_map": lambda w: partial(connectors.keep_map, w.file(), actor=w.people.mei),
    "connectors.correct_map": lambda w: partial(
        connectors.correct_map, w.column_map(), {"text": 1}, year=None, actor=w.people.mei
    ),
    "connectors.rename_map": lambda w: partial(connectors.rename_map, w.column_map(), "导出", actor=w.people.mei),
    "connectors.withdraw_map": lambda w: partial(connectors.withdraw_map, w.column_map(), actor=w.people.mei),
    "reviews.take_in": lambda w: partial(
        reviews.take_in, connectors.confirm(w.file(), actor=w.people.mei).pk, actor=w.people.mei
    ),
    "reviews.type_in": lambda w: lambda: reviews.type_in(
        w.people.clothes, Typed(text="袖口开线", stars=2), actor=w.people.mei
    ),
    "triage.judge": lambda w: partial(
        triage.judge_reviews, [makers.review(w.people.clothes, "太薄了").pk], actor=w.people.mei
    ),
    "triage.change_severity": lambda w: lambda: tabled(w, seen=0),
    "triage.ask_severity": lambda w: tabled(w, seen=0) and partial(
        severity.ask_severity, w.people.clothes, actor=w.people.mei
    ),
    "triage.weigh_again": lambda w: tabled(w, seen=0) and partial(
        severity.weigh_again, w.people.clothes.pk, actor=w.people.mei
    ),
    "triage.confirm": lambda w: lambda: triage.confirm(
        w.review.verdicts.get(current=True), actor=w.people.mei
    ),
    "triage.correct": lambda w: lambda: triage.correct(
        w.review.verdicts.get(current=True), actor=w.people.mei, sentiment="negative", causes=["price"]
    ),
    "triage.apply_bars": lambda w: lambda: corrections.apply_bars(
        w.people.clothes, DEFAULT_ENGINE, {"price": 0.6}, seen=0, actor=w.people.mei
    ),
    "triage.revoke_bars": lambda w: corrections.apply_bars(
        w.people.clothes, DEFAULT_ENGINE, {"price": 0.6}, seen=0, actor=w.people.mei
    ) and partial(corrections.revoke_bars, w.people.clothes, DEFAULT_ENGINE, seen=1, actor=w.people.mei),
    "triage.export_corrections": lambda w: partial(
        corrections.export_corrections, w.people.clothes, actor=w.people.mei
    ),
    "triage.add_own_cause": lambda w: lambda: owned(w),
    "triage.change_own_cause": lambda w: partial(
        own.change_own_cause, owned(w), "起球", Recipe(words=("起球", "毛球")), actor=w.people.mei
    ),
    "triage.retire_own_cause": lambda w: partial(own.retire_own_cause, owned(w), actor=w.people.mei),
    "triage.look_through": lambda w: partial(own.look_through, owned(w), actor=w.people.mei),
    "triage.fill_own_cause": looked_through,
    "triage.find_own_causes": lambda w: owned(w) and partial(
        own.find_own_causes, [w.review.pk], actor=w.people.mei
    ),
    "triage.say_own_cause": lambda w: partial(
        own.say_own_cause, own.add_to_review(owned(w), w.review, actor=w.people.mei), True, actor=w.people.mei
    ),
    "triage.add_to_review": lambda w: partial(own.add_to_review, owned(w), w.review, actor=w.people.mei),
    "triage.ask_rejudging": lambda w: lambda: rejudging.ask_rejudging(
        w.people.clothes, DEFAULT_ENGINE, actor=w.people.mei
    ),
    "triage.confirm_rejudging": lambda w: partial(
        rejudging.confirm_rejudging, looked_at(w), actor=w.people.mei
    ),
    "triage.stop_rejudging": lambda w: partial(rejudging.stop_rejudging, looked_at(w), actor=w.people.mei),
    "triage.rejudge": rejudged,
    "cases.assign": lambda w: lambda: cases.assign(w.case, w.people.li, actor=w.people.mei),
    "cases.assign_many": lambda w: lambda: cases.assign_many(
        [(w.case, w.case.version)], w.people.li, actor=w.people.mei
    ),
    "cases.accept": handed,
    "cases.move_many": lambda w: lambda: cases.move_many([(w.case, w.case.version)], "doing", actor=w.people.mei),
    "cases.undo": lambda w: partial(cases.undo, cases.claim(w.case, actor=w.people.mei), actor=w.people.mei),
    "desk.save_view": lambda w: lambda: desk.save_view("我的", "whose=mine", actor=w.people.mei),
    "desk.rename_view": lambda w: partial(desk.rename_view, w.view(), "今天的", actor=w.people.mei),
    "desk.delete_view": lambda w: partial(desk.delete_view, w.view(), actor=w.people.mei),
    "desk.begin_with": lambda w: partial(desk.begin_with, w.view(), actor=w.people.mei),
    "cases.move": lambda w: lambda: cases.move(w.case, "verified", actor=w.people.mei),
    "cases.add_note": lambda w: lambda: cases.add_note(w.case, "已看照片", actor=w.people.mei),
    "cases.log_contact": lambda w: lambda: cases.log_contact(w.case, "phone", "reached", actor=w.people.mei),
    "cases.plan_measure": lambda w: lambda: cases.plan_measure(w.case, "page", "改尺码表", actor=w.people.mei),
    "cases.finish_measure": planned,
    "cases.close": lambda w: lambda: cases.close(w.case, "not_won", "联系不上顾客", actor=w.people.mei),
    "cases.reopen": reopened,
    "replies.request_approval": lambda w: partial(replies.request_approval, w.draft(), actor=w.people.mei),
    "replies.approve": lambda w: partial(
        replies.approve, w.waiting(), reply_queries.digest(TEXT), actor=w.people.mei
    ),
    "replies.send_back": lambda w: partial(replies.send_back, w.waiting(), "提一下赠品", actor=w.people.mei),
    "replies.take_back": lambda w: partial(replies.take_back, w.waiting(), actor=w.people.mei),
    "replies.drop": lambda w: partial(replies.drop, w.draft(), actor=w.people.mei),
    "replies.record_sent": lambda w: partial(replies.record_sent, w.approved(), actor=w.people.mei),
}


@pytest.mark.parametrize("verb", DEEDS)
def test_a_verb_leaves_exactly_one_entry_of_its_name_with_its_actor(verb: str, people: Cast) -> None:
    deed = DEEDS[verb](World(people))
    before = Entry.objects.filter(verb=verb).count()
    deed()
    entries = Entry.objects.filter(verb=verb).order_by("pk")
    assert entries.count() == before + 1
    assert entries.last().actor == people.mei
