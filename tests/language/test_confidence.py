"""What "not sure" means is stated in measured figures, and the figures are true."""

import json
from pathlib import Path

import pytest

from benchmarks.confidence import measure
from wanhui.language import DEFAULT_ENGINE, engine_names
from wanhui.language.confidence import stated
from wanhui.language.patterns import table


def test_the_default_engine_is_measured() -> None:
    assert stated(DEFAULT_ENGINE), "run `python benchmarks/confidence.py` and put its table into confidence.toml"


def test_sure_verdicts_are_right_more_often_than_unsure_ones() -> None:
    for engine in engine_names():
        if found := stated(engine):
            assert 0 < found.unsure < found.sure <= 1
            assert 0 < found.share < 0.5
            assert found.texts >= 1000


def test_a_persons_word_and_an_engine_nobody_measured_have_no_figures() -> None:
    assert stated("person") is None
    assert stated("never-made") is None


@pytest.mark.slow
def test_the_stated_figures_are_those_of_the_labelled_texts(shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / "labels" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    again = tmp_path / "again.toml"
    again.write_text(measure(DEFAULT_ENGINE, [json.loads(line) for line in lines]), encoding="utf-8")
    found, kept = table(again)[DEFAULT_ENGINE], stated(DEFAULT_ENGINE)
    assert kept is not None
    assert (found["sure"], found["unsure"]) == pytest.approx((kept.sure, kept.unsure), abs=0.015)
    assert found["texts"] == kept.texts
