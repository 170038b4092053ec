"""What the hidden states of a model tell of key, metre and cadence that nobody told it: linear probes.

A probe is a linear classifier (discriminant analysis, its covariance shrunk by the rule of Ledoit and Wolf 2004) from
the state after a moment, all that the model keeps of the music so far, to what theory says of that moment. It learns
from some pieces and is asked about others; groups are whole (Alain and Bengio 2017; Belinkov 2022).

``key``
    The local key, of 24, as our analysis finds it (:mod:`styleprint.theory.local_keys`), with the whole piece heard.
    The probe learns from each piece in four keys, a minor third apart; it would learn which pieces are in which key
    otherwise.
``metre``
    The place in the measure (downbeat, half, beat, off the beat), as the file's metre has it.
``cadence``
    Whether a cadence arrives at this moment, as our analysis finds it from what follows too.

The first two are told by the share of moments that are right, the third by how often a cadence of a piece is ranked
above another moment of it (the area under the ROC curve within the piece). Pieces count alike.

Of each piece the first 512 events are heard. A probe alone shows little: much can be told from what has just sounded,
and a network that has learnt nothing still remembers it. So the same probe is asked of two others: of *untrained*
models, the same weights in another order; and of the *input* alone, the tokens of the last event, its phase (ticks
since the start of the piece, of four quarters, which models are told) and counts over the last sixteen. It knows where
it is better than both, the intervals of the differences above 0; it does not where the difference to the better of the
two ends under .02; else we cannot tell. Intervals are of bootstraps of whole groups.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from styleprint.corpus.splits import Split
from styleprint.evaluation.intervals import GroupBootstrap, weighted_share
from styleprint.features.context import TICKS_A_QUARTER, ScoreContext
from styleprint.features.streams.events import compute as compute_events
from styleprint.features.streams.stream import ONSETS
from styleprint.generation.neighbours import shuffled
from styleprint.models.language.hearing import PHASE, PHASES, hear
from styleprint.models.language.rows import FIELDS, PITCH, SIZES, Events, transposed
from styleprint.music.score import Score
from styleprint.theory.metre import metrical_places

__all__ = ["LEAST_GROUPS", "PROBES", "ProbeFinding", "ProbedPiece", "probe_states", "probed_piece"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

PROBES: Mapping[str, tuple[str, str]] = {
    "key": ("the key of the moment", "of moments right"),
    "metre": ("the place in the measure", "of moments right"),
    "cadence": ("where cadences arrive", "of cadences ranked above other moments"),
}
"""What is asked → what it would mean to know it, and what its figure is the share of."""

LEAST_GROUPS = 10
"""With fewer nothing is asked."""

_HEARD = 512
"""Events of a piece, at most."""

_KEYS = (-5, -2, 1, 4)
"""Semitones by which a piece is moved for the probe of keys to learn from."""

_MOMENTS = 48
"""At most so many of a piece are asked about, evenly spread; for cadences all, and four others for each."""

_LEAST_ROWS = 5
"""An answer that is rarer among the rows to learn from is not learnt."""

_OTHERS = 4
_WINDOW = 16
_UNTRAINED = ("untrained 1", "untrained 2", "untrained 3")
_KINDS = ("states", *_UNTRAINED, "inputs", "chance")
_MARGIN = 0.02
_ON_TIME = 0.5 / TICKS_A_QUARTER


@dataclass(frozen=True, eq=False)
class ProbedPiece:
    """A piece, and what is asked about which of its events.

    Attributes
    ----------
    events : ndarray of int, shape (n_events, 4)
    asked : mapping of str to (ndarray of int, ndarray of int)
        Probe → events, each the last of its moment, and what theory says there; empty where it says nothing.
    """

    events: Events
    asked: Mapping[str, tuple[IntArray, IntArray]]


@dataclass(frozen=True)
class ProbeFinding:
    """What a probe found.

    Attributes
    ----------
    name : str
        One of `PROBES`.
    pieces, groups : int
        With an answer.
    states, untrained, inputs : mapping
        ``value``, ``low``, ``high``: of the model's states, of untrained models, of the input alone.
    above_untrained, above_inputs : mapping
        The differences, likewise.
    chance : float
        What the commonest answer gets, or a coin.
    verdict : {'knows', 'does not', 'cannot tell'}
    """

    name: str
    pieces: int
    groups: int
    states: Mapping[str, float]
    untrained: Mapping[str, float]
    inputs: Mapping[str, float]
    above_untrained: Mapping[str, float]
    above_inputs: Mapping[str, float]
    chance: float

    @property
    def verdict(self) -> str:
        """By the rule of this module."""
        differences = (self.above_untrained, self.above_inputs)
        if all(one["low"] > 0 for one in differences):
            return "knows"
        return "does not" if min(one["high"] for one in differences) < _MARGIN else "cannot tell"

    @property
    def sentence(self) -> str:
        """For people."""
        claim, what = PROBES[self.name]
        head = {
            "knows": f"Its states tell {claim}, more than what has just sounded and than untrained states do",
            "does not": f"Its states tell no more of {claim} than what has just sounded, or untrained states, do",
            "cannot tell": f"We cannot tell whether its states tell {claim}",
        }[self.verdict]
        return (
            f"{head}: {_span(self.states)} {what}; untrained {_span(self.untrained)}, the last events alone "
            f"{_span(self.inputs)}, by chance {self.chance:.2f}; {self.pieces} pieces of {self.groups} groups."
        )


def _span(found: Mapping[str, float]) -> str:
    return f"{found['value']:.2f} ({found['low']:.2f} to {found['high']:.2f})"


def probed_piece(score: Score, *, seed: int = 0) -> ProbedPiece:
    """What is asked of a piece.

    Parameters
    ----------
    score : Score
    seed : int
        Of the moments beside which cadences stand.
    """
    context = ScoreContext(score)
    columns = compute_events(context)
    events = np.stack([columns[name] for name in FIELDS], axis=1).astype(np.int32)
    onset = columns[ONSETS].astype(np.float64)
    last = np.flatnonzero(np.append(np.diff(onset) > _ON_TIME, True)) if len(onset) else np.empty(0, np.int64)
    last = last[(last >= _WINDOW) & (last < _HEARD)]
    spread = last[np.unique(np.linspace(0, len(last) - 1, min(_MOMENTS, len(last))).astype(np.int64))]
    asked: dict[str, tuple[IntArray, IntArray]] = {}
    keys = context.local_keys
    if len(keys.key):
        stretch = np.searchsorted(keys.start_quarters, onset[spread] + _ON_TIME, side="right") - 1
        asked["key"] = (spread, keys.key[np.maximum(stretch, 0)].astype(np.int64))
    places = metrical_places(score, onset[spread])
    if places is not None:
        asked["metre"] = (spread, places.astype(np.int64))
    asked["cadence"] = _beside_cadences(last, onset, context.cadences.onset_quarters, np.random.default_rng(seed))
    return ProbedPiece(events[:_HEARD], {name: asked.get(name, (last[:0], last[:0])) for name in PROBES})


def _beside_cadences(
    last: IntArray, onset: FloatArray, cadences: FloatArray, rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Moments with a cadence, and others drawn; none where there is no cadence or nothing else."""
    near = np.searchsorted(cadences, onset[last])
    edges = np.concatenate([[-np.inf], cadences, [np.inf]])
    is_cadence = np.minimum(onset[last] - edges[near], edges[near + 1] - onset[last]) <= _ON_TIME
    arrivals, others = last[is_cadence], last[~is_cadence]
    if not len(arrivals) or not len(others):
        return last[:0], last[:0]
    drawn = rng.choice(others, size=min(len(others), _OTHERS * len(arrivals)), replace=False)
    rows = np.sort(np.concatenate([arrivals, drawn]))
    return rows, np.isin(rows, arrivals).astype(np.int64)


