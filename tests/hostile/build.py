"""The hostile corpus: `python -m tests.hostile.build FOLDER` writes it; the tests make it themselves."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.hostile import archives, columnar, texts
from tests.hostile.case import Case


def all_cases() -> list[Case]:
    """Every case, in a fixed order."""
    return [*texts.cases(), *archives.cases(), *columnar.cases()]


def write(case: Case, folder: Path) -> Path:
    """One file of the corpus, written piece by piece."""
    path = folder / case.name
    made = case.make()
    pieces: Iterable[bytes] = (made,) if isinstance(made, bytes) else made
    with path.open("wb") as stream:
        for piece in pieces:
            stream.write(piece)
    return path


def build(folder: Path) -> Iterator[tuple[Case, Path]]:
    """The whole corpus in `folder`, file after file."""
    for case in all_cases():
        yield case, write(case, folder)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for one, path in build(target):
        print(f"{path.stat().st_size:>12,}  {one.name:<24} {one.says or f'is read with {one.rows} rows'}")
