"""What a text is about, without any database: detect, normalise, split, classify."""

import os

# Said before numpy is loaded: the products of one review are so small that a second thread only burns the processor
# (measured: the same wall time for half the processor's), which a second worker then lacks.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from wanhui.language.classify import judge
from wanhui.language.engines import DEFAULT_ENGINE, UnknownEngine, engine_names, full_name
from wanhui.language.judgement import CAUSES, FLAGS, LANGUAGES, CauseScore, Judgement, PraiseScore

__all__ = [
    "CAUSES",
    "DEFAULT_ENGINE",
    "FLAGS",
    "LANGUAGES",
    "CauseScore",
    "Judgement",
    "PraiseScore",
    "UnknownEngine",
    "engine_names",
    "full_name",
    "judge",
]
