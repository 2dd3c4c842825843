"""A person's word in place of an engine's."""

import pytest

from tests import makers
from tests.cast import Cast
from wanhui.audit.models import Entry
from wanhui.kit.errors import Refused
from wanhui.triage import actions
from wanhui.triage.models import Verdict
from wanhui.work.models import Step


def test_a_correction_counts_from_now_on_and_the_old_verdict_stays(people: Cast) -> None:
    review = makers.review(people.clothes, "赠品没有，客服也不理", stars=1)
    old = makers.verdict(review, "quality", severity=3)
    heard = {"code": "service", "sub": None, "score": 0.4, "evidence": [[5, 10]]}
    Verdict.objects.filter(pk=old.pk).update(causes=[heard])
    old.refresh_from_db()
    new = actions.correct(
        old, actor=people.li, sentiment="negative", causes=["fulfilment.missing_gift", "service"], flags=["churn"]
    )
    old.refresh_from_db()
    assert (old.current, new.current, new.by, new.engine) == (False, True, people.li, "person")
    assert [(c["code"], c["sub"]) for c in new.causes] == [
        ("fulfilment", "fulfilment.missing_gift"), ("service", None)
    ]
    assert new.causes[1]["evidence"] == [[5, 10]]
    assert (new.primary, new.severity, new.bad) == ("fulfilment", 2, True)
    assert Entry.objects.filter(verb="triage.correct").count() == 1
    assert Step.objects.filter(kind="verdicts.given", ids=[review.pk]).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"sentiment": "furious", "causes": []},
        {"sentiment": "negative", "causes": ["weather"]},
        {"sentiment": "negative", "causes": ["quality"], "flags": ["alien"]},
        {"sentiment": "positive", "causes": ["quality"]},
    ],
)
def test_words_the_desk_does_not_know_are_refused(people: Cast, wrong: dict[str, object]) -> None:
    verdict = makers.verdict(makers.review(people.clothes), "quality")
    with pytest.raises(Refused):
        actions.correct(verdict, actor=people.li, **wrong)
    verdict.refresh_from_db()
    assert verdict.current


def test_a_viewer_corrects_nothing(people: Cast) -> None:
    verdict = makers.verdict(makers.review(people.clothes), "quality")
    with pytest.raises(Refused):
        actions.correct(verdict, actor=people.viewer, sentiment="negative", causes=["price"])
