"""What an event is heard against, written out for five notes of two parts, and what it never depends on."""

import numpy as np
import pytest

from language_cases import scales
from styleprint.models.language.hearing import ASKED, BEFORE, KEPT, MET, NEAREST, PHASE, REFERENCES, hear
from styleprint.models.language.rows import transposed

NOTES = np.array(
    [
        # shift, part, pitch, duration: a quarter is 24 ticks, and duration tokens count from one tick
        [0, 0, 72, 47],  # a half note of the upper part
        [0, 1, 48, 23],  # with it a quarter of the lower
        [24, 1, 50, 23],  # the lower goes on below the half note
        [24, 0, 74, 23],  # both have ended
        [48, 1, 20, 23],  # a measure after the start
    ],
    dtype=np.int32,
)
NONE = 0
SAME = NEAREST + 1


def told(heard, columns):
    """Tokens of intervals, without those that stand for nothing."""
    return [[int(token) for token in row[columns] if token] for row in heard]


def test_phases_are_of_four_quarters():
    """Onsets 0, 0, 24, 48 and 96 ticks."""
    assert hear(NOTES)[:, PHASE].tolist() == [0, 0, 24, 48, 0]


def test_references_are_the_part_and_the_last_note():
    """Middle C where there is nothing; the last note of any part where the part has none."""
    assert hear(NOTES)[:, REFERENCES[0]].tolist() == [60, 72, 48, 72, 50]
    assert hear(NOTES)[:, REFERENCES[1]].tolist() == [60, 72, 48, 50, 74]


def test_what_can_be_asked_is_heard_from_the_reference():
    """The note before the last of the part; the last of all; the lowest that sounds; all that sounds."""
    heard = hear(NOTES)
    assert told(heard, ASKED[0]) == [[], [], [], [], [SAME - 2]]  # 48 from 50
    assert told(heard, ASKED[1]) == [[], [SAME], [SAME], [SAME - 22], [SAME + 24]]
    assert told(heard, ASKED[2]) == [[], [SAME], [SAME + 24], [], []]  # under the second note of the lower sounds 72
    assert told(heard, ASKED[3]) == [[], [SAME], [SAME + 24], [], []]


def test_what_is_met_is_heard_from_the_pitch_itself():
    """Own steps, and what sounds; beyond two octaves all is as far as they are."""
    heard = hear(NOTES)
    assert told(heard, MET[0]) == [[], [], [SAME - 2], [SAME - 2], [SAME + 24]]
    assert told(heard, MET[2]) == [[], [SAME + 24], [SAME + 22], [], []]


def test_one_after_another_is_all_at_once():
    """From the last events that are kept, and the ticks before them."""
    events = scales(pieces=1, notes=40).row(0)
    whole = hear(events)
    onsets = np.cumsum(events[:, 0])  # shifts here are shorter than four quarters, so tokens are ticks
    for i in (0, 1, 5, KEPT, KEPT + 20):
        first = max(0, i - KEPT)
        before = int(onsets[first - 1]) if first else 0
        found = hear(events[first : i + 1], start=i - first, onset=before)
        assert np.array_equal(found, whole[i : i + 1])


@pytest.mark.parametrize("semitones", [-5, 3])
def test_intervals_stay_in_transposition(semitones):
    """Only the pitch and the references move; before anything sounds the reference is middle C."""
    events = scales(pieces=1, notes=20).row(0)
    before, after = hear(events), hear(transposed(events, semitones))
    moved = (after - before)[1:]
    assert (moved[:, [2, *REFERENCES]] == semitones).all()
    assert not np.delete(moved, [2, *REFERENCES], axis=1).any()
    assert len(BEFORE) == before.shape[1]
