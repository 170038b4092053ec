"""Probes find what a state holds beyond the input, and nothing else."""

import numpy as np
import pytest

from music_cases import piece, score_of
from styleprint.corpus.splits import grouped_splits
from styleprint.generation.probes import PROBES, ProbedPiece, probe_states, probed_piece
from styleprint.theory.metre import METRICAL_PLACES

PIECES, EVENTS = 40, 60
ASKED = np.arange(20, EVENTS, 2)


class Model:
    """Its state is some numbers of the piece times a gain, of which shuffling leaves next to nothing, and noise."""

    def __init__(self, told, gain):
        self._told, self._gain = told, gain

    @property
    def machine(self):
        return self

    def states_of(self, pieces):
        rng = np.random.default_rng(0)
        return [
            np.stack([self._told(event, events) for event in events]) * self._gain[0]
            + rng.standard_normal((len(events), 4))
            for events in pieces
        ]

    def to_state(self):
        return {"gain": self._gain}

    @classmethod
    def from_state(cls, state):
        return cls(lambda *_: np.zeros(4), state["gain"])


def asked_pieces(answer):
    """Pieces whose first shift, long past when they are asked, is the answer of all their moments."""
    rng = np.random.default_rng(1)
    found = []
    for number in range(PIECES):
        events = rng.integers(30, 90, size=(EVENTS, 4)).astype(np.int32)
        events[:, 1], events[:, 2] = 0, rng.choice([50, 70], size=EVENTS)
        events[0, 0] = number % 4
        truth = np.array([answer(events, i) for i in ASKED])
        asked = dict.fromkeys(PROBES, (ASKED, truth)) | {"cadence": (ASKED, np.minimum(truth, 1))}
        found.append(ProbedPiece(events, asked))
    return found


def found_by(answer, told, strength):
    pieces = asked_pieces(answer)
    gain = np.zeros(1000)
    gain[0] = strength
    groups = [f"group {i}" for i in range(PIECES)]
    splits = grouped_splits([""] * PIECES, groups, folds=2, seed=0)
    return {one.name: one for one in probe_states(pieces, groups, splits, lambda _: Model(told, gain))}


def past(events, i):
    return int(events[0, 0])


def present(events, i):
    return int(events[i, 2] >= 60)


def by_past(event, events):
    return np.eye(4)[events[0, 0] % 4]


def by_present(event, events):
    return np.eye(4)[int(event[2] >= 60)]


def test_what_only_the_state_holds_is_found():
    """The past, which neither untrained states nor the last events hold."""
    found = found_by(past, by_past, 5.0)["metre"]
    assert (found.verdict, found.states["value"] > 0.95) == ("knows", True), found.sentence
    assert found.inputs["value"] < 0.5
    assert found.sentence.startswith("Its states tell the place in the measure, more than")


@pytest.mark.parametrize(("answer", "told", "strength"), [(past, by_past, 0.0), (present, by_present, 5.0)])
def test_noise_and_what_has_just_sounded_are_no_knowledge(answer, told, strength):
    """A state of noise; a state that holds the last event and no more."""
    found = found_by(answer, told, strength)["metre"]
    assert found.verdict != "knows", found.sentence


def test_cadences_are_ranked_within_their_piece():
    """A coin has one half; what the state holds is ranked above all else."""
    found = found_by(present, by_present, 50.0)["cadence"]
    assert found.chance == 0.5
    assert found.states["value"] == pytest.approx(1.0)
    assert 0.3 < found_by(present, by_past, 0.0)["cadence"].states["value"] < 0.7


def test_too_few_works_are_not_asked():
    """Nine groups, however many pieces."""
    pieces = asked_pieces(past)
    groups = [str(i % 9) for i in range(PIECES)]
    splits = grouped_splits([""] * PIECES, groups, folds=2, seed=0)
    assert probe_states(pieces, groups, splits, lambda _: Model(by_past, np.ones(1))) == ()


def test_the_same_seed_gives_the_same_findings():
    """Splits, bootstraps and shuffles are drawn by seed."""
    one, other = (found_by(past, by_past, 1.0) for _ in range(2))
    assert one == other


def test_what_is_asked_of_a_piece():
    """A scale in C in even quarters: one key, places by the measure; graces and what has no metre are not asked."""
    tune = np.tile([60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62], 6)
    found = probed_piece(score_of(tune, quarters=1.0))
    events, keys = found.asked["key"]
    assert set(keys.tolist()) == {0}
    assert (events >= 16).all()
    assert len(found.asked["metre"][0]) == 0  # no metre is given
    assert set(found.asked) == set(PROBES)


def test_moments_are_the_last_events_of_what_begins_together():
    """With three voices, two of three events are not asked about; cadences are 1 and stand beside others."""
    found = probed_piece(piece(3, frames=120))
    onsets = np.cumsum(found.events[:, 0])
    for events, answers in found.asked.values():
        assert (np.diff(events) > 0).all()
        inside = events[events + 1 < len(onsets)]
        assert (onsets[inside] < onsets[inside + 1]).all()
        assert len(events) == len(answers)
    _, places = found.asked["metre"]
    assert set(places.tolist()) <= set(range(len(METRICAL_PLACES)))
