"""MusicXML, MEI, kern and ABC → Score, through music21 (extra ``scores``).

Pitches are as they sound; spelling is that of the sounding pitch. Ties are merged where the second note
begins as the first ends. Grace notes have a duration of zero. A staff of its own is a part of its own, as
music21 divides them. Repeats are not played. Metre and key are those of the first part. Chord symbols are
no notes.
"""

import importlib.util
import re
import warnings as python_warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from styleprint.music.score import KeySignatures, Measures, Parts, Score, Source, Tempos, TimeSignatures
from styleprint.reading.limits import Limits, check_limit
from styleprint.reading.notation_guard import check_xml, unpack_mxl
from styleprint.reading.score_cache import load_score, save_score, score_place
from styleprint.support.errors import ReadError
from styleprint.support.hashing import hash_bytes

__all__ = ["read_notation"]

_MUSIC21_FORMATS = {"musicxml": "musicxml", "mei": "mei", "kern": "humdrum", "abc": "abc"}
_STEPS = "CDEFGAB"
_TOLERANCE_QUARTERS = 1e-6
_MOST_TEXTS = 200
_KERN_TITLES = ("!!!OTL", "!!!OPR", "!!!SCT", "!!!OPS", "!!!ONM", "!!!OMV", "!!!OPT")
_KERN_ENCODERS = ("!!!ENC", "!!!EED")


def read_notation(
    data: bytes, name: str, limits: Limits, form: str, lenient: bool = False, cache: Path | None = None
) -> Score:
    """Read a score in a notation format.

    Parameters
    ----------
    data : bytes
    name : str
        What messages call the file.
    limits : Limits
    form : {'musicxml', 'mxl', 'mei', 'kern', 'abc'}
    lenient : bool
        Read the parts that can be read, and warn of the others.
    cache : Path, optional
        Folder of scores already read.

    Raises
    ------
    ReadError
        R105 without music21; R120 to R122 for archives and XML; R130 where music21 cannot read it.
    LimitError
        R102.
    """
    digest = hash_bytes(data)
    place = score_place(cache, digest, limits, lenient=lenient) if cache is not None else None
    if place is not None and (kept := load_score(place, name)) is not None:
        return kept
    original = form
    if form == "mxl":
        data, form = unpack_mxl(data, name, limits), "musicxml"
    titles, encoders, comments = _texts(data, form, name, limits)
    stream, warnings = _parse(data, form, name)
    score = _convert(stream, name, limits, lenient, warnings)
    source = Source(
        path=name,
        hash=digest,
        format=original,
        encoder=encoders[0] if encoders else "",
        titles=tuple(titles),
        comments=tuple(comments),
    )
    score = replace(score, source=source)
    if place is not None:
        save_score(score, place)
    return score


