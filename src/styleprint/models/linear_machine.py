"""A machine that adds up features: one coefficient for each feature and class."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from styleprint.models.base import FloatArray, State

__all__ = ["LinearMachine"]


@dataclass(frozen=True, eq=False)
class LinearMachine:
    """Coefficients and intercepts.

    Attributes
    ----------
    coefficients : ndarray, shape (n_features, n_classes)
    intercepts : ndarray, shape (n_classes,)
    """

    coefficients: FloatArray
    intercepts: FloatArray

    @classmethod
    def of(cls, coef: Any, intercept: Any) -> "LinearMachine":
        """From scikit-learn's ``coef_`` and ``intercept_``; with two classes the first decides 0."""
        coefficients, intercepts = np.atleast_2d(np.asarray(coef)).T, np.atleast_1d(np.asarray(intercept))
        if coefficients.shape[1] == 1:
            coefficients = np.concatenate([np.zeros_like(coefficients), coefficients], axis=1)
            intercepts = np.concatenate([np.zeros(1), intercepts])
        return cls(coefficients.astype(np.float64), intercepts.astype(np.float64))

    def decide(self, rows: FloatArray) -> FloatArray:
        """Decision values, shape (n_rows, n_classes)."""
        decided: FloatArray = rows @ self.coefficients + self.intercepts
        return decided

    def to_state(self) -> dict[str, Any]:
        """Arrays."""
        return {"coefficients": self.coefficients, "intercepts": self.intercepts}

    @classmethod
    def from_state(cls, state: State) -> "LinearMachine":
        """What :meth:`to_state` described."""
        machine = cls(np.asarray(state["coefficients"]), np.asarray(state["intercepts"]))
        if machine.coefficients.ndim != 2 or machine.coefficients.shape[1:] != machine.intercepts.shape:
            raise ValueError("coefficients and intercepts must fit together")
        return machine
