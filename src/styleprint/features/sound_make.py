"""How a recording was made: numbers for audits alone, never for identification.

If these name the genre as well as the music does, what was recognised may be the studio, the coder or the collection.
`make_bandwidth_hz` is where the long-term spectrum falls, for good, 80 dB below its strongest bin, or where it first
falls steeply above 3 kHz (by 20 dB from half a kilohertz to the next, a quarter of one between them), whichever is
lower: a coder's or a sampling rate's cut shows in it, also where a coder has filled the void above with noise.
"""

import zlib

import numpy as np
import numpy.typing as npt

from styleprint.features.sound_context import SoundContext
from styleprint.music.recording import SampleArray, loudest_sample, mean_square, sample_blocks
from styleprint.sound.spectrum import bin_hz

__all__ = ["SOUND_MAKE_COLUMNS", "sound_make_row"]

SOUND_MAKE_COLUMNS = (
    "make_seconds",
    "make_rate_hz",
    "make_channels",
    "make_coding",
    "make_peak",
    "make_level",
    "make_clipped",
    "make_side",
    "make_offset",
    "make_bandwidth_hz",
)
"""Length, rate, channels, coding; peak and level in dB, share of samples at the peak, side over middle, mean sample."""

_FALL = 1e-8
_LEAST = 1e-10
_STEEP_DB = 20.0
_LOWEST_CUT_HZ = 3_000.0
_SIDE_BINS, _GAP_BINS = 46, 23
"""Half a kilohertz, and a quarter."""

_NEAR_PEAK = 0.9999


def sound_make_row(context: SoundContext) -> dict[str, float]:
    """How a recording was made.

    Returns
    -------
    dict of str to float
        One entry for each of `SOUND_MAKE_COLUMNS`, in their order; NaN where there is nothing to measure.
    """
    recording, source = context.recording, context.recording.source
    samples = recording.samples
    peak = loudest_sample(samples)
    coding = f"{source.format} {source.coding}"
    values = (
        recording.seconds,
        float(source.rate_hz or recording.rate_hz),
        float(recording.channels),
        float(zlib.crc32(coding.encode()) % 997) if source.coding else float("nan"),
        _decibels(peak),
        _decibels(mean_square(samples) ** 0.5),
        _at_peak(samples, _NEAR_PEAK * peak) if peak > 0 else float("nan"),
        _side(context),
        float(samples.mean(dtype=np.float64)) if samples.size else float("nan"),
        _bandwidth(context),
    )
    return dict(zip(SOUND_MAKE_COLUMNS, values, strict=True))


def _at_peak(samples: SampleArray, least: float) -> float:
    """Share of samples of at least that magnitude."""
    blocks = sample_blocks(samples)
    return sum(np.count_nonzero(block >= least) + np.count_nonzero(block <= -least) for block in blocks) / samples.size


def _decibels(value: float) -> float:
    return float(20 * np.log10(value)) if value > 0 else float("nan")


def _side(context: SoundContext) -> float:
    """Level of the difference of the first two channels over that of their sum; NaN for one channel."""
    samples = context.recording.samples
    if len(samples) < 2:
        return float("nan")
    middle, side = 0.0, 0.0
    for block in sample_blocks(samples):
        middle += float(np.square(block[0] + block[1], dtype=np.float64).sum())
        side += float(np.square(block[0] - block[1], dtype=np.float64).sum())
    return float(np.sqrt(side / middle)) if middle > 0 else float("nan")


def _bandwidth(context: SoundContext) -> float:
    power = sum(np.square(block, dtype=np.float64).sum(axis=0) for block in context.magnitudes())
    if not np.any(power):
        return float("nan")
    last = int(np.flatnonzero(power > _FALL * np.max(power))[-1])
    return float(bin_hz()[min(last, _steep_fall(np.asarray(power)))])


def _steep_fall(power: npt.NDArray[np.float64]) -> int:
    """Bin of the first steep fall; the last bin where there is none."""
    decibels = 10 * np.log10(np.maximum(power, power.max() * _LEAST))
    running = np.concatenate([[0.0], np.cumsum(decibels)])
    place = np.arange(int(np.searchsorted(bin_hz(), _LOWEST_CUT_HZ)), len(power) - _GAP_BINS - _SIDE_BINS + 1)
    below = running[place] - running[place - _SIDE_BINS]
    above = running[place + _GAP_BINS + _SIDE_BINS] - running[place + _GAP_BINS]
    fall = (below - above) / _SIDE_BINS
    steep = fall >= _STEEP_DB
    if not steep.any():
        return len(power) - 1
    first = int(np.argmax(steep))
    until = first + int(np.argmin(np.append(steep[first:], False)))
    return int(place[first + int(np.argmax(fall[first:until]))]) + _GAP_BINS // 2
