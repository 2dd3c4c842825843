"""Reading what the desk remembers: saved views as tabs with counts, what is new to a person, who is on a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb, roles_that_may
from wanhui.cases import queries as cases
from wanhui.cases.models import Case, LogLine
from wanhui.desk.forms import QueueForm
from wanhui.desk.models import Look, SavedView, Seat
from wanhui.desk.rules import HERE_FOR
from wanhui.stores import queries as stores
from wanhui.stores.models import Store

FIELDS = ("store", "cause", "platform", "stage", "whose", "sort", "news")


@dataclass(frozen=True, slots=True)
class Tab:
    """One view above the queue: a name, its address, how many cases it shows."""

    key: str
    name: str
    query: str
    count: int
    here: bool
    view: SavedView | None = None


def canonical(data: Mapping[str, str]) -> str:
    """A filter as one address, always in the same order: equal filters are equal words."""
    return urlencode([(name, data[name]) for name in FIELDS if data.get(name)])


def views_for(user: User) -> QuerySet[SavedView]:
    """The views this person has: their own, and those shared with the stores they work in."""
    mine = Q(owner=user) | Q(store__in=stores.reachable(user))
    return SavedView.objects.filter(mine).select_related("store").order_by("pk")


def view_for(user: User, pk: int) -> SavedView:
    """One view that this person has; Http404 otherwise."""
    found = views_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def sharing_stores(user: User, kind: str) -> QuerySet[Store]:
    """The stores with whose people this person may share a view: where they may approve."""
    return stores.visible(user, kind).filter(memberships__user=user, memberships__role__in=roles_that_may(Verb.APPROVE))


def tabs(user: User, mine: list[Store], seat: Seat, *, kind: str, here: str) -> list[Tab]:
    """The tabs above the queue with their counts: everything, mine, handed to me, what is new, then saved views.

    here: the canonical filter of the page. Two queries, however many views there are.
    """
    found: list[tuple[str, str, str, SavedView | None]] = [
        ("all", _("All"), "", None),
        ("mine", _("My cases"), "whose=mine", None),
        ("handed", _("Handed to me"), "whose=handed", None),
        ("news", _("Changed or new"), "news=1", None),
    ]
    found += [(f"view-{view.pk}", view.name, view.query, view) for view in views_for(user)]
    filters = [wanted(user, QueryDict(query), mine, seat) for _key, _name, query, _view in found]
    counted = cases.counts(user, filters, kind=kind)
    listed = [
        Tab(key, name, query, n, query == here, view)
        for (key, name, query, view), n in zip(found, counted, strict=True)
    ]
    return [tab for tab in listed if tab.count or tab.here or tab.key not in ("handed", "news")]


def wanted(user: User, data: Mapping[str, str], mine: list[Store], seat: Seat) -> cases.QueueFilter:
    """A filter of an address as the case room understands it, with what is new to this person."""
    form = QueueForm(data, mine)
    return form.wanted(among=is_new(user, seat) if form.word("news") else None)


def is_new(user: User, seat: Seat) -> Q:
    """What an open case must be to be news: changed by others since this person looked, or opened since their last
    visit and not looked at yet. Asked case by case: a person's looks at closed cases are many."""
    looks = Look.objects.filter(user=user, case=OuterRef("pk"))
    later = LogLine.objects.filter(case=OuterRef("case"), at__gt=OuterRef("at")).exclude(by=user)
    return Q(Exists(looks.filter(Exists(later)))) | Q(opened_at__gt=seat.since) & ~Q(Exists(looks))


def marks(user: User, rows: Iterable[Case], seat: Seat) -> dict[int, str]:
    """"changed" or "new" for those of these cases that are news to this person. One query."""
    shown = {case.pk: case for case in rows}
    later = Count("case__log", filter=Q(case__log__at__gt=F("at")) & ~Q(case__log__by=user))
    looks = Look.objects.filter(user=user, case__in=list(shown)).annotate(later=later)
    seen = {look.case_id: look.later for look in looks}
    found = {pk: "changed" for pk, later_lines in seen.items() if later_lines}
    found |= {pk: "new" for pk, case in shown.items() if pk not in seen and case.opened_at > seat.since}
    return found


def company(user: User, case: Case, now: datetime) -> list[tuple[User, bool]]:
    """Who else is on this case's page now, and whether they are writing. One query."""
    here = Look.objects.filter(case=case, here_at__gt=now - HERE_FOR).exclude(user=user).select_related("user")
    return [
        (look.user, look.writing_at is not None and look.writing_at > now - HERE_FOR)
        for look in here.order_by("user__display_name", "pk")
    ]


def news_of(user: User, case: Case, after: int) -> list[LogLine]:
    """What others did to a case after the log line that the person's page shows last; oldest first."""
    lines = case.log.filter(pk__gt=after).exclude(by=user).select_related("by")
    return list(lines.order_by("pk")[:5])


def since_page(user: User, open_now: QuerySet[Case], born: datetime) -> tuple[int, int]:
    """How many of these open cases were opened, and how many others were changed by somebody else, since a page was
    made. Two queries over the log's newest lines."""
    lines = LogLine.objects.filter(at__gt=born).exclude(by=user)
    opened = open_now.filter(opened_at__gt=born).count()
    changed = open_now.filter(opened_at__lte=born, pk__in=lines.values("case")).count()
    return opened, changed


def team(user: User, kind: str) -> QuerySet[User]:
    """The colleagues who may take cases somewhere where this person may give them, by name."""
    mine = stores.stores_where(user, Verb.CLAIM, kind)
    taking = User.objects.filter(
        is_active=True, memberships__store__in=mine.order_by().values("pk"),
        memberships__role__in=roles_that_may(Verb.CLAIM),
    )  # fmt: skip
    return taking.exclude(pk=user.pk).distinct().order_by("display_name", "pk")
