"""What of a case can be found by searching. The words of its reviews and replies are found as theirs."""

from collections import defaultdict
from collections.abc import Sequence

from wanhui.cases.models import Case, LogLine, Measure
from wanhui.kit.clock import day_in
from wanhui.search import actions as search
from wanhui.search.rules import Item, Kind

# Lines of the log that tell of words written elsewhere: a conclusion, a measure, the note of a contact.
WRITTEN = {"closed", "contact", "measure_planned"}


def items(ids: Sequence[int]) -> list[Item]:
    """These cases by conclusion, notes, contacts and measures; listed under the day they were opened. Three queries."""
    written: dict[int, list[str]] = defaultdict(list)
    lines = LogLine.objects.filter(case_id__in=ids).order_by("-pk")
    for case, text, contact in lines.values_list("case_id", "text", "contact__note"):
        written[case] += [text, contact or ""]
    for case, text in Measure.objects.filter(case_id__in=ids).order_by("-pk").values_list("case_id", "text"):
        written[case].append(text)
    found = Case.objects.filter(pk__in=ids).values_list("pk", "store_id", "store__timezone", "opened_at", "conclusion")
    return [
        Item(Kind.CASE, pk, store, day_in(opened, zone), (conclusion, *written[pk]))
        for pk, store, zone, opened, conclusion in found
    ]


def renew(case_id: int) -> None:
    """Find this case by what is written in it now. Part of the verb that wrote, in its transaction."""
    Case.objects.select_for_update(no_key=True).filter(pk=case_id).values_list("pk").first()
    search.put(items([case_id]))
