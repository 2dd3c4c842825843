"""Reading what people confirmed and corrected, and a store's own bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.kit import clock
from wanhui.language import Judgement
from wanhui.language.bars import floors, own_bars
from wanhui.language.judgement import CauseScore
from wanhui.reviews.models import Review
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage.corrections import refit, rules
from wanhui.triage.corrections.barring import Barred, under
from wanhui.triage.corrections.models import StoreBars
from wanhui.triage.corrections.rules import Checked, Said
from wanhui.triage.models import Verdict

MOST = 20_000  # checked verdicts that are counted, the newest ones
LAST = 1_000  # reviews that a preview looks at
EXAMPLES = 8
_SAID = ("sentiment", "primary", "causes", "flags")
_READ = ("pk", "engine", "about_id", "made_at", "checked_at", "review_id", "follow_up_id", *_SAID, "near",
         "about__engine", *(f"about__{name}" for name in _SAID), "about__near")  # fmt: skip


def may_read(user: User, store_id: int) -> bool:
    """Whether this person may read what was corrected here: whoever may correct, and take figures out."""
    return all(stores.may(user, verb, store_id) for verb in (Verb.CORRECT, Verb.EXPORT))


def store_for(user: User, pk: int) -> Store:
    """A store whose corrections this person may read; Http404 for a stranger's, NotAllowed for other roles."""
    store = stores.store_for(user, pk)
    for verb in (Verb.CORRECT, Verb.EXPORT):
        stores.require(user, verb, pk)
    return store


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which checked verdicts: of one engine, checked in these days (both included), about one cause, or with one pair
    said -> truly ("" for none). None and "" of `engine` and `cause` narrow nothing."""

    engine: str = ""
    since: date | None = None
    until: date | None = None
    cause: str = ""
    pair: tuple[str, str] | None = None

    def fits(self, row: Row) -> bool:
        day = row.checked.day
        return (
            (not self.engine or row.checked.engine == self.engine)
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
            and (not self.cause or self.cause in row.checked.taken_away | row.checked.added)
            and (self.pair is None or self.pair in row.checked.pairs())
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One verdict of an engine that a person checked: `pk` is the verdict that carries the person's word, `scores`
    what the engine gave each cause, also those that bars left out."""

    pk: int
    review: int
    follow_up: int | None
    at: datetime
    checked: Checked
    scores: Mapping[str, float] = field(default_factory=dict)


def rows(store: Store, wanted: Wanted | None = None, *, before: int | None = None) -> Iterator[Row]:
    """The checked verdicts of a store, the newest first, MOST at most: each verdict of an engine once, with the last
    word on it. A person's verdict on what no engine had judged is none."""
    found = human().filter(store_ref=store.pk).order_by("-pk").values_list(*_READ)[:MOST]
    seen: set[int] = set()
    for values in found.iterator(chunk_size=2000):
        each = dict(zip(_READ, values, strict=True))
        key = each["about_id"] or each["pk"]
        if key in seen or (each["about_id"] is None and each["checked_at"] is None):
            continue
        seen.add(key)
        row = _row(each, store.timezone)
        if (before is None or row.pk < before) and (wanted is None or wanted.fits(row)):
            yield row


def human() -> QuerySet[Verdict]:
    """Verdicts that a person gave or confirmed, as the index has them."""
    return Verdict.objects.filter(Q(by__isnull=False) | Q(checked_by__isnull=False))


def _row(each: dict[str, Any], zone: str) -> Row:
    of = "about__" if each["about_id"] else ""
    at = each["made_at"] if of else each["checked_at"]
    checked = Checked(each[f"{of}engine"], clock.day_in(at, zone), _said(each, of), _said(each, ""))
    scores = {cause["code"]: cause["score"] for cause in (*each[f"{of}near"], *each[f"{of}causes"])}
    return Row(each["pk"], each["review_id"], each["follow_up_id"], at, checked, scores)


def _said(each: dict[str, Any], of: str) -> Said:
    causes = frozenset(cause["code"] for cause in each[f"{of}causes"])
    return Said(each[f"{of}sentiment"], each[f"{of}primary"], causes, frozenset(each[f"{of}flags"]))


def report(store: Store, wanted: Wanted) -> rules.Report:
    """What people made of a store's verdicts."""
    return rules.report(row.checked for row in rows(store, wanted))


