"""Score → Standard MIDI file (format 1): a track for tempo and metre, then one a part.

What is kept: onsets and durations (exact to the tick), pitches, velocities, parts with names and programmes,
tempos (to the microsecond a quarter), time and key signatures, titles, comments. What MIDI cannot say is lost:
spelling, voices, staves, printed measure labels, parts without notes, whether a key of unknown mode is
major (it is written as major). A grace note lasts one tick. Where two notes of one part share pitch and
time, reading joins or cuts them, as its rule says.
"""

from collections.abc import Iterable

import numpy as np

from styleprint.music.score import FloatArray, Score

__all__ = ["choose_resolution", "midi_bytes"]

_RESOLUTIONS = (480, 960, 1920, 5040, 10080, 20160, 27720, 30240)
_FINEST = 0x7FFF
_TOLERANCE_QUARTERS = 1e-6
_DEFAULT_VELOCITY = 64
_DRUMS = 9
_CHANNELS = tuple(channel for channel in range(16) if channel != _DRUMS)
_MICROSECONDS_A_MINUTE = 60_000_000
_SLOWEST = (1 << 24) - 1
_LONGEST_DELTA = (1 << 28) - 1
_END_OF_TRACK = b"\xff\x2f\x00"

Event = tuple[int, int, bytes]
"""Tick, rank among events of one tick, bytes."""
_ENDS, _SETTINGS, _STRIKES, _ENDS_AT_ONCE = range(4)


def midi_bytes(score: Score) -> bytes:
    """The score as the bytes of a MIDI file."""
    resolution = choose_resolution(score)
    tracks = [_conductor(score, resolution), *_parts(score, resolution)]
    header = b"MThd" + b"".join(
        n.to_bytes(size, "big") for n, size in ((6, 4), (1, 2), (len(tracks), 2), (resolution, 2))
    )
    return header + b"".join(b"MTrk" + len(track).to_bytes(4, "big") + track for track in tracks)


def choose_resolution(score: Score) -> int:
    """Ticks a quarter: the score's own where it holds all onsets and ends exactly, else the coarsest that does.

    Where none does, the finest: times are then rounded to 1/30,240 of a quarter.
    """
    times = np.concatenate((score.onset_quarters, score.onset_quarters + score.duration_quarters))
    own = score.source.resolution
    candidates: tuple[int, ...] = (own, *_RESOLUTIONS) if 0 < own <= _FINEST else _RESOLUTIONS
    for resolution in candidates:
        if _is_exact(times, resolution):
            return resolution
    return _RESOLUTIONS[-1]


def _is_exact(times: FloatArray, resolution: int) -> bool:
    ticks = times * resolution
    return bool((np.abs(ticks - np.rint(ticks)) <= _TOLERANCE_QUARTERS * resolution).all())


def _conductor(score: Score, resolution: int) -> bytes:
    source = score.source
    events: list[Event] = [(0, _SETTINGS, _meta(3, title)) for title in source.titles[:1]]
    events += [(0, _SETTINGS, _meta(1, text)) for text in (*source.titles[1:], *source.comments)]
    metres = score.time_signatures
    for tick, top, bottom in zip(
        _ticks(metres.onset_quarters, resolution), metres.numerator.tolist(), metres.denominator.tolist(), strict=True
    ):
        events.append((tick, _SETTINGS, _raw_meta(0x58, bytes((top, bottom.bit_length() - 1, 24, 8)))))
    keys = score.key_signatures
    for tick, fifths, minor in zip(
        _ticks(keys.onset_quarters, resolution), keys.fifths.tolist(), keys.is_minor.tolist(), strict=True
    ):
        events.append((tick, _SETTINGS, _raw_meta(0x59, bytes((fifths % 256, max(minor, 0))))))
    for tick, speed in zip(
        _ticks(score.tempos.onset_quarters, resolution), score.tempos.tempo_qpm.tolist(), strict=True
    ):
        value = min(max(round(_MICROSECONDS_A_MINUTE / speed), 1), _SLOWEST)
        events.append((tick, _SETTINGS, _raw_meta(0x51, value.to_bytes(3, "big"))))
    return _track(events)


def _parts(score: Score, resolution: int) -> Iterable[bytes]:
    onset = np.array(_ticks(score.onset_quarters, resolution), dtype=np.int64)
    end = np.array(_ticks(score.onset_quarters + score.duration_quarters, resolution), dtype=np.int64)
    end = np.where(score.is_unpitched, end, np.maximum(end, onset + 1))
    velocity = np.full(len(score), _DEFAULT_VELOCITY) if score.velocity is None else score.velocity.clip(1, 127)
    columns = np.stack((onset, end, score.midi_pitch, velocity, score.is_unpitched), axis=1) if len(score) else None
    pitched_parts = 0
    for index, name in enumerate(score.parts.name):
        rows = columns[score.part == index].tolist() if columns is not None else []
        channel = _CHANNELS[pitched_parts % len(_CHANNELS)]
        pitched_parts += any(not row[4] for row in rows)
        programme = int(score.parts.programme[index])
        events: list[Event] = [(0, _SETTINGS, _meta(3, name))] if name else []
        if programme >= 0:  # of a part without notes it would be heard as that of the next on its channel
            used = {_DRUMS if row[4] else channel for row in rows}
            events += [(0, _SETTINGS, bytes((0xC0 | each, programme))) for each in sorted(used)]
        for start, stop, pitch, strength, is_unpitched in rows:
            own = _DRUMS if is_unpitched else channel
            events.append((start, _STRIKES, bytes((0x90 | own, pitch, strength))))
            events.append((stop, _ENDS if stop > start else _ENDS_AT_ONCE, bytes((0x80 | own, pitch, 64))))
        yield _track(events)


def _track(events: list[Event]) -> bytes:
    pieces, now = [], 0
    for tick, _, data in sorted(events, key=lambda event: event[:2]):
        pieces += [_number(min(tick - now, _LONGEST_DELTA)), data]
        now = tick
    return b"".join((*pieces, b"\x00", _END_OF_TRACK))


def _ticks(quarters: FloatArray, resolution: int) -> list[int]:
    ticks: list[int] = np.rint(quarters * resolution).astype(np.int64).tolist()
    return ticks


def _meta(kind: int, text: str) -> bytes:
    return _raw_meta(kind, text.encode("utf-8", errors="replace"))


def _raw_meta(kind: int, data: bytes) -> bytes:
    return bytes((0xFF, kind)) + _number(len(data)) + data


def _number(value: int) -> bytes:
    """A variable-length quantity, most significant seven bits first."""
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(0x80 | (value & 0x7F))
    return bytes(reversed(digits))
