"""What happens next: the whole flow as one table."""

from collections.abc import Callable

from wanhui.cases import actions as cases
from wanhui.pipeline import helper
from wanhui.reviews import actions as reviews
from wanhui.triage import actions as triage
from wanhui.work.models import Step

STEPS: dict[str, Callable[[Step], object]] = {
    "import.confirmed": lambda step: reviews.take_in(
        step.ids[0], actor=None, step=step, on_progress=lambda done, total: helper.call(rows=total - done)
    ),
    "reviews.received": lambda step: triage.judge_reviews(step.ids, actor=None, step=step),
    "verdicts.given": lambda step: cases.consider(step.ids, actor=None),
}
