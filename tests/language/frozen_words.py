"""Write down what an engine says, once, when it ships: `python -m tests.language.frozen_words NAME`.

The texts are those of `test_frozen.py`; the answer goes to `frozen/NAME.json` and is never written again.
"""

import hashlib
import json
import sys
from pathlib import Path

from wanhui.language import judge
from wanhui.language.engines import MODELS

FOLDER = Path(__file__).with_name("frozen")


def said(name: str, texts: list[tuple[str, int | None]]) -> list[dict[str, object]]:
    """The judgements of these texts, each alone, in their JSON form."""
    return [judge([text], ratings=[star], engine=name)[0].to_json() for text, star in texts]


def manifest_digest(name: str) -> str:
    return hashlib.sha256((MODELS / name / "manifest.json").read_bytes()).hexdigest()


def main() -> None:
    from tests.language.test_frozen import TEXTS

    (name,) = sys.argv[1:]
    target = FOLDER / f"{name}.json"
    if target.exists():
        sys.exit(f"{target} is there already: what was shipped does not change.")
    answer = {"manifest": manifest_digest(name), "said": said(name, TEXTS)}
    target.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
