"""A store's own bars are put in place, and revoked: what was judged before stays as it is. And corrections are taken
out."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.language.bars import own_bars
from wanhui.stores.models import Store
from wanhui.stores.queries import require
from wanhui.triage.corrections import exporting, queries, refit
from wanhui.triage.corrections.models import StoreBars


def apply_bars(store: Store, engine: str, bars: Mapping[str, float], *, seen: int, actor: User) -> StoreBars:
    """A store's bars for an engine from now on, by cause; causes that are not in it keep the engine's own.

    seen: the newest version that the person looked at. Refused where another one came meanwhile, for causes that the
    engine has no bar for, bars outside 0.05 to 0.95, and where nothing differs from what counts.
    """
    require(actor, Verb.SETTINGS, store.pk)
    own = own_bars(engine)
    if not bars or set(bars) - set(own):
        raise Refused(_("These bars are not known to this engine. Look at the page as it is now."))
    if not all(refit.LOWEST <= bar <= refit.HIGHEST for bar in bars.values()):
        raise Refused(_("A bar lies between 0.05 and 0.95."))
    if dict(bars) == queries.bars_of(store.pk, engine)[0]:
        raise Refused(_("These bars are in place already."))
    return _keep(store, engine, bars, seen, actor, "triage.apply_bars")


def revoke_bars(store: Store, engine: str, *, seen: int, actor: User) -> StoreBars:
    """The engine's own bars count again in a store, from now on. Refused where they do already."""
    require(actor, Verb.SETTINGS, store.pk)
    if not queries.bars_of(store.pk, engine)[0]:
        raise Refused(_("The engine's own bars count here already."))
    return _keep(store, engine, {}, seen, actor, "triage.revoke_bars")


def export_corrections(store: Store, *, actor: User) -> list[str]:
    """Every checked verdict of a store as a line of JSON, the newest first: text, star, language, sentiment, causes,
    primary and flags as a person said, and what the engine had said. Texts are masked; no name, number or id of a
    customer is in it. For whoever may take data out and correct."""
    for verb in (Verb.EXPORT, Verb.CORRECT):
        require(actor, verb, store.pk)
    made = list(exporting.lines(store))
    with transaction.atomic():
        record("triage.export_corrections", actor=actor, kind="store", ref=store.pk, store=store.pk,
               counts={"verdicts": len(made)})
    return made


def _keep(
    store: Store, engine: str, bars: Mapping[str, float], seen: int, actor: User, verb: str
) -> StoreBars:
    changed = Refused(_("Somebody changed the bars meanwhile. Look at them as they are now, then try again."))
    checked = sum(1 for _row in queries.rows(store, queries.Wanted(engine=engine)))
    made = StoreBars(store=store, version=seen + 1, engine=engine, bars=dict(bars), checked=checked, by=actor,
                     made_at=clock.now())  # fmt: skip
    if seen != queries.last_version(store.pk):
        raise changed
    try:
        with transaction.atomic():
            made.save()
            record(verb, actor=actor, kind="store", ref=store.pk, store=store.pk, fields=sorted(bars),
                   counts={"version": made.version, "checked": checked})
    except IntegrityError as error:
        raise changed from error
    return made
