"""SIGKILL at random moments of a real import with judging: nothing is lost and nothing doubled."""

import pytest

from benchmarks.import_speed import invent
from tests.processes.at_random import played
from tests.processes.conftest import Installation

pytestmark = [pytest.mark.processes, pytest.mark.slow, pytest.mark.xdist_group("processes")]

ROWS, KILLS, SEED = 3_000, 4, 20261122


@pytest.mark.timeout(240)
def test_workers_killed_at_random_moments_lose_nothing_and_double_nothing(installation: Installation) -> None:
    file = installation.home / "评价.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(invent(ROWS))
    told = played(installation, file, kills=KILLS, seed=SEED, span=1.2, lease=1.0)
    assert len(told.kills) >= 2, "it was done before anybody was killed: the test proves nothing"
    seen = told.seen
    assert seen["import"] == {
        "state": "done", "total_rows": ROWS, "done_rows": ROWS, "new": ROWS, "edited": 0, "duplicate": 0, "refused": 0,
        "follow_ups": ROWS // 10,
    }
    assert seen["steps"] == ["done"]
    assert [seen[what].split()[0] for what in ("reviews", "follow-ups")] == [str(ROWS), str(ROWS // 10)]
    assert seen["verdicts"].split()[0] == str(seen["verdicts in the record"]) == str(ROWS + ROWS // 10)
    assert (seen["products"], seen["found by searching"], seen["files left"]) == (200, ROWS, 0)
    assert seen["entries"]["reviews.take_in"] == 1
