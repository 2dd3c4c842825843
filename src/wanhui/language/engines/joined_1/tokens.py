"""Texts as numbers: tokens, runs of tokens, and which clause each belongs to; many texts at once.

A token is one Chinese character, one sign, or one run of Latin letters or digits, as in the family linear-1. A Latin
word also has its runs of four letters, so that a compound or an ending that was never learnt still says something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wanhui.language.split import Clauses

U64 = NDArray[np.uint64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.uint32]

LONGEST_RUN = 4  # tokens in a run; letters in a run inside a word
NOWHERE = -1
_MIX = np.uint64(0x9E3779B97F4A7C15)
_ROUND = np.uint64(0xBF58476D1CE4E5B9)
_LETTER = np.uint64(0xD6E8FEB86659FD93)
_SPACES = (0x00, 0x09, 0x0A, 0x20)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The T tokens of N texts with M clauses, in order; places count code points from the beginning of the batch."""

    key: U64  # T: 64-bit key of the token
    text: Ints  # T: number of its text
    clause: Ints  # T: number of its clause, counted through the batch; NOWHERE between clauses
    start: Ints  # T
    end: Ints  # T: behind its last code point
    inner: U64  # keys of the runs of letters inside words
    inside: Ints  # the token that each of these is inside of
    base: Ints  # N: where each text begins


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of one to LONGEST_RUN tokens inside a clause, and of letters inside a word: key, first token, tokens."""

    key: U64
    first: Ints
    size: Ints


def tokens_of(folded: Sequence[str], clauses: Clauses) -> Tokens:
    """The tokens of these folded texts with their clauses; white space ends a token and is none."""
    codes = np.frombuffer("\0".join(folded).encode("utf-32-le", "surrogatepass"), np.uint32)
    base = np.zeros(len(folded), np.int64)
    base[1:] = np.cumsum(np.fromiter((len(text) + 1 for text in folded[:-1]), np.int64, max(0, len(folded) - 1)))
    if not len(codes):
        none = np.empty(0, np.int64)
        return Tokens(none.astype(np.uint64), none, none, none, none, none.astype(np.uint64), none, base)
    letter = _is_run_letter(codes)
    inside = np.zeros(len(codes), np.bool_)
    inside[1:] = letter[1:] & letter[:-1]
    starts = np.flatnonzero(~inside)
    spoken = ~np.isin(codes[starts], _SPACES)
    start = starts[spoken]
    inner, where = _inner(codes, letter)
    return Tokens(
        key=_mixed(np.add.reduceat(_by_place(codes, inside), starts)[spoken]),
        text=np.searchsorted(base, start, side="right") - 1,
        clause=_clause_of(start, base, clauses),
        start=start,
        end=np.append(starts[1:], len(codes))[spoken],
        inner=inner,
        inside=np.searchsorted(start, where, side="right") - 1,
        base=base,
    )


def pairs_of(tokens: Tokens) -> U64:
    """T: the key of each token with the one before it, 0 at the beginning of a text."""
    pair = np.zeros(len(tokens.key), np.uint64)
    pair[1:] = np.where(tokens.text[1:] == tokens.text[:-1], _mixed(tokens.key[:-1] * _MIX ^ tokens.key[1:]), 0)
    return pair


def pair_at(tokens: Tokens, places: Ints) -> U64:
    """The keys of `pairs_of` at some places only; none of them begins its text."""
    return _mixed(tokens.key[places - 1] * _MIX ^ tokens.key[places])


def runs_of(tokens: Tokens) -> Runs:
    """Every run that stays inside a clause, sorted by its first token."""
    place = np.flatnonzero(tokens.clause != NOWHERE)
    clause, token = tokens.clause[place], tokens.key[place]
    keys, first, sizes = [token], [place], [np.ones(len(place), np.int64)]
    key = token
    for size in range(2, LONGEST_RUN + 1):
        if len(key) < 2:
            break
        key = _mixed(key[:-1] * _MIX ^ token[size - 1 :])
        whole = clause[: len(key)] == clause[size - 1 :]
        keys.append(key[whole])
        first.append(place[: len(key)][whole])
        sizes.append(np.full(int(whole.sum()), size, np.int64))
    in_clause = tokens.clause[tokens.inside] != NOWHERE
    keys.append(tokens.inner[in_clause])
    first.append(tokens.inside[in_clause])
    sizes.append(np.ones(int(in_clause.sum()), np.int64))
    all_first = np.concatenate(first)
    order = np.argsort(all_first, kind="stable")
    return Runs(np.concatenate(keys)[order], all_first[order], np.concatenate(sizes)[order])


def _clause_of(start: Ints, base: Ints, clauses: Clauses) -> Ints:
    if not len(clauses.edges):
        return np.full(len(start), NOWHERE, np.int64)
    edges = clauses.edges + np.repeat(base, clauses.counts)[:, None]
    clause = np.searchsorted(edges[:, 0], start, side="right") - 1
    return np.where((clause >= 0) & (start < edges[clause, 1]), clause, NOWHERE)


def _is_run_letter(codes: Codes) -> Bools:
    small = (codes >= 0x61) & (codes <= 0x7A)
    digit = (codes >= 0x30) & (codes <= 0x39)
    accented = (codes >= 0xC0) & (codes < 0x2000) & (codes != 0xD7) & (codes != 0xF7)
    return np.asarray(small | digit | accented)


def _by_place(codes: Codes, inside: Bools) -> U64:
    here = np.arange(len(codes))
    place = here - np.maximum.accumulate(np.where(inside, 0, here))
    return _mixed((codes.astype(np.uint64) + np.uint64(1)) * _ROUND + place.astype(np.uint64) * _MIX)


def _inner(codes: Codes, letter: Bools) -> tuple[U64, Ints]:
    """Runs of letters inside words: keys, and the code point where each begins."""
    if len(codes) < LONGEST_RUN:
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    count = len(codes) - LONGEST_RUN + 1
    whole = letter[:count].copy()
    for offset in range(1, LONGEST_RUN):
        whole &= letter[offset : count + offset]
    where = np.flatnonzero(whole)
    key = np.zeros(len(where), np.uint64)
    for offset in range(LONGEST_RUN):
        key = key * _LETTER + codes[where + offset].astype(np.uint64)
    return _mixed(key ^ _LETTER), where


def _mixed(values: U64) -> U64:
    mixed = (values ^ (values >> np.uint64(31))) * _ROUND
    return np.asarray(mixed ^ (mixed >> np.uint64(29)))
