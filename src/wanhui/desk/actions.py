"""Saved views, and the desk's bookkeeping of who looked at what. Only the views are deeds: they leave an entry."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.cases.models import Case
from wanhui.desk import rules
from wanhui.desk.models import Look, SavedView, Seat
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.stores.queries import may, require

VIEWS_AT_MOST = 12
SELDOM = timedelta(seconds=60)


def save_view(name: str, query: str, *, actor: User, store: int | None = None) -> SavedView:
    """Keep a filter under a name; with a store, for everybody who works there (who approves there may share).

    Refused without a name, without anything narrowed, under a name one has already, or when there are too many.
    """
    if store is not None:
        require(actor, Verb.APPROVE, store)
    name = _name(name)
    if not query:
        raise Refused(_("Narrow the queue first: a view keeps a filter or an order."))
    mine = SavedView.objects.filter(owner=actor)
    if mine.filter(name=name).exists():
        raise Refused(_("You have a view of this name already. Choose another name."))
    if mine.count() >= VIEWS_AT_MOST:
        raise Refused(_("You have %(n)s views already. Delete one first.") % {"n": VIEWS_AT_MOST})
    with transaction.atomic():
        view = SavedView.objects.create(owner=actor, store_id=store, name=name, query=query[:300], made_at=clock.now())
        record("desk.save_view", actor=actor, kind="view", ref=view.pk, store=store)
    return view


def rename_view(view: SavedView, name: str, *, actor: User) -> None:
    """Give a view another name. Refused for views that are not one's own to change."""
    _require_own(view, actor)
    name = _name(name)
    with transaction.atomic():
        SavedView.objects.filter(pk=view.pk).update(name=name)
        record("desk.rename_view", actor=actor, kind="view", ref=view.pk, store=view.store_id, fields=["name"])


def delete_view(view: SavedView, *, actor: User) -> None:
    """Throw a view away, for everybody it was shared with; no case changes."""
    _require_own(view, actor)
    with transaction.atomic():
        record("desk.delete_view", actor=actor, kind="view", ref=view.pk, store=view.store_id)
        view.delete()


def begin_with(view: SavedView | None, *, actor: User) -> None:
    """Let the queue begin with this view when one comes to it; None: with everything."""
    sit_down(actor=actor)
    with transaction.atomic():
        Seat.objects.filter(user=actor).update(view=view)
        record("desk.begin_with", actor=actor, kind="user", ref=actor.pk, fields=["view"])


def _name(name: str) -> str:
    name = " ".join(name.split())[:40]
    if not name:
        raise Refused(_("Give the view a name."))
    return name


def _require_own(view: SavedView, actor: User) -> None:
    if view.owner_id != actor.pk and not (view.store_id and may(actor, Verb.APPROVE, view.store_id)):
        raise Refused(_("This view belongs to somebody else. Save one of your own."))


def sit_down(*, actor: User) -> Seat:
    """Note that a person is at the queue; at most one write a minute. A pause of half an hour ends a visit."""
    now = clock.now()
    seat, made = Seat.objects.get_or_create(user=actor, defaults={"here_at": now, "since": now})
    if made or now - seat.here_at < SELDOM:
        return seat
    seat.since = rules.since(seat.here_at, seat.here_at, seat.since, now, pause=rules.VISIT_ENDS)
    seat.here_at = now
    Seat.objects.filter(pk=seat.pk).update(here_at=now, since=seat.since)
    return seat


def look(case: Case, *, actor: User) -> Look:
    """Note that a person looks at a case now; `since` says from when on lines are new to them. One write."""
    now = clock.now()
    fresh = {"at": now, "since": now, "here_at": now}
    seen, made = Look.objects.get_or_create(user=actor, case=case, defaults=fresh)
    if not made:
        seen.since = rules.since(seen.at, seen.here_at, seen.since, now, pause=rules.LOOK_ENDS)
        Look.objects.filter(pk=seen.pk).update(at=now, here_at=now, since=seen.since)
    return seen


def stay(case: Case, *, actor: User, writing: bool, now: datetime) -> None:
    """Note that a person is still on a case's page, and whether they write. One write each time their page asks."""
    Look.objects.filter(user=actor, case=case).update(here_at=now, **({"writing_at": now} if writing else {}))
