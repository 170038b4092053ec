"""Melody: intervals and shapes of the highest voice (the skyline of frames).

*Motion* is what remains of the skyline when repetitions of a pitch are taken away.
"""

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import (
    bits,
    chance_of_equal,
    consists_of,
    deviation,
    differences,
    figures,
    kinds,
    mean,
    ratio,
    run_lengths,
    share,
)
from styleprint.features.numbers import shares as shares_of
from styleprint.music.score import FloatArray, IntArray

__all__ = ["FEATURES", "INTERVAL_COLUMNS", "interval_histogram", "skyline_intervals"]

FEATURES = Family()

_JSYMBOLIC = "McKay, Cumming & Fujinaga 2018 (jSymbolic 2.2), {!r}, over the skyline"
_OURS = "our own"

_SIZES = ("1", "2", "3", "4", "5", "6", "7", "8_9", "10_11", "12", "over_12")
_SIZE_OF_SEMITONES = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9, 10, *[11] * 115])
_PLACE_OF_INTERVAL = np.sign(np.arange(-127, 128)) * _SIZE_OF_SEMITONES[np.abs(np.arange(-127, 128))] + 11
INTERVAL_COLUMNS = (*(f"down_{size}" for size in reversed(_SIZES)), "repeated", *(f"up_{size}" for size in _SIZES))
"""What follows the name in the columns of a histogram of intervals: direction and semitones."""


def interval_histogram(intervals: IntArray) -> FloatArray:
    """Share of each direction and size (`INTERVAL_COLUMNS`) among intervals in semitones."""
    return shares_of(_PLACE_OF_INTERVAL[intervals + 127], 23)


def skyline_intervals(context: ScoreContext) -> IntArray:
    """Semitones from each note of the skyline to the next, rising positive."""
    intervals: IntArray = differences(context.skyline)
    return intervals


def _motion(context: ScoreContext) -> IntArray:
    intervals = context.shared(skyline_intervals)
    motion: IntArray = intervals[intervals != 0]
    return motion


def _kinds(context: ScoreContext) -> npt.NDArray[np.int64]:
    """How often each interval of the skyline occurs, the commonest first."""
    return kinds(context.shared(skyline_intervals))


def _sizes(context: ScoreContext) -> IntArray:
    sizes: IntArray = np.abs(context.shared(skyline_intervals))
    return sizes


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Melodic Interval Histogram") + ", with direction",
    columns=INTERVAL_COLUMNS,
)
def melodic_interval(context: ScoreContext) -> FloatArray:
    """Share of each interval of the skyline, by direction and semitones."""
    return interval_histogram(context.shared(skyline_intervals))


@FEATURES.add(unit="semitones", range=(0, 127), source=_JSYMBOLIC.format("Mean Melodic Interval"))
def mean_melodic_interval(context: ScoreContext) -> float:
    """Mean absolute interval between successive notes of the skyline, repetitions counted as 0."""
    return mean(context.shared(_sizes))


@FEATURES.add(unit="semitones", range=(0, 127), source=_OURS)
def melodic_interval_deviation(context: ScoreContext) -> float:
    """Standard deviation of the absolute intervals of the skyline."""
    return deviation(context.shared(_sizes))


@FEATURES.add(unit="share", range=(0, 1), source=_JSYMBOLIC.format("Stepwise Motion"))
def stepwise_motion(context: ScoreContext) -> float:
    """Share of one or two semitones among the intervals of the skyline."""
    sizes = context.shared(_sizes)
    return share((sizes == 1) | (sizes == 2))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def melodic_leaps(context: ScoreContext) -> float:
    """Share of five semitones or more among the moving intervals of the skyline."""
    return share(np.abs(context.shared(_motion)) >= 5)


@FEATURES.add(unit="share", range=(0, 1), source=_JSYMBOLIC.format("Melodic Large Intervals") + ", from 13 semitones")
def melodic_large_intervals(context: ScoreContext) -> float:
    """Share of more than an octave among the moving intervals of the skyline."""
    return share(np.abs(context.shared(_motion)) > 12)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def melodic_thirds_of_steps_and_thirds(context: ScoreContext) -> float:
    """Thirds among seconds and thirds of the skyline."""
    sizes = context.shared(_sizes)
    thirds = np.count_nonzero((sizes == 3) | (sizes == 4))
    return ratio(thirds, thirds + np.count_nonzero((sizes == 1) | (sizes == 2)))


@FEATURES.add(unit="share", range=(0, 1), source=_JSYMBOLIC.format("Chromatic Motion") + ", among seconds alone")
def melodic_semitones_of_seconds(context: ScoreContext) -> float:
    """Semitones among the seconds of the skyline; 2 of 7 in a scale."""
    sizes = context.shared(_sizes)
    return ratio(np.count_nonzero(sizes == 1), np.count_nonzero((sizes == 1) | (sizes == 2)))


@FEATURES.add(unit="share", range=(0, 1), source=_JSYMBOLIC.format("Amount of Arpeggiation") + ", repetitions left out")
def melodic_arpeggiation(context: ScoreContext) -> float:
    """Share of thirds, fourths, fifths, octaves and tenths among the moving intervals of the skyline."""
    return share(consists_of(np.abs(context.shared(_motion)), (3, 4, 5, 7, 12, 15, 16)))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def chromatic_runs(context: ScoreContext) -> float:
    """Share of skyline intervals that continue a semitone by a semitone in the same direction."""
    intervals = context.shared(skyline_intervals)
    return share((intervals[1:] == intervals[:-1]) & (np.abs(intervals[1:]) == 1))


