"""The recurrent network as it is trained (PyTorch), and its arrays as `engines.joined_1.network` computes with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from wanhui.language.engines.joined_1.network import LONGEST_ROW
from wanhui.language.engines.joined_1.stack import HEADS, MARKS
from wanhui.language.engines.joined_1.tokens import pairs_of, tokens_of
from wanhui.language.engines.joined_1.vocabulary import Keys
from wanhui.language.split import Clauses

TOKEN, PAIR, STATE = 128, 64, 128  # numbers of a token, of a pair, and of each side's state
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text: places of its tokens, pairs and runs of letters, which token each run is in, and where tokens lie."""

    token: Ints
    pair: Ints
    inner: Ints
    inside: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a network knows: sorted keys of tokens, pairs and runs of letters inside words."""

    tokens: Keys
    pairs: Keys
    inner: Keys

    def encode(self, folded: Sequence[str]) -> list[Encoded]:
        """Folded texts as places, each cut after LONGEST_ROW tokens: longer ones are rare and learnt by their start."""
        encoded: list[Encoded] = []
        for at in range(0, len(folded), 4_000):
            encoded += self._some(folded[at : at + 4_000])
        return encoded

    def _some(self, folded: Sequence[str]) -> list[Encoded]:
        tokens = tokens_of(folded, Clauses.none(len(folded)))
        token, pair = self.tokens.places(tokens.key), self.pairs.places(pairs_of(tokens))
        inner = self.inner.places(tokens.inner)
        inside = tokens.inside[inner > 0]
        inner = inner[inner > 0]
        first = np.searchsorted(tokens.text, np.arange(len(folded) + 1))
        result = []
        for text, (begin, end) in enumerate(zip(first[:-1].tolist(), first[1:].tolist(), strict=True)):
            end = min(end, begin + LONGEST_ROW)
            runs = slice(*np.searchsorted(inside, (begin, end)).tolist())
            mine, base = slice(begin, end), tokens.base[text]
            result.append(
                Encoded(
                    token[mine], pair[mine], inner[runs], inside[runs] - begin, tokens.start[mine] - base,
                    tokens.end[mine] - base,
                )
            )  # fmt: skip
        return result


@dataclass(frozen=True, slots=True)
class Padded:
    """B texts side by side: token and pair B by T (0 behind the end), runs of letters flat, lengths B."""

    token: Tensor
    pair: Tensor
    inner: Tensor
    inside: Tensor  # place of each run's token in the flattened B by T
    length: Tensor

    @classmethod
    def of(cls, texts: Sequence[Encoded]) -> Padded:
        longest = max(2, *(len(text.token) for text in texts))
        token = np.zeros((len(texts), longest), np.int64)
        pair = np.zeros_like(token)
        for row, text in enumerate(texts):
            token[row, : len(text.token)], pair[row, : len(text.pair)] = text.token, text.pair
        inner = np.concatenate([text.inner for text in texts])
        inside = np.concatenate([text.inside + row * longest for row, text in enumerate(texts)])
        length = np.array([max(1, len(text.token)) for text in texts])
        return cls(*(torch.from_numpy(each.astype(np.int64)) for each in (token, pair, inner, inside, length)))

    @property
    def known(self) -> Tensor:
        """B by T: whether there is a token."""
        return torch.arange(self.token.shape[1])[None] < self.length[:, None]


class Network(nn.Module):
    """Tokens read from both sides, with an attention for each of HEADS, and a mark a token for each of MARKS."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self.token = nn.Embedding(len(lexicon.tokens) + 1, TOKEN, padding_idx=0, sparse=True)
        self.pair = nn.Embedding(len(lexicon.pairs) + 1, PAIR, padding_idx=0, sparse=True)
        self.inner = nn.Embedding(len(lexicon.inner) + 1, TOKEN, padding_idx=0, sparse=True)
        for each in (self.token, self.pair, self.inner):
            nn.init.normal_(each.weight, 0, 0.1)
            with torch.no_grad():
                each.weight[0] = 0
        self.unknown = nn.Parameter(torch.zeros(TOKEN))
        self.left = nn.GRU(TOKEN + PAIR, STATE, batch_first=True)
        self.right = nn.GRU(TOKEN + PAIR, STATE, batch_first=True)
        self.weigh = nn.Linear(2 * STATE, len(HEADS), bias=False)
        self.answer = nn.Linear(2 * STATE, len(HEADS))
        self.mark = nn.Linear(2 * STATE, len(MARKS))
        self.next = nn.Linear(STATE, TOKEN)
        self.previous = nn.Linear(STATE, TOKEN)
        self.common = nn.Embedding(len(lexicon.tokens) + 1, 1, sparse=True)
        nn.init.zeros_(self.common.weight)

    def sparse(self) -> list[nn.Parameter]:
        """Those whose gradients are sparse."""
        return [self.token.weight, self.pair.weight, self.inner.weight, self.common.weight]

    def dense(self) -> list[nn.Parameter]:
        """All the others."""
        sparse = {id(each) for each in self.sparse()}
        return [each for each in self.parameters() if id(each) not in sparse]

    def states(self, texts: Padded, drop: float = 0.0, forget: float = 0.0) -> Tensor:
        """B by T by 2 STATE. `drop` loses numbers of the embedding, `forget` whole tokens (and pairs)."""
        token, pair = self._tokens(texts), self.pair(texts.pair)
        if forget:
            token = token * (torch.rand(*token.shape[:2], 1) > forget)
            pair = pair * (torch.rand(*pair.shape[:2], 1) > forget)
        behind = functional.pad(pair[:, 1:], (0, 0, 0, 1))
        left = functional.dropout(torch.cat([token, pair], -1), drop)
        right = functional.dropout(torch.cat([token, behind], -1), drop)
        here = torch.arange(texts.token.shape[1])[None]
        mirror = texts.length[:, None] - 1 - here
        mirror = torch.where(mirror >= 0, mirror, here)
        ahead, _ = self.left(left)
        back, _ = self.right(_mirrored(right, mirror))
        return torch.cat([ahead, _mirrored(back, mirror)], -1)

    def numbers(self, states: Tensor, texts: Padded) -> tuple[Tensor, Tensor]:
        """B by HEADS, what is said of each text; and B by T by HEADS, how much each token weighs in it."""
        weights = self.weigh(states).masked_fill(~texts.known[:, :, None], -1e4).softmax(1)
        return (weights * self.answer(states)).sum(1), weights

    def surprise(self, states: Tensor, texts: Padded) -> Tensor:
        """How badly each side guesses the token it has not read yet: mean cross entropy among the batch's tokens."""
        some, guess = torch.unique(texts.token, return_inverse=True)
        table, common = self.token(some), self.common(some)[:, 0]
        spoken = texts.known & (texts.token > 0)
        ahead, back = states[..., :STATE], states[..., STATE:]
        total = torch.zeros(())
        for state, layer, target in (
            (ahead[:, :-1], self.next, slice(1, None)),
            (back[:, 1:], self.previous, slice(None, -1)),
        ):
            wanted = spoken[:, target]
            logits = layer(state[wanted]) @ table.T + common
            total = total + functional.cross_entropy(logits, guess[:, target][wanted]) / 2
        return total

    def _tokens(self, texts: Padded) -> Tensor:
        token = self.token(texts.token)
        token = token + (texts.token == 0).unsqueeze(-1) * self.unknown
        if not len(texts.inner):
            return token
        count = torch.zeros(texts.token.numel()).index_add_(0, texts.inside, torch.ones(len(texts.inside)))
        runs = torch.zeros(texts.token.numel(), TOKEN).index_add(0, texts.inside, self.inner(texts.inner))
        return token + (runs / count.clamp(min=1).sqrt()[:, None]).view_as(token)


