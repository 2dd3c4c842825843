"""A store's own severity table: read and written, kept in versions, tried out, and used from now on."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests import makers
from tests.cast import Cast
from wanhui.audit.models import Entry
from wanhui.cases.models import Case
from wanhui.kit.errors import NotAllowed, Refused
from wanhui.pipeline.advance import drain
from wanhui.triage.models import SeverityTable, Verdict
from wanhui.triage.rules import DEFAULT, Urgencies
from wanhui.triage.severity import actions, queries, tables
from wanhui.triage.severity.tables import TableProblem, checked, known_codes, read, write
from wanhui.triage.weighing import weigh


def calm(**levels: int) -> Urgencies:
    """The shipped table with other levels."""
    return replace(DEFAULT, levels=MappingProxyType({**DEFAULT.levels, **levels}))


@given(
    st.dictionaries(st.sampled_from(sorted(known_codes() - {"safety", "threat"})), st.integers(1, 4)),
    st.integers(1, tables.MOST), st.integers(1, tables.MOST),
)
def test_what_is_written_is_read_back(levels: dict[str, int], mass: int, readers: int) -> None:
    table = checked(levels, mass, readers, known_codes())
    assert read(write(table), known_codes()) == table


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ("mass_from = ", "toml", ""),
        ("[levels]\nsafety = 2", "locked", "safety"),
        ("[levels]\nthreat = 4", "locked", "threat"),
        ("[levels]\nnonsense = 2", "code", "nonsense"),
        ('[levels]\n"nonsense.fine" = 2', "code", "nonsense.fine"),
        ("[levels]\nchurn = 0", "level", "churn"),
        ("[levels]\nchurn = true", "level", "churn"),
        ('[levels]\nchurn = "1"', "level", "churn"),
        ("mass_from = 0", "number", "mass_from"),
        ("readers_from = 1.5", "number", "readers_from"),
        ("levels = 3", "key", "levels"),
        ("bonus = 3", "key", "bonus"),
    ],
)
def test_a_wrong_table_is_refused_with_what_and_where(text: str, what: str, where: str) -> None:
    with pytest.raises(TableProblem) as refused:
        read(text, known_codes())
    assert refused.value.what == what
    assert where in refused.value.where


def test_a_sub_cause_may_have_a_level_of_its_own() -> None:
    assert read('[levels]\n"quality.broke" = 1', known_codes()).level("quality.broke") == 1


def test_changes_names_what_differs() -> None:
    assert tables.changes(DEFAULT, replace(calm(churn=3), mass_from=9)) == ["churn", "mass_from"]


@pytest.mark.django_db
def test_a_kept_table_weighs_what_comes_and_leaves_what_was(people: Cast) -> None:
    before = makers.verdict(makers.review(people.clothes, stars=2), "delivery", severity=3)
    actions.change_severity(people.clothes, calm(delivery=1), seen=0, actor=people.mei)
    after = makers.verdict(makers.review(people.clothes, stars=2), "delivery", severity=3)
    [weighed] = weigh([(after, after.as_judgement())])
    before.refresh_from_db()
    assert (before.severity, before.table_version) == (3, 0)
    assert (weighed.severity, weighed.table_version) == (1, 1)
    assert weighed.reasons is not None
    assert weighed.reasons[0] == "delivery"


@pytest.mark.django_db
def test_another_stores_table_is_not_this_ones(people: Cast) -> None:
    actions.change_severity(people.hotel, calm(delivery=1), seen=0, actor=people.mei)
    assert queries.table_of(people.clothes.pk) == (DEFAULT, 0)


@pytest.mark.django_db
def test_a_version_leaves_one_entry_that_names_what_changed(people: Cast) -> None:
    actions.change_severity(people.clothes, calm(delivery=1, churn=3), seen=0, actor=people.mei)
    [entry] = Entry.objects.filter(verb="triage.change_severity")
    assert (entry.fields, entry.counts, entry.actor) == (["churn", "delivery"], {"version": 1}, people.mei)


@pytest.mark.django_db
def test_a_table_made_from_an_older_one_is_refused(people: Cast) -> None:
    actions.change_severity(people.clothes, calm(delivery=1), seen=0, actor=people.mei)
    with pytest.raises(Refused):
        actions.change_severity(people.clothes, calm(delivery=2), seen=0, actor=people.mei)
    assert SeverityTable.objects.count() == 1


@pytest.mark.django_db
def test_a_table_that_changes_nothing_is_refused(people: Cast) -> None:
    with pytest.raises(Refused):
        actions.change_severity(people.clothes, DEFAULT, seen=0, actor=people.mei)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["wang", "li", "viewer"])
def test_only_whoever_may_change_settings_may_change_the_table(people: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.change_severity(people.clothes, calm(delivery=1), seen=0, actor=getattr(people, who))


@pytest.mark.django_db
def test_the_preview_counts_what_would_move_and_writes_nothing(people: Cast) -> None:
    for stars, cause in ((1, "delivery"), (2, "delivery"), (2, "quality"), (5, "")):
        made = makers.verdict(makers.review(people.clothes, stars=stars), *filter(None, [cause]))
        weigh([(made, made.as_judgement())])[0].save()
    found = queries.preview(people.clothes.pk, calm(delivery=1))
    assert (found.total, found.changed, found.rows()) == (4, 2, [(2, 1, 1), (3, 1, 1)])
    assert set(Verdict.objects.values_list("severity", flat=True)) == {2, 3, 4}


@pytest.mark.django_db
def test_the_preview_of_the_table_that_counts_changes_nothing(people: Cast) -> None:
    for text, stars in (("孩子喝了拉肚子，水泡破了", 1), ("物流太慢", 2), ("很好", 5)):
        made = makers.verdict(makers.review(people.clothes, text, stars=stars, readers=400), "quality",
                              flags=["safety", "churn"])  # fmt: skip
        weigh([(made, made.as_judgement())])[0].save()
    assert queries.preview(people.clothes.pk, DEFAULT).changed == 0


@pytest.mark.django_db
def test_verdicts_of_before_get_their_new_severity_when_asked_and_cases_follow(people: Cast) -> None:
    case = makers.case(people.clothes, causes=("delivery",), stars=2)
    actions.change_severity(people.clothes, calm(delivery=1), seen=0, actor=people.mei)
    assert actions.ask_severity(people.clothes, actor=people.mei) == 1
    drain()
    case = Case.objects.get(pk=case.pk)
    assert (case.severity, case.reasons[0]) == (1, "delivery")
    verdict = Verdict.objects.get(current=True)
    assert (verdict.severity, verdict.table_version) == (1, 1)


@pytest.mark.django_db
def test_asking_again_finds_nothing_to_do(people: Cast) -> None:
    makers.verdict(makers.review(people.clothes, stars=2), "delivery")
    actions.change_severity(people.clothes, calm(delivery=1), seen=0, actor=people.mei)
    assert actions.weigh_again(people.clothes.pk, actor=people.mei) == 1
    assert actions.weigh_again(people.clothes.pk, actor=people.mei) == 0
    with pytest.raises(Refused):
        actions.ask_severity(people.clothes, actor=people.mei)


@pytest.mark.django_db
def test_many_alike_of_one_product_raise_the_young_ones(people: Cast) -> None:
    product = people.clothes.products.create(name="直筒裤")
    for _n in range(DEFAULT.mass_from):
        makers.verdict(makers.review(people.clothes, stars=2, product=product), "quality", said_on=makers.today())
    Verdict.objects.update(store_ref=people.clothes.pk)
    new = makers.verdict(makers.review(people.clothes, stars=2, product=product), "quality")
    assert weigh([(new, new.as_judgement())])[0].severity == 1
    other = makers.verdict(makers.review(people.clothes, stars=2), "quality")
    assert weigh([(other, other.as_judgement())])[0].severity == 3


@pytest.mark.django_db
def test_the_page_tries_a_table_out_keeps_it_and_takes_the_shipped_one_again(people: Cast, client: Client) -> None:
    client.force_login(people.mei)
    makers.verdict(makers.review(people.clothes, stars=2), "delivery")
    address = f"/stores/{people.clothes.pk}/severity/"
    posted = {f"level_{code}": str(level) for code, level in DEFAULT.levels.items()}
    posted |= {"mass_from": "5", "readers_from": "20", "level_delivery": "1", "seen": "0"}
    tried = client.post(address, posted | {"action": "try"})
    assert tried.status_code == 200
    assert queries.table_of(people.clothes.pk)[1] == 0
    assert client.post(address, posted | {"action": "keep"}).status_code == 303
    table, version = queries.table_of(people.clothes.pk)
    assert (table.level("delivery"), version) == (1, 1)
    assert client.post(f"{address}again/", {"version": "0", "seen": "1"}).status_code == 303
    assert queries.table_of(people.clothes.pk) == (DEFAULT, 2)


@pytest.mark.django_db
def test_a_table_taken_away_can_be_brought_to_another_store(people: Cast, client: Client) -> None:
    client.force_login(people.mei)
    actions.change_severity(people.clothes, calm(delivery=1), seen=0, actor=people.mei)
    file = client.get(f"/stores/{people.clothes.pk}/severity.toml")
    assert "attachment" in file["Content-Disposition"]
    shown = client.post(f"/stores/{people.hotel.pk}/severity/bring/", {"toml": file.content.decode()})
    assert 'name="level_delivery"' in shown.content.decode()
    assert queries.table_of(people.hotel.pk)[1] == 0
    refused = client.post(f"/stores/{people.hotel.pk}/severity/bring/", {"toml": "[levels]\nsafety = 3"}, follow=True)
    assert refused.status_code == 200
    assert queries.table_of(people.hotel.pk)[1] == 0
