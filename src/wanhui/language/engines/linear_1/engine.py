"""The engine of the family linear-1: linear separators on runs of characters and words, whole texts and clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wanhui.language.detect import detect
from wanhui.language.engines.linear_1.decisions import Bars, Chances, Decision, decide
from wanhui.language.engines.linear_1.pictures import mood
from wanhui.language.engines.linear_1.scores import Prepared, score, stacked
from wanhui.language.engines.linear_1.weights import Doubles, Floats, Weights, load_weights
from wanhui.language.judgement import CAUSES, CauseScore, Judgement, PraiseScore, Span, nothing_said
from wanhui.language.normalise import fold, is_placeholder
from wanhui.language.patterns import sub_cause
from wanhui.language.split import clauses_of_all

# Of a longer text the beginning is read: no platform takes reviews of this length, and memory stays bounded.
LONGEST_TEXT = 20_000
BATCH = 20_000  # code points judged at once: large enough to amortise the calls, small enough for the cache
MOST_EVIDENCE = 3


class Linear1:
    """One loaded model. Holds no state but its arrays: safe to share between threads."""

    def __init__(self, weights: Weights) -> None:
        self.name: str = weights.manifest["name"]
        self._weights = weights
        self._bars = Bars.from_manifest(weights.manifest)
        self._heads = {name: place for place, name in enumerate(weights.manifest["heads"])}
        self._outputs = {name: place for place, name in enumerate(weights.manifest["outputs"])}

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

    def _judge_batch(self, texts: list[str | None], ratings: list[int | None], language: str | None) -> list[Judgement]:
        languages = [language or detect((text or "")[:LONGEST_TEXT]) for text in texts]
        judged = [nothing_said(each, self.name) for each in languages]
        spoken = [row for row, text in enumerate(texts) if not is_placeholder(text)]
        folded = [fold((texts[row] or "")[:LONGEST_TEXT]) for row in spoken]
        batch = Prepared(
            folded,
            clauses_of_all(folded).by_text(),
            [languages[row] for row in spoken],
            [ratings[row] for row in spoken],
        )
        for row, judgement in zip(spoken, self._spoken(batch), strict=True):
            judged[row] = judgement
        return judged

    def _spoken(self, batch: Prepared) -> Iterator[Judgement]:
        scores = score(batch, self._weights)
        # In double precision: a text must get the same rounded scores whatever else is in its batch.
        logits = stacked(batch, scores.texts, scores.best).astype(np.float64) @ self._weights.stack
        chances = self._chances(batch, logits)
        first = 0
        for row, spans in enumerate(batch.clauses):
            yield self._judgement(batch, row, chances[row], scores.clauses[first : first + len(spans)])
            first += len(spans)

    def _chances(self, batch: Prepared, logits: Doubles) -> list[Chances]:
        single = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        praises, primary = self._columns(single, "praise"), self._columns(single, "primary")
        flags = [(name, self._outputs[f"flag:{name}"]) for name in self._bars.flags]
        known = np.array([star is not None for star in batch.ratings], bool)[:, None]
        causes = np.where(known, self._columns(single, "starred-cause"), self._columns(single, "cause"))
        share = np.where(known, self._columns(logits, "starred"), self._columns(logits, "sentiment"))
        share = np.exp(share - share.max(axis=1, keepdims=True, initial=-30))
        share /= share.sum(axis=1, keepdims=True)
        return [
            Chances(*each)
            for each in zip(
                causes.tolist(),
                share.tolist(),
                [{name: float(row[column]) for name, column in flags} for row in single],
                primary.tolist(),
                praises.tolist(),
                strict=True,
            )
        ]

    def _columns(self, values: Doubles, side: str) -> Doubles:
        return values[:, [place for name, place in self._outputs.items() if name.startswith(f"{side}:")]]

    def _judgement(self, batch: Prepared, row: int, chances: Chances, clauses: Floats) -> Judgement:
        pictured = mood(batch.folded[row])
        if pictured is not None:
            chances = replace(chances, sentiment=pictured)
        decision = decide(chances, self._bars, batch.ratings[row])
        spans, language = batch.clauses[row], batch.languages[row]
        return Judgement(
            language=language,
            no_text=False,
            unsure=decision.unsure or language == "und",
            sentiment=decision.sentiment,
            causes=tuple(
                self._cause(code, chances, batch.folded[row], spans, clauses, language) for code in decision.causes
            ),
            praises=self._praises(decision, chances, spans, clauses),
            primary=None if decision.primary is None else CAUSES[decision.primary],
            flags=decision.flags,
            engine=self.name,
        )

    def _cause(
        self, code: int, chances: Chances, folded: str, spans: Sequence[Span], clauses: Floats, language: str
    ) -> CauseScore:
        name = CAUSES[code]
        evidence = _evidence(spans, clauses[:, self._heads[f"cause:{name}"]])
        sub = sub_cause(name, [folded[start:end] for start, end in evidence], language)
        return CauseScore(name, sub, round(chances.causes[code], 4), evidence)

    def _praises(
        self, decision: Decision, chances: Chances, spans: Sequence[Span], clauses: Floats
    ) -> tuple[PraiseScore, ...]:
        return tuple(
            PraiseScore(
                CAUSES[code],
                round(chances.praises[code], 4),
                _evidence(spans, clauses[:, self._heads[f"praise:{CAUSES[code]}"]]),
            )
            for code in decision.praises
        )


def load(folder: Path) -> Linear1:
    """The engine from the model in `folder`; DamagedModel if its files are not as shipped."""
    return Linear1(load_weights(folder))


def _evidence(spans: Sequence[Span], scores: NDArray[np.float32]) -> tuple[Span, ...]:
    """The clauses that carry it: those that say so by themselves, at most three; else the strongest one."""
    if not spans:
        return ()
    strongest = np.argsort(-scores, kind="stable")[:MOST_EVIDENCE]
    chosen = [place for place in strongest if scores[place] > 0] or [strongest[0]]
    return tuple(spans[place] for place in sorted(chosen))


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
