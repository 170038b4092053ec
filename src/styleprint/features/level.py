"""Level: how loud a recording is, and how much louder its loud places are than its soft ones.

Levels of frames are root mean squares (librosa's ``rms``); loudness is what broadcasters measure
(:mod:`styleprint.sound.loudness`).
"""

import numpy as np

from styleprint.features.feature import Family
from styleprint.features.numbers import mean, variance
from styleprint.features.sound_context import SoundContext
from styleprint.music.recording import loudest_sample, mean_square

__all__ = ["FEATURES"]

FEATURES = Family("recording")

_LIBROSA = "librosa (McFee et al. 2015)"
_LEAST_HEARD_DB = 60.0


@FEATURES.add(
    unit="of full scale",
    range=(0, 1000),
    unchanged_by=("channel_swap",),
    encoding_safe=False,
    source=_LIBROSA,
    aliases=("rms_mean",),
)
def rms_mean(context: SoundContext) -> float:
    """Mean over frames of the root mean square of their samples."""
    return mean(context.level)


@FEATURES.add(
    unit="of full scale, squared",
    range=(0, 1e6),
    unchanged_by=("channel_swap",),
    encoding_safe=False,
    source=_LIBROSA,
    aliases=("rms_var",),
)
def rms_var(context: SoundContext) -> float:
    """Variance over frames of the root mean square of their samples."""
    return variance(context.level)


@FEATURES.add(
    unit="decibels",
    range=(0, _LEAST_HEARD_DB),
    unchanged_by=("gain", "channel_swap"),
    source="our own, after the loudness range of EBU Tech 3342",
)
def dynamic_range(context: SoundContext) -> float:
    """Distance from the 10th to the 95th percentile of the level of frames that are at most 60 dB below the loudest."""
    level = context.level
    heard = level[level > level.max(initial=0.0) * 10 ** (-_LEAST_HEARD_DB / 20)]
    if not len(heard):
        return float("nan")
    low, high = np.percentile(20 * np.log10(heard), [10, 95])
    return float(high - low)


@FEATURES.add(unit="decibels", range=(0, np.inf), unchanged_by=("gain", "channel_swap"), source="IEC 60268-1")
def crest_factor(context: SoundContext) -> float:
    """Largest sample over the root mean square of all samples."""
    samples = context.recording.samples
    power = mean_square(samples)
    return float(20 * np.log10(loudest_sample(samples) / np.sqrt(power))) if power > 0 else float("nan")


@FEATURES.add(
    unit="LUFS",
    range=(-70, 70),
    unchanged_by=("silence_padding",),
    encoding_safe=False,
    source="ITU-R BS.1770-5, EBU R 128",
    missing="a recording under 0.4 s, or none of which is above −70 LUFS",
)
def integrated_loudness(context: SoundContext) -> float:
    """Loudness of the whole recording, silent and soft places left out."""
    return context.loudness.integrated_lufs


@FEATURES.add(
    unit="LU",
    range=(0, 140),
    unchanged_by=("gain",),
    encoding_safe=False,
    source="EBU Tech 3342",
    missing="a recording under 3 s, or none of which is above −70 LUFS",
)
def loudness_range(context: SoundContext) -> float:
    """Distance from the 10th to the 95th percentile of the loudness of 3 s."""
    return context.loudness.range_lu
