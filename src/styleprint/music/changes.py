"""Pure changes of a score: a Score goes in, another comes out.

Used as variants for training, as laws for features, and as re-encodings for the audit. Each keeps all
invariants, orders notes as reading does, and changes nothing that its sentence does not name. The table
`CHANGES` names, for laws and audits, functions of one score alone, with fixed parameters.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, KeySignatures, Measures, Parts, Score, Source, Tempos, TimeSignatures

__all__ = [
    "CHANGES",
    "REENCODINGS",
    "cut_span",
    "empty_score",
    "flatten_velocity",
    "keep_notes",
    "leave_out_parts",
    "merge_parts",
    "permute_parts",
    "play_twice",
    "quantise",
    "scale_tempo",
    "shift_notes",
    "shift_octave",
    "thin",
    "transpose",
    "with_legato",
    "with_staccato",
]

Mask = npt.NDArray[np.bool_]

_NOTE_COLUMNS = (
    "onset_quarters",
    "duration_quarters",
    "midi_pitch",
    "part",
    "voice",
    "staff",
    "is_grace",
    "is_unpitched",
    "step",
    "alter",
    "octave",
    "velocity",
)
_FIFTHS_OF_SEMITONE = 7
_SHARPEST = 7
_EXACT_QUARTERS = 1e-6
_APART_QUARTERS = 1 / 12


def empty_score(path: str = "", *warnings: str) -> Score:
    """A score without notes."""
    ints, flags = np.empty(0, dtype=np.int32), np.empty(0, dtype=bool)
    return Score(
        onset_quarters=np.empty(0),
        duration_quarters=np.empty(0),
        midi_pitch=ints,
        part=ints,
        voice=ints,
        staff=ints,
        is_grace=flags,
        is_unpitched=flags,
        source=Source(path=path),
        warnings=warnings,
    )


def keep_notes(score: Score, rows: npt.NDArray[Any]) -> Score:
    """The notes that `rows` names, a mask or indices in order; tables stay."""
    columns = {name: getattr(score, name) for name in _NOTE_COLUMNS}
    chosen: dict[str, Any] = {name: None if column is None else column[rows] for name, column in columns.items()}
    return replace(score, **chosen)


def transpose(score: Score, semitones: int) -> Score:
    """All pitched notes moved; key signatures move along, spelling is forgotten.

    Notes that would leave 0–127 move by whole octaves to stay inside.
    """
    pitch = score.midi_pitch + np.where(score.is_unpitched, 0, semitones)
    pitch = np.where(pitch < 0, pitch % 12, np.where(pitch > 127, 120 + pitch % 12 - 12 * (pitch % 12 > 7), pitch))
    keys = score.key_signatures
    fifths = keys.fifths + _FIFTHS_OF_SEMITONE * semitones
    fifths = (fifths + 5) % 12 - 5
    moved = replace(
        score,
        midi_pitch=pitch.astype(np.int32),
        step=None,
        alter=None,
        octave=None,
        key_signatures=replace(keys, fifths=fifths.astype(np.int32)) if semitones % 12 else keys,
    )
    return _in_order(moved)


def shift_octave(score: Score) -> Score:
    """All pitched notes an octave higher, or lower where some would leave 0–127; where either would, nothing moves.

    Spelling moves along.
    """
    pitch = score.midi_pitch[~score.is_unpitched]
    if not len(pitch) or (pitch.max() > 115 and pitch.min() < 12):
        return score
    octaves = np.where(score.is_unpitched, 0, 1 if pitch.max() <= 115 else -1).astype(np.int32)
    octave = None if score.octave is None else score.octave + octaves
    return _in_order(replace(score, midi_pitch=score.midi_pitch + 12 * octaves, octave=octave))


def play_twice(score: Score) -> Score:
    """The whole piece and once more, as where a repeat is written out.

    It begins again where its last measure ends, or at the first whole quarter by which all notes have ended, if that is
    later, and the last has begun a twelfth of a quarter before. Measures, metres, keys and tempos come again too.
    """
    if not len(score):
        return score
    measures, end = score.measures, max(score.end_quarters, float(score.onset_quarters[-1]) + _APART_QUARTERS)
    length = float((measures.start_quarters + measures.length_quarters)[-1]) if len(measures.label) else 0.0
    if length < end - _EXACT_QUARTERS:
        length = max(1.0, float(np.ceil(end - _EXACT_QUARTERS)))
    columns: dict[str, Any] = {}
    for name in _NOTE_COLUMNS:
        column = getattr(score, name)
        columns[name] = None if column is None else np.tile(column, 2)
    columns["onset_quarters"][len(score) :] += length
    times, keys, tempos = score.time_signatures, score.key_signatures, score.tempos
    return replace(
        score,
        **columns,
        measures=Measures(
            _again(measures.start_quarters, length), np.tile(measures.length_quarters, 2), measures.label * 2
        ),
        time_signatures=TimeSignatures(
            _again(times.onset_quarters, length), np.tile(times.numerator, 2), np.tile(times.denominator, 2)
        ),
        key_signatures=KeySignatures(
            _again(keys.onset_quarters, length), np.tile(keys.fifths, 2), np.tile(keys.is_minor, 2)
        ),
        tempos=Tempos(_again(tempos.onset_quarters, length), np.tile(tempos.tempo_qpm, 2)),
    )


def _again(onsets: FloatArray, length: float) -> FloatArray:
    return np.concatenate([onsets, onsets + length])


def scale_tempo(score: Score, factor: float) -> Score:
    """All tempos multiplied; quarters stay. A score without tempos stays as it is."""
    return replace(score, tempos=replace(score.tempos, tempo_qpm=score.tempos.tempo_qpm * factor))


def quantise(score: Score, ticks: int) -> Score:
    """Onsets and ends rounded to a grid of `ticks` a quarter; no pitched note gets shorter than one tick."""
    onset = np.rint(score.onset_quarters * ticks)
    end = np.rint((score.onset_quarters + score.duration_quarters) * ticks)
    lasts = score.duration_quarters > 0
    duration = np.maximum(end - onset, lasts.astype(np.float64))
    changed = replace(score, onset_quarters=onset / ticks, duration_quarters=duration / ticks)
    return _in_order(replace(changed, source=replace(score.source, resolution=ticks)))


def with_legato(score: Score) -> Score:
    """Each note lasts until the next onset of its part; those of a part's last onset stay as they are."""
    gap = _until_next_onset(score)
    lasts = np.isfinite(gap) & (score.duration_quarters > 0)
    return replace(score, duration_quarters=np.where(lasts, gap, score.duration_quarters))