def _texts(data: bytes, form: str, name: str, limits: Limits) -> tuple[list[str], list[str], list[str]]:
    if form in ("musicxml", "mei"):
        texts = check_xml(data, name, limits)
        return texts.titles, texts.encoders, texts.comments
    lines = _decode(data).splitlines()
    if form == "kern":
        records = [line.partition(":") for line in lines if line.startswith("!!!")]
        titles = [value.strip() for key, _, value in records if key.startswith(_KERN_TITLES)]
        encoders = [value.strip() for key, _, value in records if key.startswith(_KERN_ENCODERS)]
        others = [
            f"{key[3:]}: {value.strip()}"
            for key, _, value in records
            if not key.startswith((*_KERN_TITLES, *_KERN_ENCODERS))
        ]
    else:
        titles, encoders, others = (
            [line[2:].strip() for line in lines if line[:2] in keys] for keys in (("T:",), ("Z:",), ("C:", "S:", "N:"))
        )
    return titles[:_MOST_TEXTS], encoders[:_MOST_TEXTS], others[:_MOST_TEXTS]


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _as_utf8(data: bytes) -> bytes:
    """XML in UTF-8, which is all that music21 takes as bytes; UTF-16 is known by its byte order mark."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    text = data.decode("utf-16", errors="replace")
    head, mark, rest = text.partition("?>")
    return (re.sub(r"\sencoding\s*=\s*[\"'][^\"']*[\"']", "", head) + mark + rest).encode()


def _parse(data: bytes, form: str, name: str) -> tuple[Any, list[str]]:
    """The music21 stream of one score."""
    if importlib.util.find_spec("music21") is None:
        raise ReadError(
            "R105",
            f"{form} is read with music21, but it is not installed.",
            remedy="Install the extra: pip install 'styleprint[scores]'.",
            place=name,
        )
    from music21 import converter, stream

    content = _as_utf8(data) if form == "musicxml" else _decode(_as_utf8(data) if form == "mei" else data)
    try:
        with python_warnings.catch_warnings(record=True) as caught:
            python_warnings.simplefilter("always")
            parsed = converter.parseData(content, format=_MUSIC21_FORMATS[form])
    except Exception as error:  # music21 raises whatever its parsers run into
        raise _cannot_read(form, error, name) from error
    warnings = sorted({f"music21: {str(one.message)[:200]}" for one in caught})
    if not isinstance(parsed, stream.Opus):
        return parsed, warnings
    tunes = list(parsed.scores)
    if not tunes:
        raise _cannot_read(form, ValueError("it holds no tune"), name)
    if len(tunes) > 1:
        warnings.append(f"The file holds {len(tunes)} tunes; the first is read.")
    return tunes[0], warnings


def _cannot_read(form: str, error: Exception, name: str) -> ReadError:
    return ReadError(
        "R130",
        f"the {form} must be readable, but music21 says: {type(error).__name__}: {str(error)[:300]}.",
        remedy="Correct the file, or export it again from its editor.",
        place=name,
    )


@dataclass(slots=True)
class _Notes:
    """Rows of notes: onset, duration, pitch, part, voice, grace, unpitched, step, alter, octave."""

    rows: list[list[Any]] = field(default_factory=list)
    tied: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, note: Any, length: Any, onset: float, part: int, voice: int) -> None:
        """Add a note, or lengthen the one that it is tied to; `length` is music21's, one for all notes of a chord."""
        is_grace = bool(length.isGrace)
        duration = 0.0 if is_grace else float(length.quarterLength)
        pitch = getattr(note, "pitch", None)
        if pitch is None:
            midi, spelling = _percussion_key(note), (-1, 0, -1)
        else:
            midi = round(float(pitch.ps))
            spelling = (_STEPS.index(pitch.step), round(float(pitch.alter)), int(pitch.implicitOctave))
        if not 0 <= midi <= 127:
            return
        kind = note.tie.type if note.tie is not None else ""
        key = part, midi
        row = self.tied.pop(key, None)
        if kind in ("stop", "continue") and row is not None:
            before = self.rows[row]
            if abs(before[0] + before[1] - onset) <= _TOLERANCE_QUARTERS:
                before[1] = onset + duration - before[0]
                if kind == "continue":
                    self.tied[key] = row
                return
        if kind in ("start", "continue"):
            self.tied[key] = len(self.rows)
        self.rows.append([onset, duration, midi, part, voice, is_grace, pitch is None, *spelling])


def _percussion_key(note: Any) -> int:
    instrument = getattr(note, "storedInstrument", None)
    key = getattr(instrument, "percMapPitch", None)
    return int(key) if key is not None else int(note.displayPitch().midi)


def _convert(stream: Any, name: str, limits: Limits, lenient: bool, warnings: list[str]) -> Score:
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            stream = stream.toSoundingPitch()
    except Exception as error:  # noqa: BLE001  # music21 raises whatever it runs into
        warnings.append(f"Transposing instruments could not be moved to sounding pitch: {str(error)[:200]}.")
    streams = list(stream.parts) or [stream]
    check_limit(len(streams), limits.parts, "the number of parts", "parts", name)
    notes, parts = _Notes(), []
    for index, part in enumerate(streams):
        try:
            for onset, voice, note in _walk(part):
                for each in note.notes if note.isChord else (note,):
                    notes.add(each, note.duration, onset, index, voice)
        except Exception as error:
            if not lenient:
                raise _cannot_read("notation", error, name) from error
            warnings.append(f"Part {index + 1} is read as far as it goes: {str(error)[:200]}.")
        parts.append(_describe_part(part))
        check_limit(len(notes.rows), limits.notes, "the number of notes", "notes", name)
    last = max((row[0] + row[1] for row in notes.rows), default=0.0)
    check_limit(last, limits.length_quarters, "the length in quarters", "length_quarters", name)
    measures, times, keys = _layout(streams[0])
    return _columns(notes.rows, parts, measures, times, keys, _tempos(stream), tuple(warnings))


