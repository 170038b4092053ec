"""The shapes of what the API answers, for its OpenAPI description."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["EXAMPLE", "Answer", "BundleRecord", "Failure", "ProblemDetails", "State"]

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
