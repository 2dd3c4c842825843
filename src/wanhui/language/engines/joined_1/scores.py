"""From tokens to numbers: what the linear separators and the network say of each text and of each clause."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from wanhui.language.engines.joined_1.network import Floats, Network, answers, rows_of, states
from wanhui.language.engines.joined_1.tokens import Ints, Runs, Tokens, runs_of
from wanhui.language.engines.joined_1.vocabulary import Keys

_OWNER, _PLACE = 32, (1 << 32) - 1  # bits of a number that holds an owner above a run's place
_CACHEFUL = 2_000  # rows of the table added up at once
NOTHING = -10.0  # the mark of a text without any token


@dataclass(frozen=True, slots=True)
class Separators:
    """V known runs and H heads: what one occurrence of a run adds to each head, and how rare it is."""

    known: Keys
    rarity: Floats  # V: squared weight of one occurrence
    table: Floats  # V by H
    bias: Floats  # H


@dataclass(frozen=True, slots=True)
class Linear:
    """N by H for whole texts, M by H for clauses, N by H for each text's strongest clause; and the known runs."""

    texts: Floats
    clauses: Floats
    best: Floats
    place: Ints  # of every known run: its row in the table
    first: Ints  # its first token
    size: Ints  # its tokens


@dataclass(frozen=True, slots=True)
class Read:
    """What the network says: N by Q for texts; as evidence T by K for tokens, C by K and N by K for the strongest."""

    texts: Floats
    marks: Floats
    clauses: Floats
    best: Floats


def separated(tokens: Tokens, counts: Ints, given: Separators) -> Linear:
    """Every head's sum over the known runs, divided by the length of the vector; `counts` are clauses a text."""
    runs = runs_of(tokens)
    place, first, size = _known(runs, given.known)
    clause = tokens.clause[first]
    many = int(counts.sum())
    sums = _sums(given.table, place, clause, many)
    clauses = sums / _lengths(place, clause, many, given.rarity) + given.bias
    texts = per_text(np.add, sums, counts, 0.0) / _lengths(place, tokens.text[first], len(counts), given.rarity)
    best = per_text(np.maximum, clauses, counts, np.nan)
    return Linear(texts + given.bias, clauses, np.where(np.isnan(best), given.bias, best), place, first, size)


def read(tokens: Tokens, counts: Ints, network: Network) -> Read:
    """What the network says; `counts` are clauses a text."""
    reader = network.reader
    state = states(network.entering(tokens), rows_of(tokens.text), reader)
    texts = answers(state, tokens.text, len(counts), reader)
    marks = state @ reader.mark + reader.mark_bias
    inside = tokens.clause >= 0
    clauses = _by_owner(np.maximum, marks[inside], tokens.clause[inside], int(counts.sum()), NOTHING)
    return Read(texts, marks, clauses, per_text(np.maximum, clauses, counts, NOTHING))


def per_text(how: np.ufunc, values: Floats, counts: Ints, empty: float) -> Floats:
    """Values of clauses (or anything counted by text) joined text by text; `empty` where a text has none."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return _by_owner(how, values, owner, len(counts), empty)


def _by_owner(how: np.ufunc, values: Floats, owner: Ints, count: int, empty: float) -> Floats:
    result = np.full((count, values.shape[1]), empty, np.float32)
    if len(owner):
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        result[owner[starts]] = how.reduceat(values, starts, axis=0)
    return result


def _sums(table: Floats, place: Ints, owner: Ints, count: int) -> Floats:
    """The rows of the table at `place`, added up by owner, a cacheful at a time."""
    result = np.zeros((count, table.shape[1]), np.float32)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    cuts = np.searchsorted(starts, np.arange(0, len(owner), _CACHEFUL))
    edges = np.append(starts, len(owner))
    for first, last in itertools.pairwise([*cuts.tolist(), len(starts)]):
        if first < last:
            rows = table.take(place[edges[first] : edges[last]], axis=0)
            result[owner[starts[first:last]]] = np.add.reduceat(rows, starts[first:last] - starts[first], axis=0)
    return result


def _known(runs: Runs, known: Keys) -> tuple[Ints, Ints, Ints]:
    place = known.places(runs.key)
    some = np.flatnonzero(place)
    return place[some] - 1, runs.first[some], runs.size[some]


def _lengths(place: Ints, owner: Ints, count: int, rarity: Floats) -> Floats:
    """The Euclidean length of each owner's vector; a run that occurs n times counts n squared times its rarity."""
    pairs = np.sort((owner << _OWNER) | place)
    first = np.flatnonzero(np.diff(pairs, prepend=-1))
    times = np.diff(np.append(first, len(pairs))).astype(np.float32)
    once = pairs[first]
    total = np.bincount(once >> _OWNER, rarity[once & _PLACE] * times * times, count)
    return np.asarray(np.sqrt(np.maximum(total, 1e-9)), np.float32)[:, None]
