"""Where in a text a cause is said: in its strongest clauses the words that carry it, never more than the clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from wanhui.language.engines.joined_1.decisions import Doubles
from wanhui.language.engines.joined_1.network import Floats
from wanhui.language.engines.joined_1.scores import Linear, Read, Separators
from wanhui.language.engines.joined_1.tokens import NOWHERE, Bools, Ints, Tokens, pair_at
from wanhui.language.engines.joined_1.vocabulary import Keys
from wanhui.language.judgement import Span
from wanhui.language.split import Clauses

MOST_CLAUSES = 3
LONGEST_WORD = 4  # tokens that belong together
_FAR = 1e6  # further apart than any two sums of a clause


class Said(NamedTuple):
    """One code said of a text: its score and, clause by clause, the evidence and the clause it stands in."""

    code: int
    score: float
    evidence: tuple[Span, ...]
    clauses: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What evidence is looked for in: the tokens, what the linear heads and (where there is one) the network said."""

    tokens: Tokens
    clauses: Clauses
    linear: Linear
    separators: Separators
    read: Read | None
    glued: Keys  # pairs of tokens that stand inside one word
    tight: float  # what a token must add to be evidence itself: the greater, the shorter the evidence


def evidence_of(said: Bools, scores: Doubles, heads: Ints, marks: int, ground: Ground) -> list[list[Said]]:
    """For each of N texts what is said of it, the likeliest first, with evidence.

    `said` and `scores` are N by 15, `heads` the linear head of each code, `marks` the network's first mark for them.
    """
    row, code = np.nonzero(said)
    order = np.lexsort((-scores[row, code], row))
    row, code = row[order], code[order]
    found: list[list[Said]] = [[] for _ in range(len(said))]
    if not len(row):
        return found
    pair, clause = _clauses(row, code, heads, marks, ground)
    spans = _spans(clause, code[pair], heads, marks, ground)
    stand = ground.clauses.spans()
    within = clause.tolist()
    edges = np.searchsorted(pair, np.arange(len(row) + 1)).tolist()
    chances = np.round(scores[row, code], 4).tolist()
    for text, which, chance, at, end in zip(row.tolist(), code.tolist(), chances, edges, edges[1:], strict=False):
        inside = tuple([stand[place] for place in within[at:end]])
        found[text].append(Said(which, chance, tuple(spans[at:end]), inside))
    return found


def _clauses(row: Ints, code: Ints, heads: Ints, marks: int, ground: Ground) -> tuple[Ints, Ints]:
    """For each pair of text and code the clauses that say so by themselves, at most three, or the strongest one."""
    last = np.cumsum(ground.clauses.counts)
    pair, clause = _spread(last[row] - ground.clauses.counts[row], last[row])
    if ground.read is None:
        strength = ground.linear.clauses[clause, heads[code[pair]]]
    else:
        strength = ground.read.clauses[clause, marks + code[pair]]
    order = np.lexsort((-strength, pair))
    rank = np.arange(len(pair)) - np.searchsorted(pair, pair)
    kept = (rank == 0) | ((rank < MOST_CLAUSES) & (strength[order] > 0))
    pair, clause = pair[kept], clause[order][kept]
    order = np.lexsort((clause, pair))
    return pair[order], clause[order]


def _spans(clause: Ints, code: Ints, heads: Ints, marks: int, ground: Ground) -> list[Span]:
    """The words of each of these clauses that carry the code, as code points of their text."""
    if not len(clause):
        return []
    tokens = ground.tokens
    values: Floats | Doubles
    if ground.read is None:
        values, owner, token = carried(tokens, ground.linear, ground.separators, clause, heads[code])
    else:
        owner, token = _spread(*_token_bounds(tokens, clause))
        values = ground.read.marks[token, marks + code[owner]]
    begin, end = strongest_stretch(values - ground.tight, owner, len(clause))
    first, last = _whole_words(token[begin], token[end], tokens, ground.glued)
    base = tokens.base[tokens.text[first]]
    starts, ends = (tokens.start[first] - base).tolist(), (tokens.end[last] - base).tolist()
    return list(zip(starts, ends, strict=True))


def _whole_words(first: Ints, last: Ints, tokens: Tokens, glued: Keys) -> tuple[Ints, Ints]:
    """The stretches from `first` to `last`, grown where one begins or ends inside a word; never out of its clause."""
    clause = np.concatenate([tokens.clause, [NOWHERE]])  # behind the last token, and before the first one
    own = clause[first]
    for _token in range(LONGEST_WORD - 1):
        left = np.flatnonzero(clause[first - 1] == own)
        first[left] -= glued.places(pair_at(tokens, first[left])) > 0
        right = np.flatnonzero(clause[last + 1] == own)
        last[right] += glued.places(pair_at(tokens, last[right] + 1)) > 0
    return first, last


def strongest_stretch(values: Floats | Doubles, owner: Ints, count: int) -> tuple[Ints, Ints]:
    """For each of `count` pieces the first and last item of the stretch with the greatest sum (Kadane 1984).

    `values` are numbers of items, `owner` the piece of each (ascending, every piece has items).
    """
    total = np.cumsum(values, dtype=np.float64)
    before = total - values
    # Pushing later pieces far below earlier ones makes one running minimum start anew with each piece.
    pushed = before - _FAR * owner
    least = np.minimum.accumulate(pushed)
    here = np.arange(len(values))
    begin = np.maximum.accumulate(np.where(pushed == least, here, 0))
    gain = total - (least + _FAR * owner)
    starts = np.searchsorted(owner, np.arange(count))
    top = np.maximum.reduceat(gain, starts)
    at = np.full(count, len(values), np.int64)
    reached = np.flatnonzero(gain >= top[owner])
    np.minimum.at(at, owner[reached], reached)
    return begin[at], at


def carried(tokens: Tokens, linear: Linear, given: Separators, clause: Ints, head: Ints) -> tuple[Doubles, Ints, Ints]:
    """What each token of the wanted clauses adds to the wanted heads, by the known runs that cover it.

    `clause` and `head` are P pairs. Back come the values, their pair (ascending) and their token.
    """
    mine = tokens.clause[linear.first]
    pair, run = _spread(np.searchsorted(mine, clause, side="left"), np.searchsorted(mine, clause, side="right"))
    weight = given.table[linear.place[run], head[pair]] / linear.size[run]
    first, last = _token_bounds(tokens, clause)
    owner, token = _spread(first, last)
    offset = np.concatenate([[0], np.cumsum(last - first)[:-1]])
    at = offset[pair] + linear.first[run] - first[pair]
    covering, covered = _spread(at, at + linear.size[run])
    values = np.bincount(covered, weight[covering], len(token))
    return np.asarray(values, np.float64), owner, token


def _token_bounds(tokens: Tokens, clause: Ints) -> tuple[Ints, Ints]:
    place = np.flatnonzero(tokens.clause >= 0)
    within = tokens.clause[place]
    return place[np.searchsorted(within, clause, side="left")], place[np.searchsorted(within, clause, "right") - 1] + 1


def _spread(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """The numbers from `first` to before `last` of every pair, one behind the other, with the pair of each."""
    size = last - first
    pair = np.repeat(np.arange(len(size)), size)
    begin = np.cumsum(size) - size
    return pair, np.arange(int(size.sum())) - np.repeat(begin - first, size)
