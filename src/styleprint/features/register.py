"""Register: how high, how wide, how far apart. Levels follow a transposition; widths do not."""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import bits, deviation, mean, ratio, share
from styleprint.music.changes import REENCODINGS
from styleprint.music.score import FloatArray

__all__ = ["FEATURES"]

FEATURES = Family(
    unchanged_by_repeats=(
        "mean_pitch",
        "mean_skyline_pitch",
        "mean_bass_pitch",
        "highest_pitch",
        "lowest_pitch",
        "octave_share",
        "pitch_range",
        "pitch_skewness",
        "pitch_kurtosis",
        "pitch_entropy",
        "commonest_pitch",
        "skyline_above_its_mean",
    )
)

_JSYMBOLIC = "McKay, Cumming & Fujinaga 2018 (jSymbolic 2.2), {!r}, over the pitches of frames"
_OURS = "our own"
_OCTAVE = np.clip(np.arange(128) // 12 - 2, 0, 5)


def _mean_power(context: ScoreContext, power: int) -> float:
    """Mean of a power of the distances from the mean pitch; taken once a pitch, since powers are slow."""
    pitch = context.frames.midi_pitch
    powers = (np.arange(128) - mean(pitch)) ** power
    return mean(powers[pitch])


@FEATURES.add(unit="MIDI pitch", range=(0, 127), source=_JSYMBOLIC.format("Mean Pitch"), unchanged_by=REENCODINGS)
def mean_pitch(context: ScoreContext) -> float:
    """Mean of the attacked pitches."""
    return mean(context.frames.midi_pitch)


@FEATURES.add(unit="MIDI pitch", range=(0, 127), source=_OURS, unchanged_by=REENCODINGS)
def mean_skyline_pitch(context: ScoreContext) -> float:
    """Mean of the highest pitches."""
    return mean(context.skyline)


@FEATURES.add(unit="MIDI pitch", range=(0, 127), source=_OURS, unchanged_by=REENCODINGS)
def mean_bass_pitch(context: ScoreContext) -> float:
    """Mean of the lowest pitches."""
    return mean(context.bass)


@FEATURES.add(unit="MIDI pitch", range=(0, 127), source=_OURS, unchanged_by=REENCODINGS)
def highest_pitch(context: ScoreContext) -> float:
    """Highest pitch of the piece: the compass of an instrument shows here."""
    pitch = context.frames.midi_pitch
    return float(pitch.max()) if len(pitch) else float("nan")


@FEATURES.add(unit="MIDI pitch", range=(0, 127), source=_OURS, unchanged_by=REENCODINGS)
def lowest_pitch(context: ScoreContext) -> float:
    """Lowest pitch of the piece."""
    pitch = context.frames.midi_pitch
    return float(pitch.min()) if len(pitch) else float("nan")


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Importance of Bass, Middle and High Register"),
    unchanged_by=REENCODINGS,
    columns=("below_c2", "c2_to_b2", "c3_to_b3", "c4_to_b4", "c5_to_b5", "c6_and_above"),
)
def octave_share(context: ScoreContext) -> FloatArray:
    """Share of the attacked pitches in each octave (C4 is middle C)."""
    pitch = context.frames.midi_pitch
    if not len(pitch):
        return np.full(6, np.nan)
    return np.bincount(_OCTAVE[pitch], minlength=6) / len(pitch)


@FEATURES.add(unit="semitones", range=(0, 127), source=_JSYMBOLIC.format("Range"))
def pitch_range(context: ScoreContext) -> float:
    """From the lowest to the highest pitch."""
    pitch = context.frames.midi_pitch
    return float(np.ptp(pitch)) if len(pitch) else float("nan")


@FEATURES.add(unit="semitones", range=(0, 127), source=_OURS)
def usual_pitch_range(context: ScoreContext) -> float:
    """Range that holds nine tenths of the attacked pitches."""
    pitch = np.sort(context.frames.midi_pitch)
    if not len(pitch):
        return float("nan")
    return float(pitch[int(0.95 * (len(pitch) - 1))] - pitch[int(0.05 * (len(pitch) - 1))])


@FEATURES.add(unit="semitones", range=(0, 64), source=_JSYMBOLIC.format("Pitch Variability"))
def pitch_deviation(context: ScoreContext) -> float:
    """Standard deviation of the attacked pitches."""
    return deviation(context.frames.midi_pitch)


@FEATURES.add(unit="semitones", range=(0, 64), source=_OURS)
def skyline_deviation(context: ScoreContext) -> float:
    """Standard deviation of the highest pitches."""
    return deviation(context.skyline)


@FEATURES.add(unit="semitones", range=(0, 64), source=_OURS)
def bass_deviation(context: ScoreContext) -> float:
    """Standard deviation of the lowest pitches."""
    return deviation(context.bass)


@FEATURES.add(unit="skewness", range=(-np.inf, np.inf), source=_JSYMBOLIC.format("Pitch Skewness"))
def pitch_skewness(context: ScoreContext) -> float:
    """Skewness of the attacked pitches; NaN where all are the same."""
    if not len(context.frames):
        return float("nan")
    return ratio(_mean_power(context, 3), _mean_power(context, 2) ** 1.5)


@FEATURES.add(unit="kurtosis", range=(0, np.inf), source=_JSYMBOLIC.format("Pitch Kurtosis"))
def pitch_kurtosis(context: ScoreContext) -> float:
    """Fourth moment of the attacked pitches over the square of the second; 3 for a normal distribution."""
    if not len(context.frames):
        return float("nan")
    return ratio(_mean_power(context, 4), _mean_power(context, 2) ** 2)


@FEATURES.add(unit="bits", range=(0, 7), source=_OURS)
def pitch_entropy(context: ScoreContext) -> float:
    """Entropy of the attacked pitches, octaves kept apart."""
    return bits(np.bincount(context.frames.midi_pitch))


@FEATURES.add(unit="share", range=(0, 1), source=_JSYMBOLIC.format("Prevalence of Most Common Pitch"))
def commonest_pitch(context: ScoreContext) -> float:
    """Share of the commonest pitch among the attacked pitches."""
    pitch = context.frames.midi_pitch
    return float(np.bincount(pitch).max()) / len(pitch) if len(pitch) else float("nan")


@FEATURES.add(unit="semitones", range=(0, 127), source=_OURS)
def register_of_neighbours(context: ScoreContext) -> float:
    """Mean distance between the middle (of highest and lowest) of each frame and that of the next."""
    middle = (context.skyline + context.bass) / 2
    return mean(np.abs(middle[1:] - middle[:-1]))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def skyline_above_its_mean(context: ScoreContext) -> float:
    """Share of frames whose highest pitch lies above the mean pitch of the piece: below it no melody sounds."""
    if not len(context.frames):
        return float("nan")
    return share(context.skyline > mean(context.frames.midi_pitch))
