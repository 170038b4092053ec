"""Further families of the catalogue, worked out by hand: at least one example each."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from feature_cases import chords, line, score_of
from styleprint.features.context import ScoreContext
from styleprint.features.loops import count_phrases
from styleprint.features.note_values import VALUES, values_of
from styleprint.features.numbers import moments
from styleprint.features.registry import feature_names
from styleprint.features.row import feature_row
from styleprint.music.score import Measures, Tempos, TimeSignatures


def in_metre(score, numerator, denominator, tempo=None):
    """The score with one time signature and its measures, and a tempo."""
    length = numerator * 4 / denominator
    starts = np.arange(0, score.end_quarters, length)
    return replace(
        score,
        measures=Measures(starts, np.full(len(starts), length), ("",) * len(starts)),
        time_signatures=TimeSignatures(np.zeros(1), np.array([numerator], np.int32), np.array([denominator], np.int32)),
        tempos=Tempos(np.zeros(1), np.array([tempo])) if tempo else Tempos(),
    )


SCALE = line([60, 62, 64, 65, 67, 69, 71, 72])
TWO_CENTRES = line([60] * 4 + [67] * 2 + [66] * 4)  # C 40 %, G 20 %, F sharp 40 %
CADENCE = chords([48, 52, 55], [53, 57, 60], [55, 59, 62], [48, 52, 55])
SIXES = chords([52, 55, 60], [55, 60, 64], [50, 53, 55, 59], [48, 52, 55])  # C6, C64, G43, C
WALTZ = in_metre(score_of([(i, 1, 60) for i in range(6)]), 3, 4, tempo=120)
JIG = in_metre(score_of([(i / 2, 0.5, 60) for i in range(12)]), 6, 8)
SYNCOPATED = in_metre(score_of([(0, 0.5, 60), (0.5, 1, 62), (1.5, 0.5, 64), (2, 2, 65)]), 4, 4)
UPBEAT = in_metre(score_of([(3, 1, 60), (4, 2, 62), (6, 2, 64)]), 4, 4)
DUET = score_of([(0, 1, 72, 0), (1, 1, 74, 0), (3, 1, 76, 0), (0, 2, 48, 1), (2, 2, 55, 1)])
PARALLEL = score_of([(i, 1, pitch + 7 * part, part) for i, pitch in enumerate([60, 62, 64]) for part in (0, 1)])
ORNAMENT = score_of([(0, 1, 60), (1, 0.25, 62), (1.25, 1, 60), (2.25, 1, 64), (3.25, 1, 65)])
CROWDED = score_of([(i, 1, 60) for i in range(40)] + [(39 + i / 40, 0.02, 62) for i in range(1, 41)])

WORKED = [
    (SCALE, "pitch_class_c", 2 / 8),
    (SCALE, "ranked_pitch_class_1", 2 / 8),
    (SCALE, "ranked_pitch_class_8", 0),
    (SCALE, "number_of_pitches", 8),
    (SCALE, "number_of_pitch_classes", 7),
    (SCALE, "common_pitches", 8),
    (SCALE, "common_pitch_classes", 1),
    (SCALE, "dominant_spread", 7),
    (SCALE, "strong_tonal_centres", 1),
    (SCALE, "mean_fifth", (0 + 2 + 4 - 1 + 1 + 3 + 5 + 0) / 8),
    (SCALE, "second_of_commonest_pitch_class", 1 / 2),
    (SCALE, "first_pitch", 60),
    (SCALE, "last_pitch", 72),
    (SCALE, "pitch_band_from_60", 2 / 8),
    (SCALE, "register_share_middle", 1),
    (TWO_CENTRES, "strong_tonal_centres", 2),
    (TWO_CENTRES, "dominant_spread", 2),
    (TWO_CENTRES, "interval_of_commonest_pitches", 6),
    (TWO_CENTRES, "interval_of_commonest_pitch_classes", 6),
    (TWO_CENTRES, "common_pitch_classes", 3),
    (chords(*[[60, 64, 67]] * 8), "stretch_dissonance_mean", -(0.594 + 0.386 + 1.240) / 3),
    (chords(*[[60, 61]] * 8), "stretch_dissonance_greatest", 1.428),
    (chords(*[[60, 64, 67]] * 16), "cloud_momentum_greatest", 0),
    (chords(*[[60, 64, 67]] * 16), "harmonic_change_mean", 0),
    # E is four fifths up: a full turn of the spiral; from G it is three, to the side: the wider of the two
    (chords(*[[60, 64, 67]] * 8), "cloud_diameter_mean", sqrt(max(16 * 2 / 15, 2 + 9 * 2 / 15))),
    (line([60, 62, 60, 67, 67, 66]), "skyline_pair_step_up_step_down", 1 / 4),
    (line([60, 62, 60, 67, 67, 66]), "skyline_pair_leap_up_repeated", 1 / 4),
    (line([60, 62, 60, 67, 67, 66]), "bass_pair_repeated_step_down", 1 / 4),
    (score_of([(0, 1, 60), (1, 1, 60), (2, 2, 60), (4, 1, 60), (5, 1, 60)]), "time_pair_equal_longer", 1 / 2),
    (CADENCE, "bass_approach_5", 1),
    (CADENCE, "skyline_approach_5", 1),
    (CADENCE, "lines_together_up_over_up", 2 / 3),
    (CADENCE, "thirds_above_bass", 1),
    (SIXES, "figured_chord_major_first", 1 / 4),
    (SIXES, "figured_chord_major_second", 1 / 4),
    (SIXES, "figured_chord_dominant_seventh_second", 1 / 4),
    (SIXES, "figured_chord_major_root", 1 / 4),
    (line([60, 62, 64] * 4), "skyline_surprise_after_two", 0),
    (line([60, 62, 64, 62, 60, 62, 60, 62, 64]), "skyline_surprise_after_two", 4 / 6),
    (line([60, 62, 64, 65] * 4), "commonest_pattern", 4 / 13),
    (line([60, 62, 64, 65] * 4), "pattern_density", 1),
    (line([60, 62, 64, 65] * 4), "repeated_patterns", 100 * 4 / 13),
    (line([60, 62, 64, 65, 67]), "repeated_patterns", 0),
    (chords([60, 64, 67], [60, 64]), "vertical_interval_4", 2 / 4),
    (chords([60, 64, 67], [60, 72]), "wrapped_vertical_interval_0", 1 / 4),
    (chords([60, 64, 67], [60, 72]), "perfect_verticals", 2 / 4),
    (chords([60, 61], [60, 64], [60, 67]), "dissonant_verticals", 1 / 3),
    (chords([60, 64, 67], [60, 63, 67], [60]), "minor_over_major_triads", 1),
    (chords([60, 64, 67], [60, 63, 67], [60]), "sounding_chord_single", 1 / 3),
    (chords([60, 64, 67, 70], [60, 64, 67]), "sounding_sevenths", 1 / 2),
    (chords([60, 62, 64, 65, 67], [60]), "complex_chords", 1 / 2),
    (chords([60, 64, 67], [60, 64]), "simultaneous_pitches_mean", 5 / 2),
    (chords([60, 72], [60]), "simultaneous_pitch_classes_mean", 1),
    (chords([60, 64], [60, 64], [60]), "sonority_length_mean", 3 / 2),
    (chords([60, 61], [60, 62], [60, 64], [60, 66]), "dissonance_length", 3 / 2),
    (WALTZ, "total_notes", 6),
    (WALTZ, "length_quarters", 6),
    (WALTZ, "length_seconds", 3),
    (WALTZ, "measures", 2),
    (WALTZ, "notes_a_measure", 3),
    (WALTZ, "notes_a_second", 2),
    (WALTZ, "time_signature_numerator", 3),
    (WALTZ, "triple_metre", 1),
    (WALTZ, "compound_metre", 0),
    (WALTZ, "mean_tempo", 120),
    (WALTZ, "tempo_changes", 0),
    (JIG, "compound_metre", 1),
    (JIG, "metrical_level_measure", 2 / 12),
    (JIG, "metrical_level_beat", 2 / 12),
    (JIG, "metrical_level_half_beat", 8 / 12),
    (WALTZ, "metrical_level_beat", 4 / 6),
    (WALTZ, "measure_place_4", 2 / 6),
    (WALTZ, "syncopation", 0),
    (WALTZ, "time_by_level_measure", 1),
    (SYNCOPATED, "syncopated_frames", 1 / 4),
    (SYNCOPATED, "syncopation", 1 / 4),  # from half a beat, over a beat: one level
    (SYNCOPATED, "off_beat_frames", 1 / 4),  # the second eighth of the second beat
    (UPBEAT, "upbeat", 1),
    (DUET, "rests", 1),
    (DUET, "rest_ratio", 1 / 8),
    (DUET, "rest_ratio_of_part_highest", 1 / 4),
    (DUET, "complete_rest_ratio", 0),
    (DUET, "rest_length_mean", 1),
    (DUET, "rests_a_part", 100 / 8),
    (DUET, "sounding_parts_mean", (2 * 3 + 1) / 4),
    (DUET, "sounding_parts_most", 2),
    (DUET, "notes_of_parts_variation", 0.5 / 2.5),
    (DUET, "part_separation", 74 - 51.5),
    (DUET, "part_overlap", 0),
    (DUET, "attacks_together", 1 / 4),
    (DUET, "outer_part_range_of_highest", 4 / 28),
    (DUET, "outer_part_leaps_of_lowest", 7 / 4.5),
    (PARALLEL, "part_pairs_parallel", 1),
    (PARALLEL, "part_parallels_fifths", 1),
    (PARALLEL, "part_parallels_octaves", 0),
    (PARALLEL, "doubled_parts", 0),
    (chords([60, 64], [60, 65]), "part_motion_up_1", 1),
    (line([60, 64, 67, 64, 60, 60, 72]), "part_arc_length", (2 + 2 + 1) / 3),
    (line([60, 64, 67, 64, 60, 60, 72]), "part_arc_span", (7 + 7 + 12) / 3),
    (line([60, 64, 67, 64, 60, 60, 72]), "part_arpeggiation", 1),
    (line([60, 64, 67, 64, 60, 60, 72]), "minor_of_part_thirds", 1 / 2),
    (line([60, 64, 67, 64, 60, 60, 72]), "part_pitch_variety", (2 + 4 + 1) / 3),
    (line([60, 64, 67, 64, 60, 60, 72]), "common_part_intervals", 4),
    (line([60, 62, 64, 65]), "distance_of_commonest_part_intervals", 1),
    (ORNAMENT, "part_embellishments", 1 / 2),
    (score_of([(0, 0.5, 60), (0.5, 0.5, 60), (1, 1, 60), (2, 0.75, 60)]), "note_value_eighth", 2 / 4),
    (score_of([(0, 0.5, 60), (0.5, 0.5, 60), (1, 1, 60), (2, 0.75, 60)]), "dotted_notes", 1 / 4),
    (score_of([(0, 0.5, 60), (0.5, 0.5, 60), (1, 1, 60), (2, 0.75, 60)]), "note_value_run", 4 / 3),
    (score_of([(0, 0.5, 60), (0.5, 0.5, 60), (1, 1, 60), (2, 0.75, 60)]), "note_value_run_of_eighth", 2),
    (score_of([(0, 0.5, 60), (0.5, 0.5, 60), (1, 1, 60), (2, 0.75, 60)]), "note_duration_median", 0.5),
    (score_of([(0, 0.5, 60), (0.5, 0.5, 60), (1, 1, 60), (2, 0.75, 60)]), "note_value_entropy", 1.5),
    (score_of([(0, 0.5, 60), (0.5, 0.5, 60), (1, 1, 60), (2, 0.75, 60)]), "mean_note_duration", 2.75 / 4),
    (score_of([(0, 0.5, 60), (0.5, 0.5, 60), (1, 1, 60), (2, 0.75, 60)]), "second_of_commonest_note_value", 1 / 2),
    (CROWDED, "note_density_greatest", (4 + 40) * 10 / 80),
    (CROWDED, "note_density_least", 4 * 10 / 80),
    (CROWDED, "note_density_peaks", 1 / 10),
    (CROWDED, "note_density_second_half", 60 / 80),
    (CROWDED, "density_wave", 10 / 2),
]


@pytest.fixture(scope="module")
def rows():
    """Rows of the examples, each made once."""
    return {id(score): feature_row(ScoreContext(score), feature_names()) for score, _, _ in WORKED}


@pytest.mark.parametrize(("score", "column", "expected"), WORKED, ids=[f"{i}-{w[1]}" for i, w in enumerate(WORKED)])
def test_worked_example(score, column, expected, rows):
    assert rows[id(score)][column] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("codes", "phrases"),
    [
        ([0], 1),
        ([0, 0, 0], 2),  # 0 | 00
        ([0, 1, 0, 1, 0, 1], 4),  # 0 | 1 | 01 | 01
        ([0, 0, 1, 0, 1, 1, 0], 4),  # 0 | 01 | 011 | 0
        ([3, 1, 2], 3),
    ],
)
def test_phrases_of_ziv_and_lempel(codes, phrases):
    assert count_phrases(np.array(codes)) == phrases


@pytest.mark.parametrize(
    ("duration", "value"), [(0.01, 0.125), (0.24, 0.25), (0.33, 0.25), (1.0, 1.0), (1.7, 1.5), (2.2, 2.0), (40, 12.0)]
)
def test_note_values_are_the_nearest(duration, value):
    assert VALUES[values_of(np.array([duration]))[0]] == value


def test_moments_of_weighted_values():
    """1 once and 3 three times: mean 2.5, deviation √0.75, skewed to the left."""
    mean, deviation, skewness, kurtosis = moments(np.array([1.0, 3.0]), np.array([1.0, 3.0]))
    assert (mean, deviation) == pytest.approx((2.5, sqrt(0.75)))
    assert skewness == pytest.approx((-(1.5**3) + 3 * 0.5**3) / 4 / 0.75**1.5)
    assert kurtosis == pytest.approx((1.5**4 + 3 * 0.5**4) / 4 / 0.75**2)


def test_a_measure_without_length_holds_nothing():
    """Such as an odd file may print: what would stand in it has no metrical place."""
    empty = Measures(np.array([0.0, 4.0]), np.array([4.0, 0.0]), ("1", "2"))
    score = replace(WALTZ, measures=empty)
    row = feature_row(ScoreContext(score), ["measure_place"])
    assert sum(row.values()) == pytest.approx(1)
    nothing = replace(WALTZ, measures=Measures(np.array([0.0]), np.array([0.0]), ("1",)))
    assert np.isnan(list(feature_row(ScoreContext(nothing), ["measure_place"]).values())).all()
