"""How often the lint is right on texts invented for it; the figures are printed with `pytest -s`.

The patterns were written with these texts in sight: the rates show that nothing broke, not how it does on new ones.
"""

from pathlib import Path

import pytest

from wanhui.replies.rules import lint

CORPUS = Path(__file__).parent / "corpus"
HOME = {"zh": "taobao", "zh-Hant": "taobao", "de": "google", "en": "booking"}


def texts(name: str) -> list[tuple[str, str]]:
    lines = (CORPUS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [(language, text) for language, text in (line.split("\t") for line in lines)]


def rate(name: str) -> tuple[int, int, int]:
    """Blocked, warned only, all; the misses are printed."""
    found = texts(name)
    blocked = warned = 0
    for language, text in found:
        result = lint(text, platform=HOME[language])
        blocked += result.blocked
        warned += bool(result.warned_rules) and not result.blocked
        if result.blocked != (name == "violations"):
            print(language, text, [finding.rule for finding in result.findings])
    print(f"{name}: {blocked} blocked, {warned} warned of {len(found)}")
    return blocked, warned, len(found)


def test_decent_replies_are_hardly_ever_blocked_and_seldom_warned() -> None:
    blocked, warned, everything = rate("decent")
    assert everything >= 60
    assert blocked <= 0.03 * everything
    assert warned <= 0.15 * everything


def test_violations_are_blocked_or_at_least_warned() -> None:
    blocked, warned, everything = rate("violations")
    assert everything >= 60
    assert blocked >= 0.85 * everything
    assert blocked + warned >= 0.95 * everything


def test_the_corpus_has_all_three_languages_and_no_text_twice() -> None:
    for name in ("decent", "violations"):
        found = texts(name)
        assert {language for language, _ in found} == set(HOME)
        assert len({text for _, text in found}) == len(found)


def test_real_replies_of_a_shop_are_seldom_blocked(shared_data: Path) -> None:
    polars = pytest.importorskip("polars")
    table = polars.read_csv(shared_data / "replies" / "tmall_snacks_with_replies.csv", infer_schema=False)
    column = next(column for column in table.columns if "回复" in column)
    replies = [text for text in table[column].to_list() if text and text.strip()]
    blocked = [text for text in replies if lint(text, platform="tmall").blocked]
    print(f"{len(blocked)} of {len(replies)} real replies blocked")
    assert len(blocked) <= 0.03 * len(replies)
