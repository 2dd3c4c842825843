"""Speed and scale at a glance: every benchmark of this folder, small enough for a coffee; README.md has the large ones.

    make bench                       python -m benchmarks                 all of them, one after the other
    make bench ARGS=--list           python -m benchmarks --list          only say what there is
    make bench ARGS="pages lists"    python -m benchmarks pages lists     these alone
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# name: what it measures, script, sizes for a first look
TABLES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "triage": ("`wanhui triage`, from the command's start to the written file", "triage_file.py", ("20000",)),
    "engine": ("the text engine alone, in one process and in two", "triage_speed.py", ("5000",)),
    "quality": ("verdicts on labelled reviews, beside SnowNLP and TF-IDF with logistic regression", "quality.py", ()),
    "import": ("rows taken into the desk", "import_speed.py", ("20000",)),
    "judged": ("rows taken in and judged", "import_speed.py", ("4000", "--judge")),
    "kills": ("an import whose worker is killed at random", "import_kills.py", ("--rows", "3000", "--kills", "5")),
    "search": ("words found among so many reviews", "search_speed.py", ("50000",)),
    "lists": ("a page of each filter of the list of reviews", "list_speed.py", ("50000",)),
    "pages": ("the desk's pages with few cases and with an archive", "pages_speed.py", ("500", "5000")),
    "figures": ("the dashboard's figures from rollups", "figures_speed.py", ("2000", "20000")),
}


def main() -> int:
    """Run the tables asked for one after the other, so that they do not slow each other down; 1 when one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="all of them without one")
    parser.add_argument("--list", action="store_true", help="say what there is and run nothing")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in TABLES]:
        parser.error(f"not a benchmark: {', '.join(unknown)}. There are: {', '.join(TABLES)}")
    failed = 0
    for name in asked.names or TABLES:
        title, script, sizes = TABLES[name]
        print(f"{'' if asked.list else chr(10)}{name:<8} {title}: {script} {' '.join(sizes)}", flush=True)
        if not asked.list:
            command = [sys.executable, str(HERE / script), *sizes]
            failed |= subprocess.call(command, env={**os.environ, "PYTHONPATH": str(HERE.parent)}) != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