def probe_states(
    pieces: Sequence[ProbedPiece],
    groups: Sequence[str],
    splits: Sequence[Split],
    model_of: Callable[[int], Any],
    *,
    seed: int = 0,
) -> tuple[ProbeFinding, ...]:
    """Probe a model on pieces; nothing where those asked are of fewer than ten groups.

    Parameters
    ----------
    pieces : sequence of ProbedPiece
    groups : sequence of str, one a piece
    splits : sequence of pairs of row numbers
        To learn from and to ask; no piece is asked twice, no group stands on both sides.
    model_of : callable
        The number of a split → a fitted model of language, which has best not learnt from the pieces that are asked.
    seed : int
        Of bootstraps.
    """
    if len({groups[i] for _, test in splits for i in test}) < LEAST_GROUPS:
        return ()
    found = {(name, kind): np.full(len(pieces), np.nan) for name in PROBES for kind in _KINDS}
    before, heard = None, {"inputs": _Heard.of(_inputs, pieces)}
    for number, (learn, test) in enumerate(splits):
        model = model_of(number)
        if model is not before:
            before = model
            machines = {"states": model.machine} | {
                kind: shuffled(model, k).machine for k, kind in enumerate(_UNTRAINED)
            }
            heard |= {kind: _Heard.of(machine.states_of, pieces) for kind, machine in machines.items()}
        for name in PROBES:
            for kind, rows in heard.items():
                found[name, kind][test] = _ask(name, rows, pieces, learn, test)
            found[name, "chance"][test] = _commonest(name, pieces, learn, test)
    group = np.unique(np.asarray(groups), return_inverse=True)[1]
    return tuple(_told(name, found, group, seed) for name in PROBES if np.isfinite(found[name, "states"]).any())


