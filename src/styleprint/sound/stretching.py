"""Sound made longer or shorter at its own pitch: a phase vocoder.

Flanagan and Golden 1966, "Phase vocoder": spectra of frames are read at another pace, their magnitudes between two
frames by a line, and each bin turns from frame to frame by as much as it turned between the frames where it is read. By
librosa's ``phase_vocoder`` (McFee et al. 2015): frames under a Hann window, a quarter of it apart, the first centred on
the first sample.

Channels keep their phases to each other: what turns is the mean of all channels, and each channel turns with it (as
Laroche and Dolson 1999 lock bins to a peak), since two that turned by themselves would cancel where they are averaged.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from styleprint.music.recording import SampleArray
from styleprint.sound.spectrum import hann

__all__ = ["stretch", "stretching_window"]

_FRAMES_AT_ONCE = 256
_WINDOW_SECONDS = 2_048 / 22_050
_OVERLAP = 4

Spectra = npt.NDArray[np.complex64]
Floats = npt.NDArray[np.float64]


def stretching_window(rate_hz: int) -> int:
    """Samples of a frame: the power of two that is nearest to 93 ms; 2,048 at 22,050 Hz."""
    return int(2 ** round(float(np.log2(_WINDOW_SECONDS * rate_hz))))


def stretch(samples: SampleArray, factor: float, window: int) -> SampleArray:
    """The same sound so many times as fast, at its own pitch.

    Parameters
    ----------
    samples : ndarray of float32, shape (n_channels, n_samples)
    factor : float
        Above 1 for faster and shorter.
    window : int
        Samples of a frame, a power of two.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples / factor)
        Its length is rounded.
    """
    from scipy.fft import irfft

    channels, count = samples.shape
    hop, length = window // _OVERLAP, round(count / factor)
    steps = np.arange(0.0, 1 + count // hop, factor)[: -(-(length + window) // hop)]
    made: SampleArray = np.zeros((channels, (len(steps) - 1) * hop + window), np.float32)
    weight, taper = np.zeros(made.shape[1], np.float32), hann(window)
    frame = 0
    for spectra in _at_another_pace(samples, steps, window):
        for of_all in irfft(spectra, window, axis=2).transpose(1, 0, 2):
            place = slice(frame * hop, frame * hop + window)
            made[:, place] += of_all * taper
            weight[place] += taper**2
            frame += 1
    there = weight > np.finfo(np.float32).tiny
    made[:, there] /= weight[there]
    kept = made[:, window // 2 :][:, :length]
    return np.pad(kept, ((0, 0), (0, length - kept.shape[1])))


def _at_another_pace(samples: SampleArray, steps: Floats, window: int) -> Iterator[Spectra]:
    """Spectra at each step, in frames, shape (n_channels, n_steps, n_bins); some at a time."""
    turned: Floats | None = None
    for start in range(0, len(steps), _FRAMES_AT_ONCE):
        own = steps[start : start + _FRAMES_AT_ONCE]
        at = own.astype(np.intp)
        spectra = _frames(samples, int(at[0]), int(at[-1]) + 2, window)
        mean = spectra if len(spectra) == 1 else spectra.mean(axis=0, keepdims=True)
        angle = np.angle(mean[0].astype(np.complex128))
        here, after = at - at[0], at - at[0] + 1
        turns = angle[after] - angle[here]
        phase = np.cumsum(turns, axis=0) - turns + (angle[0] if turned is None else turned)
        turned = (phase[-1] + turns[-1]) % (2 * np.pi)
        share = (own - at).astype(np.float32)[:, None]
        magnitude = (1 - share) * np.abs(spectra[:, here]) + share * np.abs(spectra[:, after])
        if len(spectra) > 1:
            phase = phase + np.angle(spectra[:, here]) - angle[here]
        yield (magnitude * np.exp(1j * phase)).astype(np.complex64).reshape(magnitude.shape)


def _frames(samples: SampleArray, start: int, stop: int, window: int) -> Spectra:
    """Spectra of frames, shape (n_channels, stop − start, n_bins); those after the last of the sound are zero."""
    from scipy.fft import rfft

    hop, count = window // _OVERLAP, samples.shape[1]
    last = min(stop, 1 + count // hop)
    first_sample, end = start * hop - window // 2, (last - 1) * hop + window // 2
    inside = samples[:, max(first_sample, 0) : max(end, 0)]
    after = end - max(first_sample, 0) - inside.shape[1]
    padded = np.pad(inside, ((0, 0), (max(-first_sample, 0), max(after, 0))))
    cut = np.lib.stride_tricks.sliding_window_view(padded, window, axis=1)[:, ::hop]
    found: Spectra = np.zeros((len(samples), stop - start, window // 2 + 1), np.complex64)
    found[:, : last - start] = rfft(cut * hann(window), axis=2)
    return found
