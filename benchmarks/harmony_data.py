"""Scores and human analyses of the DCML corpora, from the tables of the shared data (`harmony/`).

Positions are quarters from the start, first endings left out (the tables give them none). Tied notes are
joined. The tables lie as in the shared data (`CORPUS/PIECE.notes.tsv.gz`) or as in the repositories of the corpora
(`CORPUS/notes/PIECE.notes.tsv`). Pitch classes are numbers 0–11; places on the line of fifths have C at 0, G at 1.
"""

import functools
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from styleprint.music.score import Measures, Parts, Score, Source, TimeSignatures

__all__ = ["CORPORA", "AnnotatedPiece", "Labels", "read_corpus", "read_piece"]

CORPORA = ("mozart_piano_sonatas", "corelli", "ABC")

_MAJOR_DEGREES = {"I": 0, "II": 2, "III": 4, "IV": -1, "V": 1, "VI": 3, "VII": 5}
_MINOR_DEGREES = {"I": 0, "II": 2, "III": -3, "IV": -1, "V": 1, "VI": -4, "VII": -2}
_LETTERS = {"C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5, "F": -1}
_STEP_OF_FIFTHS = np.array([3, 0, 4, 1, 5, 2, 6])  # F C G D A E B as steps from C


@dataclass(frozen=True)
class Labels:
    """Chord labels with a root, in order; one entry each.

    `tonic` and `root` and `bass` are pitch classes, `tonic_fifths` and `root_fifths` places on the line of
    fifths; `quality` is the corpus' chord type (M, m, o, +, Mm7 …); `numeral` with its applied key.
    """

    start: np.ndarray
    end: np.ndarray
    tonic: np.ndarray
    is_minor: np.ndarray
    root: np.ndarray
    bass: np.ndarray
    quality: np.ndarray
    numeral: np.ndarray


@dataclass(frozen=True)
class AnnotatedPiece:
    """A score and what people wrote about it; `cadences` are pairs of place and kind (PAC, IAC, HC …)."""

    corpus: str
    name: str
    score: Score
    tonic: int
    is_minor: bool
    labels: Labels
    cadences: tuple[tuple[float, str], ...]
    phrase_ends: np.ndarray


def read_corpus(folder: Path, corpus: str) -> list[AnnotatedPiece]:
    """All pieces of one corpus, in order of name."""
    paths = [*(folder / corpus).glob("*.notes.tsv.gz"), *(folder / corpus / "notes").glob("*.notes.tsv")]
    names = sorted(path.name.split(".notes")[0] for path in paths)
    return [read_piece(folder, corpus, name) for name in names if _is_annotated(folder / corpus, name)]


def read_piece(folder: Path, corpus: str, name: str) -> AnnotatedPiece:
    """One piece."""
    notes, harmonies, measures = (_table(folder / corpus, name, kind) for kind in ("notes", "harmonies", "measures"))
    score = _score(notes, measures, f"{corpus}/{name}")
    tonic_fifths, is_minor = _key(harmonies["globalkey"].iloc[0])
    placed = harmonies[harmonies["quarterbeats"] != ""]
    starts = _quarters(placed["quarterbeats"])
    cadences = tuple((float(s), kind.split(".")[0]) for s, kind in zip(starts, placed["cadence"], strict=True) if kind)
    ends = starts[placed["phraseend"].str.contains(r"[}\\]", regex=True).to_numpy()]
    labels = _labels(placed[placed["root"] != ""], tonic_fifths, is_minor)
    return AnnotatedPiece(corpus, name, score, tonic_fifths * 7 % 12, is_minor, labels, cadences, ends)


def _is_annotated(folder: Path, name: str) -> bool:
    return any(path.exists() for path in _places(folder, name, "harmonies"))


def _places(folder: Path, name: str, kind: str) -> tuple[Path, Path]:
    """Where a table may lie: beside the others, or in a folder of its kind."""
    return folder / f"{name}.{kind}.tsv.gz", folder / kind / f"{name}.{kind}.tsv"


def _table(folder: Path, name: str, kind: str) -> pd.DataFrame:
    path = next(path for path in _places(folder, name, kind) if path.exists())
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)


@functools.cache
def _fraction(text: str) -> float:
    return float(Fraction(text))


def _quarters(column: pd.Series) -> np.ndarray:
    return np.array([_fraction(text) for text in column], dtype=np.float64)


def _key(name: str) -> tuple[int, bool]:
    """Place on the line of fifths and mode of a key name such as Eb or f#."""
    return _LETTERS[name[0].upper()] + 7 * (name.count("#") - name[1:].count("b")), name[0].islower()


