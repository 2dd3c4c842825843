"""A store's severity table changes; and, when a person asks for it, what was weighed before is weighed again."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.stores.models import Store
from wanhui.stores.queries import require
from wanhui.triage.models import Verdict
from wanhui.triage.queries import hold
from wanhui.triage.rules import Urgencies
from wanhui.triage.severity import queries, tables
from wanhui.triage.severity.models import SeverityTable
from wanhui.work import actions as work
from wanhui.work.models import Step

WEIGH = "severity.asked"


def change_severity(store: Store, table: Urgencies, *, seen: int, actor: User) -> SeverityTable:
    """Keep a table as the store's next version: it weighs what is judged from now on, and nothing of before.

    seen: the version the person looked at; Refused when another one counts by now, and where nothing differs.
    """
    require(actor, Verb.SETTINGS, store.pk)
    now, version = queries.table_of(store.pk)
    differing = tables.changes(now, table)
    if not differing:
        raise Refused(_("This table is the one that counts already. Change a reason first."))
    made = SeverityTable(store=store, version=version + 1, levels=dict(table.levels), mass_from=table.mass_from,
                         readers_from=table.readers_from, by=actor, made_at=clock.now())  # fmt: skip
    try:
        with transaction.atomic():
            if seen != version:
                raise Refused(_("Somebody changed the table meanwhile. Look at it as it is now, then try again."))
            made.save()
            record("triage.change_severity", actor=actor, kind="store", ref=store.pk, store=store.pk,
                   fields=differing, counts={"version": made.version})
    except IntegrityError as error:
        raise Refused(
            _("Somebody changed the table meanwhile. Look at it as it is now, then try again.")
        ) from error
    return made


def ask_severity(store: Store, *, actor: User) -> int:
    """Ask that the last ninety days' verdicts are weighed by the table of today; how many will get another severity.

    The worker does it, and open cases hear of it. Refused where none would change.
    """
    require(actor, Verb.SETTINGS, store.pk)
    table, version = queries.table_of(store.pk)
    changed = queries.preview(store.pk, table).changed
    if not changed:
        raise Refused(_("No verdict of these days would get another severity."))
    with transaction.atomic():
        work.note(WEIGH, f"{store.pk}/{version}/{clock.now():%Y%m%dT%H%M%S.%f}", ids=[store.pk])
        record("triage.ask_severity", actor=actor, kind="store", ref=store.pk, store=store.pk,
               counts={"verdicts": changed})
    return changed


def weigh_again(store_id: int, *, actor: User | None, step: Step | None = None) -> int:
    """Weigh the last ninety days' verdicts of a store by its table of now; how many got another severity.

    Piece by piece; each piece with changes leaves an entry and tells the cases. Killed anywhere and begun again it
    does what is left. A worker that lost its step stops.
    """
    table, version = queries.table_of(store_id)
    changed = 0
    for ids in queries.parts(store_id):
        with transaction.atomic():
            if step is not None and not work.renew(step, ahead=True):
                break
            changed += _weigh_part(store_id, ids, table, version, actor)
    return changed


def _weigh_part(store_id: int, ids: list[int], table: Urgencies, version: int, actor: User | None) -> int:
    hold(list(Verdict.objects.filter(pk__in=ids).values_list("review_id", flat=True)))
    different: list[Verdict] = []
    reviews: set[int] = set()
    for pk, review, row in queries.rows_of(ids):
        severity, reasons = row.weighed(table)
        if severity != row.severity:
            different.append(Verdict(pk=pk, severity=severity, reasons=reasons, table_version=version))
            reviews.add(review)
    if not different:
        return 0
    Verdict.objects.bulk_update(different, ["severity", "reasons", "table_version"], batch_size=100)
    work.note("verdicts.given", f"severity/{version}/{ids[0]}/{clock.now():%Y%m%dT%H%M%S.%f}", ids=sorted(reviews))
    record("triage.weigh_again", actor=actor, kind="store", ref=store_id, store=store_id,
           counts={"verdicts": len(different)})
    return len(different)
