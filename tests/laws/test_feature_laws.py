"""Features keep what they declare, over arbitrary scores and every change.

One row for each score and change, all columns at once.
"""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feature_cases import (
    chordal_score,
    chords,
    figured_score,
    functional_score,
    line,
    score_of,
    sequential_score,
    two_voiced_score,
    varied_score,
)
from styleprint.features.context import ScoreContext
from styleprint.features.feature import CHANGE_NAMES, FURTHER_CHANGE_NAMES
from styleprint.features.registry import catalogue, feature_names, load_feature
from styleprint.features.row import feature_row
from styleprint.music.changes import CHANGES, transpose
from styleprint.theory.slices import count_sounding, salami_slices

ALL_CHANGES = (*CHANGE_NAMES, *FURTHER_CHANGE_NAMES)
MAKERS = (varied_score, figured_score, two_voiced_score, chordal_score, functional_score, sequential_score)
TOLERANCE = 1e-7
"""Sums in another order differ by rounding alone."""

times = st.one_of(
    st.integers(0, 480).map(lambda tick: tick / 24),
    st.integers(0, 9600).map(lambda tick: tick / 480),
    st.floats(0, 20, allow_nan=False, width=32).map(lambda time: round(time, 6)),
)
durations = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0, 1 / 3]), st.floats(0.001, 4, allow_nan=False))
scores = st.lists(st.tuples(times, durations, st.integers(13, 115), st.integers(0, 3)), max_size=60).map(
    lambda notes: score_of(notes, measure_quarters=3.0)
)


def row_of(score):
    return feature_row(ScoreContext(score), feature_names())