@FEATURES.add(unit="share", range=(0, 1), source=_JSYMBOLIC.format("Direction of Melodic Motion"))
def rising_motion(context: ScoreContext) -> float:
    """Share of rising among the moving intervals of the skyline."""
    return share(context.shared(_motion) > 0)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def rising_leaps(context: ScoreContext) -> float:
    """Share of rising among the leaps (five semitones or more) of the skyline."""
    motion = context.shared(_motion)
    return share(motion[np.abs(motion) >= 5] > 0)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def contour_turns(context: ScoreContext) -> float:
    """Share of moving intervals of the skyline that go against the one before."""
    motion = context.shared(_motion)
    return share(np.sign(motion[1:]) != np.sign(motion[:-1]))


@FEATURES.add(
    unit="semitones", range=(0, 127), source=_JSYMBOLIC.format("Size of Melodic Arcs") + ", repetitions left out"
)
def melodic_arc(context: ScoreContext) -> float:
    """Mean distance between successive turns of the skyline."""
    motion = context.shared(_motion)
    runs = run_lengths(np.sign(motion))
    if not len(runs):
        return float("nan")
    ends = np.cumsum(motion)[np.cumsum(runs) - 1]
    ends[1:] -= ends[:-1].copy()
    return mean(np.abs(ends))


@FEATURES.add(unit="share", range=(0, 1), source="Narmour 1990, registral return after a leap, in our own count")
def leaps_answered_by_step(context: ScoreContext) -> float:
    """Share of skyline leaps (five semitones or more) that a step in the other direction follows."""
    motion = context.shared(_motion)
    leap, after = motion[:-1], motion[1:]
    leaps = np.abs(leap) >= 5
    return share((np.abs(after) <= 2)[leaps] & (np.sign(after) != np.sign(leap))[leaps])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def leaps_continued(context: ScoreContext) -> float:
    """Share of skyline leaps that another leap in the same direction follows: broken chords."""
    motion = context.shared(_motion)
    leap, after = motion[:-1], motion[1:]
    leaps = np.abs(leap) >= 5
    return share((np.abs(after) >= 5)[leaps] & (np.sign(after) == np.sign(leap))[leaps])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def scale_runs(context: ScoreContext) -> float:
    """Share of skyline intervals within four or more successive steps in one direction."""
    intervals = context.shared(skyline_intervals)
    runs = run_lengths(np.sign(intervals) * (np.abs(intervals) <= 2))
    stepwise = np.abs(intervals)[np.cumsum(runs) - runs] if len(runs) else intervals
    long = (runs >= 4) & (stepwise > 0) & (stepwise <= 2)
    return ratio(int(runs[long].sum()), len(intervals))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def arpeggio_runs(context: ScoreContext) -> float:
    """Share of skyline intervals that, with their neighbour, rise or fall twice by three to nine semitones."""
    intervals = context.shared(skyline_intervals)
    wide = (np.abs(intervals) >= 3) & (np.abs(intervals) <= 9)
    return share(wide[1:] & wide[:-1] & (np.sign(intervals[1:]) == np.sign(intervals[:-1])))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def melodic_zigzag(context: ScoreContext) -> float:
    """Share of four successive skyline notes that turn twice: Alberti basses, tremolos, hidden voices."""
    sign = np.sign(context.shared(skyline_intervals))
    return share((sign[:-2] * sign[1:-1] < 0) & (sign[1:-1] * sign[2:] < 0))


def _goes_back(context: ScoreContext) -> npt.NDArray[np.bool_]:
    """Whether two successive intervals of the skyline are a step and the same step back."""
    intervals, size = context.shared(skyline_intervals), context.shared(_sizes)
    back: npt.NDArray[np.bool_] = (intervals[1:] == -intervals[:-1]) & consists_of(size[1:], (1, 2))
    return back


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def neighbour_notes(context: ScoreContext) -> float:
    """Share of three successive skyline notes that leave a pitch by step and return to it."""
    return share(context.shared(_goes_back))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def trills(context: ScoreContext) -> float:
    """Share of six successive skyline notes that alternate between two neighbours."""
    back = context.shared(_goes_back)
    return share(back[:-3] & back[1:-2] & back[2:-1] & back[3:])


@FEATURES.add(unit="notes", range=(1, np.inf), source=_OURS)
def repeated_note_run(context: ScoreContext) -> float:
    """Mean length of the stretches of one pitch in the skyline; 1 where nothing is repeated."""
    return mean(run_lengths(context.skyline))


@FEATURES.add(unit="bits", range=(0, 8), source=_OURS)
def melodic_interval_entropy(context: ScoreContext) -> float:
    """Entropy of the skyline's intervals, with direction."""
    return bits(context.shared(_kinds))


@FEATURES.add(unit="share", range=(0, 1), source=_JSYMBOLIC.format("Prevalence of Most Common Melodic Interval"))
def commonest_melodic_interval(context: ScoreContext) -> float:
    """Share of the commonest of the skyline's intervals, with direction."""
    counts = context.shared(_kinds)
    return ratio(int(counts[:1].sum()), int(counts.sum()))


@FEATURES.add(unit="chance", range=(0, 1), source=_OURS)
def melodic_figure_recurrence(context: ScoreContext) -> float:
    """Chance that two figures of four skyline intervals, drawn at random, are the same."""
    return chance_of_equal(figures(context.shared(skyline_intervals), 4))
