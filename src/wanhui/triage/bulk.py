"""Many rows judged in order, in this process or in several; memory stays flat however long the file is."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice

from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.rows import ReviewRow
from wanhui.language import DEFAULT_ENGINE, Judgement, judge
from wanhui.triage import rules
from wanhui.triage.rules import Urgencies

CHUNK = 256
_LARGE = 16  # chunks; below this, starting processes costs more than it saves
_AHEAD = 3  # chunks under way for each process


@dataclass(frozen=True, slots=True)
class Options:
    """`jobs` None chooses: one process for small inputs, two at most for large ones."""

    language: str = "auto"
    engine: str = DEFAULT_ENGINE
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its verdict. `text` is what was judged: the first text and its follow-ups, a line each.

    Evidence offsets of the judgement are code points into `text`.
    """

    review: ReviewRow
    text: str
    judgement: Judgement
    severity: int
    reasons: tuple[str, ...]
    bad: bool
    middling: bool


_Task = tuple[list[str], list[int | None], list[str | None]]


def said(review: ReviewRow) -> str:
    """All that the customer said in this row; "" for a row that is no review."""
    if review.refused:
        return ""
    return "\n".join(part for part in (review.text, *(later.text for later in review.follow_ups)) if part)


def judge_reviews(
    reviews: Iterable[ReviewRow], options: Options, table: Urgencies = rules.DEFAULT
) -> Iterator[Judged]:
    """Judge every row, in input order; `table` says how urgent. Raises what `wanhui.language.judge` raises for a wrong
    engine or language."""
    chunks = _chunked(iter(reviews))
    head = list(islice(chunks, _LARGE))
    jobs = options.jobs or (min(2, _cores()) if len(head) == _LARGE else 1)
    every = chain(head, chunks)
    if jobs == 1:
        for chunk in every:
            yield from _joined(chunk, judge_task(_task(chunk), options), table)
    else:
        yield from _in_processes(every, options, jobs, table)


def judge_task(task: _Task, options: Options) -> list[Judgement]:
    """One chunk: texts, stars and product names in, judgements out; runs in any process."""
    texts, stars, products = task
    return judge(texts, ratings=stars, products=products, engine=options.engine, language=options.language)


def _in_processes(
    chunks: Iterable[list[ReviewRow]], options: Options, jobs: int, table: Urgencies
) -> Iterator[Judged]:
    """Keep a few chunks under way and hand them out in order. Spawned, so that no thread or lock is inherited."""
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_begin_worker)
    under_way: deque[tuple[list[ReviewRow], Future[list[Judgement]]]] = deque()
    try:
        for chunk in chunks:
            under_way.append((chunk, pool.submit(judge_task, _task(chunk), options)))
            if len(under_way) >= jobs * _AHEAD:
                done, verdicts = under_way.popleft()
                yield from _joined(done, verdicts.result(), table)
        while under_way:
            done, verdicts = under_way.popleft()
            yield from _joined(done, verdicts.result(), table)
    except BrokenProcessPool as error:
        raise FileProblem(
            "A helper process ended unexpectedly, perhaps for want of memory. Please try again with --jobs 1."
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin_worker() -> None:
    """Ctrl-C reaches every process of the terminal; only the first one answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _chunked(reviews: Iterator[ReviewRow]) -> Iterator[list[ReviewRow]]:
    while chunk := list(islice(reviews, CHUNK)):
        yield chunk


def _task(chunk: list[ReviewRow]) -> _Task:
    texts = [said(review) for review in chunk]
    return texts, [review.stars for review in chunk], [review.product_name or None for review in chunk]


def _joined(chunk: list[ReviewRow], judgements: list[Judgement], table: Urgencies) -> Iterator[Judged]:
    for review, judgement in zip(chunk, judgements, strict=True):
        yield Judged(
            review=review,
            text=said(review),
            judgement=judgement,
            severity=rules.severity(judgement, review.stars, rules.Reach(review.readers), table),
            reasons=rules.reasons(judgement, review.stars, rules.Reach(review.readers), table),
            bad=rules.is_bad(review.stars, review.platform_verdict, judgement.sentiment),
            middling=rules.is_middling(review.stars, review.platform_verdict, judgement.sentiment),
        )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
