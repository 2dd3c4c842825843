"""The API's door to corrections: what was put right, one by one too, and a store's own bars."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.rules import Scope
from wanhui.language import DEFAULT_ENGINE
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage.corrections import actions, queries, refit, rules
from wanhui.triage.corrections.queries import Preview, Wanted
from wanhui.triage.corrections.rules import Hits
from wanhui.web.cursors import seal, unseal
from wanhui.web.shapes import SOUND, Asked, Day, Id, Page, Paging, Told, Whole, Word

router = Router(tags=["Reviews"], auth=needs(Scope.CORRECTIONS))
Name = Annotated[str, Field(max_length=60, pattern=SOUND)]
Bar = Annotated[float, Field(ge=refit.LOWEST, le=refit.HIGHEST)]
Seen = Annotated[int, Field(strict=True, ge=0, le=1_000_000), Whole]


class HitsTold(Told):
    """So many of `n` were right. `share` and its range (Wilson, 95 %) are null while `n` is too small."""

    right: int
    n: int
    share: float | None
    low: float | None
    high: float | None


class CauseCorrected(Told):
    """One cause: how often it was right where it was said; taken away with nothing in its place, replaced by another
    one, and added where it was not said."""

    code: str
    said: HitsTold
    taken_away: int
    replaced: int
    added: int


class PairTold(Told):
    """`said` was truly `truly`, so many times; null for no cause."""

    said: str | None
    truly: str | None
    n: int


class OfEngine(Told):
    """How often an engine's checked verdicts had nothing to put right."""

    engine: str
    whole: HitsTold


class OfMonth(Told):
    """The same of the verdicts checked in a month, told by its first day."""

    month: date
    whole: HitsTold


class CorrectionsTold(Told):
    """What people made of an engine's verdicts in a store. `enough`: from so many on a share is told. `whole`: nothing
    to put right; `causes` and `pairs` the most frequent first."""

    enough: int
    whole: HitsTold
    moods: HitsTold
    primaries: HitsTold
    causes: list[CauseCorrected]
    pairs: list[PairTold]
    engines: list[OfEngine]
    months: list[OfMonth]


class CorrectionsAsked(Asked):
    """Of which engine, and checked from when until when (days included)."""

    engine: Name = ""
    since: Day | None = None
    until: Day | None = None


class CorrectionRowsAsked(Paging):
    """The same for a list; `cause`: where this one was taken away or added."""

    engine: Name = ""
    since: Day | None = None
    until: Day | None = None
    cause: Word = ""


class VerdictSaid(Told):
    """What a verdict says, as far as people correct it."""

    sentiment: str | None
    primary: str | None
    causes: list[str]
    flags: list[str]


class CorrectionTold(Told):
    """One checked verdict: what `engine` said, and what a person says. `verdict` carries the person's word."""

    verdict: int
    review: int
    follow_up: int | None
    at: datetime
    engine: str
    said: VerdictSaid
    truly: VerdictSaid


class CorrectionPage(Page[CorrectionTold]):
    """Part of a list of checked verdicts."""


class FittedTold(Told):
    """One cause: the engine's own bar, the one that counts here, and the one that the checked verdicts speak for (null
    where the engine's own should stay). `mistakes` with the engine's own bar and `then` with that one are counted on
    verdicts that did not take part in choosing; `checked` is how many speak of the cause."""

    code: str
    own: float
    now: float
    proposed: float | None
    checked: int
    enough: bool
    mistakes: int
    then: int


class BarsPreview(Told):
    """What the proposed bars would change among `looked` unchecked verdicts on the newest reviews: causes that would go
    and come; `empty` would be left unhappy without a cause."""

    looked: int
    changed: int
    empty: int
    gone: dict[str, int]
    come: dict[str, int]


class BarsTold(Told):
    """A store's bars for an engine. `version` 0: the engine's own; `seen` is what a change must name."""

    engine: str
    version: int
    seen: int
    bars: dict[str, float]
    by: PersonTold | None
    made_at: datetime | None
    causes: list[FittedTold]
    preview: BarsPreview | None


class BarsWanted(Asked):
    """Which engine's; the default one if not given."""

    engine: Name = ""


class BarsAsked(Asked):
    """Bars for an engine, by cause; causes that are not in it keep the engine's own. `seen`: the newest version that
    was looked at."""

    engine: Annotated[str, Field(min_length=1, max_length=60, pattern=SOUND)]
    seen: Seen
    bars: Annotated[dict[Word, Bar], Field(min_length=1, max_length=20)]


class RevokeAsked(Asked):
    """For which engine the store's bars shall no longer count."""

    engine: Annotated[str, Field(min_length=1, max_length=60, pattern=SOUND)]
    seen: Seen


