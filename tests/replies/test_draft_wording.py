"""Every piece of wording, standing alone, passes our own lint on the strictest platforms."""

import pytest

from wanhui.playbook.loader import book
from wanhui.replies.rules import LintContext, lint

FILLED = {"quote": "送了九天", "praise": "品质", "product": "青瓷杯", "store": "青禾小店"}
FILLED |= {"case": "C-4", "reach": "站内客服"}
PIECES = [
    (language, group, variant)
    for language, wording in book().wording.items()
    for group, variants in wording.pieces.items()
    for variant in variants
]


@pytest.mark.parametrize("platform", ["taobao", "booking", "jd"])
def test_no_piece_of_wording_is_blocked_or_warned_about(platform: str) -> None:
    for language, group, variant in PIECES:
        text = variant
        for slot, value in FILLED.items():
            text = text.replace("{" + slot + "}", value)
        context = LintContext(flags=frozenset({"safety"} if group.startswith("safety") else ()))
        found = lint(text, platform=platform, context=context).findings
        wrong = {finding.rule for finding in found if finding.severity != "info"} - {"form.gap"}
        assert not wrong, (language, group, text, wrong)


def test_every_cause_has_several_wordings_in_chinese_for_the_main_styles() -> None:
    chinese = book().wording["zh"]
    for cause in book().causes:
        for style in ("official", "friend", "apology"):
            if cause not in book().styles[style].never_for:
                assert len(chinese.pieces[f"ack.{cause}.{style}"]) >= 2, (cause, style)


def test_no_piece_of_wording_stands_twice_in_a_group() -> None:
    for wording in book().wording.values():
        for group, variants in wording.pieces.items():
            assert len(set(variants)) == len(variants), group
