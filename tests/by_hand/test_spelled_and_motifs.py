"""Spelled intervals and motifs, worked out by hand; what comes back in a line, against a search that tries all."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feature_cases import chords, line, score_of
from styleprint.features.context import ScoreContext
from styleprint.features.registry import feature_names
from styleprint.features.row import feature_row
from styleprint.theory.motif_returns import LENGTHS, STEPS, find_motif_returns

A_MINOR = chords([45, 57, 60, 64], [52, 56, 59, 64], [45, 57, 60, 64], duration=2.0)
LEADING = chords([45, 57, 60, 64], [52, 59, 64, 68], [45, 57, 64, 72], [45, 57, 60, 64], duration=2.0)
SECONDARY = chords(
    *([48, 55, 60, 64], [53, 57, 60, 65], [50, 57, 62, 66], [43, 55, 62, 67], [48, 55, 64, 72]), duration=2.0
)
AGAIN = line([60, 62, 64, 65, 67, 59, 65, 67, 69, 70, 72])
SEQUENCE = line([60, 62, 64, 65, 62, 64, 66, 67, 64])
SYNCOPATED = score_of([(t, 0.5, p) for t, p in zip((0, 1, 2, 3, 4, 5, 7, 8, 9, 10), (60, 62) * 5, strict=True)])

WORKED = [
    # A E A in the bass; A C E, E G sharp B E, A C E above it
    (A_MINOR, "spelled_bass_interval_perfect_fifth", 1),
    (A_MINOR, "spelled_interval_above_bass_minor_third", 2 / 9),
    (A_MINOR, "spelled_interval_above_bass_major_third", 1 / 9),
    (A_MINOR, "spelled_interval_above_bass_diminished_fourth", 0),
    (A_MINOR, "spelled_interval_above_bass_perfect_fifth", 3 / 9),
    (A_MINOR, "spelled_degree_1", 4 / 12),
    (A_MINOR, "spelled_degree_flat_3", 2 / 12),
    (A_MINOR, "spelled_degree_5", 4 / 12),
    (A_MINOR, "spelled_degree_7", 1 / 12),
    (A_MINOR, "spelled_degree_2", 1 / 12),
    (A_MINOR, "mean_place", (4 * 0 + 2 * -3 + 4 * 1 + 5 + 2) / 12),
    (A_MINOR, "spelled_pitch_classes", 5),  # A C E G sharp B
    (A_MINOR, "place_spread_usual_range", 8),  # from C to G sharp
    (A_MINOR, "chromatic_semitones_skyline", np.nan),
    # E up to G sharp, G sharp up to C, C down to E
    (LEADING, "spelled_interval_major_third", 1 / 3),
    (LEADING, "spelled_interval_diminished_fourth", 1 / 3),
    (LEADING, "spelled_interval_minor_sixth", 1 / 3),
    (LEADING, "chromatic_intervals_skyline", 1 / 3),
    # E F F sharp G C over C F D G C
    (SECONDARY, "spelled_interval_minor_second", 2 / 4),
    (SECONDARY, "spelled_interval_augmented_unison", 1 / 4),
    (SECONDARY, "spelled_interval_perfect_fourth", 1 / 4),
    (SECONDARY, "chromatic_semitones_skyline", 1 / 3),
    (SECONDARY, "chromatic_semitones_bass", np.nan),
    (SECONDARY, "spelled_bass_interval_minor_third", 1 / 4),
    (SECONDARY, "spelled_pitch_classes", 7),  # C D E F F sharp G A
    # five notes, a sixth, the five a fourth higher
    (AGAIN, "motif_cover_skyline_4", 10 / 11),
    (AGAIN, "motif_cover_skyline_8", np.nan),
    (AGAIN, "motif_kinds_skyline", 100 / 11),
    (AGAIN, "longest_motif_skyline", 4),
    (AGAIN, "commonest_motif_skyline", 2 / 7),
    (AGAIN, "motif_distance_skyline", 6),
    (AGAIN, "motif_returns_skyline_within_8", 1),
    (AGAIN, "motif_moved_fourth_fifth", 1),
    (AGAIN, "motif_moved_same", 0),
    (AGAIN, "motif_sequences_skyline", 0),
    # four steps up and back, and the same a tone higher
    (SEQUENCE, "motif_sequences_skyline", 1 / 5),
    (SEQUENCE, "motif_sequences_bass", 1 / 5),
    (SEQUENCE, "motif_moved_step", 1),
    (SEQUENCE, "motif_cover_bass_4", 1),
    # the long time after the sixth note breaks the rhythm: what comes back lies before or after it
    (SYNCOPATED, "longest_motif_skyline", 3),
    (SYNCOPATED, "motif_kinds_skyline", 0),
    (SYNCOPATED, "motif_distance_skyline", np.nan),
    (line([60, 62, 65]), "longest_motif_skyline", 0),
]


@pytest.mark.parametrize(("score", "column", "value"), WORKED)
def test_worked_by_hand(score, column, value):
    row = feature_row(ScoreContext(score), (*feature_names(family="spelled"), *feature_names(family="motifs")))
    assert row[column] == pytest.approx(value, nan_ok=True)


def runs(pitch, onset, length):
    """Every run of a line, as steps and times."""
    steps = list(zip(np.diff(pitch).tolist(), np.rint(np.diff(onset) * 24).astype(int).tolist(), strict=True))
    return [tuple(steps[i : i + length]) for i in range(len(steps) - length + 1)]


def coming_back(found, length):
    """Places of runs of which another begins when it has ended, or that begins when another has."""
    return [
        i for i, run in enumerate(found) if any(found[j] == run and abs(i - j) >= length for j in range(len(found)))
    ]


lines = st.lists(st.tuples(st.integers(60, 62), st.sampled_from([0.5, 0.5, 0.5, 1.0])), max_size=40)


@given(notes=lines)
@example(notes=[(60, 0.5)] * 20)
@example(notes=[(60 + i % 2, 0.5) for i in range(33)])
@example(notes=[(60 + i * i % 7, 0.5) for i in range(70)])
@settings(max_examples=150, deadline=None)
def test_returns_are_what_trying_all_finds(notes):
    """Notes covered, longest, kinds, commonest and the place before, for any line."""
    pitch = np.array([p for p, _ in notes], dtype=np.int32)
    onset = np.cumsum([0.0, *(time for _, time in notes)])[: len(notes)]
    found = find_motif_returns(pitch, onset)
    assert found.n_steps == max(0, len(notes) - 1)
    for length, covered in zip(LENGTHS, found.covered.tolist(), strict=True):
        places = coming_back(runs(pitch, onset, length), length)
        assert covered == len({note for i in places for note in range(i, i + length + 1)})
    every = range(1, found.n_steps + 1)
    longest = max((length for length in every if coming_back(runs(pitch, onset, length), length)), default=0)
    assert found.longest == longest
    four = runs(pitch, onset, STEPS)
    assert found.kinds == len({four[i] for i in coming_back(four, STEPS)})
    assert found.commonest == max((four.count(run) for run in four), default=0)
    before = [max((j for j in range(i - STEPS + 1) if four[j] == run), default=-1) for i, run in enumerate(four)]
    assert found.previous.tolist() == before
