"""The mel-spectrogram as a stream: how loud 64 bands of pitch are, some twenty times a second.

From the one spectrum (:mod:`styleprint.sound.spectrum`): each level is the mean power of two neighbouring mel bands of
128 (Slaney's scale, 0 to 11,025 Hz) over two frames, 1,024 samples at 22,050 Hz (46 ms), in decibels below the loudest
cell of the recording (:func:`styleprint.sound.mel_image.mel_levels`). A frame that is 80 dB below it in all bands is
silence; silence at both ends is left out, so that padding with it adds the fading of the last frame at most.
``onset_seconds`` is the middle of what a moment is made from.

It weighs 80 kB for half a minute, so rows hold it only where a model asks for it.
"""

import numpy as np

from styleprint.features.sound_context import SoundContext
from styleprint.features.streams.stream import MOMENTS, LevelArray, Levels, Stream, TokenArray
from styleprint.sound.filters import MELS
from styleprint.sound.mel_image import FLOOR_DB, mel_levels
from styleprint.sound.spectrum import HOP, RATE_HZ

__all__ = ["STREAM", "compute"]

_BANDS = 64
_FRAMES = 2


def compute(context: SoundContext) -> dict[str, TokenArray | LevelArray]:
    """Levels of each moment.

    Parameters
    ----------
    context : SoundContext

    Returns
    -------
    dict of str to ndarray
        ``level`` as float16, shape (n_moments, 64), −80 to 0 dB; ``onset_seconds`` as float64. Empty for silence.
    """
    level = mel_levels(context.mel, bands=MELS // _BANDS, frames=_FRAMES).astype(np.float16)
    sounding = np.flatnonzero((level > FLOOR_DB).any(axis=1))
    first, last = (int(sounding[0]), int(sounding[-1]) + 1) if len(sounding) else (0, 0)
    moment = (np.arange(first, last) * _FRAMES + (_FRAMES - 1) / 2) * (HOP / RATE_HZ)
    return {"level": level[first:last], MOMENTS["recording"]: moment}


STREAM = Stream(
    name="mel_spectrogram",
    fields={},
    unchanged_by=("gain", "channel_swap"),
    encoding_safe=True,
    source="mel scale of Slaney 1998 (Auditory Toolbox), filters and levels as librosa has them",
    compute=compute,
    kind="recording",
    levels={"level": Levels(_BANDS, "dB", FLOOR_DB)},
)
