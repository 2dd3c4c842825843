"""What a person asks a list or the search for, as read from an address."""

from dataclasses import dataclass
from datetime import date

from wanhui.search.rules import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as a person asks for it. `kind` None: everything; `store` None: every store of theirs."""

    words: str
    kind: Kind | None = None
    store: int | None = None
    since: date | None = None
    until: date | None = None

    @property
    def plain(self) -> bool:
        return self.kind is None and self.since is None and self.until is None
