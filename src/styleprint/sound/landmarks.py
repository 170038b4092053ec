"""Landmarks: pairs of spectral peaks, by which the same sound is recognised in another file.

Wang 2003, "An industrial-strength audio search algorithm": a peak is a cell of the spectrum louder than all within
five frames and ten bins; the thirty loudest of each second are kept. Each is paired with the next three that follow it
within a second and a half and a kilohertz. A pair is named by where it begins, how far it goes in frequency and how
long it takes; level, coding and what lies before and after do not change it. Speed and pitch do.
"""

import numpy as np
import numpy.typing as npt

from styleprint.music.recording import Recording
from styleprint.sound.spectrum import Spectrum, analysed_signal

__all__ = ["find_landmarks", "landmark_frames", "landmark_names"]

_LOWEST_BIN, _HIGHEST_BIN = 8, 464
_FRAMES_AROUND, _BINS_AROUND = 5, 10
_FRAMES_A_SECOND = 43
_PEAKS_A_SECOND = 30
_LEAST = 1e-3
_TARGETS = 3
_LONGEST, _WIDEST = 63, 93

Landmarks = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]


def find_landmarks(recording: Recording) -> Landmarks:
    """The landmarks of a recording: sorted, each its name in the upper and its frame in the lower 32 bits."""
    spectrum = Spectrum(analysed_signal(recording))
    found = [_peaks(np.abs(spectrum.frames(start, stop)), start) for start, stop in spectrum.blocks()]
    if not found:
        return np.empty(0, np.uint64)
    frame, place = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return _pair(frame, place)


def landmark_names(landmarks: Landmarks) -> npt.NDArray[np.uint32]:
    """What each landmark is."""
    return (landmarks >> np.uint64(32)).astype(np.uint32)


def landmark_frames(landmarks: Landmarks) -> Integers:
    """When each landmark is heard."""
    return (landmarks & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _peaks(magnitude: npt.NDArray[np.float32], start: int) -> tuple[Integers, Integers]:
    """Frame and bin of the loudest peaks of a block, by frame."""
    inside = magnitude[:, _LOWEST_BIN:_HIGHEST_BIN]
    highest = _running_maximum(_running_maximum(inside, _FRAMES_AROUND).T, _BINS_AROUND).T
    frame, place = np.nonzero((inside == highest) & (inside > _LEAST * inside.max(initial=0.0)))
    level = inside[frame, place]
    second = frame // _FRAMES_A_SECOND
    order = np.lexsort((-level, second))
    rank = np.arange(len(order)) - np.searchsorted(second[order], second[order])
    kept = np.sort(order[rank < _PEAKS_A_SECOND])
    return frame[kept] + start, place[kept]


def _running_maximum(values: npt.NDArray[np.float32], around: int) -> npt.NDArray[np.float32]:
    """The largest of so many rows before and after each, and of itself: from windows of 2, 4, 8 … rows."""
    padding = np.zeros((around, values.shape[1]), np.float32)
    highest = np.concatenate([padding, values, padding])
    width, wanted = 1, 2 * around + 1
    while width < wanted:
        step = min(width, wanted - width)
        highest = np.maximum(highest[:-step], highest[step:])
        width += step
    return highest


def _pair(frame: Integers, place: Integers) -> Landmarks:
    """Each peak with the next ones in reach: begin (9 bits), way (8 bits), time (6 bits)."""
    found, taken = [], np.zeros(len(frame), np.int64)
    for ahead in range(1, min(len(frame), _PEAKS_A_SECOND * 2)):
        time, way = frame[ahead:] - frame[:-ahead], place[ahead:] - place[:-ahead]
        fits = (time > 0) & (time <= _LONGEST) & (np.abs(way) <= _WIDEST) & (taken[:-ahead] < _TARGETS)
        taken[:-ahead][fits] += 1
        begin = np.flatnonzero(fits)
        name = place[begin] << 14 | (way[fits] + _WIDEST) << 6 | time[fits]
        found.append(name.astype(np.uint64) << np.uint64(32) | frame[begin].astype(np.uint64))
    return np.unique(np.concatenate([np.empty(0, np.uint64), *found]))
