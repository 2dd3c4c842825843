"""What a larger model says of reviews nobody labelled, from which the shipped ones learn: `taught/chances.npz`.

The larger model and how it was made stand in the model card. The file holds for N reviews of `../shared/data/reviews`
the digest of the text and, N by HEADS, what was thought likely in steps of 1/255.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data import Row
from training.told import digest_of, labelled_digests, pool
from wanhui.language.engines.joined_1.stack import HEADS

PLACE = Path(__file__).parent / "taught" / "chances.npz"
STEPS = 255


def taught(weight: float) -> list[Row]:
    """The reviews with what is thought of them, but those that a person has labelled since.

    Those whose text is not in the folder of data are left out.
    """
    with np.load(PLACE) as stored:
        known = dict(zip(stored["digests"].tolist(), stored["chances"].astype(np.float32) / STEPS, strict=True))
    rows, labelled = [], labelled_digests()
    for text in pool():
        digest = digest_of(text)
        chances = known.get(short(digest))
        if chances is not None and digest not in labelled:
            rows.append(Row(text, None, "zh-Hans", None, None, part="taught", weight=weight, source="taught",
                            chances=chances))  # fmt: skip
    return rows


def keep(texts: Sequence[str], chances: NDArray[np.float32]) -> None:
    """Write the file: texts of the pool and N by HEADS chances."""
    assert chances.shape == (len(texts), len(HEADS))
    PLACE.parent.mkdir(exist_ok=True)
    digests = np.array([short(digest_of(text)) for text in texts], np.uint64)
    order = np.argsort(digests)
    np.savez_compressed(PLACE, digests=digests[order], chances=np.rint(chances * STEPS).astype(np.uint8)[order])


def short(digest: str) -> int:
    """Its first 64 bits."""
    return int(digest[:16], 16)
