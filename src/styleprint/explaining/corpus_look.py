"""What a corpus of scores holds, label by label: files and works, chords, progressions, keys, examples.

A piece counts once, whatever its length: shares are means over pieces. Works of a label are resampled for intervals.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from styleprint.evaluation.intervals import BOOTSTRAPS, MIN_GROUPS
from styleprint.explaining.mel_spectrogram import MelSpectrogram, mel_spectrogram
from styleprint.explaining.piece_look import Opening, PieceLook, Roll

__all__ = ["Example", "LabelLook", "look_at_labels"]

_MOST_NUMERALS, _MOST_PROGRESSIONS = 12, 8


@dataclass(frozen=True)
class Example:
    """A piece to show: of middle length among the label's."""

    path: str
    roll: Roll
    opening: Opening = field(default_factory=Opening)

    @cached_property
    def spectrogram(self) -> MelSpectrogram | None:
        """What its opening would look like as sound; None where nothing sounds. Computed when first asked for."""
        return mel_spectrogram(self.opening.notes, seconds=self.opening.seconds)


@dataclass(frozen=True)
class LabelLook:
    """One label.

    Attributes
    ----------
    name : str
    files, works : int
        In the corpus.
    looked_at : int
        Pieces that were analysed.
    quarters : float
        Median length.
    minor : (float, float, float)
        Share of pieces in minor, with a 95 % interval over works; NaN ends with fewer than ten works.
    away : (float, float, float)
        Mean share of the time away from the home key, likewise.
    numerals : dict of str to float
        Mean share of the time, the commonest first.
    progressions : dict of str to float
        Of 100 progressions of a piece, on average; the commonest first.
    example : Example or None
    """

    name: str
    files: int
    works: int
    looked_at: int
    quarters: float
    minor: tuple[float, float, float]
    away: tuple[float, float, float]
    numerals: dict[str, float]
    progressions: dict[str, float]
    example: Example | None


def look_at_labels(
    looks: Mapping[str, PieceLook],
    label_of: Mapping[str, str],
    work_of: Mapping[str, str],
    *,
    seed: int,
) -> tuple[LabelLook, ...]:
    """Put pieces together by label, in the order of names.

    Parameters
    ----------
    looks : mapping of str to PieceLook
        Path → what was seen.
    label_of, work_of : mapping of str to str
        Of all files of the corpus that serve.
    seed : int
        Of the bootstraps.
    """
    files: dict[str, list[str]] = defaultdict(list)
    for path, label in label_of.items():
        files[label].append(path)
    return tuple(_label(name, files[name], looks, work_of, seed) for name in sorted(files))


def _label(
    name: str, paths: Sequence[str], looks: Mapping[str, PieceLook], work_of: Mapping[str, str], seed: int
) -> LabelLook:
    own = [path for path in paths if path in looks and looks[path].quarters > 0]
    seen = [looks[path] for path in own]
    works = [work_of[path] for path in own]
    minor = [float(look.is_minor) if look.is_minor is not None else float("nan") for look in seen]
    numerals: dict[str, float] = defaultdict(float)
    progressions: dict[str, float] = defaultdict(float)
    for look in seen:
        for numeral, quarters in look.numerals.items():
            numerals[numeral] += quarters / look.quarters / len(seen)
        total = sum(look.progressions.values())
        for progression, count in look.progressions.items():
            progressions[progression] += 100 * count / total / len(seen)
    return LabelLook(
        name=name,
        files=len(paths),
        works=len({work_of[path] for path in paths}),
        looked_at=len(seen),
        quarters=float(np.median([look.quarters for look in seen])) if seen else float("nan"),
        minor=_mean_over_works(minor, works, seed),
        away=_mean_over_works([look.away for look in seen], works, seed),
        numerals=_commonest(numerals, _MOST_NUMERALS),
        progressions=_commonest(progressions, _MOST_PROGRESSIONS),
        example=_example(own, looks),
    )


def _commonest(shares: Mapping[str, float], count: int) -> dict[str, float]:
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return dict(ranked[:count])


def _mean_over_works(values: Sequence[float], works: Sequence[str], seed: int) -> tuple[float, float, float]:
    """Mean over pieces, and its interval where works are resampled with all their pieces."""
    known = [(value, work) for value, work in zip(values, works, strict=True) if value == value]
    if not known:
        return float("nan"), float("nan"), float("nan")
    codes = np.unique([work for _, work in known], return_inverse=True)[1]
    numbers = np.array([value for value, _ in known])
    sums, counts = np.bincount(codes, weights=numbers), np.bincount(codes)
    mean = float(numbers.mean())
    if len(counts) < MIN_GROUPS:
        return mean, float("nan"), float("nan")
    times = np.random.default_rng(seed).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), BOOTSTRAPS)
    low, high = np.percentile((times @ sums) / (times @ counts), (2.5, 97.5))
    return mean, float(low), float(high)


def _example(paths: Sequence[str], looks: Mapping[str, PieceLook]) -> Example | None:
    if not paths:
        return None
    ordered = sorted(paths, key=lambda path: (looks[path].quarters, path))
    path = ordered[len(ordered) // 2]
    return Example(path, looks[path].roll, looks[path].opening)
