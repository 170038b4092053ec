"""Loudness as broadcasters measure it.

ITU-R BS.1770-5 and EBU R 128: each channel is weighed by a filter that follows the ear (K weighting: a shelf above
2 kHz and a high pass at 38 Hz), its mean square is taken over blocks, channels are added, surround ones by 1.41, the
low-frequency channel not at all. Loudness of a block is −0.691 + 10 log10 of that sum, in LUFS. Filters are made for
the rate at hand from the analogue prototype; at 48 kHz they are those printed in the standard.

integrated
    Over blocks of 400 ms, three quarters shared with the next, those below −70 LUFS and then those more than 10 LU
    below the mean of the rest left out.
range
    EBU Tech 3342: of the loudness of blocks of 3 s, ten a second, those below −70 LUFS and those more than 20 LU below
    their mean left out, the distance from the 10th to the 95th percentile, in LU.

A recording of one channel is measured as one channel, 3 LU below the same played on two loudspeakers.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.music.recording import Recording

__all__ = ["STEP_SECONDS", "Loudness", "loudness_of_steps", "measure_loudness", "step_energies"]

STEP_SECONDS = 0.1
"""From one block to the next."""

_OFFSET = -0.691
_FLOOR_LUFS = -70.0
_BLOCK_SECONDS, _LONG_SECONDS = 0.4, 3.0
_STEPS_AT_ONCE = 300
_WEIGHTS = {5: (1.0, 1.0, 1.0, 1.41, 1.41), 6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41)}
"""Of five channels (left, right, centre, two surround) and of six, with the low-frequency one fourth."""

_SHELF_HZ, _SHELF_DB, _SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
_PASS_HZ, _PASS_Q = 38.13547087602444, 0.5003270373238773

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Loudness:
    """Loudness of a recording; NaN where it is too short or too quiet to have one.

    Attributes
    ----------
    integrated_lufs : float
    range_lu : float
    """

    integrated_lufs: float
    range_lu: float


def measure_loudness(recording: Recording) -> Loudness:
    """Integrated loudness and loudness range of a recording."""
    return loudness_of_steps(step_energies(recording))


def loudness_of_steps(steps: Floats) -> Loudness:
    """Integrated loudness and loudness range of what :func:`step_energies` gave, or of a part of it."""
    return Loudness(_integrated(steps), _range(steps))


def step_energies(recording: Recording) -> Floats:
    """Weighed mean square of each whole 100 ms, over all channels, shape (n_steps,)."""
    from scipy.signal import sosfilt

    step = round(recording.rate_hz * STEP_SECONDS)
    count = recording.samples.shape[1] // step
    filters, energies = _k_weighting(recording.rate_hz), np.zeros(count)
    weights = _WEIGHTS.get(recording.channels, (1.0,) * recording.channels)
    for channel, weight in zip(recording.samples, weights, strict=True):
        state = np.zeros((len(filters), 2))
        for start in range(0, count if weight else 0, _STEPS_AT_ONCE):
            stop = min(start + _STEPS_AT_ONCE, count)
            weighed, state = sosfilt(filters, channel[start * step : stop * step], zi=state)
            weighed = weighed.reshape(stop - start, step)
            energies[start:stop] += weight * np.einsum("ij,ij->i", weighed, weighed) / step
    return energies


def _blocks(steps: Floats, seconds: float) -> Floats:
    """Mean square of blocks of so many seconds, one a step."""
    length = round(seconds / STEP_SECONDS)
    if len(steps) < length:
        return np.empty(0)
    energies: Floats = np.lib.stride_tricks.sliding_window_view(steps, length).mean(axis=1)
    return energies


def _lufs(energy: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        loudness: Floats = _OFFSET + 10.0 * np.log10(energy)
    return loudness


def _gated(energy: Floats, below: float) -> Floats:
    """Blocks that are heard: above the floor, and no further below the mean of those than `below`."""
    heard = energy[_lufs(energy) > _FLOOR_LUFS]
    return heard[_lufs(heard) > _lufs(heard.mean()) - below] if len(heard) else heard


def _integrated(steps: Floats) -> float:
    heard = _gated(_blocks(steps, _BLOCK_SECONDS), 10.0)
    return float(_lufs(heard.mean())) if len(heard) else float("nan")


def _range(steps: Floats) -> float:
    heard = _gated(_blocks(steps, _LONG_SECONDS), 20.0)
    if not len(heard):
        return float("nan")
    low, high = np.percentile(_lufs(heard), [10.0, 95.0])
    return float(high - low)


def _k_weighting(rate_hz: int) -> Floats:
    """The two filters as second-order sections, by the bilinear transform (De Man 2014)."""
    turn = np.tan(np.pi * _SHELF_HZ / rate_hz)
    gain = 10.0 ** (_SHELF_DB / 20.0)
    bend = gain**0.4996667741545416
    base = 1.0 + turn / _SHELF_Q + turn**2
    shelf = [
        (gain + bend * turn / _SHELF_Q + turn**2) / base,
        2.0 * (turn**2 - gain) / base,
        (gain - bend * turn / _SHELF_Q + turn**2) / base,
        1.0,
        2.0 * (turn**2 - 1.0) / base,
        (1.0 - turn / _SHELF_Q + turn**2) / base,
    ]
    turn = np.tan(np.pi * _PASS_HZ / rate_hz)
    base = 1.0 + turn / _PASS_Q + turn**2
    high_pass = [1.0, -2.0, 1.0, 1.0, 2.0 * (turn**2 - 1.0) / base, (1.0 - turn / _PASS_Q + turn**2) / base]
    return np.array([shelf, high_pass])
