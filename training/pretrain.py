"""Teach the network to read before it is told what to look for: `python -m training.pretrain [--minutes 25]`.

On reviews nobody labelled it learns two things at once: to guess each token from those on either side, and to say what
the engine before it says of the whole text. What comes out is where `training.tune` begins; it is not shipped.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from training.network import Descent, Encoded, Lexicon, Network, Padded
from training.told import unlabelled
from wanhui.language.engines import load_engine
from wanhui.language.engines.joined_1 import Joined1
from wanhui.language.engines.joined_1.batch import batch_of
from wanhui.language.engines.joined_1.stack import HEADS
from wanhui.language.engines.joined_1.tokens import pairs_of, tokens_of
from wanhui.language.engines.joined_1.vocabulary import Keys
from wanhui.language.normalise import fold
from wanhui.language.split import Clauses

PLACE = Path(__file__).resolve().parents[1] / "build" / "pretrained.pt"
PARTS = ("tokens", "pairs", "inner")  # of a lexicon
LAYERS = (("token", "common"), ("pair",), ("inner",))  # the layers with a row for each of these
COMMON_TOKEN, COMMON_PAIR, COMMON_INNER = 8, 12, 4  # times in the pool before something is known
SHARED_TOKEN = 3  # the same for a token of the labelled reviews
MOST_PAIRS = 120_000
LONGEST_READ = 400  # code points of a review that are kept
LONGEST = 120  # tokens read of a review while pre-training
TOKENS = 6_000  # of a batch
RATE = 2e-3
TEACHING = 20.0  # weight of the teacher's answers beside the guessing of tokens


def lexicon_of(pool: Sequence[str], learnt: Sequence[str]) -> Lexicon:
    """What the network will know, from folded texts: the frequent tokens, pairs and runs of letters."""
    counted: tuple[Counter[int], Counter[int], Counter[int]] = Counter(), Counter(), Counter()
    for texts in (pool, learnt):
        for keys in _keys(texts):
            for counter, found in zip(counted, keys, strict=True):
                counter.update(
                    dict(zip(*(each.tolist() for each in np.unique(found, return_counts=True)), strict=True))
                )
    own: Counter[int] = Counter()
    for keys in _keys(learnt):
        own.update(keys[0].tolist())
    tokens, pairs, inner = counted
    pairs.pop(0, None)
    return Lexicon(
        _sorted(key for key, count in tokens.items() if count >= COMMON_TOKEN or own[key] >= SHARED_TOKEN),
        _sorted(key for key, count in pairs.most_common(MOST_PAIRS) if count >= COMMON_PAIR),
        _sorted(key for key, count in inner.items() if count >= COMMON_INNER),
    )


def _keys(texts: Sequence[str]) -> Iterator[tuple[NDArray[np.uint64], ...]]:
    for at in range(0, len(texts), 20_000):
        part = texts[at : at + 20_000]
        tokens = tokens_of(part, Clauses.none(len(part)))
        yield tokens.key, pairs_of(tokens), tokens.inner


def _sorted(keys: Iterator[int]) -> Keys:
    return Keys(np.array(sorted(keys), np.uint64))


@dataclass(frozen=True, slots=True)
class Pool:
    """Reviews nobody labelled: their tokens, and N by HEADS what the teacher thinks likely."""

    texts: list[Encoded]
    taught: NDArray[np.float32]


def asked(texts: Sequence[str], teacher: Joined1) -> NDArray[np.float32]:
    """What an engine of the family says of these texts: chances, N by HEADS."""
    parts = []
    for at in range(0, len(texts), 500):
        batch = batch_of(texts[at : at + 500], [None] * len(texts[at : at + 500]), None)
        chances = teacher.chances(batch)
        sides = (chances.causes, chances.sentiment, chances.flags[:, :-1], chances.primary, chances.praises)
        parts.append(np.hstack(sides).astype(np.float32))
    return np.concatenate(parts)


def batches(lengths: NDArray[np.int64], most: int, dice: np.random.Generator) -> list[NDArray[np.int64]]:
    """Texts of like length together, at most so many tokens a batch with its padding; in random order."""
    order = np.argsort(lengths * (1 + 0.1 * dice.random(len(lengths))) + 2 * dice.random(len(lengths)))
    found: list[list[int]] = [[]]
    longest = 0
    for place in order.tolist():
        longest = max(longest, int(lengths[place]))
        if found[-1] and longest * (len(found[-1]) + 1) > most:
            found.append([])
            longest = int(lengths[place])
        found[-1].append(place)
    return [np.array(found[place]) for place in dice.permutation(len(found))]


def agreed(numbers: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """How far what is said of B texts is from what should be said: the mean over texts."""
    sentiment = slice(HEADS.index("sentiment:negative"), HEADS.index("sentiment:positive") + 1)
    each = functional.binary_cross_entropy_with_logits(numbers, wanted, reduction="none")
    each[:, sentiment] = 0
    mood = -(wanted[:, sentiment] * functional.log_softmax(numbers[:, sentiment], -1)).sum(-1)
    return (each.sum(-1) + mood).mean()


def pretrain(lexicon: Lexicon, pool: Pool, minutes: float, seed: int) -> Network:
    """Read the pool for so long, the rate falling to nothing towards the end."""
    torch.manual_seed(seed)
    dice = np.random.default_rng(seed)
    network = Network(lexicon)
    descent = Descent(network, network.sparse(), (RATE, RATE), decay=1e-3)
    lengths = np.array([min(LONGEST, len(text.token)) for text in pool.texts])
    begun, step = time.monotonic(), 0
    while True:
        for places in batches(lengths, TOKENS, dice):
            done = (time.monotonic() - begun) / 60 / minutes
            if done >= 1:
                return network
            texts = Padded.of([_cut(pool.texts[place], dice) for place in places.tolist()])
            states = network.states(texts, drop=0.05)
            numbers, _ = network.numbers(functional.dropout(states, 0.1), texts)
            surprise, apart = network.surprise(states, texts), agreed(numbers, torch.from_numpy(pool.taught[places]))
            loss = surprise + apart * TEACHING / len(HEADS)
            descent.step(loss, min(1, step / 100) * (1 - 0.95 * done))
            step += 1
            if step % 100 == 0:
                print(f"{step} steps, {done:.0%}: surprise {surprise.item():.2f}, apart {apart.item():.2f}", flush=True)


def _cut(text: Encoded, dice: np.random.Generator) -> Encoded:
    if len(text.token) <= LONGEST:
        return text
    begin = int(dice.integers(0, len(text.token) - LONGEST + 1))
    mine, runs = slice(begin, begin + LONGEST), (text.inside >= begin) & (text.inside < begin + LONGEST)
    return Encoded(
        text.token[mine], text.pair[mine], text.inner[runs], text.inside[runs] - begin, text.start[mine], text.end[mine]
    )


def pretrained(learnt: Sequence[str], seed: int) -> tuple[Lexicon, dict[str, torch.Tensor]]:
    """What `python -m training.pretrain` left, grown by what only these folded texts hold."""
    stored = torch.load(PLACE)
    old, new = (Keys(stored[name].numpy().view(np.uint64)) for name in PARTS), lexicon_of((), learnt)
    dice, state, parts = torch.Generator().manual_seed(seed), stored["state"], []
    for keys, more, layers in zip(old, (new.tokens, new.pairs, new.inner), LAYERS, strict=True):
        both = np.union1d(keys.keys, more.keys)
        places = torch.from_numpy(1 + np.searchsorted(both, keys.keys))
        for layer in layers:
            table = state[f"{layer}.weight"]
            grown = 0.1 * torch.randn(len(both) + 1, table.shape[1], generator=dice)
            grown[0], grown[places] = table[0], table[1:]
            state[f"{layer}.weight"] = grown
        parts.append(Keys(both))
    return Lexicon(*parts), state


def main() -> None:
    from training.fit import FAST, gather

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    texts = unlabelled()
    folded = [fold(text[:LONGEST_READ]) for text in texts]
    lexicon = lexicon_of(folded, [fold(row.text) for row in gather(given.seed)])
    engine = load_engine(FAST)
    assert isinstance(engine, Joined1)
    network = pretrain(lexicon, Pool(lexicon.encode(folded), asked(texts, engine)), given.minutes, given.seed)
    PLACE.parent.mkdir(exist_ok=True)
    keys = {name: torch.from_numpy(getattr(lexicon, name).keys.view(np.int64)) for name in PARTS}
    torch.save({"state": network.state_dict(), **keys}, PLACE)


if __name__ == "__main__":
    main()