def _walk(part: Any) -> Iterator[tuple[float, int, Any]]:
    """Onset in quarters, index of the voice (-1 for the only one), and each note or chord."""
    measures = list(part.getElementsByClass("Measure"))
    for measure in measures or [part]:
        start = float(measure.offset) if measures else 0.0
        voices = list(measure.voices)
        for voice, holder in [(-1, measure), *enumerate(voices)]:
            offset = start + (float(holder.offset) if voice >= 0 else 0.0)
            for note in holder.notes:
                if "Harmony" not in note.classes:
                    yield offset + float(note.offset), voice, note


def _describe_part(part: Any) -> tuple[str, int]:
    instrument = part.getInstrument(returnDefault=False)
    programme = getattr(instrument, "midiProgram", None)
    return str(part.partName or ""), -1 if programme is None else int(programme)


def _layout(part: Any) -> tuple[Measures, TimeSignatures, KeySignatures]:
    starts, lengths = [], []
    labels: list[str] = []
    times: list[tuple[float, int, int]] = []
    keys: list[tuple[float, int, int]] = []
    for measure in part.getElementsByClass("Measure"):
        start = float(measure.offset)
        starts.append(start)
        lengths.append(float(measure.highestTime) or float(measure.barDuration.quarterLength))
        is_rest_of_bar = bool(labels) and measure.number == 0  # a repeat divides it: what follows has none
        labels.append(labels[-1] if is_rest_of_bar else f"{measure.number}{measure.numberSuffix or ''}")
        if (metre := measure.timeSignature) is not None:
            times.append((start, int(metre.numerator), int(metre.denominator)))
        if (key := measure.keySignature) is not None:
            mode = {"major": 0, "minor": 1}.get(getattr(key, "mode", None) or "", -1)
            keys.append((start, int(key.sharps), mode))
    length = np.array(lengths, dtype=np.float64)
    start_array = np.array(starts, dtype=np.float64)
    length[:-1] = np.diff(start_array)
    return (
        Measures(start_array, length, tuple(labels)),
        TimeSignatures(*_table(times, (np.float64, np.int32, np.int32))),
        KeySignatures(*_table(keys, (np.float64, np.int32, np.int32))),
    )


def _tempos(stream: Any) -> Tempos:
    found: dict[float, float] = {}
    for mark in stream.recurse().getElementsByClass("MetronomeMark"):
        speed = mark.getQuarterBPM()
        if speed is not None and speed > 0:
            found.setdefault(float(mark.getOffsetInHierarchy(stream)), float(speed))
    return Tempos(*_table(sorted(found.items()), (np.float64, np.float64)))


def _table(rows: Any, kinds: Any) -> list[Any]:
    """Columns of rows, also of none."""
    return [np.array([row[i] for row in rows], dtype=kind) for i, kind in enumerate(kinds)]


def _columns(
    rows: list[list[Any]],
    parts: list[tuple[str, int]],
    measures: Measures,
    times: TimeSignatures,
    keys: KeySignatures,
    tempos: Tempos,
    warnings: tuple[str, ...],
) -> Score:
    rows = sorted(rows, key=lambda row: (row[0], row[3], row[4], row[2]))
    kinds = (np.float64, np.float64, np.int32, np.int32, np.int32, bool, bool, np.int32, np.int32, np.int32)
    onset, duration, pitch, part, voice, grace, unpitched, step, alter, octave = _table(rows, kinds)
    return Score(
        onset_quarters=onset,
        duration_quarters=duration,
        midi_pitch=pitch,
        part=part,
        voice=voice,
        staff=np.full(len(rows), -1, dtype=np.int32),
        is_grace=grace,
        is_unpitched=unpitched,
        step=step,
        alter=alter,
        octave=octave,
        measures=measures,
        time_signatures=times,
        key_signatures=keys,
        tempos=tempos,
        parts=Parts(tuple(n for n, _ in parts), np.array([p for _, p in parts], dtype=np.int32)),
        warnings=warnings,
    )