def bars_of(store_id: int, engine: str) -> tuple[dict[str, float], int]:
    """A store's bars for an engine with their version; none and 0 where the engine's own count from the beginning."""
    newest = StoreBars.objects.filter(store_id=store_id, engine=engine).order_by("-version").first()
    return (dict(newest.bars), newest.version) if newest is not None else ({}, 0)


def last_version(store_id: int) -> int:
    """The newest version of a store's bars, of whatever engine; 0 for none."""
    found = StoreBars.objects.filter(store_id=store_id).order_by("-version").values_list("version", flat=True)
    return found.first() or 0


def versions(store_id: int) -> list[StoreBars]:
    """Every version a store has had, the newest first."""
    return list(StoreBars.objects.filter(store_id=store_id).select_related("by").order_by("-version"))


def barred(store_ids: Sequence[int], found: Sequence[Judgement], engine: str) -> list[Barred]:
    """These judgements under the bars of their stores, one query for all; `store_ids` are as many."""
    stored = StoreBars.objects.filter(store_id__in=set(store_ids), engine=engine).order_by("version")
    own = {each.store_id: each for each in stored}
    made = []
    for store_id, judgement in zip(store_ids, found, strict=True):
        bars = own.get(store_id)
        if bars is None or not bars.bars:
            made.append(Barred(judgement, judgement.near))
        else:
            made.append(under(judgement, bars.bars, near=judgement.near, version=bars.version))
    return made


def fit(store: Store, engine: str) -> tuple[list[refit.Fitted], int]:
    """What a store's checked verdicts say of an engine's bars, cause by cause, and how many these verdicts are."""
    checked = [
        refit.Checked(row.checked.said.causes, row.scores, row.checked.truly.causes)
        for row in rows(store, Wanted(engine=engine))
    ]
    return refit.refit(checked, own_bars(engine), floors(engine)), len(checked)


@dataclass(slots=True)
class Preview:
    """What bars would change among a store's newest reviews: `looked` verdicts of the engine, of them `changed`; causes
    that would go and come; `empty` would be left unhappy without a cause. Examples are (review, gone, come)."""

    looked: int = 0
    changed: int = 0
    empty: int = 0
    gone: Counter[str] = field(default_factory=Counter)
    come: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[int, str, list[str], list[str]]] = field(default_factory=list)


def preview(store: Store, engine: str, bars: Mapping[str, float]) -> Preview:
    """What these bars would say of the verdicts that an engine gave to the last reviews, and nobody has checked."""
    found = Preview()
    newest = list(Review.objects.filter(store=store).order_by("-pk").values_list("pk", flat=True)[:LAST])
    verdicts = Verdict.objects.filter(
        review__in=newest, current=True, engine=engine, by=None, checked_by=None, no_text=False
    )
    for verdict in verdicts.select_related("review", "follow_up").order_by("-review", "-pk"):
        found.looked += 1
        now = frozenset(cause["code"] for cause in verdict.causes)
        then_causes = {cause.code for cause in _under(verdict.as_judgement(), verdict.near, bars)}
        gone, come = sorted(now - then_causes), sorted(then_causes - now)
        if not gone and not come:
            continue
        found.changed += 1
        found.gone.update(gone)
        found.come.update(come)
        found.empty += not then_causes
        if len(found.examples) < EXAMPLES:
            found.examples.append((verdict.review_id, (verdict.follow_up or verdict.review).text, gone, come))
    return found


def _under(stored: Judgement, near: Iterable[dict[str, Any]], bars: Mapping[str, float]) -> tuple[CauseScore, ...]:
    """The causes under other bars: what earlier bars of the store left out has its say again."""
    known = [CauseScore(cause["code"], cause["sub"], cause["score"], ()) for cause in near]
    own = own_bars(stored.engine)
    bars = {code: bars.get(code, own.get(code, 0.0)) for code in {*bars, *(cause.code for cause in known)}}
    return under(stored, bars, near=known).judgement.causes


def engines_checked(store: Store) -> list[str]:
    """Engines whose verdicts somebody checked here, the most checked first."""
    return [engine for engine, _n in Counter(row.checked.engine for row in rows(store)).most_common()]


def engines(store: Store) -> list[str]:
    """Those of them whose bars are stated."""
    return [engine for engine in engines_checked(store) if own_bars(engine)]
