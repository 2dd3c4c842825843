"""What a text is about, without any database: detect, normalise, split, classify."""

from wanhui.language.classify import judge
from wanhui.language.engines import DEFAULT_ENGINE, UnknownEngine, engine_names
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
    "judge",
]
