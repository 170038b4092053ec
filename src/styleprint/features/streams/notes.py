"""All notes in one line: frame after frame, from the lowest pitch up.

Broken and struck chords, figurations and inner voices all show in it, in whatever part they are written.
Rests on note-ons and pitches alone; nothing depends on the key in which it stands.

Vocabulary
----------
``interval``
    Motion from the note before, clipped to two octaves: 0–48 are −24 … +24 semitones, 49 is the first note.
"""

from styleprint.features.context import ScoreContext
from styleprint.features.feature import CHANGE_NAMES
from styleprint.features.streams.intervals import name_motion, steps
from styleprint.features.streams.stream import ONSETS, Field, Stream, TokenArray, as_tokens

__all__ = ["STREAM", "compute"]

_REACH = 24


def compute(context: ScoreContext) -> dict[str, TokenArray]:
    """Tokens of each pitch of each frame.

    Parameters
    ----------
    context : ScoreContext

    Returns
    -------
    dict of str to ndarray, shape (n_pitches,)
        ``interval`` as int32, ``onset_quarters`` as float64.
    """
    frames = context.frames
    return {
        "interval": as_tokens(steps(frames.midi_pitch, _REACH)),
        ONSETS: frames.onset_quarters[frames.frame],
    }


STREAM = Stream(
    name="notes",
    fields={"interval": Field(2 * _REACH + 2, "semitones", lambda token: name_motion(token, _REACH))},
    unchanged_by=CHANGE_NAMES,
    encoding_safe=True,
    source="our own",
    compute=compute,
    version=2,
)
