"""How the recordings were made that a model learnt from, and what to say of one that was made otherwise.

A model of recordings hears the studio and the coder too: asked about a file that is cut at 8 kHz, where all that it
learnt from goes higher, it may answer about the cut. So a bundle keeps, of each property in
:mod:`styleprint.features.sound_make`, the least and the greatest value among its pieces (of the coding, the set), and
a recording that lies outside by more than the margin below is answered with a warning. Margins are there because one
of sixty new recordings lies a little outside of sixty others in one property or another by chance.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

__all__ = ["CODING", "MakeRanges"]

CODING = "make_coding"


@dataclass(frozen=True)
class _Property:
    """What a warning calls a property, how it shows its values, and how far outside is outside."""

    name: str
    show: Callable[[float], str]
    ratio: float = 1.0
    margin: float = 0.0

    def is_outside(self, value: float, low: float, high: float) -> bool:
        return value < low / self.ratio - self.margin or value > high * self.ratio + self.margin


_PROPERTIES: Mapping[str, _Property] = {
    "make_seconds": _Property("length", "{:.1f} s".format, ratio=2.0),
    "make_rate_hz": _Property("sampling rate", "{:,.0f} Hz".format, ratio=1.25),
    "make_channels": _Property("number of channels", "{:.0f}".format),
    "make_peak": _Property("peak", "{:.1f} dB".format, margin=6.0),
    "make_level": _Property("level", "{:.1f} dB".format, margin=6.0),
    "make_clipped": _Property("share of samples at the peak", "{:.3%}".format, margin=1e-3),
    "make_side": _Property("side over middle", "{:.2f}".format, margin=0.25),
    "make_offset": _Property("mean sample", "{:.3f}".format, margin=0.01),
    "make_bandwidth_hz": _Property("bandwidth", "{:,.0f} Hz".format, ratio=1.05),
}


@dataclass(frozen=True)
class MakeRanges:
    """How the recordings of a bundle were made.

    Attributes
    ----------
    ranges : mapping of str to (float, float)
        Property → least and greatest value; without those that no recording had.
    codings : frozenset of float
        Codes of container and coding, as ``make_coding`` has them.
    """

    ranges: Mapping[str, tuple[float, float]]
    codings: frozenset[float]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "MakeRanges | None":
        """Of the rows that a model learnt from; None where they do not say how they were made."""
        known = [name for name in _PROPERTIES if name in frame and frame[name].notna().any()]
        if not known:
            return None
        ranges = {name: (float(frame[name].min()), float(frame[name].max())) for name in known}
        codings = frame[CODING].dropna().tolist() if CODING in frame else []
        return cls(ranges, frozenset(map(float, codings)))

    def warnings(self, made: Mapping[str, float], coding: str) -> tuple[str, ...]:
        """A sentence for each property of a recording that lies outside.

        Parameters
        ----------
        made : mapping of str to float
            What :func:`styleprint.features.sound_make.sound_make_row` gives.
        coding : str
            Container and coding by name.
        """
        found = []
        for name, (low, high) in self.ranges.items():
            value, about = made[name], _PROPERTIES[name]
            if not math.isnan(value) and about.is_outside(value, low, high):
                span = about.show(low) if low == high else f"{about.show(low)} to {about.show(high)}"
                found.append(
                    f"Made otherwise than what the model learnt from: its {about.name} is {about.show(value)}, "
                    f"theirs {span}. The answer may rest on that."
                )
        if self.codings and not math.isnan(made[CODING]) and made[CODING] not in self.codings:
            found.append(
                f"Made otherwise than what the model learnt from: none of those is coded as this ({coding}). "
                "The answer may rest on that."
            )
        return tuple(found)

    def to_json(self) -> dict[str, Any]:
        """As a bundle holds it."""
        return {"ranges": {name: list(pair) for name, pair in self.ranges.items()}, "codings": sorted(self.codings)}

    @classmethod
    def from_json(cls, value: Any) -> "MakeRanges":
        """What :meth:`to_json` gave.

        Raises
        ------
        ValueError
            Where it is something else.
        """
        ranges = {str(name): (float(low), float(high)) for name, (low, high) in value["ranges"].items()}
        if not set(ranges) <= set(_PROPERTIES) or not all(low <= high for low, high in ranges.values()):
            raise ValueError("ranges of how recordings were made must rise, of known properties")
        return cls(ranges, frozenset(map(float, value["codings"])))
