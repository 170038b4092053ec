"""Features worked out by hand on a few notes."""

from math import log2, sqrt

import numpy as np
import pytest

from feature_cases import chords, line, score_of
from styleprint.features.context import ScoreContext
from styleprint.features.registry import load_feature
from styleprint.features.row import feature_row
from styleprint.theory.outer_voices import MOTIONS, outer_motion
from styleprint.theory.slices import count_sounding, salami_slices
from styleprint.theory.sonorities import CHORD_TYPES, chord_roots, chord_types, interval_class_counts

RISING = line([60, 62, 64, 65, 67])
LEAP = line([60, 60, 67, 65])
ALBERTI = line([48, 55, 52, 55] * 4)
SCALE_AND_HOME = line([60, 62, 64, 65, 67, 69, 71, 72, 67, 60])
DOTTED = score_of([(0, 0.75, 60), (0.75, 0.25, 62), (1, 0.75, 60), (1.75, 0.25, 62), (2, 1, 60)])
TRIADS = chords([48, 52, 55], [52, 55, 60], [55, 60, 64])
GROWING = chords([60], [60, 64], [60, 64, 67])
DOUBLED = chords([48, 60, 64, 67], [48, 60, 64, 67])
CADENCE = chords([48, 52, 55], [53, 57, 60], [55, 59, 62], [48, 52, 55])
PAIRS = chords([48, 72], [50, 74], [52, 71], [52, 72], [52, 72])
SPREAD = chords([36, 60, 84])
DETACHED = score_of([(0, 0.25, 60), (0.5, 0.25, 62), (1, 0.25, 64)])
TUNE_OVER_ALBERTI = score_of(
    [(i / 2, 0.5, pitch) for i, pitch in enumerate([48, 55, 52, 55] * 3)]
    + [(2 * i, 2, pitch) for i, pitch in enumerate([72, 74, 76])]
)
DUET = score_of([(0, 1, 72, 0), (1, 1, 74, 0), (0, 1, 48, 1), (1, 1, 55, 1)])

