"""What the lint takes and gives: context, findings, result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wanhui.playbook.shapes import Channel, RulePack, Severity

ORDER: Mapping[Severity, int] = {"block": 0, "warn": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing wrong: the rule, how bad, where (code points, end exclusive), one plain sentence, its source."""

    rule: str
    severity: Severity
    start: int
    end: int
    message: str
    source: str
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        """The finding as in the contract of `wanhui lint --format json`."""
        keys = ("rule", "severity", "start", "end", "message", "source")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True, slots=True)
class LintResult:
    """What the lint says. `clean`: no block and no warning; findings: the worst first, then by place."""

    clean: bool
    findings: tuple[LintFinding, ...]
    pack_version: str

    @property
    def blocked(self) -> bool:
        """Whether any finding blocks; a block cannot be overridden."""
        return any(finding.severity == "block" for finding in self.findings)

    @property
    def warned_rules(self) -> tuple[str, ...]:
        """The rules that need a person's reason, each once."""
        return tuple(dict.fromkeys(finding.rule for finding in self.findings if finding.severity == "warn"))

    def to_json(self) -> dict[str, Any]:
        """The contract of `wanhui lint --format json`, with the version of the rules."""
        return {
            "clean": self.clean,
            "findings": [finding.to_json() for finding in self.findings],
            "pack_version": self.pack_version,
        }


@dataclass(frozen=True, slots=True)
class LintContext:
    """What is known around the reply. All values optional; times aware.

    Personal values of this order are compared exactly (after folding); `private_facts` are texts the customer has not
    made public (a refund, a chat line); `recent` are the last replies of the shop; `flags` those of the review;
    `replies_so_far` counts replies already given to this text; `resolved` means the case's problem is solved.
    """

    buyer_name: str = ""
    order_ids: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    private_facts: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    published: datetime | None = None
    has_follow_up: bool = False
    answers_follow_up: bool = False
    now: datetime | None = None
    replies_so_far: int = 0
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Everything one check needs: may this text be said on this platform, in this channel, in this context?"""

    text: str
    pack: RulePack
    channel: Channel
    language: str
    context: LintContext