def with_staccato(score: Score, share: float = 0.5) -> Score:
    """Each note lasts that share of its duration."""
    return replace(score, duration_quarters=score.duration_quarters * share)


def merge_parts(score: Score) -> Score:
    """All pitched notes in one part and one voice, as in a file of one track; drums stay a part of their own.

    Of notes that then have pitch and onset in common the longest stays.
    """
    if not len(score):
        return score
    drums = bool(score.is_unpitched.any()) and not bool(score.is_unpitched.all())
    programme = score.parts.programme[:1]
    parts = Parts(("", "") if drums else ("",), np.append(programme, [-1]).astype(np.int32)[: 1 + drums])
    unknown = np.full(len(score), -1, dtype=np.int32)
    part = score.is_unpitched.astype(np.int32) if drums else np.zeros(len(score), dtype=np.int32)
    merged = replace(score, part=part, voice=unknown, staff=unknown, parts=parts)
    order = np.lexsort((-score.duration_quarters, score.is_grace, score.midi_pitch, part, score.onset_quarters))
    merged = keep_notes(merged, order)
    columns = np.stack((merged.onset_quarters, merged.part, merged.midi_pitch))
    is_first = np.append(True, (np.diff(columns, axis=1) != 0).any(axis=0))
    return keep_notes(merged, is_first)


def flatten_velocity(score: Score, velocity: int = 64) -> Score:
    """All notes of one velocity; a score without velocities stays as it is."""
    if score.velocity is None:
        return score
    return replace(score, velocity=np.full(len(score), velocity, dtype=np.int32))


def permute_parts(score: Score, seed: int = 0) -> Score:
    """The parts in another order, by seed."""
    n = len(score.parts.name)
    place = np.random.default_rng(seed).permutation(n)
    names, programmes = [""] * n, np.empty(n, dtype=np.int32)
    for old, new in enumerate(place.tolist()):
        names[new] = score.parts.name[old]
        programmes[new] = score.parts.programme[old]
    part = place[score.part].astype(np.int32) if n else score.part
    return _in_order(replace(score, part=part, parts=Parts(tuple(names), programmes)))


def thin(score: Score, share: float = 0.1, seed: int = 0) -> Score:
    """That share of the notes left out, by seed; at least one note stays."""
    keep = np.random.default_rng(seed).random(len(score)) >= share
    if len(score) and not keep.any():
        keep[0] = True
    return keep_notes(score, keep)


def shift_notes(score: Score, share: float = 0.05, seed: int = 0) -> Score:
    """That share of the pitched notes moved by a semitone or two, by seed: wrong notes."""
    source = np.random.default_rng(seed)
    chosen = (source.random(len(score)) < share) & ~score.is_unpitched
    by = source.choice(np.array([-2, -1, 1, 2]), size=len(score))
    pitch = (score.midi_pitch + np.where(chosen, by, 0)).clip(0, 127).astype(np.int32)
    return _in_order(replace(score, midi_pitch=pitch, step=None, alter=None, octave=None))


