"""Every note of all parts as one event: when, by which part, what pitch, how long. And back again.

For models of language, which continue music: unlike the other streams it leaves nothing out but what it says here.
Times are heard to a tick, a 24th of a quarter. Events are ordered by tick, then part, then pitch, then duration; grace
notes and unpitched strokes are left out. Velocities, tempos and programmes are no part of an event.

Vocabulary
----------
``shift``
    Ticks since the event before, of the first event since the start of the piece. 0–96: so many ticks, up to four
    quarters. 97–108: 5, 6, … 16 quarters. 109–112: 24, 32, 48 and 64 quarters. What lies between goes to the nearest,
    the shorter of two; what is longer to the last.
``part``
    0–15; later parts are heard as the sixteenth.
``pitch``
    MIDI number.
``duration``
    0–95: 1 to 96 ticks; then as ``shift`` has it from 5 quarters on.

Where no shift and no duration is longer than four quarters, events give back the music to half a tick. Transposition
moves ``pitch`` alone.
"""

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from styleprint.features.context import TICKS_A_QUARTER, Notes, ScoreContext
from styleprint.features.streams.stream import ONSETS, Field, Stream, TokenArray, as_tokens
from styleprint.music.score import Parts, Score, Source, Tempos

__all__ = ["DURATION_TICKS", "FIELDS", "PARTS", "SHIFT_TICKS", "STREAM", "compute", "events_of", "score_of_events"]

Tokens = npt.NDArray[np.int32]

FIELDS = ("shift", "part", "pitch", "duration")
"""In the order in which a model chooses them."""

PARTS = 16
_PITCHES = 128
_EXACT = 4 * TICKS_A_QUARTER
_LONG_QUARTERS = (*range(5, 17), 24, 32, 48, 64)

SHIFT_TICKS: npt.NDArray[np.int64] = np.array(
    [*range(_EXACT + 1), *(TICKS_A_QUARTER * quarters for quarters in _LONG_QUARTERS)], dtype=np.int64
)
"""What each token of ``shift`` means."""

DURATION_TICKS: npt.NDArray[np.int64] = SHIFT_TICKS[1:]
"""What each token of ``duration`` means."""


def compute(context: ScoreContext) -> dict[str, TokenArray]:
    """Tokens of each note.

    Parameters
    ----------
    context : ScoreContext

    Returns
    -------
    dict of str to ndarray, shape (n_notes,)
        The fields as int32, ``onset_quarters`` as float64, to a tick.
    """
    events, ticks = _encode(context.notes)
    fields: dict[str, TokenArray] = {name: as_tokens(events[:, i]) for i, name in enumerate(FIELDS)}
    return fields | {ONSETS: ticks / TICKS_A_QUARTER}


def events_of(score: Score) -> Tokens:
    """The events of a score, shape (n_events, 4): the fields in order."""
    return _encode(ScoreContext(score).notes)[0]


def _encode(notes: Notes) -> tuple[Tokens, npt.NDArray[np.int64]]:
    ticks = np.rint(notes.onset_quarters * TICKS_A_QUARTER).astype(np.int64)
    lasts = np.rint(notes.duration_quarters * TICKS_A_QUARTER).astype(np.int64)
    part = np.minimum(notes.part, PARTS - 1)
    order = np.lexsort((lasts, notes.midi_pitch, part, ticks))
    ticks = ticks[order]
    events = np.stack(
        [
            _nearest(np.diff(ticks, prepend=0), SHIFT_TICKS),
            part[order],
            notes.midi_pitch[order],
            _nearest(lasts[order], DURATION_TICKS),
        ],
        axis=1,
    )
    return events.astype(np.int32), ticks


def _nearest(ticks: npt.NDArray[np.int64], meant: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """The token that means the nearest number of ticks, the smaller of two."""
    return np.searchsorted((meant[1:] + meant[:-1]) / 2, ticks, side="left")


def score_of_events(
    events: npt.NDArray[np.integer],
    *,
    programmes: npt.ArrayLike | None = None,
    tempo_qpm: float = 120.0,
    title: str = "",
) -> Score:
    """The music that events describe.

    Parameters
    ----------
    events : ndarray of int, shape (n_events, 4)
        The fields in order.
    programmes : array of int, shape (16,), optional
        General MIDI programme of each part; -1 where it is not known, as without it all are.
    tempo_qpm : float
        Quarters a minute, throughout.
    title : str

    Returns
    -------
    Score
        With the parts up to the last that plays. Pitches may repeat within a moment, as they may in events.
    """
    events = np.asarray(events, dtype=np.int64).reshape(-1, len(FIELDS))
    n = len(events)
    ticks = np.cumsum(SHIFT_TICKS[events[:, 0]])
    count = int(events[:, 1].max()) + 1 if n else 0
    known = np.full(PARTS, -1) if programmes is None else np.asarray(programmes)
    unknown = np.full(n, -1, dtype=np.int32)
    return Score(
        onset_quarters=ticks / TICKS_A_QUARTER,
        duration_quarters=DURATION_TICKS[events[:, 3]] / TICKS_A_QUARTER,
        midi_pitch=events[:, 2].astype(np.int32),
        part=events[:, 1].astype(np.int32),
        voice=unknown,
        staff=unknown,
        is_grace=np.zeros(n, dtype=bool),
        is_unpitched=np.zeros(n, dtype=bool),
        tempos=Tempos(np.zeros(1), np.array([tempo_qpm])),
        parts=Parts(("",) * count, known[:count].astype(np.int32)),
        source=Source(titles=(title,) if title else (), resolution=TICKS_A_QUARTER),
    )


def _name_ticks(ticks: int) -> str:
    return str(Fraction(ticks, TICKS_A_QUARTER))


STREAM = Stream(
    name="events",
    fields={
        "shift": Field(len(SHIFT_TICKS), "quarters", lambda token: "+" + _name_ticks(int(SHIFT_TICKS[token]))),
        "part": Field(PARTS, "part", lambda token: f"part {token + 1}"),
        "pitch": Field(_PITCHES, "MIDI number", str),
        "duration": Field(len(DURATION_TICKS), "quarters", lambda token: _name_ticks(int(DURATION_TICKS[token]))),
    },
    unchanged_by=("velocity",),
    encoding_safe=False,
    source="note events with time shifts (Oore and others 2018; Huang and Yang 2020), in our own tokens",
    compute=compute,
)
