"""A shop's own causes: they work at once, leave the verdict alone, and are young until people have looked."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import makers
from tests.cast import Cast
from wanhui.audit.models import Entry
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.language.own_causes import Recipe
from wanhui.pipeline.advance import drain
from wanhui.reviews import actions as reviews
from wanhui.reviews.typed import Typed
from wanhui.triage import actions as triage
from wanhui.triage.models import OwnCause, OwnFound, Verdict
from wanhui.triage.own import actions, queries, rules
from wanhui.triage.own.rules import YOUNG_UNTIL, Standing

PARKING = Recipe(words=("停车",), examples=("车没地方停，绕了三圈",), counters=("停车很方便",))


def parking(people: Cast) -> OwnCause:
    return actions.add_own_cause(people.clothes, "停车", PARKING, actor=people.mei)


def held(cause: OwnCause) -> list[str]:
    return [f.review.text for f in OwnFound.objects.filter(OwnFound.HOLDS, cause=cause).order_by("review")]


def test_a_cause_works_at_once_on_what_comes_in_and_the_verdict_stays_the_engines(people: Cast) -> None:
    cause = parking(people)
    made = reviews.type_in(people.clothes, Typed(text="房间太小，停车也难", stars=1), actor=people.mei)
    drain()
    found = OwnFound.objects.get(cause=cause)
    assert (found.review_id, found.evidence, found.like, found.right) == (made.pk, [[5, 7]], 1.0, None)
    verdict = Verdict.objects.get(review=made, current=True)
    assert {each["code"] for each in verdict.causes} <= {"facility", "location", "mismatch", "price", "service"}
    assert Entry.objects.filter(verb="triage.find_own_causes").count() == 1


def test_stored_reviews_get_it_only_when_somebody_asks_and_nothing_is_found_twice(people: Cast) -> None:
    old = makers.review(people.clothes, "停车收费太黑")
    makers.verdict(old, "price")
    cause = parking(people)
    drain()
    assert held(cause) == []
    actions.look_through(cause, actor=people.mei)
    assert OwnCause.objects.get(pk=cause.pk).looking
    drain()
    cause.refresh_from_db()
    assert held(cause) == ["停车收费太黑"]
    assert (cause.looking, cause.looked, cause.asked_version) == (False, 1, 1)
    actions.look_through(cause, actor=people.mei)
    drain()
    assert held(cause) == ["停车收费太黑"]
    entry = Entry.objects.filter(verb="triage.fill_own_cause").latest("pk")
    assert entry.counts == {"looked": 1, "found": 1}


def test_a_second_look_while_one_is_under_way_is_refused(people: Cast) -> None:
    cause = parking(people)
    actions.look_through(cause, actor=people.mei)
    with pytest.raises(Refused):
        actions.look_through(cause, actor=people.mei)


def test_many_stored_reviews_are_looked_through_in_stretches(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    monkeypatch.setattr(actions, "_A_STRETCH", 2)
    for number in range(11):
        makers.verdict(makers.review(people.clothes, f"第{number}次停车难"), "facility")
    cause = parking(people)
    actions.look_through(cause, actor=people.mei)
    drain()
    cause.refresh_from_db()
    assert (cause.looked, len(held(cause)), cause.looking) == (11, 11, False)


def test_a_happy_text_and_praise_are_left_out(people: Cast) -> None:
    happy, mixed = makers.review(people.clothes, "停车位很多", stars=5), makers.review(people.clothes, "停车好，房间差")
    makers.verdict(happy)
    makers.verdict(mixed, "facility", praises=[{"code": "facility", "score": 0.9, "evidence": [[0, 3]]}])
    cause = parking(people)
    actions.find_own_causes([happy.pk, mixed.pk], actor=None)
    assert held(cause) == []


def test_a_follow_up_can_have_it_and_a_review_counts_once(people: Cast) -> None:
    review = makers.review(people.clothes, "一般")
    later = makers.follow_up(review, "又来一次，停车还是难，停车费也贵")
    makers.verdict(review, "quality")
    makers.verdict(review, "facility", later=later)
    cause = parking(people)
    actions.find_own_causes([review.pk], actor=None)
    (found,) = OwnFound.objects.filter(cause=cause)
    assert found.follow_up == later
    assert len(found.evidence) == 2


def test_a_find_called_wrong_is_gone_and_stays_gone_until_the_text_changes(people: Cast) -> None:
    review = makers.review(people.clothes, "停车难")
    makers.verdict(review, "facility")
    cause = parking(people)
    actions.find_own_causes([review.pk], actor=None)
    actions.say_own_cause(OwnFound.objects.get(cause=cause), False, actor=people.li)
    actions.look_through(cause, actor=people.mei)
    drain()
    assert held(cause) == []
    type(review).objects.filter(pk=review.pk).update(text="还是停车难", text_digest="another")
    actions.find_own_causes([review.pk], actor=None)
    assert held(cause) == ["还是停车难"]


def test_what_a_person_adds_stays_whatever_the_recipe_says(people: Cast) -> None:
    review = makers.review(people.clothes, "把车开来真受罪")
    makers.verdict(review, "facility")
    cause = parking(people)
    actions.add_to_review(cause, review, actor=people.li)
    actions.find_own_causes([review.pk], actor=None)
    (found,) = OwnFound.objects.filter(cause=cause)
    assert (found.by_hand, found.right, found.said_by) == (True, True, people.li)


def test_a_changed_recipe_leaves_earlier_finds_until_somebody_looks_again(people: Cast) -> None:
    review = makers.review(people.clothes, "停车难")
    makers.verdict(review, "facility")
    cause = parking(people)
    actions.find_own_causes([review.pk], actor=None)
    changed = actions.change_own_cause(cause, "充电", Recipe(words=("充电桩",)), actor=people.mei)
    assert (changed.version, held(cause)) == (2, ["停车难"])
    (known,) = queries.of_store(people.mei, people.clothes)
    assert known.stale == 1
    actions.look_through(cause, actor=people.mei)
    drain()
    assert held(cause) == []


def test_a_retired_cause_is_no_longer_looked_for_and_its_name_is_free(people: Cast) -> None:
    cause = parking(people)
    actions.retire_own_cause(cause, actor=people.mei)
    review = makers.review(people.clothes, "停车难")
    makers.verdict(review, "facility")
    assert actions.find_own_causes([review.pk], actor=None) == 0
    assert parking(people).pk != cause.pk


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("", PARKING),
        ("停车", Recipe()),
        ("停车", Recipe(words=("*",))),
        ("停车", Recipe(words=tuple(f"词{n}" for n in range(31)))),
        ("停车", Recipe(examples=("长" * 301,))),
    ],
)
def test_a_recipe_that_says_nothing_or_too_much_is_refused(people: Cast, name: str, recipe: Recipe) -> None:
    with pytest.raises(Refused):
        actions.add_own_cause(people.clothes, name, recipe, actor=people.mei)
    assert not OwnCause.objects.exists()


def test_two_causes_of_one_name_are_refused_and_so_is_the_twenty_first(people: Cast) -> None:
    parking(people)
    with pytest.raises(Refused):
        parking(people)
    for number in range(19):
        actions.add_own_cause(people.clothes, f"原因{number}", PARKING, actor=people.mei)
    with pytest.raises(Refused):
        actions.add_own_cause(people.clothes, "太多", PARKING, actor=people.mei)


def test_who_may_not_change_settings_makes_no_cause_and_a_viewer_says_nothing(people: Cast) -> None:
    with pytest.raises(Refused):
        actions.add_own_cause(people.clothes, "停车", PARKING, actor=people.li)
    cause, review = parking(people), makers.review(people.clothes, "停车难")
    with pytest.raises(Refused):
        actions.add_to_review(cause, review, actor=people.viewer)


def test_a_cause_is_young_until_twenty_finds_were_looked_at_and_then_has_its_hit_rate() -> None:
    assert Standing(right=YOUNG_UNTIL - 1).young
    grown = Standing(right=15, wrong=5)
    assert not grown.young
    assert grown.share == 0.75
    low, high = grown.between or (0, 0)
    assert 0.5 < low < 0.75 < high < 0.9
    assert Standing(added=YOUNG_UNTIL).young, "misses alone say nothing of its hits"


def test_words_and_sentences_are_read_as_typed() -> None:
    assert rules.words_of("停车， 车位\npark*,停车") == ["停车", "车位", "park*"]
    assert rules.sentences_of("车没地方停，绕了三圈\n\n  门口不让停 ") == ["车没地方停，绕了三圈", "门口不让停"]


def test_the_preview_looks_at_the_last_reviews_and_writes_nothing(people: Cast) -> None:
    for days, text in enumerate(["停车难", "房间小", "一直没地方停车"]):
        review = makers.review(people.clothes, text, said_on=clock.now().date() - timedelta(days=days))
        makers.verdict(review, "facility")
    shown = queries.preview(people.clothes, Recipe(words=("停车",)))
    assert (shown.looked, shown.count, [hit.text for hit in shown.hits]) == (3, 2, ["停车难", "一直没地方停车"])
    assert not OwnFound.objects.exists()


def test_the_page_shows_what_a_recipe_finds_before_it_is_saved_and_then_saves_it(people: Cast, client: Client) -> None:
    makers.verdict(makers.review(people.clothes, "停车<b>难</b>"), "facility")
    client.force_login(people.mei)
    address = reverse("triage:own_cause_add", args=[people.clothes.pk])
    typed = {"name": "停车", "words": "停车", "examples": "", "counters": ""}
    seen = client.post(address, typed | {"look": "1"}).content.decode()
    assert "<mark>停车</mark>&lt;b&gt;难&lt;/b&gt;" in seen
    assert not OwnCause.objects.exists()
    part = client.post(address, typed, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<section class="panel" id="own-preview"')
    assert client.post(address, typed | {"save": "1"}).status_code == 303
    (known,) = client.get(reverse("triage:own_causes", args=[people.clothes.pk])).context["known"]
    assert (known.cause.name, known.standing.young) == ("停车", True)


def test_a_review_shows_its_own_cause_and_a_person_can_take_it_away_and_add_it_again(
    people: Cast, client: Client
) -> None:
    review = makers.review(people.clothes, "停车难")
    makers.verdict(review, "facility")
    cause = parking(people)
    actions.find_own_causes([review.pk], actor=None)
    client.force_login(people.li)
    page = reverse("desk:review", args=[review.pk])
    found = OwnFound.objects.get(cause=cause)
    assert 'title="停车">停车</mark>' in client.get(page).content.decode()
    client.post(reverse("triage:say_own_cause", args=[found.pk]), {"right": "0"})
    assert 'title="停车">停车</mark>' not in client.get(page).content.decode()
    client.post(reverse("triage:add_own_cause_to", args=[review.pk]), {"cause": cause.pk})
    assert OwnFound.objects.get(cause=cause).by_hand


def test_the_list_of_reviews_is_narrowed_to_an_own_cause_and_to_a_finer_one(people: Cast, client: Client) -> None:
    hit, other = makers.review(people.clothes, "停车难"), makers.review(people.clothes, "味道怪")
    makers.verdict(hit, "facility.parking")
    makers.verdict(other, "quality.taste")
    cause = parking(people)
    actions.find_own_causes([hit.pk, other.pk], actor=None)
    client.force_login(people.mei)
    for wanted in ({"own": cause.pk}, {"own": cause.pk, "mood": "bad"}, {"cause": "facility.parking"}):
        lines = client.get(reverse("desk:reviews"), wanted).context["lines"]
        assert [line.review.pk for line in lines] == [hit.pk], wanted


def test_a_correction_to_a_happy_mood_takes_the_own_cause_away(people: Cast) -> None:
    review = makers.review(people.clothes, "停车难", stars=None)
    verdict = makers.verdict(review, "facility")
    cause = parking(people)
    actions.find_own_causes([review.pk], actor=None)
    triage.correct(verdict, actor=people.li, sentiment="positive", causes=[])
    drain()
    assert held(cause) == []


def test_an_installation_of_before_gets_the_finer_cause_of_each_verdicts_main_one(people: Cast) -> None:
    finer = makers.verdict(makers.review(people.clothes), "quality.taste", "price.too_dear", primary="price")
    none, bare = makers.verdict(makers.review(people.clothes), "quality"), makers.verdict(makers.review(people.clothes))
    Verdict.objects.update(sub="")
    migration = import_module("wanhui.triage.migrations.0007_own_causes")
    migration.fill(apps, SimpleNamespace(connection=connection))
    subs = dict(Verdict.objects.values_list("pk", "sub"))
    assert subs == {finer.pk: "price.too_dear", none.pk: "", bare.pk: ""}
