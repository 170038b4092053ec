"""Events give back the music that they were made from, to half a tick."""

import numpy as np
from hypothesis import given

from strategies import scores
from styleprint.features.streams.events import (
    DURATION_TICKS,
    PARTS,
    SHIFT_TICKS,
    TICKS_A_QUARTER,
    events_of,
    score_of_events,
)
from styleprint.music.changes import transpose

EXACT = 4 * TICKS_A_QUARTER


def notes(score, ticks):
    """Onset, part, pitch and duration of each pitched note, in ticks, in order."""
    kept = ~score.is_unpitched
    columns = [np.rint(score.onset_quarters * ticks), score.part, score.midi_pitch]
    columns.append(np.maximum(np.rint(score.duration_quarters * ticks), 1))
    rows = np.stack(columns, axis=1)[kept].astype(int)
    return rows[np.lexsort(rows.T[[3, 2, 1, 0]])]


@given(score=scores())
def test_events_give_back_the_music(score):
    """Score to events to score: the same notes on the grid, where no shift and no duration is long."""
    expected = notes(score, TICKS_A_QUARTER)
    found = notes(score_of_events(events_of(score)), TICKS_A_QUARTER)
    assert found[:, 1:3].tolist() == expected[:, 1:3].tolist()
    short = bool((np.diff(expected[:, 0], prepend=0) <= EXACT).all())
    if short:
        assert found[:, 0].tolist() == expected[:, 0].tolist()
    is_short = expected[:, 3] <= EXACT
    assert found[is_short, 3].tolist() == expected[is_short, 3].tolist()
    assert (abs(found[~is_short, 3] - expected[~is_short, 3]) <= TICKS_A_QUARTER / 2).all()


@given(score=scores(unpitched=False))
def test_events_of_events_are_the_same(score):
    """Once on the grid, nothing moves any more."""
    once = events_of(score)
    assert events_of(score_of_events(once)).tolist() == once.tolist()


@given(score=scores(unpitched=False))
def test_transposition_moves_pitch_alone(score):
    """The other fields do not notice it."""
    if len(score) and score.midi_pitch.max() > 122:
        return
    before, after = events_of(score), events_of(transpose(score, 5))
    assert after[:, 2].tolist() == (before[:, 2] + 5).tolist()
    assert after[:, [0, 1, 3]].tolist() == before[:, [0, 1, 3]].tolist()


def test_vocabularies_are_what_the_guide_says():
    """Exact to four quarters, then whole quarters, then long ones."""
    assert SHIFT_TICKS[[0, 1, 96, 97, 108, 109, 112]].tolist() == [0, 1, 96, 120, 384, 576, 1536]
    assert DURATION_TICKS[[0, 95, 96, 111]].tolist() == [1, 96, 120, 1536]
    assert PARTS == 16
