"""What the benchmark of theory counts, piece by piece."""

from dataclasses import dataclass, replace

import numpy as np

from harmony_data import AnnotatedPiece
from styleprint.music.changes import keep_notes
from styleprint.music.score import Score
from styleprint.theory.cadences import CADENCES, CadenceParameters, Cadences, find_cadences
from styleprint.theory.chords import CHORD_QUALITIES, Chords, chords_of
from styleprint.theory.frames import frames_of, sounded_notes
from styleprint.theory.global_key import KeyEvidence, estimate_global_key
from styleprint.theory.harmony import Harmony, HarmonyParameters, estimate_harmony
from styleprint.theory.key_profiles import key_correlations
from styleprint.theory.metre import beat_quarters, metrical_places
from styleprint.theory.moments import Moments, sustained_moments, written_moments
from styleprint.theory.numerals import numeral_names, numerals_of
from styleprint.theory.phrases import find_phrases
from styleprint.theory.spelling import fifths_of_spelling, spell_pitch_classes
from styleprint.theory.voices import separate_voices

__all__ = [
    "CHOICES",
    "Analysis",
    "analyse",
    "cadence_counts",
    "f_measure",
    "global_key_scores",
    "harmony_shares",
    "phrase_counts",
    "spelling_share",
    "voice_links",
]

_QUALITIES = {
    "M": "major", "m": "minor", "o": "diminished", "+": "augmented", "Mm7": "dominant_seventh", "MM7": "major_seventh",
    "mm7": "minor_seventh", "%7": "half_diminished", "o7": "diminished_seventh", "It": "italian_sixth",
    "Fr": "french_sixth", "Ger": "german_sixth",
}  # fmt: skip
_SAME = 1e-6


@dataclass(frozen=True)
class Analysis:
    """A piece and what we say of it; `beats` are the beats of the score, by which places are compared."""

    piece: AnnotatedPiece
    moments: Moments
    harmony: Harmony
    chords: Chords
    cadences: Cadences
    beats: np.ndarray
    places: np.ndarray | None
    beat_quarters: np.ndarray | float


def analyse(
    piece: AnnotatedPiece,
    parameters: HarmonyParameters | None = None,
    cadence_parameters: CadenceParameters | None = None,
    *,
    onsets_alone: bool = False,
) -> Analysis:
    """With the durations and metre of the score, or with onsets alone."""
    notes = sounded_notes(piece.score)
    frames = frames_of(notes)
    moments = sustained_moments(frames) if onsets_alone else written_moments(notes, frames)
    beats = beat_quarters(piece.score, moments.start_quarters)
    places = None if onsets_alone else metrical_places(piece.score, moments.start_quarters)
    unit = 1.0 if onsets_alone else beats
    harmony = estimate_harmony(moments, places, unit, parameters)
    chords = chords_of(moments, harmony, unit)
    cadences = find_cadences(moments, harmony, chords, places, unit, cadence_parameters)
    return Analysis(piece, moments, harmony, chords, cadences, beats, places, unit)


def global_key_scores(
    pieces: list[AnnotatedPiece], method: str, quarters: float, evidence: KeyEvidence | None = None
) -> np.ndarray:
    """Exact, MIREX-weighted, pieces; exact in minor, pieces in minor. `method` is a profile or "ours"."""
    total = np.zeros(5)
    for piece in pieces:
        score = _first(piece.score, quarters)
        if method == "ours":
            estimate = estimate_global_key(score, evidence)
            key = -1 if estimate is None else estimate.tonic + 12 * estimate.is_minor
        else:
            durations = np.bincount(score.midi_pitch % 12, weights=score.duration_quarters, minlength=12)
            key = int(key_correlations(durations.astype(np.float64), method).argmax())
        true = piece.tonic + 12 * piece.is_minor
        total += [key == true, _mirex(key, true), 1, piece.is_minor and key == true, piece.is_minor]
    return total


def _first(score: Score, quarters: float) -> Score:
    """The score up to a time, notes cut there."""
    kept = keep_notes(score, np.flatnonzero(score.onset_quarters < quarters - _SAME))
    return replace(kept, duration_quarters=np.minimum(kept.duration_quarters, quarters - kept.onset_quarters))


def _mirex(key: int, true: int) -> float:
    """1 exact, .5 a fifth apart in the same mode, .3 relative, .2 parallel (MIREX audio key detection)."""
    if key < 0:
        return 0.0
    step, same_mode = (key - true) % 12, key // 12 == true // 12
    if key == true:
        return 1.0
    if same_mode and step in (5, 7):
        return 0.5
    if not same_mode and step == (3 if true >= 12 else 9):
        return 0.3
    return 0.2 if not same_mode and step == 0 else 0.0


