"""What a bundle says of one piece.

First whether the music is a copy of a piece that the bundle knows: then its label is known, and the model's
own answer stands beside it. Probabilities are calibrated, and hold under a prior that is stated.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from styleprint.bundle.bundle import Bundle
from styleprint.corpus.copies import Fingerprint
from styleprint.evaluation.verdict import decide
from styleprint.support.errors import BundleError, UsageError

__all__ = ["Identification", "identify_row", "reweigh"]

_NEAREST = 5
_PATTERNS = 8


@dataclass(frozen=True)
class Identification:
    """The answer about one piece.

    Attributes
    ----------
    path : str
    status : str
        ``ok``, or why there is no answer; then `reason` says it, and nothing else is set.
    copy_of : mapping or None
        The known piece that holds the same music: ``path``, ``label``, ``work``, ``coverage``, ``transposition``,
        ``kind`` (``copy`` or ``excerpt``).
    label : str
        The likeliest class.
    probability : float
    probabilities : mapping of str to float
        Under the stated prior.
    prior : str
        ``corpus``, ``equal`` or the file that states it.
    candidates : tuple of str
        Classes that typicality does not exclude.
    typicality : mapping of str to float
        Conformal p-value of each class.
    verdict : str
        ``identified``, ``undecided`` or ``none_of_these``.
    evidence : tuple of mappings
        Patterns that speak for the label and against it: ``name``, ``weight``.
    nearest : tuple of mappings
        Known pieces most alike: ``path``, ``label``, ``work``, ``similarity``.
    warnings : tuple of str
        What reading had to mend.
    seconds : float
    reason : str
    """

    path: str
    status: str = "ok"
    copy_of: Mapping[str, Any] | None = None
    label: str = ""
    probability: float = 0.0
    probabilities: Mapping[str, float] | None = None
    prior: str = "corpus"
    candidates: tuple[str, ...] = ()
    typicality: Mapping[str, float] | None = None
    verdict: str = ""
    evidence: tuple[Mapping[str, Any], ...] = ()
    nearest: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """What ``identify --json`` writes of one file."""
        if self.status != "ok":
            return {"path": self.path, "status": self.status, "reason": self.reason}
        found = asdict(self)
        del found["reason"]
        return found


def identify_row(
    bundle: Bundle,
    inputs: pd.DataFrame,
    fingerprint: Fingerprint | None,
    *,
    path: str,
    prior: str = "corpus",
    prior_shares: Mapping[str, float] | None = None,
) -> Identification:
    """What the bundle says of one piece.

    Parameters
    ----------
    bundle : Bundle
    inputs : DataFrame, one row
        Feature and stream columns of the bundle's recipe.
    fingerprint : Fingerprint or None
        None for a row of a table from elsewhere, which has no notes to compare.
    path : str
    prior : str
        Name of the prior, for the record.
    prior_shares : mapping of str to float, optional
        How likely each class is before the music is seen; None keeps the shares of the corpus.

    Raises
    ------
    BundleError
        B122, where a number of the answer is not finite.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = _ask(bundle, inputs, path, prior, prior_shares)
    return replace(found, copy_of=_copy_of(bundle, fingerprint))


def _ask(
    bundle: Bundle, inputs: pd.DataFrame, path: str, prior: str, prior_shares: Mapping[str, float] | None
) -> Identification:
    """What the model says, without looking whether the piece is known."""
    estimator = bundle.estimator
    rows = estimator.look(inputs) if hasattr(estimator, "look") else inputs
    calibrated = dict(zip(bundle.classes, map(float, estimator.predict_proba(rows)[0]), strict=True))
    probabilities = reweigh(calibrated, bundle.shares, prior_shares) if prior_shares else calibrated
    typicality = dict(zip(bundle.classes, map(float, estimator.typicality(rows)[0]), strict=True))
    if not all(map(math.isfinite, (*calibrated.values(), *typicality.values()))):
        raise BundleError(
            "B122",
            "a bundle must answer in finite numbers, and this one does not.",
            remedy="Train it again.",
            place=path,
        )
    verdict = decide(typicality)
    label = max(probabilities, key=lambda name: probabilities[name])
    return Identification(
        path=path,
        label=label,
        probability=probabilities[label],
        probabilities=probabilities,
        prior=prior,
        candidates=tuple(verdict.candidates),
        typicality=typicality,
        verdict=verdict.name,
        evidence=tuple(estimator.evidence(rows, label, _PATTERNS)),
        nearest=_nearest(bundle, rows),
    )


def reweigh(
    probabilities: Mapping[str, float], shares: Mapping[str, float], prior: Mapping[str, float]
) -> dict[str, float]:
    """Probabilities under another prior, by Bayes' rule: each times prior over share, made to sum to 1.

    Parameters
    ----------
    probabilities : mapping
        Calibrated where classes have `shares`.
    shares, prior : mappings
        Class → share; every class must be there, and some prior must be positive.

    Raises
    ------
    UsageError
        U194, where the prior does not fit the classes.
    """
    missing = sorted(set(probabilities) - set(prior))
    if missing or min(prior.values()) < 0 or not sum(prior[name] for name in probabilities) > 0:
        why = f"it lacks {', '.join(missing)}" if missing else "its shares are negative or all zero"
        raise UsageError("U194", f"a prior must give each class of the bundle a share, but {why}.")
    weighed = {name: p * prior[name] / shares[name] for name, p in probabilities.items()}
    whole = sum(weighed.values())
    if not whole > 0:
        return {name: prior[name] / sum(prior[n] for n in probabilities) for name in probabilities}
    return {name: value / whole for name, value in weighed.items()}


def _copy_of(bundle: Bundle, fingerprint: Fingerprint | None) -> dict[str, Any] | None:
    """The known piece that is the same music, the best first."""
    if bundle.known is None or fingerprint is None:
        return None
    matches = bundle.known.query(fingerprint)
    if not matches:
        return None
    best = matches[0]
    return {
        **bundle.pieces[best.index],
        "coverage": float(best.coverage),
        "transposition": int(best.transposition),
        "kind": best.kind,
    }


def _nearest(bundle: Bundle, rows: Any) -> tuple[dict[str, Any], ...]:
    indices, similarities = bundle.estimator.nearest(rows, min(_NEAREST, len(bundle.pieces)))
    return tuple(
        {**bundle.pieces[int(index)], "similarity": float(similarity)}
        for index, similarity in zip(indices[0], similarities[0], strict=True)
    )