WORKED = [
    (RISING, "mean_melodic_interval", (2 + 2 + 1 + 2) / 4),
    (RISING, "melodic_interval_deviation", sqrt(3) / 4),
    (RISING, "stepwise_motion", 1),
    (RISING, "melodic_semitones_of_seconds", 1 / 4),
    (RISING, "scale_runs", 1),
    (RISING, "rising_motion", 1),
    (RISING, "contour_turns", 0),
    (RISING, "melodic_arc", 7),
    (RISING, "melodic_leaps", 0),
    (RISING, "repeated_note_run", 1),
    (RISING, "commonest_melodic_interval", 3 / 4),
    (LEAP, "mean_melodic_interval", 3),
    (LEAP, "melodic_interval_repeated", 1 / 3),
    (LEAP, "melodic_interval_up_7", 1 / 3),
    (LEAP, "melodic_interval_down_2", 1 / 3),
    (LEAP, "melodic_leaps", 1 / 2),
    (LEAP, "leaps_answered_by_step", 1),
    (LEAP, "leaps_continued", 0),
    (LEAP, "repeated_note_run", 4 / 3),
    (LEAP, "melodic_interval_entropy", log2(3)),
    (line([60, 64, 67, 72]), "arpeggio_runs", 1),
    (line([60, 64, 67, 72]), "melodic_arpeggiation", 1),
    (line([60, 61, 62, 63]), "chromatic_runs", 1),
    (line([60, 62, 60, 67]), "neighbour_notes", 1 / 2),
    (line([60, 62] * 4), "trills", 1),
    (line([60, 63, 64, 66]), "melodic_thirds_of_steps_and_thirds", 1 / 3),
    (line([60, 80, 60]), "melodic_large_intervals", 1),
    (ALBERTI, "bass_alberti", 4 / 13),
    (ALBERTI, "melodic_zigzag", 1),
    (ALBERTI, "bass_returns", 7 / 14),
    (line([36, 60, 64, 36]), "bass_after_beat", 1 / 3),
    (line([48, 60, 43, 55, 48, 60]), "foundation_fifths", 1 / 2),
    (line([48, 60, 43, 55, 48, 60]), "foundation_motion_up_7", 1 / 2),
    (PAIRS, "outer_voices_parallel", 1 / 4),
    (PAIRS, "outer_voices_contrary", 1 / 4),
    (PAIRS, "outer_voices_oblique", 1 / 4),
    (PAIRS, "outer_voices_static", 1 / 4),
    (PAIRS, "outer_voices_contrary_of_moving", 1 / 2),
    (PAIRS, "parallel_outer_voices_octaves", 1 / 3),
    (PAIRS, "outer_interval_0", 2 / 5),
    (PAIRS, "outer_interval_8", 2 / 5),
    (PAIRS, "oblique_bass_stays", 1),
    (GROWING, "frame_size_1", 1 / 3),
    (GROWING, "mean_frame_size", 2),
    (GROWING, "frame_size_entropy", log2(3)),
    (GROWING, "frame_size_changes", 1),
    (GROWING, "common_tones", 1),
    (GROWING, "mean_spacing", (4 + 4 + 3) / 3),
    (GROWING, "single_line_run", 1),
    (GROWING, "mean_frame_width", (4 + 7) / 2),
    (DOUBLED, "bass_octaves", 1),
    (DOUBLED, "doubled_pitch_classes", 1 / 4),
    (DOUBLED, "repeated_frames", 1),
    (DOUBLED, "mean_lowest_gap", 12),
    (DOUBLED, "mean_widest_gap", 12),
    (DOUBLED, "skyline_octaves", 0),
    (chords([55, 67]), "skyline_octaves", 1),
    (TRIADS, "triad_position_root", 1 / 3),
    (TRIADS, "triad_position_first", 1 / 3),
    (TRIADS, "triad_position_second", 1 / 3),
    (TRIADS, "frame_chord_major", 1),
    (TRIADS, "interval_class_fourths", 1 / 3),
    (TRIADS, "dissonant_frames", 0),
    (TRIADS, "interval_above_bass_5", 1 / 6),
    (TRIADS, "sonority_recurrence", 1),
    (chords([48, 52, 55, 58]), "frame_chord_dominant_seventh", 1),
    (chords([48, 52, 55, 58]), "tritone_frames", 1),
    (chords([48, 52, 55, 58]), "sevenths_of_chords", 1),
    (chords([60, 72], [60, 61]), "sharply_dissonant_frames", 1),
    (line([60, 64, 67, 72]), "span_chord_major", 1 / 2),
    (line([60, 64, 67, 72]), "span_chord_single", 1 / 4),
    (line([60, 64, 67, 72]), "span_chord_dyad", 1 / 4),
    (CADENCE, "root_motion_up_5", 2 / 3),
    (CADENCE, "root_motion_up_2", 1 / 3),
    (CADENCE, "root_changes", 3 / 4),
    (chords([60, 64], [60, 67]), "two_part_frames_fifth", 1 / 2),
    (SCALE_AND_HOME, "degree_1", 3 / 10),
    (SCALE_AND_HOME, "skyline_degree_5", 2 / 10),
    (SCALE_AND_HOME, "chromaticism", 0),
    (SCALE_AND_HOME, "minor_mode", 0),
    (SCALE_AND_HOME, "raised_seventh", 1),
    (SCALE_AND_HOME, "raised_fourth", 0),
    (SCALE_AND_HOME, "ends_on_tonic", 1),
    (SCALE_AND_HOME, "commonest_pitch_class", 3 / 10),
    (SCALE_AND_HOME, "pitch_class_entropy", -(0.3 * log2(0.3) + 0.2 * log2(0.2) + 0.5 * log2(0.1))),
    (chords([60, 64, 68]), "pitch_class_fourier_3", 1),
    (chords([60, 64, 68]), "pitch_class_fourier_6", 1),
    (chords([60, 64, 68]), "pitch_class_fourier_1", 0),
    (RISING, "rhythmic_variability", 0),
    (RISING, "even_run", 4),
    (RISING, "longest_even_run", 1),
    (RISING, "inter_onset_1", 1),
    (DOTTED, "rhythmic_variability", 100),
    (DOTTED, "dotted_pairs", 1),
    (DOTTED, "inter_onset_entropy", 1),
    (DOTTED, "inter_onset_1", 1 / 2),
    (DOTTED, "inter_onset_3", 1 / 2),
    (DOTTED, "short_before_long", 1 / 3),
    (DOTTED, "mean_inter_onset", 2),
    (DOTTED, "pulse", 1 / 4),
    (DOTTED, "frames_a_quarter", 2),
    (DOTTED, "onset_after_pulses_4", 1),
    (line([60, 64] * 4), "exact_repetition_2", 1),
    (line([60, 64, 62, 66, 64, 68]), "sequences_2", 1),
    (line([60, 64, 62, 66, 64, 68]), "exact_repetition_2", 0),
    (line([60, 64] * 4), "frames_again_2", 1),
    (chords(*([48 + step, 72 + step] for step in (0, 2, 4, 5, 7, 9, 11))), "imitation", 1),
    (CADENCE, "mean_nearest_pitch", (5 + 1 + 2 + 2 + 2 + 1 + 0 + 4 + 7) / 9),
    (CADENCE, "nearest_pitch_1", 2 / 9),
    (CADENCE, "mean_nearest_inner_pitch", (1 + 2 + 4) / 3),
    (CADENCE, "inner_voices_stay", 0),
    (CADENCE, "nothing_new", 0),
    (CADENCE, "semitone_leading", 3 / 7),
    (TUNE_OVER_ALBERTI, "upper_line_frames", 1 / 4),
    (TUNE_OVER_ALBERTI, "mean_upper_line_interval", 2),
    (TUNE_OVER_ALBERTI, "upper_line_interval_up_2", 1),
    (TUNE_OVER_ALBERTI, "upper_line_variability", 0),
    (SPREAD, "mean_pitch", 60),
    (SPREAD, "pitch_range", 48),
    (SPREAD, "octave_share_c4_to_b4", 1 / 3),
    (SPREAD, "pitch_deviation", 24 * sqrt(2 / 3)),
    (SPREAD, "pitch_skewness", 0),
    (SPREAD, "pitch_kurtosis", 3 / 2),
    (SPREAD, "commonest_pitch", 1 / 3),
    (line([60] * 8), "frames_on_downbeat", 1 / 8),
    (line([60] * 8), "frames_on_quarters", 1 / 2),
    (line([60] * 8), "frames_on_eighths", 1),
    (line([60] * 16), "frames_a_measure", 8),
    (line([60] * 16), "measure_recurrence", 1),
    (DETACHED, "held_ratio", 1 / 2),
    (DETACHED, "sounding_0", 0.5 / 1.25),
    (DETACHED, "sounding_1", 0.75 / 1.25),
    (DETACHED, "mean_sounding", 0.75 / 1.25),
    (DUET, "part_balance", 1),
    (DUET, "mean_part_interval", (2 + 7) / 2),
    (DUET, "mean_part_range", (2 + 7) / 2),
    (DUET, "chords_in_parts", 0),
]