@dataclass(frozen=True, eq=False)
class _Heard:
    """What a listener has in mind after each event that is asked about.

    Attributes
    ----------
    own : sequence of mappings
        Of each piece, probe → rows, as it is.
    moved : sequence of ndarray
        Of each piece, rows for the probe of keys, in each of `_KEYS` one after another.
    """

    own: Sequence[Mapping[str, FloatArray]]
    moved: Sequence[FloatArray]

    @classmethod
    def of(cls, listen: Callable[[Sequence[Events]], Sequence[Any]], pieces: Sequence[ProbedPiece]) -> "_Heard":
        """Every piece heard in every key; what is not asked about is forgotten."""
        own = [
            {name: np.asarray(rows[piece.asked[name][0]], np.float64) for name in PROBES}
            for piece, rows in zip(pieces, listen([piece.events for piece in pieces]), strict=True)
        ]
        keys = []
        for by in _KEYS:
            heard = listen([transposed(piece.events, by) for piece in pieces])
            keys.append(
                [np.asarray(rows[p.asked["key"][0]], np.float64) for p, rows in zip(pieces, heard, strict=True)]
            )
        return cls(own, [np.concatenate(rows) for rows in zip(*keys, strict=True)])

    def lesson(self, name: str, pieces: Sequence[ProbedPiece], learn: IntArray) -> tuple[FloatArray, IntArray]:
        """Rows and answers of the pieces to learn from."""
        if name != "key":
            return (
                np.concatenate([self.own[i][name] for i in learn]),
                np.concatenate([pieces[i].asked[name][1] for i in learn]),
            )
        answers = [_moved_key(pieces[i].asked[name][1], by) for i in learn for by in _KEYS]
        return np.concatenate([self.moved[i] for i in learn]), np.concatenate(answers)


def _moved_key(key: IntArray, semitones: int) -> IntArray:
    """Keys 0 … 11 major, 12 … 23 minor, moved."""
    moved: IntArray = key // 12 * 12 + (key + semitones) % 12
    return moved