def leave_out_parts(score: Score, share: float = 0.25, seed: int = 0) -> Score:
    """That share of the parts with their notes left out, by seed; at least one part stays."""
    n = len(score.parts.name)
    if n < 2:
        return score
    gone = min(max(1, round(share * n)), n - 1)
    keep = np.ones(n, dtype=bool)
    keep[np.random.default_rng(seed).permutation(n)[:gone]] = False
    left = keep_notes(score, keep[score.part])
    names = tuple(name for name, kept in zip(score.parts.name, keep.tolist(), strict=True) if kept)
    part = (np.cumsum(keep) - 1)[left.part].astype(np.int32)
    return replace(left, part=part, parts=Parts(names, score.parts.programme[keep]))


def cut_span(score: Score, start_quarters: float, end_quarters: float) -> Score:
    """The span from start to end, moved to quarter 0: notes that begin in it, cut at its end.

    Tempo, metre and key in force at its start hold from its beginning.
    """
    onset = score.onset_quarters
    inside = keep_notes(score, (onset >= start_quarters) & (onset < end_quarters))
    left = np.minimum(inside.duration_quarters, end_quarters - inside.onset_quarters)
    measures = score.measures
    ends = measures.start_quarters + measures.length_quarters
    kept = (measures.start_quarters < end_quarters) & (ends > start_quarters)
    begins = np.maximum(measures.start_quarters[kept], start_quarters)
    lengths = np.minimum(ends[kept], end_quarters) - begins
    labels = tuple(label for label, keep in zip(measures.label, kept.tolist(), strict=True) if keep)
    times, keys, tempos = score.time_signatures, score.key_signatures, score.tempos
    time_rows, time_onsets = _in_span(times.onset_quarters, start_quarters, end_quarters)
    key_rows, key_onsets = _in_span(keys.onset_quarters, start_quarters, end_quarters)
    tempo_rows, tempo_onsets = _in_span(tempos.onset_quarters, start_quarters, end_quarters)
    return replace(
        inside,
        onset_quarters=inside.onset_quarters - start_quarters,
        duration_quarters=left,
        measures=Measures(begins - start_quarters, lengths, labels),
        time_signatures=TimeSignatures(time_onsets, times.numerator[time_rows], times.denominator[time_rows]),
        key_signatures=KeySignatures(key_onsets, keys.fifths[key_rows], keys.is_minor[key_rows]),
        tempos=Tempos(tempo_onsets, tempos.tempo_qpm[tempo_rows]),
    )


def _in_span(onsets: FloatArray, start: float, end: float) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Rows of a table in force somewhere in the span, and their onsets from its start."""
    first = max(int(np.searchsorted(onsets, start, side="right")) - 1, 0)
    rows = np.arange(first, max(int(np.searchsorted(onsets, end, side="left")), first))
    return rows, np.maximum(onsets[rows] - start, 0.0)


def _until_next_onset(score: Score) -> FloatArray:
    """Quarters from each note's onset to the next later onset of its part; infinite at a part's last."""
    gap = np.full(len(score), np.inf)
    for index in range(len(score.parts.name)):
        rows = np.flatnonzero(score.part == index)
        onsets = score.onset_quarters[rows]
        following = np.searchsorted(onsets, onsets, side="right")
        has_next = following < len(rows)
        gap[rows[has_next]] = onsets[following[has_next]] - onsets[has_next]
    return gap


def _in_order(score: Score) -> Score:
    """The notes by onset, part, voice, pitch."""
    order = np.lexsort((score.midi_pitch, score.voice, score.part, score.onset_quarters))
    return score if bool((order[1:] > order[:-1]).all()) else keep_notes(score, order)


CHANGES: Mapping[str, Callable[[Score], Score]] = MappingProxyType(
    {
        "transposition": partial(transpose, semitones=5),
        "octave": shift_octave,
        "repeats": play_twice,
        "tempo": partial(scale_tempo, factor=0.7),
        "resolution": partial(quantise, ticks=24),
        "legato": with_legato,
        "staccato": with_staccato,
        "merged_parts": merge_parts,
        "velocity": flatten_velocity,
        "part_order": permute_parts,
        "thinned": thin,
        "wrong_notes": shift_notes,
        "parts_left_out": leave_out_parts,
    }
)
"""Name → change, with fixed parameters."""

REENCODINGS = ("tempo", "velocity", "resolution", "legato", "staccato", "merged_parts", "part_order")
"""Those of `CHANGES` that an encoder might make and no composer would hear as another piece."""
