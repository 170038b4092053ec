"""Notes as sound: plain plucked tones, made from pitches and times alone.

A tone is a sum of harmonics of equal temperament with A4 = 440 Hz (MIDI pitch 69). Harmonic k has the amplitude
1 / k and dies away as exp(−k^½ t / τ) with τ = 0.9 s, so that high harmonics fade first, as those of a plucked or
struck string do. It rises over 5 ms and is damped over 40 ms after its end, both along half a cosine. There is no
chance in it, no reverberation and no instrument: what one hears is the notes.

All tones are equally loud, whatever the file says of velocity and instruments.
"""

from collections.abc import Sequence

import numpy as np

from styleprint.music.score import FloatArray

__all__ = ["frequency_hz", "synthesise"]

_HARMONICS = 8
_DECAY_SECONDS = 0.9
_ATTACK_SECONDS = 0.005
_RELEASE_SECONDS = 0.04
_LONGEST_SECONDS = 6.0
"""By then the first harmonic has fallen by 58 dB."""


def frequency_hz(midi_pitch: float) -> float:
    """Frequency of a pitch in equal temperament, A4 = 440 Hz."""
    return float(440.0 * 2.0 ** ((midi_pitch - 69.0) / 12.0))


def synthesise(notes: Sequence[tuple[float, float, int]], *, seconds: float, rate_hz: int) -> FloatArray:
    """Sound of notes.

    Parameters
    ----------
    notes : sequence of (onset, duration, MIDI pitch)
        In seconds. What lies before 0 or after `seconds` is not heard. Of notes with onset and pitch in common the
        longest is heard, so that doublings do not make a note louder.
    seconds : float
        Length of the result.
    rate_hz : int
        Samples a second.

    Returns
    -------
    ndarray of float64, shape (round(seconds × rate_hz),)
        Between −1 and 1: divided by its largest magnitude; zeros where there is no note.
    """
    n_samples = max(0, round(seconds * rate_hz))
    sound = np.zeros(n_samples)
    longest: dict[tuple[float, int], float] = {}
    for onset, duration, pitch in notes:
        if 0.0 <= onset < seconds and duration > 0.0:
            longest[onset, pitch] = max(duration, longest.get((onset, pitch), 0.0))
    strings: dict[int, FloatArray] = {}
    for (onset, pitch), duration in sorted(longest.items()):
        if pitch not in strings:
            strings[pitch] = _string(pitch, rate_hz)
        start = round(onset * rate_hz)
        tone = _damped(strings[pitch], duration, rate_hz)[: n_samples - start]
        sound[start : start + len(tone)] += tone
    peak = float(np.abs(sound).max(initial=0.0))
    return sound / peak if peak > 0.0 else sound


def _string(pitch: int, rate_hz: int) -> FloatArray:
    """A tone that nobody damps, of harmonics below half the rate."""
    time = np.arange(round(_LONGEST_SECONDS * rate_hz)) / rate_hz
    tone = np.zeros(len(time))
    for k in range(1, _HARMONICS + 1):
        frequency = k * frequency_hz(pitch)
        if frequency < rate_hz / 2:
            tone += np.exp(-np.sqrt(k) * time / _DECAY_SECONDS) * np.sin(2 * np.pi * frequency * time) / k
    rise = round(_ATTACK_SECONDS * rate_hz)
    tone[:rise] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / max(rise, 1))
    return tone


def _damped(string: FloatArray, duration: float, rate_hz: int) -> FloatArray:
    held, release = round(duration * rate_hz), round(_RELEASE_SECONDS * rate_hz)
    tone = string[: held + release].copy()
    fading = tone[held:]
    fading *= 0.5 + 0.5 * np.cos(np.pi * np.arange(len(fading)) / max(release, 1))
    return tone
