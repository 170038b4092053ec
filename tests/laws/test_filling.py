"""Missing pitches: the likeliest of all ways where the beam is wide, and what follows is listened to."""

import copy
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language_bundle_cases import drawn_model
from language_cases import scales
from styleprint.features.streams.events import score_of_events
from styleprint.generation.filling import fill_pitches, in_order
from styleprint.models.language.rows import SIZES, EventRows
from styleprint.support.errors import UsageError

PITCHES = (60, 62, 64)


class Stepwise:
    """Knows one thing: after pitch p comes p + 2, and hardly anything else."""

    def __init__(self):
        self._last = None

    def begin(self):
        return copy.copy(self)

    def fork(self):
        return copy.copy(self)

    def hear(self, event):
        self._last = int(event[2])

    def scores(self, chosen):
        found = np.zeros(SIZES[len(chosen)])
        if len(chosen) == 2 and self._last is not None:
            found[self._last + 2] = 8.0
        return found


@given(seed=st.integers(0, 10**6))
@settings(max_examples=6)
def test_a_wide_beam_finds_the_likeliest_of_all_ways(seed):
    """By trying every combination, each scored as a whole piece."""
    random = np.random.default_rng(seed)
    model = drawn_model(seed=seed % 7)
    events = scales(pieces=1, notes=5, seed=seed).row(0)
    missing = np.zeros(len(events), dtype=bool)
    missing[random.permutation(len(events))[:3]] = True
    ways = []
    for chosen in itertools.product(PITCHES, repeat=3):
        whole = events.copy()
        whole[missing, 2] = chosen
        ways.append((float(model.bits(EventRows.of([whole])).sum()), whole))
    least = min(cost for cost, _ in ways)
    filled = fill_pitches(model, events, missing, pitches=PITCHES, beam=27)
    assert filled.bits == pytest.approx(least, abs=1e-3)
    assert float(model.bits(EventRows.of([filled.events])).sum()) == pytest.approx(filled.bits, abs=1e-3)
    assert (filled.events[~missing] == events[~missing]).all()


def test_what_follows_decides():
    """64 comes next, so 62 is missing: a beam hears that, a beam of one has chosen before."""
    events = np.array([[0, 0, 0, 23], [24, 0, 64, 23]], dtype=np.int32)
    missing = np.array([True, False])
    assert fill_pitches(Stepwise(), events, missing, pitches=PITCHES, beam=3).events[0, 2] == 62
    assert fill_pitches(Stepwise(), events, missing, pitches=PITCHES, beam=1).events[0, 2] == 60


def test_missing_pitches_are_not_looked_at():
    """Whatever stands in their place, the answer is the same."""
    events = scales(pieces=1, notes=6).row(0)
    missing = events[:, 1] == 1
    found = []
    for stand_in in (0, 61, 127):
        asked = events.copy()
        asked[missing, 2] = stand_in
        found.append(fill_pitches(drawn_model(), asked, missing, pitches=PITCHES).events)
    assert (found[0] == found[1]).all()
    assert (found[0] == found[2]).all()


@given(order=st.permutations(range(3)), seed=st.integers(0, 10**6))
@settings(max_examples=20)
def test_parts_in_another_order_are_the_same_notes(order, seed):
    """Each part has its notes under its new number, at its moments, and the way back gives the piece."""
    random = np.random.default_rng(seed)
    rows = sorted({(int(t), int(p), int(60 + p + random.integers(9)), 5) for t, p in random.integers(0, 3, (12, 2))})
    events = np.array(rows, dtype=np.int32)
    events[:, 0] = np.diff(events[:, 0], prepend=0)
    moved = in_order(events, order)
    before, after = score_of_events(events), score_of_events(moved)
    for new, old in enumerate(order):
        for name in ("onset_quarters", "midi_pitch", "duration_quarters"):
            own, old_ones = getattr(after, name)[after.part == new], getattr(before, name)[before.part == old]
            assert own.tolist() == old_ones.tolist()
    assert (in_order(moved, np.argsort(order).tolist()) == events).all()


@pytest.mark.parametrize(("pitches", "beam"), [((), 8), (PITCHES, 0), ((60, 128), 8)])
def test_nothing_to_choose_from_is_refused(pitches, beam):
    """With what came."""
    events = scales(pieces=1, notes=2).row(0)
    with pytest.raises(UsageError, match="U137"):
        fill_pitches(drawn_model(), events, events[:, 1] == 1, pitches=pitches, beam=beam)
