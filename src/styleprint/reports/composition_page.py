"""New pieces as one page: seen as piano rolls, heard as plain tones, with what of them is copied."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from markupsafe import Markup

from styleprint.corpus.known_passages import ALL_PARTS
from styleprint.features.context import ScoreContext
from styleprint.generation.composing import Composition
from styleprint.generation.memorisation import COPIED_NOTES
from styleprint.music.score import Score
from styleprint.music.time import to_seconds
from styleprint.reading.midi_writer import midi_bytes
from styleprint.reports.page import render
from styleprint.reports.piano_roll import piano_roll
from styleprint.version import __version__

__all__ = ["PieceView", "look_at_composition", "render_compositions", "rolls_of", "tell_composition"]

_ROLL_QUARTERS = 32.0
_MOST_ROLLS = 12
_KEYS = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


@dataclass(frozen=True)
class PieceView:
    """A piece as its section shows it.

    Attributes
    ----------
    id, name, file : str
    sentences : tuple of str
    rolls : tuple of Markup
    notes : str
        Onset and length in seconds, and pitch, of each note: for the player.
    midi : str
        The file, as a data address.
    passages : tuple of mappings
    """

    id: str
    name: str
    file: str
    sentences: tuple[str, ...]
    rolls: tuple[Markup, ...]
    notes: str
    midi: str
    passages: tuple[Mapping[str, Any], ...]


def tell_composition(made: Composition) -> tuple[str, ...]:
    """What there is to say of a piece, in sentences."""
    score, found = made.score, made.memorisation
    seconds = float(to_seconds(score.end_quarters, score.tempos))
    sentences = [f"{len(score)} notes ({made.drawn} drawn), {score.end_quarters:g} quarters, {seconds:.1f} s."]
    if found.longest:
        sentences.append(
            f"The longest passage that stands in the training music has {found.longest} notes; "
            f"{found.copied_share:.1%} of the notes lie in such passages of at least {found.copied_notes}."
        )
    else:
        sentences.append("No passage of eight notes or more stands in the training music.")
    if np.isfinite(made.fit):
        sentences.append(
            f"{made.fit:.1%} of the drawn notes belong to their chord; of the same seed drawn without chords, "
            f"{made.fit_without:.1%}."
        )
    return tuple(sentences)


def rolls_of(score: Score, title: str) -> tuple[Markup, ...]:
    """Piano rolls of 32 quarters each, twelve at most, with the keys that we find."""
    onset, lasts = score.onset_quarters, score.duration_quarters
    keys = ScoreContext(score).local_keys
    names = [f"{_KEYS[key % 12]} {'minor' if key >= 12 else 'major'}" for key in keys.key.tolist()]
    spans = list(zip(keys.start_quarters.tolist(), keys.end_quarters.tolist(), names, strict=True))
    rolls = []
    for number in range(min(_MOST_ROLLS, int(np.ceil(score.end_quarters / _ROLL_QUARTERS)))):
        begin, end = number * _ROLL_QUARTERS, (number + 1) * _ROLL_QUARTERS
        rows = np.flatnonzero((onset >= begin) & (onset < end))
        notes = [(float(onset[i] - begin), float(lasts[i]), int(score.midi_pitch[i]), int(score.part[i])) for i in rows]
        shown = [(max(a, begin) - begin, min(b, end) - begin, name) for a, b, name in spans if a < end and b > begin]
        rolls.append(piano_roll(notes, shown, quarters=_ROLL_QUARTERS, title=f"{title}, quarters {begin:g} to {end:g}"))
    return tuple(rolls)


def look_at_composition(made: Composition, file: str, number: int, pieces: Sequence[str]) -> PieceView:
    """A piece as the page shows it; `pieces` names the training pieces."""
    score = made.score
    starts = to_seconds(score.onset_quarters, score.tempos)
    ends = to_seconds(score.onset_quarters + score.duration_quarters, score.tempos)
    rows = zip(starts.tolist(), (ends - starts).tolist(), score.midi_pitch.tolist(), strict=True)
    name = f"Piece {number}"
    return PieceView(
        id=f"piece-{number}",
        name=name,
        file=file,
        sentences=tell_composition(made),
        rolls=rolls_of(score, name),
        notes=" ".join(f"{start:.3f},{length:.3f},{pitch}" for start, length, pitch in rows),
        midi=f"data:audio/midi;base64,{base64.b64encode(midi_bytes(score)).decode()}",
        passages=tuple(
            {
                "notes": run.notes,
                "part": "all parts" if run.part == ALL_PARTS else f"part {run.part + 1}",
                "quarter": float(score.onset_quarters[run.first]),
                "piece": pieces[run.piece],
                "there": run.onset_quarters,
            }
            for run in made.memorisation.passages
        ),
    )


def render_compositions(views: Sequence[PieceView], *, title: str, asked: str, identity: str) -> str:
    """The page.

    Parameters
    ----------
    views : sequence of PieceView
    title, asked : str
    identity : str
        Of the bundle.
    """
    play = "for (const one of document.querySelectorAll('main')) offerPlaying(one);\n"
    script = files("styleprint.reports").joinpath("templates", "player.js").read_text(encoding="utf-8") + play
    return render(
        "composition.html",
        version=__version__,
        title=title,
        asked=asked,
        pieces=views,
        sections=[(view.id, view.name) for view in views],
        copied_notes=COPIED_NOTES,
        identity=identity,
        script=Markup(script),  # noqa: S704  # our own file
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
