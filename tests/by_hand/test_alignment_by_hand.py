"""Alignment and its judgement on examples that can be followed with a pencil."""

import numpy as np
import pytest

from music_cases import score_of
from styleprint.corpus.alignment import best_transpositions, coverage, telling_windows
from styleprint.corpus.fingerprints import fingerprint
from styleprint.corpus.matching import judge

C, D, E, F, G, A, B = (1 << semitone for semitone in (0, 2, 4, 5, 7, 9, 11))
SCALE = np.array([C, D, E, F, G, A, B, C, B, A, G, F, E, D, C, G], dtype=np.uint16)
FOREIGN = 1 << 6


def test_a_frame_is_the_pitch_classes_that_are_attacked_together():
    found = fingerprint(score_of([[60, 64, 67], [62, 0, 74], [0, 0, 71]]))
    assert found.frames.tolist() == [C | E | G, D, B]


def test_what_stands_in_the_other_is_covered_wholly():
    assert coverage(SCALE, SCALE, 0) == 1.0
    assert coverage(SCALE, np.concatenate([[FOREIGN] * 3, SCALE, [FOREIGN]]).astype(np.uint16), 0) == 1.0


def test_a_wrong_note_costs_one_and_a_half_frames():
    other = SCALE.copy()
    other[7] = FOREIGN
    assert coverage(SCALE, other, 0) == pytest.approx((15 - 0.5) / 16)


def test_an_ornament_costs_a_third_of_a_frame():
    other = np.insert(SCALE, 7, FOREIGN)
    assert coverage(SCALE, other, 0) == pytest.approx((16 - 0.35) / 16)
    assert coverage(np.delete(SCALE, 7), SCALE, 0) == pytest.approx((15 - 0.35) / 15)


def test_a_doubled_note_shares_half_of_the_pitch_classes():
    other = SCALE.copy()
    other[7] = C | FOREIGN
    assert coverage(SCALE, other, 0) == pytest.approx((15 + 1.5 / 2 - 0.5) / 16)


def test_the_scale_a_fifth_higher_is_found_under_a_fifth():
    fifth_higher = ((SCALE.astype(np.uint32) << 7 | SCALE.astype(np.uint32) >> 5) & 4095).astype(np.uint16)
    (found, transposition), *_ = best_transpositions(SCALE, fifth_higher, tried=12, windows=4, limit=2)
    assert (found, transposition) == (1.0, 7)
    assert coverage(SCALE, fifth_higher, 7) == 1.0
    assert coverage(SCALE, fifth_higher, 0) < 1.0


@pytest.mark.parametrize("before", [0, 3, 12])
def test_what_was_found_before_is_not_searched_again_and_changes_nothing(before):
    other = np.concatenate([SCALE[8:], SCALE, [FOREIGN]]).astype(np.uint16)
    known = best_transpositions(SCALE, other, tried=before, windows=4, limit=12)
    assert len(known) == before
    asked = {"tried": 12, "windows": 4, "limit": 12}
    assert best_transpositions(SCALE, other, **asked, known=known) == best_transpositions(SCALE, other, **asked)
    wrong = [(found + 1, transposition) for found, transposition in known]
    assert best_transpositions(SCALE, other, **asked, known=wrong)[:before] == wrong


def test_windows_follow_each_other_and_the_last_ends_with_the_piece():
    assert telling_windows(np.tile(SCALE, 2)[:30]).tolist() == [0, 14]
    assert telling_windows(np.tile(SCALE, 3)).tolist() == [0, 16, 32]
    assert telling_windows(np.tile(SCALE, 9), limit=3).tolist() == [0, 64, 128]


def test_a_window_of_three_different_frames_tells_nothing():
    trill = np.array([C, D, C, E] * 4, dtype=np.uint16)
    assert telling_windows(np.concatenate([trill, SCALE])).tolist() == [16]
    assert telling_windows(trill).tolist() == []
    assert coverage(trill, trill, 0) == 0.0


def test_without_frames_nothing_is_covered():
    nothing = np.empty(0, dtype=np.uint16)
    assert coverage(nothing, SCALE, 0) == coverage(SCALE, nothing, 0) == 0.0


@pytest.mark.parametrize(
    ("there", "back", "frames", "longer", "is_one_work", "kind"),
    [
        (1.0, 1.0, 20, 20, False, "copy"),
        (0.9, 0.8, 20, 20, False, None),
        (0.75, 0.72, 100, 100, False, "copy"),
        (0.72, 0.70, 100, 100, False, None),
        (0.72, 0.70, 500, 500, False, "copy"),
        (0.68, 0.66, 500, 500, False, None),
        (0.68, 0.66, 500, 500, True, "copy"),
        (0.95, 0.55, 500, 500, True, "excerpt"),
        (0.95, 0.70, 500, 900, True, "excerpt"),
        (0.95, 0.70, 500, 600, True, "copy"),
        (0.95, 0.95, 500, 1000, False, "copy"),
        (0.95, 0.10, 50, 1000, False, None),
        (0.79, 0.10, 500, 5000, True, None),
    ],
)
def test_what_two_coverages_mean(there, back, frames, longer, is_one_work, kind):
    assert judge(there, back, frames, longer, is_one_work) == kind
