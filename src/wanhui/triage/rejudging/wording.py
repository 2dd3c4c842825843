"""What came of comparing verdicts, in the reader's words: blocks of counts, sentences, examples."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wanhui.triage.models import Verdict
from wanhui.triage.rejudging.rules import Tally, said
from wanhui.triage.words import code_name, praise_name, say

SHOWN = 8
Name = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Block:
    """A titled list of counts; `rest` is what the shown ones leave out."""

    title: str
    lines: list[tuple[str, int]] = field(default_factory=list)
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A word of a verdict, and whether the other verdict has it not."""

    words: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Example:
    """One text with its two verdicts, `old` and `new`."""

    review: int
    text: str
    old: list[Part]
    new: list[Part]


def blocks(tally: Tally) -> list[Block]:
    """Where verdicts differ, block by block; empty ones are left out."""
    made = [
        _block(_("Urgency"), tally.severities, _moved(_severity)),
        _block(_("Counts as bad"), tally.bad, _bad),
        _block(_("Mood"), tally.sentiments, _moved(_code)),
        _block(_("Main cause"), tally.primaries, _moved(_code)),
        _block(_("Causes found in addition"), tally.gained, _code),
        _block(_("Causes no longer found"), tally.lost, _code),
        _block(_("Flags found in addition"), tally.flags_gained, _code),
        _block(_("Flags no longer found"), tally.flags_lost, _code),
        _block(_("Also different"), Counter({a: tally.aspects[a] for a in _ALSO if tally.aspects[a]}), _also),
    ]
    return [block for block in made if block.lines]


_ALSO = ("finer", "praises", "unsure")


def _also(aspect: str) -> str:
    words = {"finer": _("finer cause"), "praises": _("what is praised"), "unsure": _("sure or not")}
    return words[aspect]


def _bad(which: str) -> str:
    return _("now bad, was not") if which == "gained" else _("was bad, now not")


def _block(title: str, counts: Counter[str], name: Name) -> Block:
    shown = counts.most_common(SHOWN)
    return Block(title, [(name(code), n) for code, n in shown], sum(counts.values()) - sum(n for _code, n in shown))


def _moved(name: Name) -> Name:
    def moved(move: str) -> str:
        old, _sign, new = move.partition(">")
        return f"{name(old)} → {name(new)}"

    return moved


def _language() -> str:
    return (get_language() or "zh")[:2]


def _code(code: str) -> str:
    return code_name(code, get_language() or "zh") if code else _("none")


def _severity(level: str | int) -> str:
    return say("severity", level, _language())


def examples(tally: Tally, texts: Mapping[tuple[int, int | None], str]) -> list[Example]:
    """The examples whose texts are still there."""
    return [
        Example(each["review"], texts[each["review"], each["follow_up"]], *_parts(each["old"], each["new"]))
        for each in tally.examples
        if (each["review"], each["follow_up"]) in texts
    ]


def _parts(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[list[Part], list[Part]]:
    before, after = _words(old), _words(new)
    return [Part(words, words not in after) for words in before], [Part(words, words not in before) for words in after]


def words_of(verdict: Verdict) -> list[str]:
    """What a stored verdict says, word by word."""
    return _words(said(verdict.as_judgement(), verdict.severity, verdict.bad).told())


def _words(told: Mapping[str, Any]) -> list[str]:
    """Urgency, mood, causes by their finer name where they have one, flags, praises, and whether it is unsure."""
    finer = {sub.partition(".")[0]: sub for sub in told["finer"]}
    primary_first = sorted(told["causes"], key=lambda code: code != told["primary"])
    found = [_severity(told["severity"]), *([_code(told["sentiment"])] if told["sentiment"] else [])]
    found += [_code(finer.get(code, code)) for code in primary_first]
    found += [_code(flag) for flag in told["flags"]]
    found += [praise_name(code, _language()) for code in told["praises"]]
    return [*found, _("not sure")] if told["unsure"] else found