def _relative_key(numerals: str, tonic_fifths: int, is_minor: bool) -> tuple[int, bool]:
    """The key that numerals such as V or V/bVI name in a key."""
    for numeral in reversed(numerals.split("/")):
        accidentals, degree = re.fullmatch(r"([#b]*)([IViv]+)", numeral).groups()
        degrees = _MINOR_DEGREES if is_minor else _MAJOR_DEGREES
        tonic_fifths += degrees[degree.upper()] + 7 * (accidentals.count("#") - accidentals.count("b"))
        is_minor = degree.islower()
    return tonic_fifths, is_minor


def _labels(rows: pd.DataFrame, tonic_fifths: int, is_minor: bool) -> Labels:
    start = _quarters(rows["quarterbeats"])
    end = start + rows["duration_qb"].replace("", "0").astype(float).to_numpy()
    keys = [_relative_key(numerals, tonic_fifths, is_minor) for numerals in rows["localkey"]]
    tonics = np.array([tonic for tonic, _ in keys], dtype=np.int64)
    root = tonics + rows["root"].astype(int).to_numpy()
    bass = tonics + rows["bass_note"].astype(int).to_numpy()
    applied = np.where(rows["relativeroot"] != "", "/" + rows["relativeroot"], "")
    return Labels(
        start=start,
        end=end,
        tonic=tonics * 7 % 12,
        is_minor=np.array([minor for _, minor in keys], dtype=bool),
        root=root * 7 % 12,
        bass=bass * 7 % 12,
        quality=rows["chord_type"].to_numpy(dtype=str),
        numeral=(rows["numeral"] + applied).to_numpy(dtype=str),
    )


def _score(notes: pd.DataFrame, measures: pd.DataFrame, path: str) -> Score:
    notes = notes[notes["quarterbeats"] != ""]
    onset, duration = _quarters(notes["quarterbeats"]), notes["duration_qb"].astype(float).to_numpy()
    midi, fifths = notes["midi"].astype(int).to_numpy(), notes["tpc"].astype(int).to_numpy()
    staff, voice = notes["staff"].astype(int).to_numpy(), notes["voice"].astype(int).to_numpy()
    grace = (notes["gracenote"] != "").to_numpy() if "gracenote" in notes else np.zeros(len(notes), dtype=bool)
    tied = notes["tied"].to_numpy() if "tied" in notes else np.full(len(notes), "")
    kept, duration = _join_ties(onset, duration, midi, staff, tied)
    order = kept[np.lexsort((midi[kept], voice[kept], staff[kept], onset[kept]))]
    octave = notes["octave"].astype(int).to_numpy()
    n_parts = int(staff.max())
    return Score(
        onset_quarters=onset[order],
        duration_quarters=duration[order],
        midi_pitch=midi[order].astype(np.int32),
        part=(staff[order] - 1).astype(np.int32),
        voice=voice[order].astype(np.int32),
        staff=staff[order].astype(np.int32),
        is_grace=grace[order],
        is_unpitched=np.zeros(len(order), dtype=bool),
        step=_STEP_OF_FIFTHS[(fifths[order] + 1) % 7].astype(np.int32),
        alter=((fifths[order] + 1) // 7).astype(np.int32),
        octave=octave[order].astype(np.int32),
        measures=_measures(measures),
        time_signatures=_time_signatures(measures),
        parts=Parts(("",) * n_parts, np.full(n_parts, -1, dtype=np.int32)),
        source=Source(path=path, format="dcml"),
    )


def _join_ties(onset, duration, midi, staff, tied) -> tuple[np.ndarray, np.ndarray]:
    """Rows that stay, and durations of all rows with those of their ties added."""
    duration, open_notes, kept = duration.copy(), {}, []
    for row in np.argsort(onset, kind="stable"):
        key = (staff[row], midi[row])
        if tied[row] in ("0", "-1") and key in open_notes:
            first = open_notes[key]
            if abs(onset[first] + duration[first] - onset[row]) < 1e-3:
                duration[first] += duration[row]
                continue
        kept.append(row)
        if tied[row] in ("1", "0"):
            open_notes[key] = row
    return np.array(kept, dtype=np.int64), duration


def _measures(measures: pd.DataFrame) -> Measures:
    placed = measures[measures["quarterbeats"] != ""]
    length = _quarters(placed["act_dur"]) * 4
    return Measures(_quarters(placed["quarterbeats"]), length, tuple(placed["mn"]))


def _time_signatures(measures: pd.DataFrame) -> TimeSignatures:
    placed = measures[measures["quarterbeats"] != ""]
    change = (placed["timesig"] != placed["timesig"].shift()).to_numpy()
    values = [tuple(int(n) for n in text.split("/")) for text in placed["timesig"][change]]
    top, bottom = (np.array(column, dtype=np.int32) for column in zip(*values, strict=True))
    return TimeSignatures(_quarters(placed["quarterbeats"])[change], top, bottom)
