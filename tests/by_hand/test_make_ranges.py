"""What a bundle says of a recording that was made otherwise than what it learnt from."""

import pandas as pd
import pytest

from styleprint.bundle.make_ranges import MakeRanges
from styleprint.features.sound_make import SOUND_MAKE_COLUMNS

USUAL = {
    "make_seconds": 30.0,
    "make_rate_hz": 22_050.0,
    "make_channels": 1.0,
    "make_coding": 7.0,
    "make_peak": -1.0,
    "make_level": -18.0,
    "make_clipped": 1e-5,
    "make_side": float("nan"),
    "make_offset": 0.0,
    "make_bandwidth_hz": 11_025.0,
}
LEARNT = pd.DataFrame([USUAL, USUAL | {"make_level": -12.0, "make_bandwidth_hz": 10_000.0, "make_seconds": 25.0}])
RANGES = MakeRanges.of(LEARNT)


def test_what_is_usual_is_not_remarked():
    assert tuple(USUAL) == SOUND_MAKE_COLUMNS
    assert RANGES.warnings(USUAL, "ogg VORBIS") == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"make_bandwidth_hz": 8_000.0}, "bandwidth is 8,000 Hz, theirs 10,000 Hz to 11,025 Hz"),
        ({"make_rate_hz": 44_100.0}, "sampling rate is 44,100 Hz, theirs 22,050 Hz."),
        ({"make_channels": 2.0}, "number of channels is 2, theirs 1."),
        ({"make_level": -40.0}, "level is -40.0 dB, theirs -18.0 dB to -12.0 dB"),
        ({"make_seconds": 200.0}, "length is 200.0 s, theirs 25.0 s to 30.0 s"),
        ({"make_clipped": 0.02}, "share of samples at the peak is 2.000%"),
        ({"make_coding": 8.0}, "none of those is coded as this (wav PCM_16)"),
    ],
)
def test_what_lies_outside_is_said(change, words):
    (warning,) = RANGES.warnings(USUAL | change, "wav PCM_16")
    assert words in warning
    assert warning.endswith("The answer may rest on that.")


@pytest.mark.parametrize(
    "change",
    [
        {"make_bandwidth_hz": 9_600.0},
        {"make_level": -23.0},
        {"make_seconds": 59.0},
        {"make_peak": 4.9},
        {"make_bandwidth_hz": float("nan")},
        {"make_side": 3.0},  # of which nothing was learnt
    ],
)
def test_a_little_outside_is_inside(change):
    assert RANGES.warnings(USUAL | change, "ogg VORBIS") == ()


def test_the_state_says_the_same():
    again = MakeRanges.from_json(RANGES.to_json())
    assert again == RANGES


@pytest.mark.parametrize(
    "state",
    [
        {"ranges": {"make_level": [2, 1]}, "codings": []},
        {"ranges": {"other": [1, 2]}, "codings": []},
        {"ranges": {"make_level": [1]}, "codings": []},
        {"ranges": {"make_level": ["x", 2]}, "codings": []},
    ],
)
def test_a_damaged_state_is_refused(state):
    with pytest.raises(ValueError):  # each says what is wrong in its own words
        MakeRanges.from_json(state)


def test_rows_that_do_not_say_make_no_ranges():
    assert MakeRanges.of(pd.DataFrame({"tempo": [1.0]})) is None
    assert MakeRanges.of(pd.DataFrame({"make_level": [float("nan")]})) is None
