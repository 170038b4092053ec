"""Outer voices: how skyline and bass move against each other, where both are attacked.

Moments are frames of at least two pitches; a step leads from one moment to the next, whatever single
notes lie between.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import consists_of, deviation, differences, mean, share, shares
from styleprint.music.score import FloatArray
from styleprint.theory.outer_voices import MOTIONS, Motion, outer_motion

__all__ = ["FEATURES"]

FEATURES = Family(unchanged_by_repeats=("outer_interval",))

_OURS = "our own"
_TEXTBOOK = "kinds of motion of counterpoint (Fux 1725), in our own count"
_PARALLEL = MOTIONS.index("parallel")


def _motion(context: ScoreContext) -> Motion:
    several = context.frames.size > 1
    return outer_motion(context.skyline[several], context.bass[several])


def _moving(context: ScoreContext) -> Motion:
    """Steps in which a voice moves."""
    motion = context.shared(_motion)
    moving = motion.kind != MOTIONS.index("static")
    return Motion(motion.kind[moving], motion.from_interval[moving], motion.to_interval[moving])


@FEATURES.add(unit="share", range=(0, 1), source=_TEXTBOOK, columns=MOTIONS)
def outer_voices(context: ScoreContext) -> FloatArray:
    """Share of steps in parallel, similar, contrary and oblique motion, and without motion."""
    return shares(context.shared(_motion).kind, len(MOTIONS))


@FEATURES.add(unit="share", range=(0, 1), source=_TEXTBOOK)
def outer_voices_contrary_of_moving(context: ScoreContext) -> float:
    """Share of contrary motion among steps in which both outer voices move."""
    kind = context.shared(_motion).kind
    return share(kind[kind < MOTIONS.index("oblique")] == MOTIONS.index("contrary"))


@FEATURES.add(unit="share", range=(0, 1), source=_TEXTBOOK, columns=("thirds_sixths", "octaves", "fifths", "other"))
def parallel_outer_voices(context: ScoreContext) -> FloatArray:
    """Share of parallels by interval among steps in which an outer voice moves."""
    motion = context.shared(_moving)
    parallel = motion.kind == _PARALLEL
    if not len(parallel):
        return np.full(4, np.nan)
    kind_of_interval = np.array([1, 3, 3, 0, 0, 3, 3, 2, 0, 0, 3, 3])
    return np.bincount(kind_of_interval[motion.to_interval[parallel] % 12], minlength=4) / len(parallel)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=tuple(f"{semitones}" for semitones in range(12)))
def outer_interval(context: ScoreContext) -> FloatArray:
    """Share of each interval between the outer voices, in semitones within an octave."""
    several = context.frames.size > 1
    return shares((context.skyline - context.bass)[several] % 12, 12)


@FEATURES.add(unit="semitones", range=(0, 64), source=_OURS)
def outer_interval_deviation(context: ScoreContext) -> float:
    """Standard deviation of the distance between the outer voices."""
    several = context.frames.size > 1
    return deviation((context.skyline - context.bass)[several])


@FEATURES.add(unit="share", range=(0, 1), source="hidden fifths and octaves of counterpoint, in our own count")
def outer_perfect_by_similar(context: ScoreContext) -> float:
    """Share of fifths and octaves reached in similar motion among steps in which both outer voices move."""
    motion = context.shared(_moving)
    both = motion.kind < MOTIONS.index("oblique")
    hidden = (motion.kind == MOTIONS.index("similar")) & consists_of(motion.to_interval % 12, (0, 7))
    return share(hidden[both])


@FEATURES.add(unit="semitones", range=(0, 127), source=_OURS)
def outer_skyline_step(context: ScoreContext) -> float:
    """Mean absolute interval of the skyline from moment to moment."""
    several = context.frames.size > 1
    return mean(np.abs(differences(context.skyline[several])))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def oblique_bass_stays(context: ScoreContext) -> float:
    """Share of steps in which the bass stays among those in oblique motion."""
    several = context.frames.size > 1
    bass_stays = differences(context.bass[several]) == 0
    return share(bass_stays[context.shared(_motion).kind == MOTIONS.index("oblique")])
