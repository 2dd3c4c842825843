"""Which keys a model knows: found in one step by the first bits of the key."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wanhui.language.engines.joined_1.tokens import U64, Ints


class Keys:
    """Sorted 64-bit keys, spread evenly because they are hashes; `places` finds many at once."""

    def __init__(self, keys: U64) -> None:
        self.keys = keys

    def __len__(self) -> int:
        return len(self.keys)

    def places(self, wanted: U64) -> Ints:
        """The place of each key, counted from one; 0 where it is not known."""
        first, shift, most = self._index
        at = first[(wanted >> shift).astype(np.int64)]
        found = np.zeros(len(wanted), np.int64)
        for _step in range(most):
            hit = self._padded[at] == wanted
            found[hit] = at[hit] + 1
            at += 1
        return found

    @cached_property
    def _padded(self) -> U64:
        # Behind the last key stands one that no token has, so that looking past the end finds nothing.
        return np.concatenate([self.keys, np.full(self._index[2] + 1, np.iinfo(np.uint64).max, np.uint64)])

    @cached_property
    def _index(self) -> tuple[NDArray[np.int64], np.uint64, int]:
        bits = max(4, len(self.keys).bit_length() + 1)
        shift = np.uint64(64 - bits)
        edges = np.searchsorted(self.keys, np.arange(1 << bits, dtype=np.uint64) << shift)
        most = int(np.diff(np.append(edges, len(self.keys))).max(initial=0))
        return edges.astype(np.int64), shift, most
