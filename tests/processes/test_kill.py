"""A SIGKILL between any two statements loses no step and doubles no effect."""

import pytest

from tests.processes.conftest import Installation

pytestmark = [pytest.mark.processes, pytest.mark.slow, pytest.mark.xdist_group("processes")]

# Long enough for one step on a busy machine, short enough to wait for a hundred times.
SHORT_LEASE = {"WANHUI_STEP_LEASE_SECONDS": "0.3", "OPENBLAS_NUM_THREADS": "1"}


def test_a_worker_killed_at_any_point_of_a_chain_loses_no_step(installation: Installation) -> None:
    told = installation.drive("kill", "chain", within=240, **SHORT_LEASE)
    assert told["expected"]["steps"] == {"done": 4}
    assert told["expected"]["effects"] == {f"test.{kind} {ref}": 1 for kind in ("first", "second") for ref in "ab"}
    assert told["wrong"] == {}
    assert told["points"] >= 20, "the fuse was never lit"


@pytest.mark.timeout(600)
def test_a_worker_killed_at_any_point_of_an_import_loses_no_review_and_doubles_nothing(
    installation: Installation,
) -> None:
    told = installation.drive("kill", "import", within=590, **SHORT_LEASE)
    expected = told["expected"]
    assert expected["import"] == {
        "state": "done", "total_rows": 6, "done_rows": 6, "new": 4, "duplicate": 1, "refused": 1, "follow_ups": 1,
    }
    assert expected["steps"] == {"import.confirmed done": 1, "reviews.received done": 1, "verdicts.given done": 1}
    assert [platform_id for platform_id, _stage in expected["cases"]] == ["T9001", "T9002"]
    assert expected["files left"] == 0
    assert told["wrong"] == {}
    assert told["points"] >= 60, "the fuse was never lit"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("what", ["look", "change"])
def test_a_worker_killed_at_any_point_of_judging_again_counts_and_replaces_each_verdict_once(
    installation: Installation, what: str
) -> None:
    told = installation.drive("kill", what, within=590, **SHORT_LEASE)
    expected = told["expected"]
    assert expected["state"] == [{"look": "looked", "change": "applied"}[what], 5, 5]
    assert (expected["found"]["looked"], expected["found"]["kept"]) == (4, 1)
    if what == "change":
        assert expected["applied"] | {"cases": {}} == expected["found"] | {"cases": {}}
        assert expected["verdicts"]["True words-2026-12"] == 4
        assert expected["verdicts"]["True person"] == 1
        assert expected["entries"]["triage.rejudge"] == 1
    assert told["wrong"] == {}
    assert told["points"] >= 20, "the fuse was never lit"
