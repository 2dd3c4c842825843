"""From what triage said of a text to what a draft is made from."""

from __future__ import annotations

from collections.abc import Sequence

from wanhui.language.judgement import CauseScore, Judgement, PraiseScore
from wanhui.playbook.rules import pack_of
from wanhui.playbook.shapes import Channel
from wanhui.replies.composing import DraftInput, NamedCause, StoreKind

OF_A_STAY = frozenset({"facility", "noise", "location"})
HOME_LANGUAGE = {"cn": "zh-Hans", "de": "de"}


def input_from(
    text: str, judgement: Judgement, *, platform: str, channel: Channel = "public", seed: int = 0
) -> DraftInput:
    """The draft's input for one judged text, with the primary cause first and the evidence as the customer wrote it.

    The reply's language is the review's; where that is unknown, the usual one of the platform's market.
    """
    causes = sorted(judgement.causes, key=lambda cause: cause.code != judgement.primary)
    language = judgement.language
    if language == "und":
        language = HOME_LANGUAGE.get(pack_of(platform).market, "en")
    return DraftInput(
        text="" if judgement.no_text else text,
        platform=platform,
        language=language,
        causes=_named(text, causes),
        praises=_named(text, judgement.praises),
        sentiment=judgement.sentiment,
        flags=frozenset(judgement.flags),
        store_kind=_kind(platform, judgement),
        seed=seed,
        channel=channel,
    )


def _named(text: str, scores: Sequence[CauseScore | PraiseScore]) -> tuple[NamedCause, ...]:
    return tuple(NamedCause(score.code, tuple(text[start:end] for start, end in score.evidence)) for score in scores)


def _kind(platform: str, judgement: Judgement) -> StoreKind:
    kind = pack_of(platform).kind
    if kind == "mixed":
        return "hotel" if any(cause.code in OF_A_STAY for cause in judgement.causes) else "goods"
    return kind