def feature_of(column):
    """The feature whose column it is: its name begins the column's."""
    words = column.split("_")
    for end in range(len(words), 0, -1):
        name = "_".join(words[:end])
        try:
            feature = load_feature(name).feature
        except Exception:  # noqa: BLE001, S112 - not a feature's name: a shorter one may be
            continue
        if column in feature.columns:
            return feature
    raise AssertionError(f"no feature has the column {column}")


@pytest.mark.parametrize(("score", "column", "expected"), WORKED, ids=[f"{i}-{w[1]}" for i, w in enumerate(WORKED)])
def test_worked_example(score, column, expected):
    row = feature_row(ScoreContext(score), [feature_of(column).name])
    assert row[column] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "column",
    [
        "mean_melodic_interval",
        "contour_turns",
        "outer_voices_parallel",
        "inter_onset_1",
        "minor_mode",
        "root_motion_up_5",
    ],
)
def test_one_note_has_no_such_thing(column):
    row = feature_row(ScoreContext(line([60])), [feature_of(column).name])
    assert np.isnan(row[column])


def test_frames_unite_what_is_attacked_together():
    """A chord rolled within a tick and a unison of two parts; graces and drums are left out."""
    score = score_of(
        [
            (0, 1, 60, 0),
            (0.03, 1, 64, 0),
            (0.03, 1, 64, 1),
            (1, 0, 65, 0),
            (1, 1, 67, 0),
            (1.5, 1, 38, 1),
            (2, 1, 72, 0),
        ],
        graces=(3,),
        unpitched=(5,),
    )
    context = ScoreContext(score)
    assert context.frames.onset_quarters.tolist() == [0, 1, 2]
    assert context.frames.midi_pitch.tolist() == [60, 64, 67, 72]
    assert context.frames.size.tolist() == [2, 1, 1]
    assert context.skyline.tolist() == [64, 67, 72]
    assert context.bass.tolist() == [60, 67, 72]
    assert context.notes.frame.tolist() == [0, 0, 0, 1, 2]
    assert context.pulse_quarters == 1


