"""What a hostile file is: a name, how its bytes are made, and what must be said of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

HEADER = "评价内容,星级,评价时间\n"
ROW = "袖口开线，洗了一次就散了,1,2026-10-03 09:05:00\n"


@dataclass(frozen=True, slots=True)
class Case:
    """`says`: what the refusal must match; "" when the file is read, and then with `rows` rows.

    `make` gives the whole content or its pieces, so that a large one is never held at once. `page`: small enough to
    be uploaded in a test.
    """

    name: str
    make: Callable[[], bytes | Iterable[bytes]]
    says: str = ""
    rows: int = 0
    page: bool = True
    id: str = ""

    @property
    def label(self) -> str:
        """Its name among the tests."""
        return self.id or self.name


def content(case: Case) -> bytes:
    """All bytes of a case at once."""
    made = case.make()
    return made if isinstance(made, bytes) else b"".join(made)


def table(*rows: str, header: str = HEADER) -> bytes:
    """A csv in UTF-8."""
    return (header + "".join(rows)).encode()


def read(name: str, data: bytes, rows: int, label: str = "") -> Case:
    """A file that must be read."""
    return Case(name, lambda: data, rows=rows, id=label)


def refused(name: str, data: bytes, says: str, label: str = "") -> Case:
    """A file that must be refused with this sentence."""
    return Case(name, lambda: data, says=says, id=label)
