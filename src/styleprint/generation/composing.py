"""What a person asks for becomes wishes of the sampler, and what was drawn becomes scores with their figures.

Chords that are asked for are written out: each as a block, close above its root between C3 and B3, in the last part
that the training music has; the other parts are drawn around them and pulled towards them. Beside the share of drawn
notes that fit their chord stands that of the same seed drawn without chords: the baseline.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from styleprint.corpus.known_passages import TICKS_A_QUARTER, KnownPassages
from styleprint.features.streams.events import events_of
from styleprint.generation.chord_plan import CHORD_TONES, ChordPlan
from styleprint.generation.composition import notes_of, score_of
from styleprint.generation.drawing import Sampling
from styleprint.generation.memorisation import Memorisation, RunGuard, check_memorisation
from styleprint.generation.sampling import Notes, Wishes, write_events
from styleprint.generation.writer import NextEvents
from styleprint.music.changes import transpose
from styleprint.music.score import Score
from styleprint.theory.global_key import estimate_global_key

__all__ = ["CHORD_WEIGHT", "Composition", "Request", "compose"]

CHORD_WEIGHT = 0.1
"""What is left of the weight of pitch classes outside an asked chord."""

_LONGEST_PRIMER = 256
_LOWEST_ROOT = 48


@dataclass(frozen=True, eq=False)
class Request:
    """What is asked for.

    Attributes
    ----------
    quarters : float
        Length.
    count : int
        How many pieces.
    sampling : Sampling
    tempo_qpm : float
    metre : (int, int)
    primer, melody : Score or None
        What is to be continued; what is to be accompanied.
    parts : tuple of int
        Parts to draw, from 0; empty for all that the training music has and that are not given.
    key : (int, bool) or None
    chords : ChordPlan or None
    avoid_notes : int
        No known passage may be longer; 0 allows all.
    """

    quarters: float
    count: int = 1
    sampling: Sampling = field(default_factory=Sampling)
    tempo_qpm: float = 120.0
    metre: tuple[int, int] = (4, 4)
    primer: Score | None = None
    melody: Score | None = None
    parts: tuple[int, ...] = ()
    key: tuple[int, bool] | None = None
    chords: ChordPlan | None = None
    avoid_notes: int = 0


@dataclass(frozen=True, eq=False)
class Composition:
    """A new piece.

    Attributes
    ----------
    score : Score
    drawn : int
        Notes that the model wrote; the others were given.
    memorisation : Memorisation
    fit, fit_without : float
        Share of drawn notes that belong to the asked chord, and the same for the seed without chords; NaN where no
        chords were asked for.
    """

    score: Score
    drawn: int
    memorisation: Memorisation
    fit: float = float("nan")
    fit_without: float = float("nan")


def compose(
    model: NextEvents, request: Request, known: KnownPassages, part_counts: npt.NDArray[np.int64]
) -> list[Composition]:
    """Write pieces.

    Parameters
    ----------
    model : NextEvents
    request : Request
    known : KnownPassages
        Of the training music.
    part_counts : ndarray of int
        How many notes each part has in the training music.
    """
    ticks = max(1, round(request.quarters * TICKS_A_QUARTER))
    wishes = _wishes(request, ticks, known, part_counts)
    written = write_events(model, request.count, wishes, request.sampling)
    without = [float("nan")] * request.count
    if request.chords is not None:
        free = replace(wishes, chords=None, given=None, guards=(), parts=wishes.parts)
        plain = write_events(model, request.count, free, request.sampling)
        without = [request.chords.fit(notes.onset / TICKS_A_QUARTER, notes.midi_pitch) for notes in plain]
    found = []
    for number, notes in enumerate(written):
        own = _is_drawn(notes, wishes.given)
        score = score_of(
            notes,
            ticks,
            tempo_qpm=request.tempo_qpm,
            metre=request.metre,
            title=f"seed {request.sampling.seed}, {number + 1}",
        )
        fit = float("nan")
        if request.chords is not None:
            fit = request.chords.fit(notes.onset[own] / TICKS_A_QUARTER, notes.midi_pitch[own])
        found.append(Composition(score, int(own.sum()), check_memorisation(score, known), fit, without[number]))
    return found


def _wishes(request: Request, ticks: int, known: KnownPassages, part_counts: npt.NDArray[np.int64]) -> Wishes:
    usual = np.flatnonzero(part_counts).tolist()
    parts, given = request.parts, None
    if request.melody is not None:
        given = _until(notes_of(request.melody), ticks, len(part_counts))
        parts = parts or tuple(part for part in usual if part not in set(given.part.tolist()))
    elif request.chords is not None:
        given = _blocks(request.chords, ticks, usual[-1])
        parts = parts or tuple(usual[:-1]) or tuple(usual)
    primer = None
    if request.primer is not None:
        primer = events_of(_in_key(request.primer, request.key))[-_LONGEST_PRIMER:].astype(np.int64)
    return Wishes(
        ticks,
        primer=primer,
        parts=parts or tuple(usual),
        key=request.key,
        chords=request.chords,
        chord_weight=CHORD_WEIGHT,
        given=given,
        guards=[RunGuard(known, request.avoid_notes) for _ in range(request.count)] if request.avoid_notes else (),
    )


def _in_key(primer: Score, key: tuple[int, bool] | None) -> Score:
    """The primer moved the shorter way until its tonic is the asked one; its mode stays."""
    estimate = estimate_global_key(primer) if key is not None else None
    if estimate is None or key is None:
        return primer
    return transpose(primer, (key[0] - estimate.tonic + 6) % 12 - 6)


def _until(notes: Notes, ticks: int, n_parts: int) -> Notes:
    kept = notes.onset < ticks
    part = np.minimum(notes.part[kept], n_parts - 1)
    return Notes(notes.onset[kept], part, notes.midi_pitch[kept], notes.duration[kept])


def _blocks(plan: ChordPlan, ticks: int, part: int) -> Notes:
    """The progression as block chords, again and again."""
    length = round(plan.length_quarters * TICKS_A_QUARTER)
    starts = np.rint(plan.start_quarters * TICKS_A_QUARTER).astype(np.int64)
    lasts = np.diff(np.append(starts, length))
    rows = [
        (onset, part, _LOWEST_ROOT + int(root) + tone, int(last))
        for again in range(0, ticks, length)
        for onset, root, quality, last in zip((again + starts).tolist(), plan.root, plan.quality, lasts, strict=True)
        for tone in sorted(CHORD_TONES[int(quality)])
        if onset < ticks
    ]
    return Notes(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)


def _is_drawn(notes: Notes, given: Notes | None) -> npt.NDArray[np.bool_]:
    if given is None:
        return np.ones(len(notes), dtype=bool)
    stands = set(zip(given.onset.tolist(), given.part.tolist(), given.midi_pitch.tolist(), strict=True))
    own = zip(notes.onset.tolist(), notes.part.tolist(), notes.midi_pitch.tolist(), strict=True)
    return np.array([note not in stands for note in own], dtype=bool)
