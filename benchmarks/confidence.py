"""How often each engine is right where it says it is sure, and where it says it is not; prints what
src/wanhui/language/confidence.toml states. Usage: python benchmarks/confidence.py [ENGINE ...]"""

import json
import sys
from pathlib import Path

from wanhui.language import engine_names, judge

DEV = Path(__file__).resolve().parents[2] / "shared" / "data" / "labels" / "dev.jsonl"


def measure(engine: str, rows: list[dict[str, object]]) -> str:
    """One table of the toml file."""
    right: dict[bool, list[bool]] = {False: [], True: []}
    for row, found in zip(rows, judge([str(row["text"]) for row in rows], engine=engine), strict=True):
        right[found.unsure].append(row["sentiment"] == found.sentiment and row["primary"] == found.primary)
    share = {unsure: sum(found) / max(1, len(found)) for unsure, found in right.items()}
    unsure = len(right[True]) / len(rows)
    return (f"[{engine}]\nsure = {share[False]:.2f}\nunsure = {share[True]:.2f}\nshare = {unsure:.2f}\n"
            f"texts = {len(rows)}\n")  # fmt: skip


def main() -> int:
    if not DEV.exists():
        print("The labelled texts are not here; nothing can be measured.")
        return 1
    rows = [json.loads(line) for line in DEV.read_text(encoding="utf-8").splitlines()]
    for engine in sys.argv[1:] or engine_names():
        print(measure(engine, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
