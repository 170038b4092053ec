"""Laws of the supervised workers: order, isolation, errors."""

import os
import signal
import time

import numpy as np
import pytest

from styleprint.support import deadline
from styleprint.support.deadline import allow_more, limited
from styleprint.support.errors import InternalError, LimitError, ReadError, WriteError
from styleprint.support.workers import SupervisedWorker, map_supervised


def double(number: int) -> int:
    return 2 * number


def misbehave(kind: str) -> str:
    if kind == "die":
        os._exit(7)
    if kind == "sleep":
        time.sleep(60)
    if kind == "memory":
        np.ones(1 << 33, dtype=np.uint8)
    if kind == "ours":
        raise ReadError("R999", "told to")
    if kind == "bug":
        raise KeyError("told to")
    return kind


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_outcomes_come_in_order(workers):
    """The number of workers does not show in the results."""
    assert [o.unwrap() for o in map_supervised(double, range(50), workers=workers)] == [2 * n for n in range(50)]


def test_one_bad_item_costs_one_outcome():
    """What dies, hangs, fills the memory or raises costs its own outcome; neighbours in the chunk live."""
    kinds = ["a", "die", "b", "sleep", "c", "memory", "ours", "bug", "d"]
    outcomes = list(map_supervised(misbehave, kinds, workers=2, timeout_seconds=3))
    assert [o.value for o in outcomes] == ["a", None, "b", None, "c", None, None, None, "d"]
    codes = [o.error.code if o.error else "" for o in outcomes]
    assert codes == ["", "R193", "", "R191", "", "R192", "R999", "X101", ""]
    assert isinstance(outcomes[1].error, LimitError)
    assert isinstance(outcomes[7].error, InternalError)
    assert "told to" in str(outcomes[7].error)


def take_long(given: tuple[float, float]) -> str:
    """Be allowed more, then sleep."""
    more, seconds = given
    allow_more(more)
    time.sleep(seconds)
    return "done"


def test_an_item_may_be_allowed_more_time_and_each_has_its_own():
    """What allows itself more may take it; what does not is lost alone, however long its neighbours were allowed."""
    items = [(3.0, 1.6), (0.0, 1.6), (0.0, 0.6), (0.0, 0.6), (0.0, 0.6)]
    outcomes = list(map_supervised(take_long, items, workers=1, timeout_seconds=1.2))
    assert [outcome.value for outcome in outcomes] == ["done", None, "done", "done", "done"]
    assert outcomes[1].error.code == "R191"
    assert "within 1.2 s, and a sixth of its length more if it is a recording" in str(outcomes[1].error)


def test_more_time_has_a_bound(monkeypatch):
    """However often it is asked for; where nothing is limited nothing is allowed."""
    allow_more(5.0)
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0.0
    monkeypatch.setattr(deadline, "MOST_MORE_SECONDS", 100.0)
    with limited(60.0):
        for _ in range(9):
            allow_more(30.0)
        assert 158.0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 160.0
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0.0


def test_where_there_are_no_alarms_nothing_is_limited_from_within(monkeypatch):
    """As on Windows, where the supervisor alone limits."""
    monkeypatch.delattr(signal, "setitimer")
    assert not deadline.can_limit()
    with limited(0.01):
        allow_more(1.0)
        time.sleep(0.05)


def fill_the_disk(number: int) -> int:
    if number == 3:
        raise WriteError("W101", "no space left")
    return number


@pytest.mark.parametrize("workers", [0, 1])
def test_a_full_disk_ends_the_run_and_is_no_fault_of_the_item(workers):
    found = []
    with pytest.raises(WriteError, match="no space left"):
        found.extend(outcome.unwrap() for outcome in map_supervised(fill_the_disk, range(9), workers=workers))
    assert found == [0, 1, 2]


@pytest.fixture(scope="module")
def worker():
    worker = SupervisedWorker(timeout_seconds=2)
    yield worker
    worker.close()


@pytest.mark.parametrize(
    ("kind", "code", "is_lost"),
    [("a", "", False), ("die", "R193", True), ("ours", "R999", False), ("sleep", "R191", True), ("bug", "X101", False)],
)
def test_a_worker_that_stays_loses_no_call_but_the_guilty(worker, kind, code, is_lost):
    """Each fault costs its own call, and says whether the process was lost over it; the next call is answered."""
    outcome, was_lost = worker.call(misbehave, kind)
    assert (outcome.error.code if outcome.error else "", was_lost) == (code, is_lost)
    assert worker.call(double, 4)[0].unwrap() == 8


def test_a_worker_keeps_its_process(worker):
    """What a call loads is there for the next."""
    assert worker.call(process, None)[0] == worker.call(process, None)[0]


def process(_: None) -> int:
    return os.getpid()
