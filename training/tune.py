"""Teach the pre-trained network what the labels say, texts and words: used by `training.fit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from training.data import Row
from training.heads import targets
from training.network import Descent, Encoded, Lexicon, Network, Padded
from training.pretrain import batches
from wanhui.language.engines.joined_1.stack import HEADS, MARKS
from wanhui.language.normalise import fold

EPOCHS = 5
TOKENS = 3_000  # of a batch
RATE, SPARSE_RATE = 1.5e-3, 1e-3
DROP, FORGET = 0.3, 0.08  # of the embedding's numbers, of whole tokens
AVERAGED = 0.6  # from this part of the way on, the weights are averaged
PRIMARY_WEIGHT = 0.5
MARK_WEIGHT, LOOK_WEIGHT = 0.02, 0.3  # of marking the words that carry a cause, and of looking at them
LOOKED_AT = np.array([HEADS.index(mark) for mark in MARKS])
MOOD = slice(HEADS.index("sentiment:negative"), HEADS.index("sentiment:positive") + 1)


@dataclass(frozen=True, slots=True)
class Lessons:
    """N texts with the answers to HEADS, the weight of each answer, and the words of MARKS where somebody quoted."""

    texts: list[Encoded]
    wanted: NDArray[np.float32]
    weights: NDArray[np.float32]
    quotes: list[list[tuple[int, int, int]] | None]  # mark, start, end

    @classmethod
    def of(cls, rows: Sequence[Row], lexicon: Lexicon) -> Lessons:
        pairs = [targets(head, rows) for head in HEADS]
        wanted, weights = (np.stack(each, axis=1).astype(np.float32) for each in zip(*pairs, strict=True))
        for place, row in enumerate(rows):
            if row.chances is not None:
                wanted[place], weights[place] = row.chances, row.weight
        return cls(
            lexicon.encode([fold(row.text) for row in rows]),
            wanted,
            weights,
            [_quotes(row) for row in rows],
        )

    def lengths(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.array([len(self.texts[place].token) for place in places.tolist()])


def tune(
    lexicon: Lexicon, begin: Mapping[str, torch.Tensor], lessons: Lessons, rows: NDArray[np.int64], seed: int
) -> Network:
    """The network that begins as pre-trained (`begin`) and has learnt these rows."""
    torch.manual_seed(seed)
    dice = np.random.default_rng(seed)
    network = Network(lexicon)
    network.load_state_dict(begin)
    descent = Descent(network, network.sparse()[:-1], (SPARSE_RATE, RATE), decay=0.01)
    lengths = lessons.lengths(rows)
    steps = EPOCHS * len(batches(lengths, TOKENS, np.random.default_rng(seed)))
    step, averaged = 0, _Average()
    while step < steps:
        for places in batches(lengths, TOKENS, dice):
            pace = min(1, step / 50) * (1 - 0.97 * min(1, step / steps))
            loss = _loss(network, lessons, rows[places])
            descent.step(loss, pace)
            step += 1
            if step % 200 == 0:
                print(f"{step} of {steps} steps, loss {loss.item():.2f}", flush=True)
            if step > AVERAGED * steps and step % 10 == 0:
                averaged.add(network.state_dict())
    network.load_state_dict(averaged.mean)
    return network


@torch.no_grad()
def said(
    network: Network, lessons: Lessons, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What a network says of rows it need not have seen: R by HEADS, and R by MARKS, each text's strongest token."""
    numbers = np.zeros((len(rows), len(HEADS)), np.float32)
    marks = np.zeros((len(rows), len(MARKS)), np.float32)
    order = np.argsort(lessons.lengths(rows))
    for at in range(0, len(rows), 64):
        mine = order[at : at + 64]
        texts = Padded.of([lessons.texts[place] for place in rows[mine].tolist()])
        states = network.states(texts)
        numbers[mine] = network.numbers(states, texts)[0].numpy()
        marks[mine] = network.mark(states).masked_fill(~texts.known[:, :, None], -10.0).amax(1).numpy()
    return numbers, marks


class _Average:
    """The mean of the weights on the last part of the way: flatter, and better out of sample than any one of them."""

    def __init__(self) -> None:
        self.mean: dict[str, torch.Tensor] = {}
        self._count = 0

    def add(self, state: Mapping[str, torch.Tensor]) -> None:
        self._count += 1
        for name, value in state.items():
            if name in self.mean:
                self.mean[name] += (value - self.mean[name]) / self._count
            else:
                self.mean[name] = value.clone()


def _loss(network: Network, lessons: Lessons, places: NDArray[np.int64]) -> torch.Tensor:
    texts = Padded.of([lessons.texts[place] for place in places.tolist()])
    states = functional.dropout(network.states(texts, DROP, FORGET), DROP)
    numbers, looks = network.numbers(states, texts)
    wanted, weights = torch.from_numpy(lessons.wanted[places]), torch.from_numpy(lessons.weights[places])
    each = functional.binary_cross_entropy_with_logits(numbers, wanted, reduction="none") * weights
    each[:, MOOD] = 0
    each[:, [place for place, head in enumerate(HEADS) if head.startswith("primary:")]] *= PRIMARY_WEIGHT
    mood = -(wanted[:, MOOD] * functional.log_softmax(numbers[:, MOOD], -1)).sum(-1) * weights[:, MOOD.start]
    loss = (each.sum(-1) + mood).mean()
    quoted, words = _words(lessons, places, texts)
    if not len(quoted):
        return loss
    known = texts.known[quoted].float()[:, :, None]
    marking = functional.binary_cross_entropy_with_logits(network.mark(states[quoted]), words, reduction="none") * known
    seen = (looks[quoted][:, :, LOOKED_AT] * words).sum(1).clamp(min=1e-4)
    looking = -seen.log() * (words.sum(1) > 0)
    return loss + (MARK_WEIGHT * marking.sum() + LOOK_WEIGHT * looking.sum()) / len(places)


def _words(lessons: Lessons, places: NDArray[np.int64], texts: Padded) -> tuple[torch.Tensor, torch.Tensor]:
    """The rows of a batch that were quoted, and for these B by T by MARKS which tokens the quotes cover."""
    quoted = [row for row, place in enumerate(places.tolist()) if lessons.quotes[place] is not None]
    words = torch.zeros(len(quoted), texts.token.shape[1], len(MARKS))
    for row, place in enumerate(places[quoted].tolist()):
        text = lessons.texts[place]
        for mark, start, end in lessons.quotes[place] or ():
            words[row, np.flatnonzero((text.start < end) & (text.end > start)), mark] = 1
    return torch.tensor(quoted, dtype=torch.int64), words


def _quotes(row: Row) -> list[tuple[int, int, int]] | None:
    if row.quotes is None:
        return None
    return [
        (MARKS.index(f"{side}:{code}"), start, end)
        for side, quotes in zip(("cause", "praise"), row.quotes, strict=True)
        for code, start, end in quotes
    ]
