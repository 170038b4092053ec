"""music21's keys and roots, on the slices that ours are compared on."""

import numpy as np
from music21 import chord, key, note, roman, stream

from harmony_data import AnnotatedPiece
from styleprint.theory.frames import sounded_notes
from styleprint.theory.slices import salami_slices
from theory_measures import overlaps

__all__ = ["music21_scores"]

_WINDOW_QUARTERS = 8.0


def music21_scores(pieces: list[AnnotatedPiece]) -> np.ndarray:
    """Shares of the labelled time: local key (its key analysis of 8 quarters around), root of its numeral."""
    total = np.zeros(3)
    for piece in pieces:
        notes = sounded_notes(piece.score)
        slices = salami_slices(notes.onset_quarters, notes.duration_quarters, notes.midi_pitch)
        known: dict[int, key.Key] = {}
        keys = [_key_around(slices, time, known) for time in slices.start_quarters]
        root = _roots(slices, keys)
        labels = piece.labels
        end = slices.start_quarters[-1] + slices.length_quarters[-1]
        ours, theirs, time = overlaps(slices.start_quarters, end, labels.start, labels.end)
        told = np.array([k.tonic.pitchClass + 12 * (k.mode == "minor") for k in keys])
        right_key = told[ours] == (labels.tonic + 12 * labels.is_minor)[theirs]
        right_root = root[ours] == labels.root[theirs]
        total += [time.sum(), (time * right_key).sum(), (time * right_root).sum()]
    return total[1:] / total[0]


def _key_around(slices, time: float, known: dict[int, key.Key]) -> key.Key:
    """music21's default key analysis of what sounds within four quarters, asked once a quarter."""
    place = int(time)
    if place not in known:
        middle = slices.start_quarters + slices.length_quarters / 2
        near = np.flatnonzero(np.abs(middle - place) <= _WINDOW_QUARTERS / 2)
        part = stream.Stream()
        for row in near:
            for pitch in slices.midi_pitch[slices.offsets[row] : slices.offsets[row + 1]]:
                one = note.Note(int(pitch))
                one.quarterLength = float(slices.length_quarters[row])
                part.append(one)
        known[place] = part.analyze("key") if len(part) else key.Key("C")
    return known[place]


def _roots(slices, keys: list[key.Key]) -> np.ndarray:
    """Root of the Roman numeral of each slice; a tonic six-four before a dominant has the dominant as root."""
    root, six_four = np.full(len(keys), -1), np.zeros(len(keys), dtype=bool)
    for row, local in enumerate(keys):
        pitches = slices.midi_pitch[slices.offsets[row] : slices.offsets[row + 1]]
        if not len(pitches):
            root[row] = root[row - 1] if row else -1
            continue
        numeral = roman.romanNumeralFromChord(chord.Chord([int(p) for p in pitches]), local)
        root[row] = numeral.root().pitchClass
        six_four[row] = numeral.scaleDegree == 1 and numeral.inversion() == 2
    dominant = np.array([(k.tonic.pitchClass + 7) % 12 for k in keys])
    for row in range(len(keys) - 2, -1, -1):
        if six_four[row] and root[row + 1] == dominant[row]:
            root[row] = dominant[row]
    return root
