"""Judging again with another engine: what triage looks at, with what cases would make of it."""

from collections import Counter
from collections.abc import Iterator

from wanhui.cases import foreseen
from wanhui.triage.rejudging import actions, queries
from wanhui.triage.rejudging.queries import Part, Scope
from wanhui.triage.rejudging.rules import Tally
from wanhui.work.models import Step

LOOK, APPLY = queries.STEPS


def preview(scope: Scope) -> Iterator[tuple[int, Tally]]:
    """What another engine would change, part by part: how many reviews each had, and the tally so far. Writes
    nothing."""
    tally = Tally()
    for part in queries.parts(scope):
        queries.look_at(part, tally, on_cases)
        yield len(part.ids), tally


def look(step: Step) -> None:
    """The step that looks."""
    actions.look(step.ids[0], on_cases, actor=None, step=step)


def apply(step: Step) -> None:
    """The step that puts the new verdicts in place."""
    actions.rejudge(step.ids[0], actor=None, step=step)


def on_cases(part: Part) -> Counter[str]:
    """What would happen to cases: see `cases.foreseen`."""
    new = [after for _before, after in part.pairs]
    return foreseen.foresee(new, [*part.beside, *new])
