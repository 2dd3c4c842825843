"""The small writes every verb of a case is made of: change, log line, giving, moving, and what undoing needs.

Each runs inside the transaction of the verb that calls it; the verb leaves the audit entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.cases import rules, sought
from wanhui.cases.models import Case, Deed, Handover, LogLine
from wanhui.cases.wording import changed_since
from wanhui.customers.models import Contact
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.stores.queries import may

KEPT_FOR = timedelta(days=1)
Item = dict[str, Any]


@dataclass(slots=True)
class Batch:
    """What came of a verb over many cases: those it reached, those left alone with why, and the deed to undo."""

    done: list[int] = field(default_factory=list)
    left: list[tuple[int, str]] = field(default_factory=list)
    deed: Deed | None = None


def log(
    case: Case,
    what: str,
    *,
    by: User | None,
    detail: dict[str, Any] | None = None,
    text: str = "",
    contact: Contact | None = None,
) -> None:
    """One line for the readers of a case."""
    LogLine.objects.create(
        case=case, at=clock.now(), by=by, what=what, detail=detail or {}, text=text, contact=contact,
        version=case.version,
    )
    if text or what in sought.WRITTEN:
        sought.renew(case.pk)


def change(case: Case, version: int | None, **fields: Any) -> None:
    """Write fields of an open case, only if nobody changed it since the person looked (`version`).

    Refused otherwise, saying who did what meanwhile.
    """
    rows = Case.objects.filter(pk=case.pk, closed_at=None)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, **fields):
        fresh = Case.objects.get(pk=case.pk)
        told = changed_since(fresh, version or 0)
        if fresh.closed_at is not None:
            raise Refused(_("This case is closed already. Nothing was changed."))
        if told:
            raise Refused(_("Meanwhile: %(changes)s. Look at the case as it is now, then try again.")
                          % {"changes": told})
        raise Refused(_("Somebody else changed this case meanwhile. Look at it as it is now, then try again."))
    case.refresh_from_db()


def give(case: Case, person: User | None, note: str, *, actor: User, version: int | None) -> Item:
    """Put a person (or nobody) in charge; somebody else than the actor finds a hand-over with the note."""
    before = _before(case)
    change(case, version, assignee=person)
    end_handovers(case)
    if person is not None and person != actor:
        Handover.objects.create(case=case, by=actor, to=person, at=clock.now(), note=note)
    log(case, "assigned", by=actor, detail={"person": person.pk if person else None}, text=note)
    return {"case": case.pk, "version": case.version, "before": before}


def shift(case: Case, stage: str, *, actor: User, version: int | None) -> Item:
    """Put a case into another stage. Refused where `rules.next_stages` does not lead."""
    if stage not in rules.next_stages(rules.Stage(case.stage)):
        raise Refused(_("A case cannot go from its stage to this one. Choose one of the steps that are offered."))
    before = _before(case)
    change(case, version, stage=stage)
    log(case, "stage", by=actor, detail={"before": before["stage"], "after": stage})
    return {"case": case.pk, "version": case.version, "before": before}


def put_back(item: Item, *, actor: User) -> bool:
    """Restore one case of a deed to what it was before; False when somebody touched it since or it is closed."""
    before = item["before"]
    rows = Case.objects.filter(pk=item["case"], version=item["version"], closed_at=None)
    if not rows.update(version=F("version") + 1, assignee_id=before["assignee"], stage=before["stage"]):
        return False
    case = Case.objects.get(pk=item["case"])
    end_handovers(case)
    Handover.objects.filter(pk=before["handover"], case=case).update(ended_at=None)
    log(case, "undone", by=actor)
    return True


def where_may(person: User, cases: Iterable[Case]) -> set[int]:
    """The stores of these cases in which a person may work on cases."""
    return {store for store in {case.store_id for case in cases} if may(person, Verb.CLAIM, store)}


def end_handovers(case: Case) -> int:
    """No hand-over of this case waits any more; how many did."""
    return Handover.objects.filter(case=case, ended_at=None).update(ended_at=clock.now())


def _before(case: Case) -> dict[str, Any]:
    waiting = Handover.objects.filter(case=case, ended_at=None).values_list("pk", flat=True).first()
    return {"assignee": case.assignee_id, "stage": case.stage, "handover": waiting}
