"""Runs of one to four tokens, for many texts at once: the features of this engine.

A token is one Chinese character, one sign, or one run of Latin letters or digits. Inside a run of Latin letters the
runs of four letters count too (German compounds and endings). Nothing reaches across the end of a clause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wanhui.language.judgement import Span

LONGEST = 4
_MIX = np.uint64(0x9E3779B97F4A7C15)
_ROUND = np.uint64(0xBF58476D1CE4E5B9)
_INNER = np.uint64(0xD6E8FEB86659FD93)

U64 = NDArray[np.uint64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Grams(NamedTuple):
    """Every run of a batch, sorted by clause: its 64-bit key, and the number of its clause in the batch."""

    keys: U64
    clause: Ints


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a batch in order: hash, clause number, whether a Latin run; and the letters of the Latin runs."""

    hashes: U64
    clause: Ints


def grams(folded: Sequence[str], clauses: Sequence[Sequence[Span]]) -> Grams:
    """All runs in the clauses of these folded texts. Clauses are numbered through the batch, text by text."""
    pieces = [text[start:end] for text, spans in zip(folded, clauses, strict=True) for start, end in spans]
    return grams_of(pieces)


def grams_of(pieces: Sequence[str]) -> Grams:
    """All runs in these folded pieces; `clause` is the index of the piece."""
    if not pieces:
        return Grams(np.empty(0, np.uint64), np.empty(0, np.int64))
    codes = np.frombuffer("\0".join(pieces).encode("utf-32-le", "surrogatepass"), np.uint32)
    clause = np.cumsum(codes == 0)
    letter = _is_run_letter(codes)
    tokens = _tokens(codes, clause, letter)
    keys, owners = [tokens.hashes], [tokens.clause]
    key = tokens.hashes
    for size in range(2, LONGEST + 1):
        key = _mixed(key[:-1] * _MIX ^ tokens.hashes[size - 1 :])
        whole = tokens.clause[: len(key)] == tokens.clause[size - 1 :]
        keys.append(key[whole])
        owners.append(tokens.clause[: len(key)][whole])
    inner = _inner(codes, clause, letter)
    all_keys = np.concatenate([*keys, inner.keys])
    all_owners = np.concatenate([*owners, inner.clause])
    order = np.argsort(all_owners, kind="stable")
    return Grams(all_keys[order], all_owners[order])


def _is_run_letter(codes: NDArray[np.uint32]) -> Bools:
    """Letters and digits that belong to words of several letters: ASCII, Latin with accents, Cyrillic and the like."""
    small = (codes >= 0x61) & (codes <= 0x7A)
    digit = (codes >= 0x30) & (codes <= 0x39)
    accented = (codes >= 0xC0) & (codes < 0x2000) & (codes != 0xD7) & (codes != 0xF7)
    return np.asarray(small | digit | accented)


def _tokens(codes: NDArray[np.uint32], clause: Ints, letter: Bools) -> Tokens:
    inside = np.zeros(len(codes), np.bool_)
    inside[1:] = letter[1:] & letter[:-1]
    starts = np.flatnonzero(~inside)
    place = np.arange(len(codes)) - np.maximum.accumulate(np.where(inside, 0, np.arange(len(codes))))
    hashed = _mixed((codes.astype(np.uint64) + np.uint64(1)) * _ROUND + place.astype(np.uint64) * _MIX)
    summed = np.add.reduceat(hashed, starts)
    first = codes[starts]
    spoken = (first != 0) & (first != 0x20) & (first != 0x09) & (first != 0x0A)
    return Tokens(_mixed(summed[spoken]), clause[starts][spoken])


def _inner(codes: NDArray[np.uint32], clause: Ints, letter: Bools) -> Grams:
    """Runs of exactly four letters inside longer Latin words, keyed apart from words of four letters."""
    if len(codes) < LONGEST:
        return Grams(np.empty(0, np.uint64), np.empty(0, np.int64))
    count = len(codes) - LONGEST + 1
    whole = letter[:count].copy()
    key = np.zeros(count, np.uint64)
    for offset in range(LONGEST):
        whole &= letter[offset : count + offset]
        key = key * _INNER + codes[offset : count + offset].astype(np.uint64)
    where = np.flatnonzero(whole)
    return Grams(_mixed(key[where] ^ _INNER), clause[where])


def _mixed(values: U64) -> U64:
    mixed = (values ^ (values >> np.uint64(31))) * _ROUND
    return np.asarray(mixed ^ (mixed >> np.uint64(29)))
