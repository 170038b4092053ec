"""Why a bundle says what it says of a piece: its evidence beside the ranges of the classes, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from styleprint.bundle.bundle import Bundle
from styleprint.bundle.identification import Identification
from styleprint.explaining.evidence_places import EvidencePlaces, find_places
from styleprint.music.recording import Recording
from styleprint.music.score import Score

__all__ = ["Explanation", "FeatureRanges", "explain_answer"]


@dataclass(frozen=True)
class FeatureRanges:
    """A feature that is evidence: its value here, and what is usual in each class.

    Attributes
    ----------
    number : int
        Of the evidence, counted from 1.
    column : str
    value : float
    ranges : mapping of str to (float, float, float)
        Class → lower quartile, median and upper quartile of its training pieces; classes without values are left out.
    """

    number: int
    column: str
    value: float
    ranges: Mapping[str, tuple[float, float, float]]

    def to_json(self) -> dict[str, Any]:
        """As ``explain --json`` writes it."""
        ranges = {name: list(quartiles) for name, quartiles in self.ranges.items()}
        return {"number": self.number, "column": self.column, "value": self.value, "ranges": ranges}


@dataclass(frozen=True)
class Explanation:
    """An answer, and what is behind it.

    Attributes
    ----------
    identification : Identification
    places : EvidencePlaces or None
        Where the evidence stands, of a score that was answered.
    features : tuple of FeatureRanges
        Of the evidence that is a feature; none of a bundle that keeps no ranges.
    engravings : tuple of str
        Where they were asked for and the file is notation: each passage of `places` as SVG.
    """

    identification: Identification
    places: EvidencePlaces | None = None
    features: tuple[FeatureRanges, ...] = ()
    engravings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What ``explain --json`` writes: what ``identify --json`` writes, and `features` and `passages` beside it.

        `evidence` also has the places of each pattern in words; a passage is some bars with the numbers of the
        patterns that stand there, each with its moment in quarters from the beginning of the piece, and, where it was
        asked for, `engraved`: its bars as SVG.
        """
        found = self.identification.to_json()
        if self.identification.status != "ok":
            return found
        names = self.places.names if self.places else [()] * len(found["evidence"])
        found["evidence"] = [
            {**pattern, "places": list(own)} for pattern, own in zip(found["evidence"], names, strict=True)
        ]
        found["features"] = [feature.to_json() for feature in self.features]
        found["passages"] = [
            {
                "name": passage.name,
                "start_quarters": passage.start_quarters,
                "quarters": passage.quarters,
                "marks": [
                    {"onset_quarters": passage.start_quarters + onset, "numbers": list(numbers)}
                    for onset, numbers in passage.marks
                ],
            }
            for passage in (self.places.passages if self.places else ())
        ]
        for passage, svg in zip(found["passages"], self.engravings, strict=False):
            passage["engraved"] = svg
        return found


def explain_answer(
    bundle: Bundle, record: Score | Recording, found: Identification, inputs: pd.DataFrame | None
) -> Explanation:
    """What is behind an answer.

    Parameters
    ----------
    bundle : Bundle
    record : Score or Recording
    found : Identification
        What the bundle says of it.
    inputs : DataFrame, one row, or None
        What it was asked about.
    """
    if found.status != "ok" or inputs is None:
        return Explanation(found)
    places = find_places(record, found.evidence) if isinstance(record, Score) else None
    return Explanation(found, places, _features(bundle, found, inputs))


def _features(bundle: Bundle, found: Identification, inputs: pd.DataFrame) -> tuple[FeatureRanges, ...]:
    if bundle.ranges is None:
        return ()
    features = []
    for number, pattern in enumerate(found.evidence, start=1):
        column = str(pattern["name"]).partition(", ")[0]
        quartiles = bundle.ranges.of_column(column)
        value = float(inputs[column].iloc[0]) if column in inputs else np.nan
        if quartiles is None or not np.isfinite(value):
            continue
        rows = zip(bundle.classes, quartiles.astype(float).tolist(), strict=True)
        ranges = {name: (row[0], row[1], row[2]) for name, row in rows if np.isfinite(row).all()}
        features.append(FeatureRanges(number, column, value, ranges))
    return tuple(features)
