"""The key of a piece, by hand."""

import numpy as np
import pytest

from styleprint.theory.global_key import estimate_key_of_durations

C_MAJOR_SCALE = [0, 2, 4, 5, 7, 9, 11]


def durations(pitch_classes, long=()):
    """One quarter for each pitch class, three for those in `long`."""
    weights = np.zeros(12)
    for pitch_class in pitch_classes:
        weights[pitch_class % 12] += 3.0 if pitch_class in long else 1.0
    return weights


@pytest.mark.parametrize("tonic", range(12))
def test_a_major_scale_that_rests_on_its_triad_is_in_its_own_key_wherever_it_lies(tonic):
    """Wrongly rotated profiles give 12 − t: right on C and F♯ alone, so every tonic is tried."""
    key = estimate_key_of_durations(np.roll(durations(C_MAJOR_SCALE, long=(0, 4, 7)), tonic))
    assert (key.tonic, key.is_minor) == (tonic, False)


def test_a_harmonic_minor_scale_on_a_is_a_minor():
    key = estimate_key_of_durations(durations([9, 11, 0, 2, 4, 5, 8], long=(9, 0, 4)))
    assert (key.tonic, key.is_minor) == (9, True)


def test_the_confidence_is_pearsons_correlation_with_the_profile():
    """The profile of D major itself correlates with D major perfectly."""
    major = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
    key = estimate_key_of_durations(np.roll(major, 2))
    assert key.tonic == 2
    assert key.confidence == pytest.approx(1.0)


def test_where_all_twelve_sound_alike_there_is_no_key():
    assert estimate_key_of_durations(np.ones(12)) is None
    assert estimate_key_of_durations(np.zeros(12)) is None
