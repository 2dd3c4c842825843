"""The parts of the family joined-1, each against a plain and slow way to say the same."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from wanhui.language.detect import detect, detect_all
from wanhui.language.engines.joined_1.decisions import NEGATIVE, POSITIVE, Bars, Chances, decide
from wanhui.language.engines.joined_1.evidence import strongest_stretch
from wanhui.language.engines.joined_1.network import Reader, answers, rows_of, states
from wanhui.language.engines.joined_1.tokens import NOWHERE, runs_of, tokens_of
from wanhui.language.engines.joined_1.vocabulary import Keys
from wanhui.language.judgement import CAUSES
from wanhui.language.normalise import fold
from wanhui.language.split import clauses_of_all

TEXTS = st.text(alphabet="差好质量但是不过可就只 \n\0，。!?3.5,abcü-—😀寒暄國", max_size=40)
SMALL = st.integers(1, 6)


@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_a_token_lies_in_its_own_text_and_clause(texts: list[str]) -> None:
    folded = [fold(text) for text in texts]
    clauses = clauses_of_all(folded)
    tokens = tokens_of(folded, clauses)
    flat = [(text, span) for text, spans in enumerate(clauses.by_text()) for span in spans]
    for text, clause, start, end in zip(tokens.text, tokens.clause, tokens.start, tokens.end, strict=True):
        first = int(start - tokens.base[text])
        piece = folded[text][first : int(end - tokens.base[text])]
        assert piece
        assert len(piece) == 1 or re.fullmatch(r"[a-z0-9ü]+", piece)
        if clause != NOWHERE:
            owner, (begin, behind) = flat[clause]
            assert owner == text
            assert begin <= first < behind


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_a_text_has_the_same_runs_alone_and_in_company(texts: list[str]) -> None:
    folded = [fold(text) for text in texts]
    clauses = clauses_of_all(folded)
    together = tokens_of(folded, clauses)
    found = runs_of(together)
    for number, text in enumerate(folded):
        alone = runs_of(tokens_of([text], clauses_of_all([text])))
        mine = together.text[found.first] == number
        assert sorted(found.key[mine].tolist()) == sorted(alone.key.tolist())


@given(st.sets(st.integers(1, 2**64 - 2), max_size=60), st.lists(st.integers(0, 2**64 - 2), max_size=60))
def test_a_key_is_found_at_its_place_or_not_at_all(known: set[int], wanted: list[int]) -> None:
    keys = Keys(np.array(sorted(known) or [5], np.uint64))
    order = {key: place + 1 for place, key in enumerate(keys.keys.tolist())}
    asked = [*wanted, *known]
    assert keys.places(np.array(asked, np.uint64)).tolist() == [order.get(key, 0) for key in asked]


@given(st.lists(st.lists(st.floats(-5, 5), min_size=1, max_size=9), min_size=1, max_size=6))
def test_the_stretch_with_the_greatest_sum_is_found(pieces: list[list[float]]) -> None:
    values = np.array([value for piece in pieces for value in piece], np.float32)
    owner = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    first, last = strongest_stretch(values, owner, len(pieces))
    offset = 0
    for number, piece in enumerate(pieces):
        begin, end = int(first[number]) - offset, int(last[number]) - offset
        assert 0 <= begin <= end < len(piece)
        best = max(sum(piece[a : b + 1]) for a in range(len(piece)) for b in range(a, len(piece)))
        assert sum(piece[begin : end + 1]) == pytest.approx(best, abs=1e-3)
        offset += len(piece)


@given(SMALL, SMALL, st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(0, 2**32 - 1))
def test_the_network_reads_as_the_formula_says(size: int, questions: int, lengths: list[int], seed: int) -> None:
    dice = np.random.default_rng(seed)
    reader = _reader(dice, size, questions)
    text = np.repeat(np.arange(len(lengths)), lengths)
    entering = [dice.normal(size=(len(text), 3 * size)).astype(np.float32) for _side in range(2)]
    read = states(entering, rows_of(text), reader)
    for number in range(len(lengths)):
        mine = np.flatnonzero(text == number)
        ahead = _plainly(entering[0][mine], reader, 0, size)
        back = _plainly(entering[1][mine][::-1], reader, 1, size)[::-1]
        assert read[mine] == pytest.approx(np.hstack([ahead, back]), abs=1e-4)
        look = np.exp(read[mine] @ reader.weigh)
        said = (look / look.sum(axis=0) * (read[mine] @ reader.answer)).sum(axis=0) + reader.bias
        assert answers(read, text, len(lengths), reader)[number] == pytest.approx(said, abs=1e-4)


def test_a_long_text_is_read_in_rows_side_by_side() -> None:
    rows = rows_of(np.repeat([0, 1], [1_000, 3]))
    assert sorted(zip(rows.first.tolist(), rows.length.tolist(), strict=True)) == [
        (0, 400), (400, 400), (800, 200), (1_000, 3),
    ]  # fmt: skip
    assert rows.length.tolist() == sorted(rows.length.tolist(), reverse=True)


@settings(deadline=None)  # the first call reads the tables of characters
@given(st.lists(st.text(max_size=30), max_size=12))
def test_languages_are_the_same_one_by_one_and_all_at_once(texts: list[str]) -> None:
    assert detect_all(texts) == [detect(text) for text in texts]


def test_languages_of_plain_and_of_mixed_texts() -> None:
    texts = [
        "质量太差",
        "質量太差",
        "房间 ok",
        "The room was dirty",
        "Die Lieferung war zu spät",
        "",
        "部屋が狭い",
        "差\0差",
    ]
    assert detect_all(texts) == [detect(text) for text in texts]


@given(st.lists(st.lists(st.floats(0, 1), min_size=15, max_size=15), min_size=1, max_size=5), st.data())
def test_praise_has_no_causes_and_unhappiness_has_some(causes: list[list[float]], data: st.DataObject) -> None:
    moods = data.draw(st.lists(st.sampled_from(range(3)), min_size=len(causes), max_size=len(causes)))
    said = decide(_chances(causes, moods), _bars(), np.zeros(len(causes), np.int64))
    unspecific = CAUSES.index("unspecific")
    for row, sentiment in enumerate(said.sentiment.tolist()):
        assert said.causes[row].any() == (sentiment != 2)
        assert not (said.causes[row, unspecific] and said.causes[row].sum() > 1)
        assert (said.primary[row] >= 0) == said.causes[row].any()
        assert said.primary[row] < 0 or said.causes[row, said.primary[row]]


def test_low_stars_for_praise_and_high_ones_for_blame_contradict() -> None:
    said = decide(_chances([[0.9] + [0.0] * 14] * 4, [2, 2, 0, 0]), _bars(turns_mixed=2.0), np.array([1, 5, 5, 0]))
    assert said.flags[:, 5].tolist() == [True, False, True, False]


def test_a_cause_a_little_below_its_bar_is_told_as_nearly_said_of_an_unhappy_text() -> None:
    chances = [0.9, 0.3, 0.2, *[0.0] * 12]
    decided = decide(_chances([chances, chances], [NEGATIVE, POSITIVE]), _bars(turns_mixed=2.0), np.zeros(2, np.int64))
    assert np.flatnonzero(decided.causes[0]).tolist() == [0]
    assert np.flatnonzero(decided.near[0]).tolist() == [1]
    assert not decided.near[1].any()


def _reader(dice: np.random.Generator, size: int, questions: int) -> Reader:
    def some(*shape: int) -> NDArray[np.float32]:
        return dice.normal(size=shape).astype(np.float32)

    return Reader(
        enter=some(2, 1, 3 * size), enter_pair=some(2, 1, 3 * size), enter_bias=some(2, 3 * size),
        again=some(2, size, 3 * size), again_bias=some(2, 3 * size), weigh=some(2 * size, questions),
        answer=some(2 * size, questions), bias=some(questions), mark=some(2 * size, 1), mark_bias=some(1),
    )  # fmt: skip


def _plainly(entering: NDArray[np.float32], reader: Reader, side: int, size: int) -> NDArray[np.float64]:
    """One text, one step after the other; the gates' numbers come halved, hence the logistic function of twice them."""
    state, said = np.zeros(size), []
    for step in entering.astype(np.float64):
        again = state @ reader.again[side] + reader.again_bias[side]
        reset, update = np.split(1 / (1 + np.exp(-2 * (step[: 2 * size] + again[: 2 * size]))), 2)
        fresh = np.tanh(step[2 * size :] + reset * again[2 * size :])
        state = (1 - update) * fresh + update * state
        said.append(state)
    return np.array(said)


def _chances(causes: list[list[float]], moods: list[int]) -> Chances:
    count = len(causes)
    sentiment = np.full((count, 3), 0.1)
    sentiment[np.arange(count), moods] = 0.8
    return Chances(np.array(causes), sentiment, np.zeros((count, 6)), np.array(causes), np.zeros((count, 15)))


def _bars(turns_mixed: float = 0.8) -> Bars:
    half = np.full(15, 0.5)
    return Bars(half, half, np.full(6, 0.5), turns_mixed, fallback=0.3, near=0.5, doubt=0.78)