def test_triplets_of_32nds_stay_apart():
    context = ScoreContext(line([60, 62, 64], duration=1 / 12))
    assert len(context.frames) == 3


def test_slices_of_two_overlapping_notes():
    notes = np.array([0.0, 1.0, 3.0]), np.array([2.0, 1.5, 1.0]), np.array([60, 64, 67])
    slices = salami_slices(*notes)
    assert slices.start_quarters.tolist() == [0, 1, 2, 2.5, 3]
    assert slices.length_quarters.tolist() == [1, 1, 0.5, 0.5, 1]
    assert count_sounding(*notes).count.tolist() == [1, 2, 1, 0, 1]
    assert slices.midi_pitch.tolist() == [60, 60, 64, 64, 67]


@pytest.mark.parametrize(
    ("upper", "lower", "kind"),
    [
        ((72, 74), (48, 50), "parallel"),
        ((72, 76), (48, 50), "similar"),
        ((72, 71), (48, 50), "contrary"),
        ((72, 72), (48, 50), "oblique"),
        ((72, 74), (48, 48), "oblique"),
        ((72, 72), (48, 48), "static"),
    ],
)
def test_outer_motion(upper, lower, kind):
    motion = outer_motion(np.array(upper), np.array(lower))
    assert MOTIONS[motion.kind[0]] == kind
    assert motion.to_interval[0] == upper[1] - lower[1]


@pytest.mark.parametrize(
    ("pitch_classes", "kind", "root"),
    [
        ((0,), "single", -1),
        ((0, 7), "dyad", -1),
        ((2, 6, 9), "major", 2),
        ((9, 0, 4), "minor", 9),
        ((11, 2, 5), "diminished", 11),
        ((0, 4, 8), "augmented", -1),
        ((0, 5, 7), "suspended", -1),
        ((7, 11, 2, 5), "dominant_seventh", 7),
        ((5, 9, 0, 4), "major_seventh", 5),
        ((2, 5, 9, 0), "minor_seventh", 2),
        ((11, 2, 5, 9), "half_diminished", 11),
        ((11, 2, 5, 8), "diminished_seventh", -1),
        ((7, 11, 5), "open_seventh", 7),
        ((0, 1, 2), "other", -1),
    ],
)
def test_chords_of_pitch_classes(pitch_classes, kind, root):
    mask = np.array([sum(1 << pitch_class for pitch_class in pitch_classes)])
    assert CHORD_TYPES[chord_types(mask)[0]] == kind
    assert chord_roots(mask)[0] == root


def test_interval_vector_of_a_dominant_seventh():
    """Forte's 4-27: 012111."""
    mask = np.array([1 << 7 | 1 << 11 | 1 << 2 | 1 << 5])
    assert interval_class_counts(mask)[0].tolist() == [0, 1, 2, 1, 1, 1]
