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

from functools import cache
from typing import Any

import numpy as np

from styleprint.music.score import (
    KeySignatures,
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
from styleprint.reading.midi_texts import sort_texts
from styleprint.reading.salvage import describe_damage, refuse_without_music
from styleprint.support.errors import LimitError
from styleprint.support.hashing import hash_bytes

__all__ = ["read_midi"]

_BYTES_BEFORE_COMPILING = 300_000
_SHORTEST_EVENT_BYTES = 3
_LAST_TICK = (1 << 35) - 1
_DRUMS = 9
_SHARPEST = 7
_FINEST_DENOMINATOR_POWER = 7
_MICROSECONDS_A_MINUTE = 60_000_000.0

Rows = list[list[int]]


class _Walker:
    """Runs the walk as plain Python until that costs more than loading the compiled one."""

    def __init__(self) -> None:
        self._bytes_read = 0

    def functions(self, size: int) -> tuple[Any, Any, bool]:
        """The two functions of the walk, and whether they are compiled."""
        self._bytes_read += size
        if self._bytes_read <= _BYTES_BEFORE_COMPILING:
            return walk.walk_tracks, walk.pair_notes, False
        return *_compiled(), True


_WALKER = _Walker()


@cache
def _compiled() -> tuple[Any, Any]:
    import numba

    return numba.njit(cache=True, nogil=True)(walk.walk_tracks), numba.njit(cache=True, nogil=True)(walk.pair_notes)


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
    notes, counts, others, tallies = _walk(data, chunks, name, limits)
    warnings = describe_damage(tallies, chunks.faults) if chunks.faults or _is_damaged(tallies) else []
    if not len(notes):
        refuse_without_music(warnings, name)
    warnings += _describe_pairing(notes, counts, tallies)
    return _assemble(data, name, chunks, notes, others, warnings, limits)


def _is_damaged(tallies: walk.Ints) -> bool:
    return bool(tallies[:, walk.PLACE].max(initial=-1) >= 0 or tallies[:, walk.ENDED].min(initial=1) == 0)


def _walk(
    data: bytes, chunks: Chunks, name: str, limits: Limits
) -> tuple[walk.Ints, tuple[int, int, int], Rows, walk.Ints]:
    """Notes, how many were cut, joined or never ended, the other events and the tallies."""
    walk_tracks, pair_notes, is_compiled = _WALKER.functions(len(data))
    source: Any = np.frombuffer(data, dtype=np.uint8) if is_compiled else data
    most = min(len(data) // _SHORTEST_EVENT_BYTES, 4 * limits.notes) + 2
    events = np.empty(most, dtype=np.int64)
    others = np.empty((min(len(data) // _SHORTEST_EVENT_BYTES, limits.events) + 2, 5), dtype=np.int64)
    bounds = np.array(chunks.bounds, dtype=np.int64).reshape(-1, 2)
    tallies = np.zeros((len(bounds), walk.TALLIES), dtype=np.int64)
    last_tick = min(limits.length_quarters * chunks.resolution, _LAST_TICK)
    n_events, n_others, trouble = walk_tracks(source, bounds, last_tick, chunks.format == 2, events, others, tallies)
    if trouble:
        raise _limit_error(trouble, name, limits)
    notes = np.empty((n_events, 4), dtype=np.int64)
    depth, sounding = np.empty(2048, dtype=np.int64), np.empty((2, 2048), dtype=np.int64)
    n, cut, joined, unended = pair_notes(events[:n_events], tallies, depth, sounding, notes)
    check_limit(n, limits.notes, "the number of notes", "notes", name)
    rows = others[:n_others]
    return notes[:n], (cut, joined, unended), rows[rows[:, 2] <= last_tick].tolist(), tallies


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


def _describe_pairing(notes: walk.Ints, counts: tuple[int, int, int], tallies: walk.Ints) -> list[str]:
    """Give hanging notes their ends, and say what pairing had to decide. Cut notes are ordinary and not told."""
    _, joined, unended = counts
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


def _assemble(
    data: bytes, name: str, chunks: Chunks, notes: walk.Ints, others: Rows, warnings: list[str], limits: Limits
) -> Score:
    onset, end, where, velocity = notes.T
    channel_of_track = where >> 7
    present = np.zeros(16 * len(chunks.bounds), dtype=bool)
    present[channel_of_track] = True
    keys = present.nonzero()[0]
    check_limit(len(keys), limits.parts, "the number of parts", "parts", name)
    index = np.cumsum(present) - 1
    part = index[channel_of_track]
    pitch = where & 127
    order = np.argsort(onset << 28 | part << 7 | pitch, kind="stable")
    onset, end, part, pitch = onset[order], end[order], part[order], pitch[order]
    where = where[order]
    is_unpitched = (where >> 7 & 15) == _DRUMS
    duration = end - onset
    n = len(order)
    if n and duration.min() == 0:
        short = (duration == 0) & ~is_unpitched
        duration = np.where(short, 1, duration)
        if short.any():
            warnings.append(f"{int(short.sum())} notes lasted no time; each was given one tick.")
    parts, texts = _describe_parts(data, keys.tolist(), notes, others)
    if texts.left_out:
        warnings.append(f"{texts.left_out} texts were left out, being too many.")
    quarter = float(chunks.resolution)
    times, key_signatures, tempos = _tables(others, quarter, warnings)
    end_quarters = float((onset + duration).max()) / quarter if n else 0.0
    too_many = count_measures(times, end_quarters) > limits.measures
    if too_many:
        warnings.append("The time signatures make too many measures; the piece is read without measures.")
    unknown = np.full(n, -1, dtype=np.int32)
    return Score(
        onset_quarters=onset / quarter,
        duration_quarters=duration / quarter,
        midi_pitch=pitch.astype(np.int32),
        part=part.astype(np.int32),
        voice=unknown,
        staff=unknown,
        is_grace=np.zeros(n, dtype=bool),
        is_unpitched=is_unpitched,
        velocity=velocity[order].astype(np.int32),
        measures=lay_out_measures(TimeSignatures() if too_many or not n else times, end_quarters),
        time_signatures=times,
        key_signatures=key_signatures,
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


def _describe_parts(data: bytes, keys: list[int], notes: walk.Ints, others: Rows) -> tuple[Parts, Any]:
    """Names and programmes of the parts, and all texts."""
    text_rows = [row for row in others if row[0] < 0x10]
    texts = sort_texts(data, text_rows, frozenset(key >> 4 for key in keys))
    programme = _programmes(keys, notes, [row for row in others if row[0] == walk.PROGRAMME])
    names = tuple(texts.names.get(key >> 4, "") for key in keys)
    return Parts(names, np.array(programme, dtype=np.int32)), texts


def _programmes(keys: list[int], notes: walk.Ints, rows: Rows) -> list[int]:
    first: dict[int, int] = {}
    by_channel: dict[int, int] = {}
    in_force: dict[int, int] = {}
    if len(rows) > len(keys):
        places = notes[:, 2] >> 7
        found, index = np.unique(places, return_index=True)
        first = dict(zip(found.tolist(), notes[index, 0].tolist(), strict=True))
    for _, track, tick, channel, programme in rows:
        key = track << 4 | channel
        by_channel.setdefault(channel, programme)
        if key not in in_force or tick <= first.get(key, 0):
            in_force[key] = programme
    return [in_force.get(key, by_channel.get(key & 15, -1)) for key in keys]


def _tables(others: Rows, quarter: float, warnings: list[str]) -> tuple[TimeSignatures, KeySignatures, Tempos]:
    times: dict[int, tuple[int, tuple[int, int]]] = {}
    keys: dict[int, tuple[int, tuple[int, int]]] = {}
    tempos: dict[int, tuple[int, int]] = {}
    for kind, track, tick, _, value in others:
        if kind == walk.TEMPO:
            if value <= 0:
                warnings.append(f"A tempo of {max(value, 0)} microseconds a quarter was left out.")
            elif tick not in tempos or tempos[tick][0] == track:
                tempos[tick] = track, value
        elif kind == walk.TIME_SIGNATURE:
            top, power = value >> 8, value & 255
            if value < 0 or top == 0 or power > _FINEST_DENOMINATOR_POWER:
                warnings.append(f"A time signature of {top} over 2 to the power of {power} was left out.")
            elif tick not in times or times[tick][0] == track:
                times[tick] = track, (top, 1 << power)
        elif kind == walk.KEY_SIGNATURE:
            fifths, mode = ((value >> 8) + 128) % 256 - 128, value & 255
            if value < 0 or abs(fifths) > _SHARPEST:
                warnings.append(f"A key signature of {fifths} fifths was left out.")
            elif tick not in keys or keys[tick][0] == track:
                keys[tick] = track, (fifths, mode if mode < 2 else -1)
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
