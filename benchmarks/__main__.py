"""Speed at a glance: judging a file and taking one in. Each line is a command of its own in this folder.

    make bench            python -m benchmarks [--rows N]
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLES = (
    ("Triage: `wanhui triage`, from the command's start to the written file", "triage_file.py"),
    ("Import: rows taken into the desk", "import_speed.py"),
    ("Search: words found among so many reviews", "search_speed.py"),
    ("List of reviews: a page of each filter", "list_speed.py"),
)


def main() -> int:
    """Runs every table one after the other, so that they do not slow each other down; 1 when one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000, help="rows of each invented file (20000)")
    rows = str(parser.parse_args().rows)
    failed = 0
    for title, script in TABLES:
        print(f"\n{title}", flush=True)
        failed |= subprocess.call([sys.executable, str(HERE / script), rows]) != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
