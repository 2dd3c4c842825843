"""An import with judging in real processes, killed at random moments, beside the same import left in peace.

    python benchmarks/import_kills.py [--rows N] [--kills 20] [--seed S] [--file EXPORT]

Without --file the real reviews of ../shared/data are taken where they lie beside the project, else invented ones.
Prints both ends and every kill; exit 1 when the two differ in anything. On SQLite, and on PostgreSQL where
WANHUI_DATABASE_URL names a server; the databases are made for the run and dropped after it.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.import_speed import REAL, invent, own_database
from tests.processes.at_random import Played, played
from tests.processes.conftest import Installation


def main() -> int:
    """Both runs on each database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, help="an invented file of so many rows")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--span", type=float, default=60.0, help="seconds after its start a worker lives at most")
    parser.add_argument("--lease", type=float, default=5.0, help="seconds for which a dead worker's step is held")
    parser.add_argument("--file", type=Path)
    chosen = parser.parse_args()
    wrong = 0
    for url in (None, *filter(None, [os.environ.get("WANHUI_DATABASE_URL")])):
        with tempfile.TemporaryDirectory() as folder:
            wrong |= _on(url, _file(chosen, Path(folder)), Path(folder), chosen)
    return wrong


def _file(chosen: argparse.Namespace, folder: Path) -> Path:
    if chosen.file or (REAL.exists() and not chosen.rows):
        return Path(chosen.file or REAL)
    path = folder / "invented.csv"
    path.write_bytes(invent(chosen.rows or 20_000))
    return path


def _on(url: str | None, file: Path, folder: Path, chosen: argparse.Namespace) -> int:
    ends: list[Played] = []
    for kills in (0, chosen.kills):
        with own_database(url) as database:
            place = Installation(folder / f"home {kills}", database or None)
            try:
                place.drive("prepare", within=300)
                print(f"{'PostgreSQL' if url else 'SQLite'}, {file.name}, {kills} kills", flush=True)
                ends.append(
                    played(place, file, kills=kills, seed=chosen.seed, span=chosen.span, lease=chosen.lease)
                )
            finally:
                place.stop()
        end = ends[-1]
        rows = end.seen["import"]["total_rows"]
        print(f"  {end.seconds:,.0f} s, {rows / end.seconds:,.0f} rows/s", flush=True)
        for number, kill in enumerate(end.kills, 1):
            print(f"  kill {number:>2}: {kill}", flush=True)
    peace, killed = ends[0].seen, ends[1].seen
    for what, value in peace.items():
        verdict = "the same" if killed[what] == value else f"DIFFERENT: {killed[what]}"
        print(f"  {what:<24}{value}   {verdict}", flush=True)
    return int(killed != peace)


if __name__ == "__main__":
    sys.exit(main())
