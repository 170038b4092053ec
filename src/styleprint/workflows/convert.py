"""Any score that we read becomes MIDI; any recording a mel-spectrogram, or a page of its sections."""

import io
from pathlib import Path

import numpy as np

from styleprint.explaining.sections_look import look_at_sections
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.reading import read_recording, read_score, write_midi
from styleprint.reports.raster import png_bytes
from styleprint.reports.sections_page import render_sections
from styleprint.sound.mel_image import FLOOR_DB, mel_image
from styleprint.support.atomic import write_bytes, write_text
from styleprint.support.errors import UsageError

__all__ = ["convert"]

_SCORES = (".mid", ".midi")
_PICTURES = (".png", ".npy")
_PAGES = (".html",)


def convert(source: Path, output: Path, *, lenient: bool = False, seconds: float = 30.0) -> Score | Recording:
    """Read a score and write it as MIDI, or a recording and write its mel-spectrogram or a page of its sections.

    Parameters
    ----------
    source : Path
        What :func:`styleprint.read_score` or :func:`styleprint.read_recording` reads.
    output : Path
        Ends in ``.mid`` or ``.midi`` for a score; in ``.png``, for a picture, or ``.npy``, for an array of decibels
        (:func:`styleprint.sound.mel_image.mel_image`), or ``.html``, for a page of its sections, for a recording.
    lenient : bool
        Read damaged notation as far as it goes.
    seconds : float
        How much of a recording a mel-spectrogram shows: longer ones are cut, shorter ones padded, so that all have
        one shape.

    Returns
    -------
    Score or Recording
        What was read, with the warnings of reading.

    Raises
    ------
    UsageError
        U110, where the output is none of these by its name; U196, where no time is asked for.
    ReadError, WriteError
    """
    ending = output.suffix.lower()
    if ending not in (*_SCORES, *_PICTURES, *_PAGES):
        raise UsageError(
            "U110",
            f"the output must end in .mid or .midi, or of a recording in .png, .npy or .html, but is {output.name!r}.",
            remedy="MIDI, mel-spectrograms and pages of sections are what is written.",
        )
    if ending in _SCORES:
        score = read_score(source, lenient=lenient)
        write_midi(score, output)
        return score
    if not 0 < seconds < float("inf"):
        raise UsageError("U196", f"a picture must show some seconds, but {seconds:g} are asked for.")
    recording = read_recording(source)
    if ending in _PAGES:
        write_text(output, render_sections(source.name, look_at_sections(recording)))
        return recording
    image = mel_image(recording, seconds)
    write_bytes(output, _as_picture(image) if ending == ".png" else _as_array(image))
    return recording


def _as_picture(image: np.ndarray) -> bytes:
    """The highest band on top, black at the floor."""
    cells = np.rint(255 * (1 - image[::-1] / FLOOR_DB)).astype(np.uint8)
    return png_bytes(cells)


def _as_array(image: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, image, allow_pickle=False)
    return buffer.getvalue()
