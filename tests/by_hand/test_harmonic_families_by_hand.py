"""Features of keys, chords, progressions, harmonic rhythm and cadences, on pieces whose harmony is plain."""

import pytest

from feature_cases import SCALES, chords, score_of
from styleprint.features.context import ScoreContext
from styleprint.features.registry import feature_names
from styleprint.features.row import feature_row

FAMILIES = ("modulation", "chords", "progressions", "harmonic_rhythm", "cadences", "phrases", "counterpoint")


def triad(step, tonic=60):
    """The triad on a step of a major scale, in root position over its doubled root."""
    tones = [tonic + 12 * ((step - 1 + third) // 7) + SCALES[0][(step - 1 + third) % 7] for third in (0, 2, 4)]
    return [tones[0] - 12, *tones]


def phrases(count):
    """I, II6, V and a long I under a soprano that closes on the tonic: as many perfect cadences, six quarters apart."""
    notes, time = [], 0.0
    for _ in range(count):
        for pitches, length in (
            ([48, 64, 67, 72], 1.0),
            ([53, 65, 69, 74], 1.0),
            ([55, 65, 71, 74], 1.0),
            ([48, 64, 67, 72], 3.0),
        ):
            notes += [(time, length, pitch) for pitch in pitches]
            time += length
    return score_of(notes)


# sixteen chords of a quarter; two follow their like, so fourteen pairs; the last sounds on for a second quarter
FORMULAS = chords(*[triad(step) for step in (1, 4, 5, 1, 1, 6, 2, 5, 1, 5, 6, 4, 1, 4, 5, 1)])
TO_THE_DOMINANT = chords(
    *[triad(step) for step in (1, 4, 5, 1) * 4],
    *[triad(step, 67) for step in (1, 2, 5, 1) * 6],
    *[triad(step) for step in (1, 4, 5, 1) * 4],
)
CLOSES = phrases(4)

# two voices in one part, a fifth apart throughout
FIFTHS = score_of([(i, 1, pitch + above) for i, pitch in enumerate([60, 62, 64, 65]) for above in (0, 7)])
# over C and G that are held, E goes through F to G; then chords: one passing note in fourteen
PASSING = score_of(
    [
        *((0, 2, 48), (0, 2, 55), (0, 1, 64), (1, 0.5, 65), (1.5, 0.5, 67), (2, 2, 48), (2, 2, 55), (2, 2, 64)),
        *((4, 2, 43), (4, 2, 59), (4, 2, 62), (6, 2, 48), (6, 2, 60), (6, 2, 64)),
    ]
)

WORKED = [
    (FIFTHS, "voice_parallels_fifth", 1),
    (FIFTHS, "voice_parallels_octave", 0),
    (FIFTHS, "voice_interval_up_2", 4 / 6),
    (FIFTHS, "mean_voice_interval", 5 / 3),
    (FIFTHS, "notes_a_voice", 4),
    (FIFTHS, "voices_of_most_notes", 2),
    (PASSING, "nonchord_tone_passing", 1 / 14),
    (PASSING, "nonchord_tone_suspension", 0),
    (PASSING, "leapt_to_nonchord_tones", 0),
    (CLOSES, "phrases_with_cadence", 1),
    (CLOSES, "phrases_end_on_tonic", 1),
    (FORMULAS, "progressions_1_5_6_4", 1),
    (FORMULAS, "progressions_2_5_1", 1),
    (FORMULAS, "progressions_1_4_5_1", 2),
    (FORMULAS, "progressions_6_2_5_1", 1),
    (FORMULAS, "progressions_6_4_1_5", 0),
    (FORMULAS, "progression_rate_1_4_5_1", 100 * 2 / 15),
    (FORMULAS, "step_pair_1_4", 2 / 14),
    (FORMULAS, "step_pair_5_1", 3 / 14),
    (FORMULAS, "falling_fifths", 7 / 14),
    (FORMULAS, "backward_steps", 0),
    (FORMULAS, "resolved_dominants", 3 / 4),
    (FORMULAS, "number_of_chords", 15),
    (FORMULAS, "number_of_chord_kinds", 5),
    (FORMULAS, "chord_quality_minor", 3 / 17),
    (FORMULAS, "triad_quality_major", 14 / 17),
    (FORMULAS, "chord_degree_5", 4 / 17),
    (FORMULAS, "home_tonic_chord", 7 / 17),
    (FORMULAS, "commonest_chord", 7 / 17),
    (FORMULAS, "numeral_kind_diatonic", 1),
    (FORMULAS, "frames_a_chord", 16 / 15),
    (FORMULAS, "chord_length_mean", 17 / 15),
    (FORMULAS, "chord_length_median", 1),
    (FORMULAS, "chord_length_in_pulses", 17 / 15),
    (FORMULAS, "chord_length_ratio_2", 2 / 14),
    (FORMULAS, "longest_chord", 2),
    (FORMULAS, "key_share_home", 1),
    (FORMULAS, "modulations", 0),
    (FORMULAS, "number_of_keys", 1),
    (TO_THE_DOMINANT, "number_of_keys", 2),
    (TO_THE_DOMINANT, "modulations", 2),
    (TO_THE_DOMINANT, "modulations_a_hundred_frames", 100 * 2 / 56),
    (TO_THE_DOMINANT, "key_change_close", 1),
    (TO_THE_DOMINANT, "modulation_distance_mean", 1),
    (TO_THE_DOMINANT, "sharpward_modulations", 1 / 2),
    (TO_THE_DOMINANT, "minor_key_share", 0),
    (CLOSES, "cadences", 4),
    (CLOSES, "cadence_share_pac", 1),
    (CLOSES, "authentic_cadences", 1),
    (CLOSES, "cadences_in_home_key", 1),
    (CLOSES, "tonic_at_cadences", 1),
    (CLOSES, "cadence_distance", 6),
    (CLOSES, "frames_between_cadences", 4),
    (CLOSES, "cadence_distance_variation", 0),
]


@pytest.fixture(scope="module")
def rows():
    """Rows of the examples, each made once."""
    names = [name for family in FAMILIES for name in feature_names(family=family)]
    return {id(score): feature_row(ScoreContext(score), names) for score, _, _ in WORKED}


@pytest.mark.parametrize(("score", "column", "expected"), WORKED, ids=[f"{i}-{w[1]}" for i, w in enumerate(WORKED)])
def test_worked_example(score, column, expected, rows):
    assert rows[id(score)][column] == pytest.approx(expected, abs=1e-9)


def test_time_away_from_home_is_time_in_the_dominant(rows):
    """What is not in the home key is in its dominant, one fifth to the sharp side."""
    row = rows[id(TO_THE_DOMINANT)]
    away = row["key_share_dominant"]
    assert 0.3 < away < 0.5
    assert row["key_share_home"] == pytest.approx(1 - away)
    assert row["distance_from_home"] == pytest.approx(away)
    assert row["side_of_home"] == pytest.approx(away)
