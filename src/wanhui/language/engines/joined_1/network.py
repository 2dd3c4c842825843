"""A gated recurrent network read from both sides, in numpy: tokens in, a state for every token and numbers a text out.

The gated unit is that of Cho et al. 2014 (arXiv 1406.1078) in the form most libraries compute; the attention for each
question is that of Mullenbach et al. 2018 (arXiv 1802.05695): each question weighs the tokens for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wanhui.language.engines.joined_1.tokens import Ints, Tokens, pairs_of
from wanhui.language.engines.joined_1.vocabulary import Keys

Floats = NDArray[np.float32]

# A row of the recurrence is at most this long. A longer text is read in several rows side by side, and its questions
# weigh the tokens of all of them.
LONGEST_ROW = 400


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a token is before it is read: U by D single tokens, P by E pairs, I by D runs inside words."""

    known: Keys
    known_pairs: Keys
    known_inner: Keys
    single: Floats  # row 0 is what is not known, in all three
    pair: Floats
    inner: Floats


@dataclass(frozen=True, slots=True)
class Reader:
    """One trained network: D for a token and E for a pair in, H each side, Q questions, K marks.

    Columns of 3H hold the gates reset, update, new; what goes into the two sigmoids is halved already, because a
    sigmoid is computed as a hyperbolic tangent.
    """

    enter: Floats  # 2 by D by 3H: from tokens
    enter_pair: Floats  # 2 by E by 3H: from pairs
    enter_bias: Floats  # 2 by 3H
    again: Floats  # 2 by H by 3H
    again_bias: Floats  # 2 by 3H
    weigh: Floats  # 2H by Q
    answer: Floats  # 2H by Q
    bias: Floats  # Q
    mark: Floats  # 2H by K: what marks a token as evidence
    mark_bias: Floats  # K


class Network:
    """An embedding with its reader; what every known token sends into the gates is computed once."""

    def __init__(self, embedding: Embedding, reader: Reader) -> None:
        self.embedding = embedding
        self.reader = reader
        self._gates = [embedding.single @ side for side in reader.enter]
        for gates, bias in zip(self._gates, reader.enter_bias, strict=True):
            gates += bias

    def entering(self, tokens: Tokens) -> list[Floats]:
        """What the tokens send into the gates of the left and of the right side, T by 3H each."""
        embedding, reader = self.embedding, self.reader
        single = embedding.known.places(tokens.key)
        before = embedding.known_pairs.places(pairs_of(tokens))
        pairs = (before, np.append(before[1:], 0))  # each side sees a token's pair with the one it read before it
        inner = embedding.known_inner.places(tokens.inner)
        owner, runs = _joined(embedding.inner[inner[inner > 0]], tokens.inside[inner > 0])
        entering = []
        for side, gates in enumerate(self._gates):
            sent = embedding.pair[pairs[side]] @ reader.enter_pair[side]
            sent += gates[single]
            if len(owner):
                sent[owner] += runs @ reader.enter[side]
            entering.append(sent)
        return entering


@dataclass(frozen=True, slots=True)
class Rows:
    """Texts laid out as rows of at most LONGEST_ROW tokens, the longest first: each row's first token and length."""

    first: Ints
    length: Ints


def _joined(runs: Floats, inside: Ints) -> tuple[Ints, Floats]:
    """The words that have known runs of letters, and the sum of these, divided by the root of their number."""
    starts = np.flatnonzero(np.diff(inside, prepend=-1))
    if not len(starts):
        return starts, runs
    counts = np.diff(np.append(starts, len(inside))).astype(np.float32)
    return inside[starts], np.asarray(np.add.reduceat(runs, starts, axis=0) / np.sqrt(counts)[:, None], np.float32)


def rows_of(text: Ints) -> Rows:
    """Cut the tokens of texts (`text` ascends) into rows, the longest first."""
    starts = np.flatnonzero(np.diff(text, prepend=-1))
    ends = np.append(starts[1:], len(text))
    pieces = [
        (at, min(end, at + LONGEST_ROW))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        for at in range(start, end, LONGEST_ROW)
    ]
    first = np.array([piece[0] for piece in pieces], np.int64)
    length = np.array([piece[1] - piece[0] for piece in pieces], np.int64)
    order = np.argsort(-length, kind="stable")
    return Rows(first[order], length[order])


def states(entering: list[Floats], rows: Rows, reader: Reader) -> Floats:
    """T by 2H: each token as it is understood from both sides."""
    size = reader.again.shape[1]
    result = np.zeros((len(entering[0]), 2 * size), np.float32)
    if not len(rows.length):
        return result
    last = rows.first + rows.length - 1
    active = np.searchsorted(-rows.length, -np.arange(int(rows.length[0])), side="left").tolist()
    for side, gates in enumerate(entering):
        again, bias = np.ascontiguousarray(reader.again[side]), reader.again_bias[side]
        mine = result[:, side * size : (side + 1) * size]
        state = np.zeros((len(rows.length), size), np.float32)
        for step, count in enumerate(active):
            place = last[:count] - step if side else rows.first[:count] + step
            state = _next(gates.take(place, axis=0), state[:count], again, bias)
            mine[place] = state
    return result


def _next(entering: Floats, old: Floats, again: Floats, bias: Floats) -> Floats:
    """One step of the gated unit for rows side by side."""
    size = old.shape[1]
    recurrent = old @ again
    recurrent += bias
    doors = entering[:, : 2 * size] + recurrent[:, : 2 * size]
    np.tanh(doors, out=doors)
    doors *= 0.5
    doors += 0.5
    fresh = recurrent[:, 2 * size :] * doors[:, :size]
    fresh += entering[:, 2 * size :]
    np.tanh(fresh, out=fresh)
    # (1 - update) * fresh + update * old
    new = old - fresh
    new *= doors[:, size:]
    new += fresh
    return np.asarray(new)


def answers(states_: Floats, text: Ints, count: int, reader: Reader) -> Floats:
    """N by Q: every question's number for every text; a text without tokens gets the bias alone."""
    result = np.broadcast_to(reader.bias, (count, len(reader.bias))).copy()
    if not len(text):
        return result
    starts = np.flatnonzero(np.diff(text, prepend=-1))
    owners = text[starts]
    spread = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(text))))
    weights = states_ @ reader.weigh
    weights -= np.maximum.reduceat(weights, starts, axis=0)[spread]
    np.exp(weights, out=weights)
    values = states_ @ reader.answer
    values *= weights
    result[owners] += np.add.reduceat(values, starts, axis=0) / np.add.reduceat(weights, starts, axis=0)
    return result
