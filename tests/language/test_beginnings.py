"""A pattern that first looks where it could begin finds what it found before."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.language.beginnings import hurried

LITERALS = st.sampled_from(["a", "b", "慢", "快", "-", "]", "^", "\\", "."]).map(re.escape)
CLASSES = st.sampled_from(["[ab]", "[a-c慢]", r"\d", r"\s", "[^a]", r"[\w-]", ".", r"\b", "(?<!a)", "(?=b)", "(?!慢)"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    both = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        both.map("".join),
        both.map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["?", "{0,2}", "{1,2}"])).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    )


PATTERNS = st.recursive(st.one_of(LITERALS, CLASSES), _grown, max_leaves=8)
TEXTS = st.text(alphabet="abc慢快-]^\\. 1\n", max_size=20)


@given(PATTERNS, TEXTS)
def test_it_finds_the_same(pattern: str, text: str) -> None:
    plain = [found.span() for found in re.finditer(pattern, text)]
    assert [found.span() for found in hurried(pattern).finditer(text)] == plain


@pytest.mark.parametrize("pattern", ["慢|太(?:慢|差)", "[很太]慢", r"\d天|慢", "(?<!不)慢"])
def test_where_the_beginnings_can_be_listed_they_are_looked_for(pattern: str) -> None:
    assert hurried(pattern).pattern.startswith("(?=[")


@pytest.mark.parametrize("pattern", [".慢", "慢?", "[^快]慢", "a*"])
def test_where_anything_can_begin_it_stays_as_it_is(pattern: str) -> None:
    assert hurried(pattern).pattern == pattern