class Descent:
    """The steps downhill: the rows of tables that a batch touched by one rule, everything else by another."""

    def __init__(
        self, network: Network, sparse: Sequence[nn.Parameter], rates: tuple[float, float], decay: float
    ) -> None:
        """`sparse` are the tables that learn; `rates` those of the tables and of the rest."""
        self._dense = network.dense()
        self._rates = rates
        self._optimisers = (
            torch.optim.SparseAdam(sparse, lr=rates[0]),
            torch.optim.AdamW(self._dense, lr=rates[1], weight_decay=decay),
        )

    def step(self, loss: Tensor, pace: float) -> None:
        """One step, at this share of the rates."""
        for optimiser, rate in zip(self._optimisers, self._rates, strict=True):
            for group in optimiser.param_groups:
                group["lr"] = rate * pace
            optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._dense, 1.0)
        for optimiser in self._optimisers:
            optimiser.step()


def arrays_of(network: Network, lexicon: Lexicon) -> dict[str, NDArray[Any]]:
    """The trained network as `engines.joined_1.weights` reads it."""
    sides = (network.left, network.right)
    enter = np.stack([_gates(side.weight_ih_l0) for side in sides])
    token = _numpy(network.token.weight).copy()
    token[0] = _numpy(network.unknown)
    arrays: dict[str, NDArray[Any]] = {
        "tokens": lexicon.tokens.keys,
        "pairs": lexicon.pairs.keys,
        "inner": lexicon.inner.keys,
        "reader-enter": enter[:, :TOKEN],
        "reader-enter_pair": enter[:, TOKEN:],
        "reader-enter_bias": np.stack([_gates(side.bias_ih_l0) for side in sides]),
        "reader-again": np.stack([_gates(side.weight_hh_l0) for side in sides]),
        "reader-again_bias": np.stack([_gates(side.bias_hh_l0) for side in sides]),
        "reader-weigh": _numpy(network.weigh.weight).T,
        "reader-answer": _numpy(network.answer.weight).T,
        "reader-bias": _numpy(network.answer.bias),
        "reader-mark": _numpy(network.mark.weight).T,
        "reader-mark_bias": _numpy(network.mark.bias),
    }
    for name, vectors in (
        ("token", token),
        ("pair", _numpy(network.pair.weight)),
        ("inner", _numpy(network.inner.weight)),
    ):
        arrays[f"{name}-vectors"], arrays[f"{name}-vectors-scale"] = _eight_bits(vectors)
    return arrays


def _eight_bits(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers with a scale for each row, since frequent tokens have grown far larger vectors than rare ones."""
    scale = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9) / 127
    return np.rint(vectors / scale).astype(np.int8), scale.astype(np.float32)


def _gates(weights: Tensor) -> NDArray[np.float32]:
    """PyTorch's gates (reset, update, new) as columns; what goes into the two sigmoids is halved."""
    columns = _numpy(weights).T.copy()
    columns[..., : 2 * STATE] *= 0.5
    return columns


def _numpy(tensor: Tensor) -> NDArray[np.float32]:
    return tensor.detach().numpy().astype(np.float32)


def _mirrored(values: Tensor, mirror: Tensor) -> Tensor:
    return values.gather(1, mirror[:, :, None].expand(-1, -1, values.shape[2]))
