"""Standard MIDI files (1.0) → Score.

One walk over the bytes finds every event (:mod:`styleprint.reading.midi_walk`), of sound and of damaged files
alike; damage is told in the Score's warnings (:mod:`styleprint.reading.salvage`).

Conventions
-----------
A part is one channel of one track; a change of programme does not divide it. Its programme is the one in
force at its first note, else the first that the file sets on its channel, else -1. Channel 10 is
unpitched. Two signatures or tempos at one onset: the first track that tells one is believed, and within a
track the last. A signature that repeats the one in force is left out. Velocity is that of the strike;
pedals, bends and pressure are not music on paper and are not read. Patterns of format 2 follow one another.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from styleprint.music.score import (
    KeySignatures,
    Measures,
    Parts,
    Score,
    Source,
    Tempos,
    TimeSignatures,
)
from styleprint.music.time import count_measures, lay_out_measures
from styleprint.reading import midi_walk as walk
from styleprint.reading.limits import Limits, check_limit
from styleprint.reading.midi_chunks import Chunks, find_chunks
from styleprint.reading.midi_texts import Texts, sort_texts
from styleprint.reading.salvage import describe_damage, refuse_without_music
from styleprint.support.errors import LimitError
from styleprint.support.hashing import hash_bytes

__all__ = ["read_midi"]

_BYTES_BEFORE_COMPILING = 300_000
_SHORTEST_NOTE_BYTES = 3
_SHORTEST_EVENT_BYTES = 2
_LAST_TICK = (1 << 35) - 1
_KEY_BITS = 28
_END_OF_TEXT_KINDS = 0x10
_SHARPEST = 7
_MOST_SENTENCES = 20
_FINEST_DENOMINATOR_POWER = 7
_MICROSECONDS_A_MINUTE = 60_000_000.0

Rows = list[list[int]]


class _Loops:
    """Runs the loops as plain Python until that has cost more than loading the compiled ones."""

    def __init__(self) -> None:
        self._bytes_read = 0

    def functions(self, size: int) -> tuple[Any, Any, Any]:
        """The three functions for a file of that many bytes."""
        self._bytes_read += size
        if self._bytes_read <= _BYTES_BEFORE_COMPILING:
            return walk.walk_tracks, walk.pair_notes, walk.fill_columns
        return _compiled()


_LOOPS = _Loops()


@cache
def _compiled() -> tuple[Any, Any, Any]:
    import numba

    loops = (walk.walk_tracks, walk.pair_notes, walk.fill_columns)
    try:
        compiled = [numba.njit(cache=True, nogil=True, error_model="numpy")(loop) for loop in loops]
    except RuntimeError:  # no folder in which compiled code may be kept
        compiled = [numba.njit(nogil=True, error_model="numpy")(loop) for loop in loops]
    return compiled[0], compiled[1], compiled[2]


@dataclass(slots=True)
class _Walked:
    """What the walk found; `keys` (track << 4 | channel) of the parts, in order."""

    score_columns: dict[str, Any]
    end_tick: int
    keys: list[int]
    first_onsets: list[int]
    others: Rows
    damage: list[str]
    warnings: list[str]


def read_midi(data: bytes, name: str, limits: Limits) -> Score:
    """Read a MIDI file.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What messages and the score's source call it.
    limits : Limits

    Raises
    ------
    ReadError
        R110 to R114: no header, SMPTE time, damaged beyond saving, no resolution, unknown format.
    LimitError
        R102.
    """
    chunks = find_chunks(data, name, limits)
    walked = _walk(data, chunks, name, limits)
    if not walked.keys:
        refuse_without_music(walked.damage, name)
    check_limit(len(walked.keys), limits.parts, "the number of parts", "parts", name)
    return _assemble(data, name, chunks, walked, limits)


def _walk(data: bytes, chunks: Chunks, name: str, limits: Limits) -> _Walked:
    walk_tracks, pair_notes, fill_columns = _LOOPS.functions(len(data))
    source: Any = data if walk_tracks is walk.walk_tracks else np.frombuffer(data, dtype=np.uint8)
    events = np.empty(min(len(data) // _SHORTEST_NOTE_BYTES, 4 * limits.notes) + 2, dtype=np.int64)
    others = np.empty((min(len(data) // _SHORTEST_EVENT_BYTES, limits.events) + 2, 5), dtype=np.int64)
    bounds = np.array(chunks.bounds, dtype=np.int64).reshape(-1, 2)
    tallies = np.zeros((len(bounds), walk.TALLIES), dtype=np.int64)
    last_tick = min(limits.length_quarters * chunks.resolution, _LAST_TICK)
    n_events, n_others, trouble, is_damaged = walk_tracks(
        source, bounds, last_tick, chunks.format == 2, events, others, tallies
    )
    if trouble:
        raise _limit_error(trouble, name, limits)
    notes = np.empty((n_events, 4), dtype=np.int64)
    memory = np.empty((3, 2048), dtype=np.int64)
    first_onset = np.empty(16 * len(bounds), dtype=np.int64)
    n, _, joined, unended = pair_notes(events[:n_events], tallies, memory[0], memory[1:], first_onset, notes)
    check_limit(n, limits.notes, "the number of notes", "notes", name)
    notes = notes[:n]
    damage = describe_damage(tallies, chunks.faults) if chunks.faults or is_damaged else []
    warnings = _describe_pairing(notes, joined, unended, tallies)
    keys = np.flatnonzero(first_onset >= 0)
    first_onsets = first_onset[keys].tolist()
    order = np.argsort(notes[:, 0] << _KEY_BITS | notes[:, 2], kind="stable")
    columns = _empty_columns(n)
    end_tick, short = fill_columns(notes, order, first_onset, chunks.resolution, *columns.values())
    if short:
        warnings.append(f"{short} notes lasted no time; each was given one tick.")
    rows = others[:n_others]
    return _Walked(
        columns, end_tick, keys.tolist(), first_onsets, rows[rows[:, 2] <= last_tick].tolist(), damage, warnings
    )


def _empty_columns(n: int) -> dict[str, Any]:
    """The columns that :func:`styleprint.reading.midi_walk.fill_columns` writes, in its order."""
    return {
        "onset_quarters": np.empty(n),
        "duration_quarters": np.empty(n),
        "midi_pitch": np.empty(n, dtype=np.int32),
        "part": np.empty(n, dtype=np.int32),
        "velocity": np.empty(n, dtype=np.int32),
        "is_unpitched": np.empty(n, dtype=bool),
    }


def _limit_error(trouble: int, name: str, limits: Limits) -> LimitError:
    if trouble == walk.TOO_LATE:
        return LimitError(
            "R102",
            f"a piece may last at most {limits.length_quarters:,} quarters, but a note lies beyond.",
            remedy="Leave the file out, or raise the limit: Limits(length_quarters=…).",
            place=name,
        )
    return LimitError(
        "R102",
        f"a piece may have at most {limits.notes:,} notes and {limits.events:,} other events, but holds more.",
        remedy="Leave the file out, or raise the limits: Limits(notes=…, events=…).",
        place=name,
    )


def _describe_pairing(notes: walk.Ints, joined: int, unended: int, tallies: walk.Ints) -> list[str]:
    """Give hanging notes their ends, and say what pairing had to decide. Cut notes are ordinary and not told."""
    sentences = []
    if joined:
        sentences.append(f"{joined} notes were struck twice at once in one part and joined.")
    if unended:
        _end_hanging(notes, tallies)
        sentences.append(f"{unended} notes were never ended; each lasts until the next onset of its part.")
    return sentences


def _end_hanging(notes: walk.Ints, tallies: walk.Ints) -> None:
    """End each note that has no end at the next onset of its part, else where its track ends."""
    following: dict[int, tuple[int, int]] = {}
    for row in range(len(notes) - 1, -1, -1):
        onset, end, where, _ = notes[row].tolist()
        part = where >> 7
        current, later = following.get(part, (-1, -1))
        if current != onset:
            current, later = onset, current
            following[part] = current, later
        if end < 0:
            notes[row, 1] = later if later >= 0 else max(onset, int(tallies[where >> 11, walk.END_TICK]))


def _assemble(data: bytes, name: str, chunks: Chunks, walked: _Walked, limits: Limits) -> Score:
    parts, texts = _describe_parts(data, walked)
    warnings = walked.damage + walked.warnings
    if texts.left_out:
        warnings.append(f"{texts.left_out} texts were left out, being too many.")
    quarter = float(chunks.resolution)
    times, keys, tempos = _tables(walked.others, quarter, warnings)
    end_quarters = walked.end_tick / quarter
    if not walked.keys:
        measures = Measures()
    elif count_measures(times, end_quarters) > limits.measures:
        measures = Measures()
        warnings.append("The time signatures make too many measures; the piece is read without measures.")
    else:
        measures = lay_out_measures(times, end_quarters)
    n = len(walked.score_columns["part"])
    unknown = np.full(n, -1, dtype=np.int32)
    return Score(
        **walked.score_columns,
        voice=unknown,
        staff=unknown,
        is_grace=np.zeros(n, dtype=bool),
        measures=measures,
        time_signatures=times,
        key_signatures=keys,
        tempos=tempos,
        parts=parts,
        source=Source(
            path=name,
            hash=hash_bytes(data),
            format="midi",
            encoder=texts.encoder,
            titles=tuple(texts.titles),
            comments=tuple(texts.comments),
            resolution=chunks.resolution,
        ),
        warnings=tuple(warnings),
    )


def _describe_parts(data: bytes, walked: _Walked) -> tuple[Parts, Texts]:
    """Names and programmes of the parts, and all texts."""
    keys = walked.keys
    text_rows = [row for row in walked.others if row[0] < _END_OF_TEXT_KINDS]
    texts = sort_texts(data, text_rows, frozenset(key >> 4 for key in keys))
    programmes = _programmes(walked, [row for row in walked.others if row[0] == walk.PROGRAMME])
    names = tuple(texts.names.get(key >> 4, "") for key in keys)
    return Parts(names, np.array(programmes, dtype=np.int32)), texts


def _programmes(walked: _Walked, rows: Rows) -> list[int]:
    """Of each part: in force at its first note, else the first of its channel in any track, else -1."""
    first = dict(zip(walked.keys, walked.first_onsets, strict=True))
    by_channel: dict[int, int] = {}
    in_force: dict[int, int] = {}
    for _, track, tick, channel, programme in rows:
        key = track << 4 | channel
        by_channel.setdefault(channel, programme)
        if key not in in_force or tick <= first.get(key, 0):
            in_force[key] = programme
    return [in_force.get(key, by_channel.get(key & 15, -1)) for key in walked.keys]


def _tables(others: Rows, quarter: float, warnings: list[str]) -> tuple[TimeSignatures, KeySignatures, Tempos]:
    times: dict[int, tuple[int, tuple[int, int]]] = {}
    keys: dict[int, tuple[int, tuple[int, int]]] = {}
    tempos: dict[int, tuple[int, int]] = {}
    invalid: dict[str, None] = {}  # each said once, in order
    for kind, track, tick, _, value in others:
        if kind == walk.TEMPO:
            if value <= 0:
                invalid[f"A tempo of {max(value, 0)} microseconds a quarter was left out."] = None
            elif tick not in tempos or tempos[tick][0] == track:
                tempos[tick] = track, value
        elif kind == walk.TIME_SIGNATURE:
            top, power = value >> 8, value & 255
            if value < 0 or top == 0 or power > _FINEST_DENOMINATOR_POWER:
                invalid[f"A time signature of {top} over 2 to the power of {power} was left out."] = None
            elif tick not in times or times[tick][0] == track:
                times[tick] = track, (top, 1 << power)
        elif kind == walk.KEY_SIGNATURE:
            fifths, mode = ((value >> 8) + 128) % 256 - 128, value & 255
            if value < 0 or abs(fifths) > _SHARPEST:
                invalid[f"A key signature of {fifths} fifths was left out."] = None
            elif tick not in keys or keys[tick][0] == track:
                keys[tick] = track, (fifths, mode if mode < 2 else -1)
    warnings += list(invalid)[:_MOST_SENTENCES]
    time_onsets, time_values = _in_order(times, quarter)
    key_onsets, key_values = _in_order(keys, quarter)
    ticks = sorted(tempos)
    speeds = np.array([tempos[tick][1] for tick in ticks], dtype=np.float64)
    return (
        TimeSignatures(time_onsets, time_values[:, 0], time_values[:, 1]),
        KeySignatures(key_onsets, key_values[:, 0], key_values[:, 1]),
        Tempos(np.array(ticks, dtype=np.float64) / quarter, _MICROSECONDS_A_MINUTE / speeds),
    )


def _in_order(table: dict[int, tuple[int, tuple[int, int]]], quarter: float) -> tuple[Any, Any]:
    """Onsets and values in order, without repetitions of what is in force."""
    kept: list[tuple[int, tuple[int, int]]] = []
    for tick in sorted(table):
        value = table[tick][1]
        if not kept or kept[-1][1] != value:
            kept.append((tick, value))
    onsets = np.array([tick for tick, _ in kept], dtype=np.float64) / quarter
    return onsets, np.array([value for _, value in kept], dtype=np.int32).reshape(-1, 2)
