"""New music from a model of the next event: several pieces at once, each by its own source of chance.

An event is drawn field by field: the time since the event before, whose note it is, its pitch, how long it lasts; each
given those before. What is asked of the music acts on these probabilities alone, before they are sharpened
(:mod:`styleprint.generation.drawing`):

parts
    The probability of all other parts is 0.
key
    Pitch classes outside the scale keep a tenth of their weight (harmonic minor has its raised seventh too). It is a
    bias and no rule, and the model's own sense of key works with or against it.
chords
    Pitch classes outside the chord of the moment keep `chord_weight` of their weight; 1 leaves all to the model. The
    model hears no chord but in the notes that it has written.
given notes
    Stand as they are. Before each drawn event, those that come no later are put in, and the model is told them;
    their parts are not drawn unless the parts are named.
avoided runs
    A pitch that would complete a known passage of too many notes is drawn again among the others
    (:class:`styleprint.generation.memorisation.RunGuard`).

Three things hold always: a part strikes a pitch once at a moment, at most twelve notes begin at one moment, and no
event begins when the asked length is over. Nothing else is mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from styleprint.corpus.known_passages import TICKS_A_QUARTER
from styleprint.generation.chord_plan import ChordPlan
from styleprint.generation.drawing import Sampling, draw, sharpen, sources
from styleprint.generation.memorisation import RunGuard
from styleprint.generation.writer import FIELDS, NextEvents

__all__ = ["Notes", "Wishes", "write_events"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_OUTSIDE_KEY = 0.1
_MOST_AT_ONCE = 12
_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10, 11)
_SHIFT, _PART, _PITCH, _DURATION = range(len(FIELDS))


@dataclass(frozen=True, eq=False)
class Notes:
    """Notes on the grid: ticks of 1/24 quarter, in order of onset.

    Attributes
    ----------
    onset, part, midi_pitch, duration : ndarray of int, shape (n_notes,)
    """

    onset: IntArray
    part: IntArray
    midi_pitch: IntArray
    duration: IntArray

    def __len__(self) -> int:
        return len(self.onset)


@dataclass(frozen=True, eq=False)
class Wishes:
    """What is asked of the music.

    Attributes
    ----------
    ticks : int
        Length.
    primer : ndarray of int, shape (n_events, n_fields), or None
        Events that come before.
    parts : tuple of int
        Tokens of the parts that may be drawn; empty for all.
    key : (int, bool) or None
        Tonic as pitch class, and whether it is minor.
    chords : ChordPlan or None
    chord_weight : float
        What is left of the weight of pitch classes outside the chord, 0 to 1.
    given : Notes or None
    guards : sequence of RunGuard
        One an output, or none.
    """

    ticks: int
    primer: IntArray | None = None
    parts: tuple[int, ...] = ()
    key: tuple[int, bool] | None = None
    chords: ChordPlan | None = None
    chord_weight: float = 1.0
    given: Notes | None = None
    guards: Sequence[RunGuard] = ()


@dataclass(eq=False)
class _Output:
    """One piece in the making."""

    now: int = 0
    next_given: int = 0
    at_once: set[tuple[int, int]] = field(default_factory=set)
    rows: list[tuple[int, int, int, int]] = field(default_factory=list)
    is_done: bool = False

    def add(self, onset: int, part: int, pitch: int, duration: int) -> None:
        """One more note."""
        if onset > self.now:
            self.at_once = set()
        self.now = onset
        self.at_once.add((part, pitch))
        self.rows.append((onset, part, pitch, duration))

    def notes(self) -> Notes:
        """All of them."""
        columns = np.array(self.rows, dtype=np.int64).reshape(-1, 4).T
        return Notes(*columns)


def write_events(model: NextEvents, n: int, wishes: Wishes, sampling: Sampling) -> list[Notes]:
    """Write pieces.

    Parameters
    ----------
    model : NextEvents
    n : int
        How many.
    wishes : Wishes
    sampling : Sampling

    Returns
    -------
    list of Notes
        In order of onset; all begin before the asked length is over.
    """
    return _Writing(model, n, wishes, sampling).run()


class _Writing:
    """The state of all outputs between two events."""

    def __init__(self, model: NextEvents, n: int, wishes: Wishes, sampling: Sampling) -> None:
        self._model, self._wishes, self._sampling = model, wishes, sampling
        self._grid = model.grid
        self._chance = sources(sampling.seed, n)
        self._outputs = [_Output() for _ in range(n)]
        self._state = model.begin(n)
        for event in wishes.primer if wishes.primer is not None else ():
            self._state = model.advance(self._state, np.tile(event, (n, 1)))
        self._part_weight = self._parts_allowed()
        self._key_weight = self._key_bias()

    def run(self) -> list[Notes]:
        while not all(output.is_done for output in self._outputs):
            self._step()
        return [output.notes() for output in self._outputs]

    def _step(self) -> None:
        """One event of each output: given where one is due, else drawn."""
        events = np.zeros((len(self._outputs), len(FIELDS)), dtype=np.int64)
        events[:, _SHIFT] = self._draw(self._shift_probabilities())
        onset = np.array([output.now for output in self._outputs]) + self._grid.shift_ticks[events[:, _SHIFT]]
        given = [self._due(output, int(when)) for output, when in zip(self._outputs, onset, strict=True)]
        for row, note in enumerate(given):
            if note is not None:
                onset[row] = note[0]
                events[row] = self._grid.tokens(note[0] - self._outputs[row].now, *note[1:])
        self._draw_note(events, onset, [note is not None for note in given])
        for row, output in enumerate(self._outputs):
            self._take(output, row, events[row], int(onset[row]), given[row])
        self._state = self._model.advance(self._state, events)

    def _draw_note(self, events: IntArray, onset: IntArray, is_given: Sequence[bool]) -> None:
        """Fill in part, pitch and duration of the rows that are not given."""
        free = ~np.array(is_given)
        known = {"shift": events[:, _SHIFT]}
        part = self._draw(self._model.distribution(self._state, "part", known) * self._part_weight)
        events[free, _PART] = part[free]
        known["part"] = events[:, _PART]
        weight = self._model.distribution(self._state, "pitch", known) * self._key_weight * self._chord_bias(onset)
        events[free, _PITCH] = self._draw_pitch(weight, events, onset, free)[free]
        known["pitch"] = events[:, _PITCH]
        duration = self._draw(self._model.distribution(self._state, "duration", known) * self._grid.is_lasting)
        events[free, _DURATION] = duration[free]

    def _draw_pitch(
        self, weight: FloatArray, events: IntArray, onset: IntArray, free: npt.NDArray[np.bool_]
    ) -> IntArray:
        """Pitches that are not struck yet, and complete no avoided run where others are left."""
        weight = np.where(np.isfinite(self._grid.midi_pitch), weight, 0.0)
        for row in np.flatnonzero(free).tolist():
            struck = self._struck(self._outputs[row], int(events[row, _PART]), int(onset[row]))
            weight[row, [self._grid.pitch_token(pitch) for pitch in struck]] = 0.0
        token = self._draw(weight)
        for row in np.flatnonzero(free).tolist() if self._wishes.guards else ():
            token[row] = self._around_runs(int(token[row]), weight[row], row, int(events[row, _PART]), int(onset[row]))
        return token

    def _around_runs(self, token: int, weight: FloatArray, row: int, part: int, onset: int) -> int:
        """The pitch, or another in its place as long as it completes an avoided run and others are left."""
        guard = self._wishes.guards[row]
        while not self._outputs[row].is_done and guard.completes(onset, part, int(self._grid.midi_pitch[token])):
            weight[token] = 0.0
            left = weight if weight.any() else self._untried(guard, part, onset)
            token = int(draw(sharpen(left[None], self._sampling), self._chance[row : row + 1])[0])
        return token

    def _untried(self, guard: RunGuard, part: int, onset: int) -> FloatArray:
        """All pitches that complete no avoided run, alike: where the model itself leaves none."""
        pitch = self._grid.midi_pitch
        free = [np.isfinite(p) and not guard.completes(onset, part, int(p)) for p in pitch.tolist()]
        return np.array(free, dtype=np.float64)

    def _struck(self, output: _Output, part: int, onset: int) -> list[int]:
        return [pitch for own, pitch in output.at_once if own == part] if onset == output.now else []

    def _take(
        self, output: _Output, row: int, event: IntArray, onset: int, given: tuple[int, int, int, int] | None
    ) -> None:
        if output.is_done or onset >= self._wishes.ticks:
            output.is_done = True
            return
        note = given or (onset, *self._grid.note(event))
        output.next_given += given is not None
        output.add(*note)
        if self._wishes.guards:
            self._wishes.guards[row].add(*note[:3])

    def _due(self, output: _Output, onset: int) -> tuple[int, int, int, int] | None:
        """The next given note, where it comes no later than a drawn event would."""
        given, row = self._wishes.given, output.next_given
        if given is None or row >= len(given) or given.onset[row] > onset:
            return None
        return int(given.onset[row]), int(given.part[row]), int(given.midi_pitch[row]), int(given.duration[row])

    def _shift_probabilities(self) -> FloatArray:
        weight = np.array(self._model.distribution(self._state, "shift", {}))
        for row, output in enumerate(self._outputs):
            if len(output.at_once) >= _MOST_AT_ONCE:
                weight[row, self._grid.shift_ticks == 0] = 0.0
        return weight

    def _draw(self, weight: FloatArray) -> IntArray:
        """Tokens by weight; all tokens alike in a row where none is left."""
        empty = weight.sum(axis=1) <= 0
        weight = np.where(empty[:, None], 1.0, weight) if empty.any() else weight
        return draw(sharpen(weight, self._sampling), self._chance)

    def _parts_allowed(self) -> FloatArray:
        allowed = np.ones(self._grid.n_parts)
        if self._wishes.parts:
            allowed[:] = 0.0
            allowed[list(self._wishes.parts)] = 1.0
        elif self._wishes.given is not None:
            allowed[np.unique(self._wishes.given.part)] = 0.0
        return allowed

    def _key_bias(self) -> FloatArray:
        if self._wishes.key is None:
            return np.ones(len(self._grid.midi_pitch))
        tonic, is_minor = self._wishes.key
        degree = (np.nan_to_num(self._grid.midi_pitch).astype(np.int64) - tonic) % 12
        return np.where(np.isin(degree, _MINOR if is_minor else _MAJOR), 1.0, _OUTSIDE_KEY)

    def _chord_bias(self, onset: IntArray) -> FloatArray:
        plan = self._wishes.chords
        if plan is None or self._wishes.chord_weight >= 1:
            return np.ones((1, 1))
        members = plan.pitch_classes()[plan.at(onset / TICKS_A_QUARTER)]
        inside = members[:, np.nan_to_num(self._grid.midi_pitch).astype(np.int64) % 12]
        return np.where(inside, 1.0, self._wishes.chord_weight)
