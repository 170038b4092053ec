"""The small steps that features and theory are made of do what NumPy, or plain Python, does more slowly."""

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from styleprint.features import loops, numbers
from styleprint.support.claims import first_claim
from styleprint.theory import stretches

CODES = st.lists(st.integers(-3, 3), max_size=40).map(lambda values: np.array(values, dtype=np.int64))
FLOATS = st.lists(st.floats(-1e6, 1e6), max_size=40).map(lambda values: np.array(values, dtype=np.float64))


@given(values=FLOATS)
def test_statistics_are_those_of_numpy(values):
    """Mean, standard deviation and median to the last bit; NaN of nothing."""
    if not len(values):
        assert np.isnan([numbers.mean(values), numbers.deviation(values), numbers.median(values)]).all()
        return
    assert numbers.mean(values) == values.mean()
    assert numbers.spread(values) == values.std()
    assert numbers.median(values) == np.median(values)
    assert (numbers.differences(values) == np.diff(values)).all()


@given(codes=CODES, among=CODES)
def test_membership_is_that_of_numpy(codes, among):
    """Of few codes and of many."""
    assert (numbers.contained(codes, among) == np.isin(codes, among)).all()
    assert (numbers.consists_of(codes, (1, -2, 3)) == np.isin(codes, (1, -2, 3))).all()


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.uint64, np.bool_])
@given(codes=CODES)
def test_stretches_are_groups_of_equal_neighbours(kind, codes):
    """Where they begin, how long they are and which each entry is in, of numbers and of claims."""
    codes = np.abs(codes).astype(kind)
    lengths = [len(list(group)) for _, group in groupby(codes.tolist())]
    first = stretches.first_of_stretches(codes)
    assert stretches.stretch_lengths(codes).tolist() == lengths
    assert first.tolist() == np.cumsum([0, *lengths])[:-1].tolist()
    assert stretches.stretch_numbers(first, len(codes)).tolist() == np.repeat(np.arange(len(lengths)), lengths).tolist()


@given(codes=CODES, length=st.integers(1, 5))
def test_runs_are_equal_where_their_codes_are(codes, length):
    """The first equal run is the first; hashes are equal for equal runs, and differ for these different ones."""
    runs = [tuple(codes[i : i + length].tolist()) for i in range(len(codes) - length + 1)]
    assert stretches.first_equal_runs(codes, length).tolist() == [runs.index(run) for run in runs]
    hashes = numbers.figures(codes, length).tolist()
    assert [hashes.index(value) for value in hashes] == [runs.index(run) for run in runs]


@given(intervals=CODES)
def test_repeats_are_runs_that_stand_again_at_once(intervals):
    """Counted place by place, those that lead back to their first pitch apart."""
    periods = (1, 2, 3, 5)
    found = loops.count_repeats(intervals.astype(np.int32), np.array(periods))
    for period, still, moved in zip(periods, *found.tolist(), strict=True):
        runs = [intervals[i : i + period] for i in range(len(intervals) - 2 * period + 1)]
        again = [run for i, run in enumerate(runs) if (run == intervals[i + period : i + 2 * period]).all()]
        assert still == sum(run.sum() == 0 for run in again)
        assert moved == sum(run.sum() != 0 for run in again)


@given(onset=st.sets(st.integers(0, 60), min_size=1).map(sorted), distance=st.integers(1, 12))
def test_pairs_at_a_distance_are_all_of_them(onset, distance):
    """Those that may have a partner are counted, and those that have one are found with it."""
    inside, first, second = loops.pairs_at_distance(np.array(onset, dtype=np.float64), float(distance), 0.1)
    assert inside == sum(time + distance <= onset[-1] for time in onset)
    pairs = [(i, onset.index(time + distance)) for i, time in enumerate(onset) if time + distance in onset]
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == pairs


@given(claims=st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=4))
def test_the_first_claim_is_that_of_select(claims):
    """As :func:`numpy.select`; their number where none holds."""
    claims = [np.array(claim) for claim in claims]
    assert (first_claim(claims) == np.select(claims, range(len(claims)), len(claims))).all()