@router.get("/stores/{int:pk}/corrections", response=CorrectionsTold)
def corrections(request: HttpRequest, pk: Id, asked: Query[CorrectionsAsked]) -> CorrectionsTold:
    """How often engines were right in a store, and what was corrected most."""
    store = queries.store_for(caller(request), pk)
    found = queries.report(store, Wanted(asked.engine, asked.since, asked.until))
    return CorrectionsTold(
        enough=rules.ENOUGH, whole=_hits(found.whole), moods=_hits(found.moods), primaries=_hits(found.primaries),
        causes=[
            CauseCorrected(code=line.code, said=_hits(line.hits), taken_away=line.taken_away, replaced=line.replaced,
                           added=line.added)
            for line in found.causes
        ],
        pairs=[PairTold(said=said or None, truly=truly or None, n=n) for (said, truly), n in found.pairs],
        engines=[OfEngine(engine=name, whole=_hits(hits)) for name, hits in found.engines],
        months=[OfMonth(month=month, whole=_hits(hits)) for month, hits in found.months],
    )  # fmt: skip


@router.get("/stores/{int:pk}/corrections/rows", response=CorrectionPage)
def rows(request: HttpRequest, pk: Id, asked: Query[CorrectionRowsAsked]) -> CorrectionPage:
    """The checked verdicts of a store one by one, confirmed ones too, the newest first."""
    store = queries.store_for(caller(request), pk)
    key = unseal("corrections", asked.cursor)
    wanted = Wanted(asked.engine, asked.since, asked.until, asked.cause)
    found = []
    for row in queries.rows(store, wanted, before=key[0] if key else None):
        found.append(row)
        if len(found) > asked.limit:
            break
    shown = found[: asked.limit]
    more = (shown[-1].pk,) if len(found) > asked.limit else None
    return CorrectionPage(items=[_row(row) for row in shown], next=seal("corrections", more))


@router.get("/stores/{int:pk}/bars", response=BarsTold)
def bars(request: HttpRequest, pk: Id, asked: Query[BarsWanted]) -> BarsTold:
    """A store's bars, and what its checked verdicts would make of them. Nothing changes."""
    return _bars(queries.store_for(caller(request), pk), asked.engine or DEFAULT_ENGINE)


@router.put("/stores/{int:pk}/bars", response=BarsTold, auth=needs(Scope.SETTINGS))
def apply(request: HttpRequest, pk: Id, asked: BarsAsked) -> BarsTold:
    """Put bars in place for what is judged from now on; nothing of before changes."""
    person = caller(request)
    store = stores.store_for(person, pk)
    actions.apply_bars(store, asked.engine, asked.bars, seen=asked.seen, actor=person)
    return _bars(store, asked.engine)


@router.post("/stores/{int:pk}/bars/revoke", response=BarsTold, auth=needs(Scope.SETTINGS))
def revoke(request: HttpRequest, pk: Id, asked: RevokeAsked) -> BarsTold:
    """Let the engine's own bars count again, for what is judged from now on."""
    person = caller(request)
    store = stores.store_for(person, pk)
    actions.revoke_bars(store, asked.engine, seen=asked.seen, actor=person)
    return _bars(store, asked.engine)


def _bars(store: Store, engine: str) -> BarsTold:
    fitted, _checked = queries.fit(store, engine)
    now, version = queries.bars_of(store.pk, engine)
    made = next((each for each in queries.versions(store.pk) if each.version == version), None)
    proposed = refit.bars_of(fitted)
    return BarsTold(
        engine=engine, version=version, seen=queries.last_version(store.pk), bars=now,
        by=person_told(made.by) if made else None, made_at=made.made_at if made else None,
        causes=[
            FittedTold(code=each.code, own=each.own, now=now.get(each.code, each.own), proposed=each.bar,
                       checked=each.checked, enough=each.enough, mistakes=each.mistakes, then=each.then)
            for each in fitted
        ],
        preview=_preview(queries.preview(store, engine, proposed)) if proposed and proposed != now else None,
    )  # fmt: skip


def _preview(found: Preview) -> BarsPreview:
    return BarsPreview(looked=found.looked, changed=found.changed, empty=found.empty, gone=dict(found.gone),
                       come=dict(found.come))


def _hits(hits: Hits) -> HitsTold:
    low, high = hits.between if hits.enough and hits.between else (None, None)
    return HitsTold(right=hits.right, n=hits.n, share=hits.share if hits.enough else None, low=low, high=high)


def _row(row: queries.Row) -> CorrectionTold:
    return CorrectionTold(
        verdict=row.pk, review=row.review, follow_up=row.follow_up, at=row.at, engine=row.checked.engine,
        said=_said(row.checked.said), truly=_said(row.checked.truly),
    )  # fmt: skip


def _said(said: rules.Said) -> VerdictSaid:
    return VerdictSaid(sentiment=said.mood or None, primary=said.primary or None, causes=sorted(said.causes),
                       flags=sorted(said.flags))
