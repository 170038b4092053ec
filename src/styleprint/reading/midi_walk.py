"""Walk over the bytes of MIDI tracks: the loops that see every event and every note.

The three functions here are written in the part of Python that numba compiles; :mod:`styleprint.reading.midi`
runs them as plain Python on the first small files of a process and compiled after that. They never read
outside the bounds that they are given, whatever the bytes say, and make no more events than their
arrays hold.

Conventions
-----------
A note event is one number: ``tick << 18 | channel << 14 | pitch << 7 | velocity``, with velocity 0 for the
end of a note. A `key` is ``channel << 7 | pitch``. Any other event that matters is a row: kind, track, tick,
offset of its data, value. The kind is the type of a meta event, or `PROGRAMME`. The value of a text is its
length in bytes, of a tempo microseconds a quarter, of a signature its first two bytes (the first ``<< 8``),
of a programme change the programme (its offset is the channel); -1 where the data are too short.

Damage is mended as sequencers do: running status outlives meta and system events; data without any status
are skipped up to the next status; a data byte above 127 is taken as 127, save that a note of such a pitch is
left out. A text after which a delta time of two bytes or more and data without a status would follow, while
those bytes spell a meta event or a status (of the channel in use, where one is), has claimed a byte too many:
that byte is the delta time. A text is cut where a further text, or two notes in a row, begin within it (no
words hold such bytes). What was mended is counted in `tallies`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray

__all__ = [
    "BAD_VALUES",
    "DRUMS",
    "ENDED",
    "END_EVENT",
    "END_TICK",
    "FIRST_EVENT",
    "KEY_SIGNATURE",
    "LONG_TEXTS",
    "ORPHANS",
    "PLACE",
    "PROGRAMME",
    "STRAYS",
    "TALLIES",
    "TEMPO",
    "TIME_SIGNATURE",
    "TOO_LATE",
    "TOO_MANY",
    "TRUNCATED",
    "fill_columns",
    "pair_notes",
    "walk_tracks",
]

Ints = npt.NDArray[np.int64]

TEMPO, TIME_SIGNATURE, KEY_SIGNATURE, PROGRAMME = 0x51, 0x58, 0x59, 0x100
"""Kinds of other events; texts are 1 to 15."""

FIRST_EVENT, END_EVENT, END_TICK, ENDED, TRUNCATED, ORPHANS, BAD_VALUES, STRAYS, LONG_TEXTS, PLACE = range(10)
"""Columns of `tallies`: the track's note events, its last tick, whether it was ended or cut off in the
middle of an event, data bytes without status, data bytes above 127, events that files may not hold,
texts that claim bytes of the next event, and the place of the first damage."""
TALLIES = 10

DRUMS = 9
"""The channel whose keys are drums (General MIDI: channel 10, counted from 1)."""

TOO_MANY = 1
TOO_LATE = 2

_EOT = 0x2F
_NOTE_OFF, _NOTE_ON, _PROGRAMME_CHANGE, _PRESSURE, _SYSTEM = 0x80, 0x90, 0xC0, 0xD0, 0xF0
_META, _SYSEX, _ESCAPE = 0xFF, 0xF0, 0xF7
_LONGEST_NUMBER = 4


# Longer than our functions are: numba compiles it, and reading a byte, telling its event and writing the row are one
# loop over state that calls would have to hand around. The walk is the whole of the format's grammar.
def walk_tracks(
    data: Any,
    bounds: Ints,
    last_tick: int,
    in_sequence: bool,
    events: Ints,
    others: Ints,
    tallies: Ints,
) -> tuple[int, int, int, bool]:
    """Fill `events`, `others` and `tallies` from the tracks.

    Parameters
    ----------
    data : bytes or ndarray of uint8
        The whole file.
    bounds : ndarray of int64, shape (n_tracks, 2)
        Where the events of each track begin and end.
    last_tick : int
        No note event may be later.
    in_sequence : bool
        Each track begins where the one before it ended (format 2).
    events : ndarray of int64, shape (n,)
        Written: note events, track after track.
    others : ndarray of int64, shape (n, 5)
        Written: all other events that matter.
    tallies : ndarray of int64, shape (n_tracks, TALLIES)
        Written.

    Returns
    -------
    tuple of int
        Numbers of note events and other events; 0, `TOO_MANY` or `TOO_LATE`; whether any track is damaged.
    """
    n_events, n_others, tick, damaged = 0, 0, 0, False
    for track in range(len(bounds)):
        here, stop = int(bounds[track, 0]), int(bounds[track, 1])
        running = 0
        if not in_sequence:
            tick = 0
        tallies[track, FIRST_EVENT] = n_events
        tallies[track, PLACE] = -1
        while here < stop:
            if n_events + 1 >= len(events) or n_others + 1 >= len(others):
                return n_events, n_others, TOO_MANY, damaged
            value, length = 0, 0
            while here < stop:
                byte = int(data[here])
                here += 1
                length += 1
                value = value << 7 | (byte & 0x7F)
                if byte < 0x80 or length == _LONGEST_NUMBER:
                    break
            tick += value
            if here >= stop:
                tallies[track, TRUNCATED] = 1
                tallies[track, PLACE] = here
                break
            status = int(data[here])
            if status >= 0x80:
                here += 1
            elif running:
                status = running
            else:
                if tallies[track, PLACE] < 0:
                    tallies[track, PLACE] = here
                while here < stop and data[here] < 0x80:
                    here += 1
                    tallies[track, ORPHANS] += 1
                if here >= stop:
                    break
                status = int(data[here])
                here += 1
            if status < _SYSTEM:
                running = status
                kind = status & 0xF0
                need = 1 if kind in (_PROGRAMME_CHANGE, _PRESSURE) else 2
                if here + need > stop:
                    tallies[track, TRUNCATED] = 1
                    tallies[track, PLACE] = here
                    break
                first = int(data[here])
                second = int(data[here + need - 1])
                here += need
                if first > 127 or second > 127:
                    if tallies[track, PLACE] < 0:
                        tallies[track, PLACE] = here - need
                    tallies[track, BAD_VALUES] += 1
                    if first > 127:
                        continue
                    second = 127
                if kind in (_NOTE_ON, _NOTE_OFF):
                    if tick > last_tick:
                        return n_events, n_others, TOO_LATE, damaged
                    velocity = second if kind == _NOTE_ON else 0
                    events[n_events] = tick << 18 | (status & 0x0F) << 14 | first << 7 | velocity
                    n_events += 1
                elif kind == _PROGRAMME_CHANGE:
                    others[n_others, 0] = PROGRAMME
                    others[n_others, 1] = track
                    others[n_others, 2] = tick
                    others[n_others, 3] = status & 0x0F
                    others[n_others, 4] = first
                    n_others += 1
            elif status in (_META, _SYSEX, _ESCAPE):
                meta = -1
                if status == _META:
                    meta = int(data[here]) if here < stop else -1
                    here += 1
                size, length = 0, 0
                while here < stop:
                    byte = int(data[here])
                    here += 1
                    length += 1
                    size = size << 7 | (byte & 0x7F)
                    if byte < 0x80 or length == _LONGEST_NUMBER:
                        break
                if meta == _EOT:
                    tallies[track, ENDED] = 1
                    break
                if 0 < meta < 0x10:
                    for place in range(here + 1, min(here + size, stop - 4)):
                        byte = int(data[place])
                        if byte < 0x80 or _META > byte > 0x9F:
                            continue
                        following = int(data[place + 1])
                        if (byte == _META and 0 < following < 8) or (
                            following < 0x80
                            and data[place + 2] < 0x80
                            and data[place + 3] < 0x20
                            and data[place + 4] == byte
                        ):
                            cut = place - 1
                            while cut > here and data[cut - 1] >= 0x80 and place - cut < _LONGEST_NUMBER:
                                cut -= 1
                            size = cut - here
                            if tallies[track, PLACE] < 0:
                                tallies[track, PLACE] = here
                            tallies[track, LONG_TEXTS] += 1
                            break
                if length == 0 or here + size > stop:
                    tallies[track, TRUNCATED] = 1
                    tallies[track, PLACE] = here
                    break
                if 0 < meta < 0x10 or meta in (TEMPO, TIME_SIGNATURE, KEY_SIGNATURE):
                    others[n_others, 0] = meta
                    others[n_others, 1] = track
                    others[n_others, 2] = tick
                    others[n_others, 3] = here
                    others[n_others, 4] = size
                    if meta == TEMPO:
                        others[n_others, 4] = -1
                        if size == 3:
                            others[n_others, 4] = int(data[here]) << 16 | int(data[here + 1]) << 8 | int(data[here + 2])
                    elif meta >= 0x10:
                        others[n_others, 4] = int(data[here]) << 8 | int(data[here + 1]) if size >= 2 else -1
                    n_others += 1
                here += size
                if 0 < meta < 0x10 and size > 0 and here < stop and data[here - 1] < 0x80:
                    byte = int(data[here])
                    is_own = running == 0 or byte & 0x0F == running & 0x0F
                    if byte == _META or (0x80 <= byte < _SYSTEM and is_own):
                        after = here
                        while after < stop and after < here + _LONGEST_NUMBER and data[after] >= 0x80:
                            after += 1
                        if after + 1 < stop and data[after + 1] < 0x80:
                            if tallies[track, PLACE] < 0:
                                tallies[track, PLACE] = here
                            tallies[track, LONG_TEXTS] += 1
                            here -= 1
            else:
                if tallies[track, PLACE] < 0:
                    tallies[track, PLACE] = here - 1
                tallies[track, STRAYS] += 1
                if status == 0xF2:
                    here += 2
                elif status in (0xF1, 0xF3):
                    here += 1
        tallies[track, END_EVENT] = n_events
        tallies[track, END_TICK] = tick
        if tallies[track, PLACE] >= 0 or tallies[track, ENDED] == 0:
            damaged = True
    return n_events, n_others, 0, damaged


# One compiled loop for the same reason: what sounds, what is owed and what is written change together at each event.
def pair_notes(
    events: Ints, tallies: Ints, depth: Ints, sounding: Ints, first_onset: Ints, notes: Ints
) -> tuple[int, int, int, int]:
    """Make notes of note events, one row each: onset, end, track << 11 | key, velocity.

    Within one track and channel, a note of a pitch that already sounds ends the earlier one. Which end belongs
    to which note: where no strike of a key lacks its end, first in, first out; else the first end is the end.
    Equal onsets make one note, as long as the longest. A note that is never ended keeps -1 for its end.

    Parameters
    ----------
    events, tallies
        From :func:`walk_tracks`.
    depth : ndarray of int64, shape (2048,)
        Working memory: strikes of each key that lack an end.
    sounding : ndarray of int64, shape (2, 2048)
        Working memory: the row of the note that sounds, or -1; ends still owed to earlier notes.
    first_onset : ndarray of int64, shape (16 * n_tracks,)
        Written: the tick of the first note of each track and channel, -1 where there is none.
    notes : ndarray of int64, shape (n, 4)
        Written.

    Returns
    -------
    tuple of int
        Numbers of notes; of notes cut by the same pitch struck again; of notes joined with another of the same
        onset; of notes that were never ended.
    """
    n, cut, joined, unended = 0, 0, 0, 0
    first_onset[:] = -1
    for track in range(len(tallies)):
        first, last = tallies[track, FIRST_EVENT], tallies[track, END_EVENT]
        if first == last:
            continue
        depth[:] = 0
        sounding[0, :] = -1
        sounding[1, :] = 0
        for index in range(first, last):
            event = int(events[index])
            key = (event >> 7) & 0x7FF
            if event & 0x7F:
                depth[key] += 1
            elif depth[key] > 0:
                depth[key] -= 1
        for index in range(first, last):
            event = int(events[index])
            tick = event >> 18
            key = (event >> 7) & 0x7FF
            row = int(sounding[0, key])
            if event & 0x7F == 0:
                if row >= 0 and sounding[1, key] > 0 and depth[key] == 0:
                    sounding[1, key] -= 1
                elif row >= 0:
                    notes[row, 1] = tick
                    sounding[0, key] = -1
                    sounding[1, key] = 0
                continue
            if row >= 0:
                sounding[1, key] += 1
                if notes[row, 0] == tick:
                    joined += 1
                    notes[row, 3] = max(event & 0x7F, notes[row, 3])
                    continue
                notes[row, 1] = tick
                cut += 1
            notes[n, 0] = tick
            notes[n, 1] = -1
            notes[n, 2] = track << 11 | key
            notes[n, 3] = event & 0x7F
            if first_onset[track << 4 | key >> 7] < 0:
                first_onset[track << 4 | key >> 7] = tick
            sounding[0, key] = n
            n += 1
        for key in range(2048):
            if sounding[0, key] >= 0:
                unended += 1
    return n, cut, joined, unended


def fill_columns(
    notes: Ints,
    order: npt.NDArray[np.intp],
    first_onset: Ints,
    resolution: int,
    onset_quarters: FloatArray,
    duration_quarters: FloatArray,
    midi_pitch: IntArray,
    part: IntArray,
    velocity: IntArray,
    is_unpitched: npt.NDArray[np.bool_],
) -> tuple[int, int]:
    """Write the columns of a Score from notes in that order.

    Parameters
    ----------
    notes, first_onset
        From :func:`pair_notes`; the latter is overwritten with the index of each part.
    order : ndarray of int, shape (n_notes,)
    resolution : int
        Ticks a quarter.
    onset_quarters, duration_quarters, midi_pitch, part, velocity, is_unpitched : ndarray, shape (n_notes,)
        Written. Pitched notes of no duration are given one tick.

    Returns
    -------
    tuple of int
        The tick of the last end; how many notes were given a tick.
    """
    parts = 0
    for key in range(len(first_onset)):
        if first_onset[key] >= 0:
            first_onset[key] = parts
            parts += 1
    last, short = 0, 0
    for place in range(len(order)):
        row = order[place]
        onset, end, where = int(notes[row, 0]), int(notes[row, 1]), int(notes[row, 2])
        drums = (where >> 7) & 15 == DRUMS
        if end == onset and not drums:
            end = onset + 1
            short += 1
        last = max(last, end)
        onset_quarters[place] = onset / resolution
        duration_quarters[place] = (end - onset) / resolution
        midi_pitch[place] = where & 127
        part[place] = first_onset[where >> 7]
        velocity[place] = notes[row, 3]
        is_unpitched[place] = drums
    return last, short
