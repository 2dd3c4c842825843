"""The engine of the family joined-1: linear separators and, in the accurate models, a recurrent network, joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from wanhui.language.detect import detect
from wanhui.language.engines.joined_1.batch import LONGEST_TEXT, Batch, batch_of
from wanhui.language.engines.joined_1.decisions import Chances, decide, softmax
from wanhui.language.engines.joined_1.evidence import Ground, Said, evidence_of
from wanhui.language.engines.joined_1.network import Floats
from wanhui.language.engines.joined_1.scores import Linear, Read, read, separated
from wanhui.language.engines.joined_1.stack import stacked_of
from wanhui.language.engines.joined_1.weights import Weights, load_weights
from wanhui.language.engines.linear_1.pictures import mood
from wanhui.language.finer import sub_cause
from wanhui.language.judgement import CAUSES, FLAGS, SENTIMENTS, CauseScore, Judgement, PraiseScore, nothing_said
from wanhui.language.normalise import is_placeholder

BATCH = 20_000  # code points judged at once: large enough to amortise the calls, small enough for the cache


class Joined1:
    """One loaded model. Holds no state but its arrays: safe to share between threads."""

    def __init__(self, weights: Weights) -> None:
        self.name = weights.name
        self._weights = weights

    def judge(
        self,
        texts: Sequence[str | None],
        ratings: Sequence[int | None],
        products: Sequence[str | None],
        language: str | None,
    ) -> list[Judgement]:
        """One judgement a text, in order. `products` are not used by this engine."""
        judged: list[Judgement] = []
        for rows in _batches(texts):
            judged += self._judge_batch([texts[row] for row in rows], [ratings[row] for row in rows], language)
        return judged

    def _judge_batch(self, texts: list[str | None], stars: list[int | None], language: str | None) -> list[Judgement]:
        judged: list[Judgement | None] = [None] * len(texts)
        spoken: list[int] = []
        for row, text in enumerate(texts):
            if is_placeholder(text):
                judged[row] = nothing_said(language or detect((text or "")[:LONGEST_TEXT]), self.name)
            else:
                spoken.append(row)
        if spoken:
            batch = batch_of([texts[row] or "" for row in spoken], [stars[row] for row in spoken], language)
            for row, judgement in zip(spoken, self._spoken(batch), strict=True):
                judged[row] = judgement
        return [each for each in judged if each is not None]

    def _spoken(self, batch: Batch) -> Iterator[Judgement]:
        weights = self._weights
        linear, said = self.numbers(batch)
        chances = self._chances(batch, stacked_of(batch, linear, said))
        decided = decide(chances, weights.bars, batch.stars)
        ground = Ground(
            batch.tokens, batch.clauses, linear, weights.separators, said, weights.glued, weights.tight
        )  # fmt: skip
        heads = weights.heads
        causes = evidence_of(decided.causes | decided.near, chances.causes, heads["cause"], 0, ground)
        near = decided.near.tolist()
        praises = evidence_of(decided.praises, chances.praises, heads["praise"], len(CAUSES), ground)
        unsure = (decided.doubt > weights.bars.doubt).tolist()
        flags = decided.flags.tolist()
        for row, (sentiment, primary) in enumerate(
            zip(decided.sentiment.tolist(), decided.primary.tolist(), strict=True)
        ):
            language = batch.languages[row]
            told = [(_cause(each, batch.folded[row], language), near[row][each.code]) for each in causes[row]]
            yield Judgement(
                language=language,
                no_text=False,
                unsure=unsure[row] or language == "und",
                sentiment=SENTIMENTS[sentiment],
                causes=tuple([cause for cause, nearly in told if not nearly]),
                praises=tuple(PraiseScore(CAUSES[each.code], each.score, each.evidence) for each in praises[row]),
                primary=None if primary < 0 else CAUSES[primary],
                flags=tuple(flag for flag, found in zip(FLAGS, flags[row], strict=True) if found),
                engine=self.name,
                near=tuple([cause for cause, nearly in told if nearly]),
            )

    @property
    def reads(self) -> bool:
        """Whether the model has a network."""
        return self._weights.network is not None

    def with_tight(self, tight: float) -> Joined1:
        """The same engine with longer or shorter evidence; for training, which chooses it."""
        return Joined1(replace(self._weights, tight=tight))

    def numbers(self, batch: Batch) -> tuple[Linear, Read | None]:
        """What the first layer says of a batch: the linear heads, and the network where the model has one."""
        weights = self._weights
        linear = separated(batch.tokens, batch.clauses.counts, weights.separators)
        return linear, None if weights.network is None else read(batch.tokens, batch.clauses.counts, weights.network)

    def chances(self, batch: Batch) -> Chances:
        """What it thinks likely, before anything is decided; for training, where one model teaches another."""
        return self._chances(batch, stacked_of(batch, *self.numbers(batch)))

    def _chances(self, batch: Batch, stacked: Floats) -> Chances:
        # In double precision: a text must get the same rounded scores whatever else is in its batch.
        logits = stacked.astype(np.float64) @ self._weights.stack
        single = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        outputs = self._weights.outputs
        known = (batch.stars > 0)[:, None]
        chances = Chances(
            causes=np.where(known, single[:, outputs["starred-cause"]], single[:, outputs["cause"]]),
            sentiment=softmax(np.where(known, logits[:, outputs["starred"]], logits[:, outputs["sentiment"]])),
            flags=np.hstack([single[:, outputs["flag"]], np.zeros((len(single), 1))]),
            primary=single[:, outputs["primary"]],
            praises=single[:, outputs["praise"]],
        )
        for row, folded in enumerate(batch.folded):
            pictured = mood(folded)
            if pictured is not None:
                chances.sentiment[row] = pictured
        return chances


def load(folder: Path) -> Joined1:
    """The engine from the model in `folder`; DamagedModel if its files are not as shipped."""
    return Joined1(load_weights(folder))


def _cause(said: Said, folded: str, language: str) -> CauseScore:
    name = CAUSES[said.code]
    sub = sub_cause(name, [folded[start:end] for start, end in said.clauses], language)
    return CauseScore(name, sub, said.score, said.evidence)


def _batches(texts: Sequence[str | None]) -> Iterator[list[int]]:
    rows: list[int] = []
    size = 0
    for row, text in enumerate(texts):
        rows.append(row)
        size += min(len(text or ""), LONGEST_TEXT)
        if size >= BATCH:
            yield rows
            rows, size = [], 0
    if rows:
        yield rows