def differing(before, after):
    return {
        column
        for column, value in before.items()
        if not (math.isnan(value) and math.isnan(after[column]))
        and not math.isclose(value, after[column], rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    }


def kept_by(change):
    features = [entry.feature for entry in catalogue().values()]
    return {column for f in features if change in f.unchanged_by for column in f.columns}


@pytest.mark.parametrize("change", ALL_CHANGES)
@given(score=scores)
@settings(max_examples=60, deadline=None)
def test_features_keep_what_they_declare(change, score):
    """No feature notices a change that it declares not to notice.

    What is to be played twice stands on the grid of ticks, so that the same notes are heard to the same ticks again.
    """
    score = CHANGES["resolution"](score) if change == "repeats" else score
    broken = differing(row_of(score), row_of(CHANGES[change](score))) & kept_by(change)
    assert not broken, f"{change} changes {sorted(broken)}"


@pytest.mark.parametrize("change", ALL_CHANGES)
@pytest.mark.parametrize(
    "make", [varied_score, figured_score, two_voiced_score, chordal_score, functional_score, sequential_score]
)
@pytest.mark.parametrize("seed", range(4))
def test_features_keep_it_on_whole_pieces(change, make, seed):
    """The same over pieces that are long enough for every feature to apply."""
    score = make(seed)
    broken = differing(row_of(score), row_of(CHANGES[change](score))) & kept_by(change)
    assert not broken, f"{change} changes {sorted(broken)}"


@pytest.mark.parametrize("semitones", range(-11, 12))
def test_transposition_by_any_interval(semitones):
    score = varied_score(7)
    broken = differing(row_of(score), row_of(transpose(score, semitones=semitones))) & kept_by("transposition")
    assert not broken


@pytest.mark.parametrize(
    ("change", "family"),
    [
        ("transposition", "mean_pitch"),
        ("octave", "mean_pitch"),
        ("repeats", "total_notes"),
        ("repeats", "melodic_interval"),
        ("legato", "held_ratio"),
        ("staccato", "sounding"),
        ("merged_parts", "part_balance"),
    ],
)
def test_what_is_not_declared_is_noticed(change, family):
    """The law can fail: these features do change, and say so."""
    feature = load_feature(family).feature
    score = varied_score(5)
    assert change not in feature.unchanged_by
    assert set(feature.columns) & differing(row_of(score), row_of(CHANGES[change](score)))


BY_ACCIDENT = {
    "time_by_level": "the time from the last frame on moves no median here",
    "time_signature": "the last metre holds until the piece begins again, which rarely decides",
    "compound_metre": "as time_signature",
    "triple_metre": "as time_signature",
}
"""Features that may notice a repeat and do not over the pieces of these tests."""


def scattered(seed):
    """A few notes anywhere."""
    rng = np.random.default_rng(seed)
    notes = zip(
        rng.integers(0, 96, 24) / rng.choice([4, 6, 24], 24),
        rng.choice([0.25, 0.5, 1, 1 / 3, 2], 24),
        rng.integers(40, 80, 24).tolist(),
        rng.integers(0, 3, 24).tolist(),
        strict=True,
    )
    return score_of(set(notes), measure_quarters=float(rng.choice([3.0, 4.0])))


@pytest.mark.parametrize("change", FURTHER_CHANGE_NAMES)
def test_what_nothing_notices_is_declared(change):
    """A feature of which no piece changes a column when it is moved by an octave, or played twice, says so."""
    noticed = set()
    for score in (*(make(seed) for make in MAKERS for seed in range(4)), line([60]), *map(scattered, range(40))):
        noticed |= differing(row_of(score), row_of(CHANGES[change](score)))
    features = [entry.feature for entry in catalogue().values()]
    silent = {f.name for f in features if change not in f.unchanged_by and not noticed & set(f.columns)}
    assert silent == (set(BY_ACCIDENT) if change == "repeats" else set())


@given(seed=st.integers(0, 2**16), rng=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_a_tick_of_jitter_leaves_harmony_alone(seed, rng):
    """Chords whose notes are played up to a third of a tick apart are the same chords."""
    generator = np.random.default_rng(seed)
    sets = [sorted(generator.choice(np.arange(40, 90), size=3, replace=False).tolist()) for _ in range(12)]
    notes = [(1 + i / 2, 0.5, pitch) for i, pitches in enumerate(sets) for pitch in pitches]
    played = [(onset + rng.uniform(-1, 1) / 72, duration, pitch) for onset, duration, pitch in notes]
    assert not differing(row_of(score_of(notes)), row_of(score_of(played))) & kept_by("resolution") - kept_by_measures()


def kept_by_measures():
    """Columns of the metre, the parts and durations: jitter moves notes across bar lines that are not given here."""
    return {c for n in feature_names(encoding_safe=False) for c in load_feature(n).feature.columns}


@given(score=scores)
@example(score=chords([60, 64, 67], [59, 62, 67]))
@example(score=line([60, 60, 60]))
@settings(max_examples=80, deadline=None)
def test_slices_hold_exactly_what_sounds(score):
    """Each slice has the pitches of the notes that sound in its middle, and slices leave no gap."""
    slices = salami_slices(score.onset_quarters, score.duration_quarters, score.midi_pitch)
    counted = count_sounding(score.onset_quarters, score.duration_quarters, score.midi_pitch)
    assert np.array_equal(counted.count, np.diff(slices.offsets))
    assert np.array_equal(counted.start_quarters, slices.start_quarters)
    end = score.onset_quarters + score.duration_quarters
    assert np.all(slices.length_quarters > 0)
    assert np.allclose(slices.start_quarters[1:], (slices.start_quarters + slices.length_quarters)[:-1], atol=1e-9)
    for i in range(len(slices)):
        middle = slices.start_quarters[i] + slices.length_quarters[i] / 2
        sounding = (score.onset_quarters <= middle) & (end > middle) & (score.duration_quarters > 1e-6)
        held = slices.midi_pitch[slices.offsets[i] : slices.offsets[i + 1]]
        assert held.tolist() == sorted(set(score.midi_pitch[sounding].tolist()))
