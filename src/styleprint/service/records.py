"""The shapes of what the API answers, for its OpenAPI description."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["EXAMPLE", "EXPLAINED", "Answer", "BundleRecord", "Explained", "Failure", "ProblemDetails", "State"]

EXAMPLE: dict[str, Any] = {
    "path": "unknown.mid",
    "status": "ok",
    "copy_of": None,
    "label": "Bach",
    "probability": 0.93,
    "probabilities": {"Bach": 0.93, "Mozart": 0.07},
    "prior": "corpus",
    "candidates": ["Bach"],
    "typicality": {"Bach": 0.41, "Mozart": 0.02},
    "verdict": "identified",
    "evidence": [{"name": "bass: +2 · +2", "weight": 0.31, "onset_quarters": [0.0, 4.0]}],
    "nearest": [{"path": "Bach/invention 1.mid", "label": "Bach", "work": "bwv-772", "similarity": 0.62}],
    "warnings": [],
    "seconds": 0.08,
}
"""An answer that was made up, to show its shape."""

_COLUMN = "mean_melodic_interval"

EXPLAINED: dict[str, Any] = {
    **EXAMPLE,
    "evidence": [
        {**EXAMPLE["evidence"][0], "places": ["bar 1", "bar 2"]},
        {"name": f"{_COLUMN}, higher than in 93 % of pieces", "weight": 0.2, "places": []},
    ],
    "features": [
        {
            "number": 2,
            "column": _COLUMN,
            "value": 3.1,
            "ranges": {"Bach": [2.1, 2.6, 3.2], "Mozart": [1.8, 2.2, 2.7]},
        }
    ],
    "passages": [
        {
            "name": "bars 1 to 4",
            "start_quarters": 0.0,
            "quarters": 16.0,
            "marks": [{"onset_quarters": 0.0, "numbers": [1]}, {"onset_quarters": 4.0, "numbers": [1]}],
        }
    ],
}
"""An explanation that was made up, to show its shape."""


class Known(BaseModel):
    """A piece that the bundle was trained on."""

    path: str
    label: str
    work: str


class CopyOf(Known):
    """The known piece that holds the same music."""

    coverage: float = Field(description="Share of the shorter piece that is in both.")
    transposition: int = Field(description="Semitones.")
    kind: Literal["copy", "excerpt"]


class Nearest(Known):
    """A known piece that is most alike."""

    similarity: float


class Evidence(BaseModel):
    """A pattern that speaks for the label, or with a weight below 0 against it."""

    name: str
    weight: float = Field(description="Change of log-odds.")
    onset_quarters: list[float] | None = Field(default=None, description="Its first moments.")


class Answer(BaseModel):
    """What the bundle says of one file: the record of `styleprint identify --json`."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    path: str = Field(description="The name of the file as it was sent.")
    status: Literal["ok"]
    copy_of: CopyOf | None
    label: str = Field(description="The likeliest class.")
    probability: float
    probabilities: dict[str, float]
    prior: str
    candidates: list[str] = Field(description="Classes that are not excluded, the most typical first.")
    typicality: dict[str, float] = Field(description="Conformal p-value of each class.")
    verdict: Literal["identified", "undecided", "none_of_these"]
    evidence: list[Evidence]
    nearest: list[Nearest]
    warnings: list[str]
    seconds: float


class PlacedEvidence(Evidence):
    """Evidence and where it stands."""

    places: list[str] = Field(description="Its first bars; empty for what is true of the piece as a whole.")


class FeatureBesideRanges(BaseModel):
    """A feature that is evidence: its value here, and what is usual in each class."""

    number: int = Field(description="Of the evidence, counted from 1.")
    column: str
    value: float
    ranges: dict[str, list[float]] = Field(
        description="Class: lower quartile, median and upper quartile of its training pieces."
    )


class Mark(BaseModel):
    """A moment at which evidence stands."""

    onset_quarters: float = Field(description="From the beginning of the piece.")
    numbers: list[int] = Field(description="Of the evidence, counted from 1.")


class MarkedPassage(BaseModel):
    """Some bars in which evidence stands."""

    name: str
    start_quarters: float
    quarters: float
    marks: list[Mark]
    engraved: str | None = Field(default=None, description="SVG, where it was asked for and the file is notation.")


class Explained(Answer):
    """An answer and what is behind it: the record of `styleprint explain --json`."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXPLAINED]})

    evidence: list[PlacedEvidence]  # type: ignore[assignment]  # a list may not be narrowed, but this one is only read
    features: list[FeatureBesideRanges]
    passages: list[MarkedPassage]


class Failure(BaseModel):
    """Why there is no answer about one file."""

    path: str
    status: Literal["empty", "unreadable", "over_limit", "failed"]
    reason: str


class BundleRecord(BaseModel):
    """What the bundle is: the record of `styleprint card --json`."""

    model: str
    styleprint: str
    classes: list[str]
    shares: dict[str, float]
    pieces: int
    recipe: dict[str, Any]
    evaluation: dict[str, Any] | None
    card: str = Field(description="Markdown.")
    identity: str = Field(description="SHA-256 of the bundle's file.")


class State(BaseModel):
    """Whether the service can answer."""

    status: Literal["ok", "starting"]


class ProblemDetails(BaseModel):
    """Why a request has no answer (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    answers: list[Failure] | None = Field(default=None, description="Of each file, where files were read.")
