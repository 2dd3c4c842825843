"""How good and how fast the engines are on the labelled reviews in `../shared/data`, in one run with what others offer.

    python -m benchmarks.quality

"Commonest" says the commonest cause of the training rows for every text, "keywords" a cause wherever a word of its
sub-causes occurs. "TF-IDF + LR" is scikit-learn as its manual has it, one logistic regression a cause on runs of one to
three characters, learnt on the same training rows. SnowNLP knows no causes: it is compared on whether a Chinese review
is content. Needs the extra `bench`. Everything runs in one process on one core, texts in, verdicts with evidence out.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from snownlp import SnowNLP

from training.data import DATA, Row, labelled
from training.evaluate import PARTS, averages, causes_of
from wanhui.language import CAUSES, DEFAULT_ENGINE, engine_names, judge
from wanhui.language.detect import detect
from wanhui.language.finer import sub_cause
from wanhui.language.normalise import fold

CHINESE = ("core", "other", "hant")
PLAIN_BAR = 0.5  # of a logistic regression nobody tuned
Guess = Callable[[Sequence[Row]], list[set[str]]]


@dataclass(frozen=True, slots=True)
class Line:
    """What one of them says of the rows' causes, or whether each is content; and how many texts it reads a second."""

    name: str
    causes: list[set[str]] | None
    content: list[bool] | None
    speed: float


def commonest(rows: Sequence[Row]) -> list[set[str]]:
    counted = Counter(code for row in labelled("train") for code in row.causes or ())
    return [{counted.most_common(1)[0][0]}] * len(rows)


def keywords(rows: Sequence[Row]) -> list[set[str]]:
    return [{code for code in CAUSES if sub_cause(code, [fold(row.text)], detect(row.text))} for row in rows]


def tfidf() -> Guess:
    """scikit-learn's vectoriser and logistic regression, fitted on the training rows."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    rows = labelled("train")
    wanted = np.array([[code in (row.causes or ()) for code in CAUSES] for row in rows], int)
    model = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(max_iter=1000, C=10.0)),
    ).fit([row.text for row in rows], wanted)

    def guess(rows: Sequence[Row]) -> list[set[str]]:
        chances = model.predict_proba([row.text for row in rows])
        return [{code for code, chance in zip(CAUSES, each, strict=True) if chance >= PLAIN_BAR} for each in chances]

    return guess


def timed(name: str, guess: Guess, rows: Sequence[Row]) -> Line:
    guess(rows[:20])
    begun = time.process_time()
    causes = guess(rows)
    return Line(name, causes, None, len(rows) / (time.process_time() - begun))


def engine(name: str, rows: Sequence[Row]) -> Line:
    judge(["预热"], engine=name)
    begun = time.process_time()
    judged = judge([row.text for row in rows], ratings=[row.star for row in rows], engine=name)
    speed = len(rows) / (time.process_time() - begun)
    return Line(name, causes_of(judged), [each.sentiment == "positive" for each in judged], speed)


def snownlp(rows: Sequence[Row]) -> Line:
    SnowNLP("预热").sentiments  # noqa: B018 - loads its model
    begun = time.process_time()
    content = [SnowNLP(row.text).sentiments > PLAIN_BAR for row in rows]
    return Line("SnowNLP", None, content, len(rows) / (time.process_time() - begun))


def show(line: Line, rows: Sequence[Row], ours: float) -> str:
    """One line of the table; the last column is how many times as fast the default engine is."""
    text = f"{line.name:18}"
    for part in PARTS:
        mine = [place for place, row in enumerate(rows) if row.part == part]
        if line.causes is None:
            text += " " * 15
            continue
        macro, micro = averages([line.causes[i] for i in mine], [rows[i].causes or () for i in mine], CAUSES)
        text += f"{macro:8.3f} {micro:6.3f}"
    chinese = [place for place, row in enumerate(rows) if row.part in CHINESE]
    if line.content is None:
        text += " " * 10
    else:
        right = [line.content[i] == (rows[i].sentiment == "positive") for i in chinese]
        text += f"{sum(right) / len(right):10.3f}"
    return f"{text} {line.speed:10,.0f} {ours / line.speed:9.2f}"


def main() -> None:
    if not (DATA / "labels").is_dir():
        print(f"The labelled reviews are not here (looked in {DATA}); nothing to compare.")
        return
    rows = labelled("dev")
    lines = [timed("commonest", commonest, rows), timed("keywords", keywords, rows)]
    lines += [timed("TF-IDF + LR", tfidf(), rows), snownlp(rows)]
    lines += [engine(name, rows) for name in engine_names()]
    ours = next(line.speed for line in lines if line.name == DEFAULT_ENGINE)
    print(f"{'macro / micro F1':18}" + "".join(f"{part:>15}" for part in PARTS) + "   content    texts/s   slower")
    for line in lines:
        print(show(line, rows, ours))


if __name__ == "__main__":
    main()
