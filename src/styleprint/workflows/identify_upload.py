"""Whose music is this? The same answer as :func:`styleprint.identify` gives, about bytes that were sent.

These functions run in a worker of the service: what they load stays there from one call to the next.
"""

import functools
import io
import time
import wave
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from styleprint.bundle.bundle import Bundle, load_bundle
from styleprint.bundle.identification import Identification
from styleprint.explaining.explanation import Explanation
from styleprint.extraction.inputs import record_kind
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.music.tones import synthesise
from styleprint.reading import read_recording_bytes, read_score_bytes
from styleprint.reading.limits import DEFAULT_LIMITS
from styleprint.support.errors import BundleError, UsageError
from styleprint.support.text import show_name
from styleprint.workflows.card import describe_bundle
from styleprint.workflows.explain import describe_features, engrave, explain_record
from styleprint.workflows.identify import answer_record
from styleprint.workflows.priors import read_prior

__all__ = ["BundleFacts", "Upload", "UploadAnswer", "answer_upload", "open_bundle"]

_WARM_UP = (60, 64, 67, 72, 71, 69, 67, 65, 64, 62, 60, 59, 60, 67, 64, 60)
_NOTE_SECONDS, _RATE_HZ = 0.25, 22_050
_QUARTER = bytes([0x83, 0x60])
"""480 ticks as a variable-length quantity (Standard MIDI Files 1.0)."""


@dataclass(frozen=True)
class BundleFacts:
    """What a door shows of a bundle, without holding it.

    Attributes
    ----------
    as_json : mapping
        What ``styleprint card --json`` writes.
    identity : str
        SHA-256 of its file.
    descriptions : mapping of str to str
        Column of a feature → what it is, in a sentence.
    """

    as_json: Mapping[str, Any]
    identity: str
    descriptions: Mapping[str, str]


@dataclass(frozen=True)
class Upload:
    """A file as it was sent, and what is asked about it.

    Attributes
    ----------
    bundle : Path
    identity : str
        SHA-256 that the bundle's file must have.
    name : str
    data : bytes
    prior : str
        ``corpus`` or ``equal``.
    is_lenient : bool
        Read damaged files as far as they go.
    explained : bool
        Also say what is behind the answer.
    engraved : bool
        Then also draw its passages as they are printed, where the file is notation.
    """

    bundle: Path
    identity: str
    name: str
    data: bytes
    prior: str = "corpus"
    is_lenient: bool = False
    explained: bool = False
    engraved: bool = False


@dataclass(frozen=True)
class UploadAnswer:
    """The answer about an upload.

    Attributes
    ----------
    identification : Identification
    explanation : Explanation or None
        Where it was asked for.
    """

    identification: Identification
    explanation: Explanation | None = None


def open_bundle(path: Path) -> BundleFacts:
    """Load a bundle, answer once so that all which an answer needs is loaded, and say what the bundle is.

    Raises
    ------
    BundleError
        Where it cannot be used here.
    UsageError
        U170, for a bundle of a table, of which no file can be a piece.
    """
    bundle = _load(path)
    if bundle.recipe.kind == "table":
        raise UsageError(
            "U170",
            "a bundle that is served must read files of music, but this one reads the rows of a table.",
            remedy="Use 'styleprint identify' with it.",
            place=str(path),
        )
    warm_up = _warm_up_midi() if bundle.recipe.kind == "score" else _warm_up_wave()
    answer_upload(Upload(path, bundle.identity, "warm-up", warm_up, explained=True))
    facts = describe_bundle(bundle).as_json
    return BundleFacts(facts, bundle.identity, describe_features(bundle))


def answer_upload(upload: Upload) -> UploadAnswer:
    """Read what was sent and ask the bundle.

    Raises
    ------
    ReadError
        Where it cannot be read.
    BundleError
        B123, where the bundle's file has changed since the service began.
    """
    start, name = time.perf_counter(), show_name(upload.name)
    bundle = _load(upload.bundle)
    if bundle.identity != upload.identity:
        raise BundleError(
            "B123",
            "the bundle's file must stay as it is while it is served, but it has changed.",
            remedy="Start the service again.",
        )
    record: Score | Recording
    if record_kind(bundle.recipe) == "score":
        record = read_score_bytes(upload.data, name, limits=DEFAULT_LIMITS, lenient=upload.is_lenient)
    else:
        record = read_recording_bytes(upload.data, name, limits=DEFAULT_LIMITS)
    shares = read_prior(upload.prior, bundle.classes)
    if upload.explained:
        explanation = explain_record(bundle, record, name, upload.prior, shares)
        if upload.engraved:
            explanation = engrave(explanation, record, upload.data)
        found = replace(explanation.identification, seconds=time.perf_counter() - start)
        return UploadAnswer(found, replace(explanation, identification=found))
    found = answer_record(bundle, record, name, upload.prior, shares)
    return UploadAnswer(replace(found, seconds=time.perf_counter() - start))


@functools.lru_cache(maxsize=1)
def _load(path: Path) -> Bundle:
    """A worker asks one bundle all its life."""
    return load_bundle(path)


def _warm_up_midi() -> bytes:
    """A short melody over its own lower octave, as a MIDI file."""
    notes = [
        bytes([0, 0x90, p, 80, 0, 0x90, p - 12, 80]) + _QUARTER + bytes([0x80, p, 0, 0, 0x80, p - 12, 0])
        for p in _WARM_UP * 4
    ]
    track = b"".join(notes) + bytes([0, 0xFF, 0x2F, 0])
    header = b"MThd" + (6).to_bytes(4, "big") + bytes([0, 0, 0, 1]) + (480).to_bytes(2, "big")
    return header + b"MTrk" + len(track).to_bytes(4, "big") + track


def _warm_up_wave() -> bytes:
    """The same melody as a sound file."""
    notes = [(_NOTE_SECONDS * index, _NOTE_SECONDS, pitch) for index, pitch in enumerate(_WARM_UP)]
    sound = synthesise(notes, seconds=_NOTE_SECONDS * len(notes), rate_hz=_RATE_HZ)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE_HZ)
        file.writeframes((sound * 32_000).astype("<i2").tobytes())
    return buffer.getvalue()