def harmony_shares(analyses: list[Analysis]) -> np.ndarray:
    """Shares of the labelled time: local key, root, root and quality, root and bass, numeral and key."""
    total = sum(_harmony_times(analysis) for analysis in analyses)
    return total[1:] / total[0]


def _harmony_times(analysis: Analysis) -> np.ndarray:
    labels, chords = analysis.piece.labels, analysis.chords
    ours, theirs, time = overlaps(chords.start_quarters, analysis.moments.end_quarters, labels.start, labels.end)
    key = chords.key[ours] == (labels.tonic + 12 * labels.is_minor)[theirs]
    root = chords.root[ours] == labels.root[theirs]
    names = np.array(CHORD_QUALITIES)[chords.quality]
    names[names == "cadential_six_four"] = "major"
    quality = names[ours] == np.array([_QUALITIES.get(q, "") for q in labels.quality])[theirs]
    bass = chords.bass[ours] == labels.bass[theirs]
    numeral = np.array(numeral_names(chords, numerals_of(chords)))[ours] == labels.numeral[theirs]
    return np.array(
        [time.sum(), *((time * hit).sum() for hit in (key, root, root & quality, root & bass, numeral & key))]
    )


def overlaps(
    start: np.ndarray, last_end: float, label_start: np.ndarray, label_end: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of our stretches and labels that share time, and how much."""
    lasting = np.flatnonzero(label_end > label_start + _SAME)
    begin, end = label_start[lasting], label_end[lasting]
    borders = np.unique(np.concatenate([start, [last_end], begin, end]))
    middle, length = (borders[1:] + borders[:-1]) / 2, np.diff(borders)
    ours = np.searchsorted(start, middle) - 1
    theirs = np.searchsorted(begin, middle) - 1
    kept = (ours >= 0) & (middle < last_end) & (theirs >= 0)
    kept[kept] &= middle[kept] < end[theirs[kept]]
    return ours[kept], lasting[theirs[kept]], length[kept]


def cadence_counts(analyses: list[Analysis], kind: str) -> np.ndarray:
    """Found, told and true cadences of a kind."""
    total = np.zeros(3)
    for analysis in analyses:
        rows = analysis.cadences.kind == CADENCES.index(kind)
        true = np.array([place for place, name in analysis.piece.cadences if name == kind])
        moment = analysis.cadences.moment[rows]
        total += matched(analysis.cadences.onset_quarters[rows], analysis.beats[moment], true)
    return total


def phrase_counts(analyses: list[Analysis]) -> np.ndarray:
    """Found, told and true ends of phrases."""
    total = np.zeros(3)
    for analysis in analyses:
        phrases = find_phrases(analysis.moments, analysis.cadences, analysis.places, analysis.beat_quarters)
        moment = phrases.last_moment
        total += matched(phrases.close_quarters, analysis.beats[moment], np.unique(analysis.piece.phrase_ends))
    return total


def matched(told: np.ndarray, beats: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Found, told, true: each true place is found at most once, within a beat."""
    used: set[int] = set()
    for place, beat in zip(told, beats, strict=True):
        distance = np.abs(true - place)
        for candidate in np.argsort(distance, kind="stable")[:2]:
            if distance[candidate] <= beat + _SAME and int(candidate) not in used:
                used.add(int(candidate))
                break
    return np.array([len(used), len(told), len(true)], dtype=np.float64)


def f_measure(counts: np.ndarray) -> float:
    """Harmonic mean of precision and recall."""
    return float(2 * counts[0] / max(counts[1] + counts[2], 1))


def spelling_share(analyses: list[Analysis]) -> float:
    """Share of notes spelled as in the score, up to a whole piece written enharmonically."""
    right = count = 0
    for analysis in analyses:
        score, chords = analysis.piece.score, analysis.chords
        notes = sounded_notes(score)
        chord = np.repeat(np.arange(len(chords)), np.diff(chords.first_moment, append=len(analysis.moments)))
        following = separate_voices(notes).following
        rises = (following >= 0) & (notes.midi_pitch[following] - notes.midi_pitch == 1)
        told = spell_pitch_classes(
            notes.midi_pitch % 12,
            chord[notes.frame],
            chords,
            analysis.harmony.home_key,
            np.where(rises, following, -1),
        )
        off = told - fifths_of_spelling(score.step, score.alter)[~score.is_grace]
        right += max((off == shift).sum() for shift in (-12, 0, 12))
        count += len(off)
    return right / count


def voice_links(pieces: list[AnnotatedPiece], method: str) -> np.ndarray | None:
    """Right, told and true links between successive notes of a part; None where parts are no voices."""
    if pieces[0].corpus == "mozart_piano_sonatas":
        return None
    total = np.zeros(3)
    for piece in pieces:
        notes = sounded_notes(piece.score)
        true = _links(notes.part, notes.onset_quarters)
        if method == "ours":
            told = _links(separate_voices(notes).voice, notes.onset_quarters)
        else:
            told = _links(_skyline(notes), notes.onset_quarters)
        total += [len(true & told), len(told), len(true)]
    return total


def _skyline(notes) -> np.ndarray:
    """The k-th highest note of each onset goes to voice k."""
    order = np.lexsort((-notes.midi_pitch, notes.frame))
    frame = notes.frame[order]
    starts = np.searchsorted(frame, frame)
    voice = np.empty(len(order), np.int64)
    voice[order] = np.arange(len(order)) - starts
    return voice


def _links(voice: np.ndarray, onset: np.ndarray) -> set[tuple[int, int]]:
    """Pairs of successive notes of a voice; of notes struck together the first in order is taken."""
    links, last = set(), {}
    for note in np.lexsort((voice, onset)):
        before = last.get(voice[note])
        if before is not None and onset[note] - onset[before] < _SAME:
            continue
        if before is not None:
            links.add((int(before), int(note)))
        last[voice[note]] = note
    return links


def _measure_keys(part: dict[str, list[AnnotatedPiece]], evidence: KeyEvidence) -> list[float]:
    return [
        sum(global_key_scores(pieces, "ours", quarters, evidence)[0] / len(pieces) for quarters in (np.inf, 32.0)) / 2
        for pieces in part.values()
    ]


_ANALYSES: dict[str, Analysis] = {}


def _once(piece: AnnotatedPiece) -> Analysis:
    """The analysis of a piece with what ships, made once."""
    name = f"{piece.corpus}/{piece.name}"
    if name not in _ANALYSES:
        _ANALYSES[name] = analyse(piece)
    return _ANALYSES[name]


def _measure_harmony(part: dict[str, list[AnnotatedPiece]], parameters: HarmonyParameters) -> list[float]:
    shares = []
    for pieces in part.values():
        total = np.zeros(3)
        for piece in pieces:
            a = _once(piece)
            told = estimate_harmony(a.moments, a.places, a.beat_quarters, parameters)
            labels = piece.labels
            ours, theirs, time = overlaps(a.moments.start_quarters, a.moments.end_quarters, labels.start, labels.end)
            key = told.key[ours] == (labels.tonic + 12 * labels.is_minor)[theirs]
            root = told.root[ours] == labels.root[theirs]
            total += [time.sum(), (time * key).sum(), (time * root).sum()]
        shares.append(float(total[1:].sum() / 2 / total[0]))
    return shares


def _measure_cadences(part: dict[str, list[AnnotatedPiece]], parameters: CadenceParameters) -> list[float]:
    values = []
    for corpus, pieces in part.items():
        if corpus == "ABC":
            continue
        again = []
        for piece in pieces:
            a = _once(piece)
            found = find_cadences(a.moments, a.harmony, a.chords, a.places, a.beat_quarters, parameters)
            again.append(replace(a, cadences=found))
        values += [f_measure(cadence_counts(again, kind)) for kind in ("PAC", "HC")]
    return values


CHOICES = (
    (
        "global key (mean of whole and first 32 quarters)",
        {"opening": (0.0, 0.25, 0.5), "close": (0.0, 0.2, 0.4), "first_bass": (0.0, 0.05, 0.1)},
        KeyEvidence(),
        _measure_keys,
    ),
    (
        "harmony (mean of local key and root)",
        {"key_price": (3.0, 5.0, 8.0), "away_price": (0.0, 0.06)},
        HarmonyParameters(),
        _measure_harmony,
    ),
    (
        "cadences (PAC and HC of Mozart, then of Corelli)",
        {"perfect": (0.25, 0.75, 1.25), "half": (2.0, 2.25, 2.5)},
        CadenceParameters(),
        _measure_cadences,
    ),
)
"""What is chosen, from which values, what ships, and what is measured."""