def _inputs(pieces: Sequence[Events]) -> list[FloatArray]:
    """Of each event its tokens and phase, and counts over the last sixteen: pitch classes, shifts, durations."""
    found = []
    for events in pieces:
        own = [_indicator(events[:, i], size) for i, size in enumerate(SIZES)]
        own.append(_indicator(hear(events)[:, PHASE], PHASES))
        lately = [_counts(one) for one in (own[0], _indicator(events[:, PITCH] % 12, 12), own[3])]
        found.append(np.concatenate([*own, *lately], axis=1))
    return found


def _indicator(tokens: npt.NDArray[np.int32], size: int) -> FloatArray:
    found: FloatArray = (tokens[:, None] == np.arange(size)).astype(np.float64)
    return found


def _counts(indicator: FloatArray) -> FloatArray:
    total = np.concatenate([np.zeros((1, indicator.shape[1])), np.cumsum(indicator, axis=0)])
    start = np.maximum(np.arange(1, len(total)) - _WINDOW, 0)
    counts: FloatArray = total[1:] - total[start]
    return counts


def _ask(name: str, heard: _Heard, pieces: Sequence[ProbedPiece], learn: IntArray, test: IntArray) -> FloatArray:
    """The figure of each piece of the test side; NaN where nothing is asked of it."""
    x, y = heard.lesson(name, pieces, learn)
    common = np.isin(y, np.flatnonzero(np.bincount(y) >= _LEAST_ROWS))
    x, y = x[common], y[common]
    values = np.full(len(test), np.nan)
    if len(np.unique(y)) < 2:
        return values
    mean, scale = x.mean(axis=0), x.std(axis=0)
    kept = scale > 1e-9
    probe = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    probe.fit((x[:, kept] - mean[kept]) / scale[kept], y)
    for place, i in enumerate(test):
        truth = pieces[i].asked[name][1]
        if len(truth):
            scaled = (heard.own[i][name][:, kept] - mean[kept]) / scale[kept]
            if name == "cadence":
                values[place] = _area(probe.decision_function(scaled), truth)
            else:
                values[place] = float((probe.predict(scaled) == truth).mean())
    return values


def _area(scores: FloatArray, truth: IntArray) -> float:
    """Area under the ROC curve (Mann and Whitney's statistic); NaN where one kind is not there."""
    ranks, n = rankdata(scores), int(truth.sum())
    if not 0 < n < len(truth):
        return float("nan")
    return float((ranks[truth == 1].sum() - n * (n + 1) / 2) / (n * (len(truth) - n)))


def _commonest(name: str, pieces: Sequence[ProbedPiece], learn: IntArray, test: IntArray) -> FloatArray:
    """What one gets who always says what is commonest on the training side; of cadences a coin."""
    answers = np.concatenate([pieces[i].asked[name][1] for i in learn])
    best = int(np.bincount(answers).argmax()) if len(answers) else -1
    truths = [pieces[i].asked[name][1] for i in test]
    return np.array(
        [np.nan if not len(one) else 0.5 if name == "cadence" else float((one == best).mean()) for one in truths]
    )


def _told(name: str, found: Mapping[tuple[str, str], FloatArray], group: IntArray, seed: int) -> ProbeFinding:
    states, inputs = found[name, "states"], found[name, "inputs"]
    untrained = np.mean([found[name, kind] for kind in _UNTRAINED], axis=0)
    known = np.flatnonzero(np.isfinite(states))
    bootstrap = GroupBootstrap.of(np.zeros(len(known), np.intp), group[known].astype(np.intp), seed=seed)

    def mean(values: FloatArray) -> Mapping[str, float]:
        return weighted_share(values[known], np.ones(len(known)), bootstrap)

    return ProbeFinding(
        name=name,
        pieces=len(known),
        groups=len(np.unique(group[known])),
        states=mean(states),
        untrained=mean(untrained),
        inputs=mean(inputs),
        above_untrained=mean(states - untrained),
        above_inputs=mean(states - inputs),
        chance=float(np.mean(found[name, "chance"][known])),
    )
