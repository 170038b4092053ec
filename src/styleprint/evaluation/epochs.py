"""How networks learnt in the folds of an evaluation: losses after each epoch, over all networks."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from styleprint.evaluation.folds import FoldResult

__all__ = ["epochs_section"]

_TOLD = ("loss", "held_out_loss", "held_out_accuracy")


def epochs_section(results: Sequence[FoldResult]) -> dict[str, Any] | None:
    """Means and extremes over the networks of all folds; None where no model learnt in epochs.

    Parameters
    ----------
    results : sequence of FoldResult
        Of one protocol.

    Returns
    -------
    dict or None
        ``networks`` (their number), ``epochs`` (entries with ``epoch``, from 1 or, of a hybrid, from 0: its branches
        alone; and of ``loss``, ``held_out_loss`` and ``held_out_accuracy`` those that there are: ``mean``, ``low``,
        ``high``) and a ``sentence``.
    """
    curves = [curve for result in results for curve in result.curves if curve]
    if not curves:
        return None
    points: dict[int, list[Mapping[str, float]]] = {}
    for curve in curves:
        first = 0 if "rounds" in curve[0] else 1
        for epoch, point in enumerate(curve, start=first):
            points.setdefault(epoch, []).append(point)
    epochs = [_epoch(epoch, points[epoch]) for epoch in sorted(points)]
    return {"networks": len(curves), "epochs": epochs, "sentence": _sentence(epochs, len(curves))}


def _epoch(epoch: int, points: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    found: dict[str, Any] = {"epoch": epoch}
    for name in _TOLD:
        values = [point[name] for point in points if name in point]
        if values:
            found[name] = {"mean": float(np.mean(values)), "low": min(values), "high": max(values)}
    return found


def _sentence(epochs: Sequence[Mapping[str, Any]], networks: int) -> str:
    held = [entry for entry in epochs if "held_out_loss" in entry]
    start = f"{networks} networks learnt for {epochs[-1]['epoch']} epochs"
    if epochs[0]["epoch"] == 0:
        start += ", after their branches had learnt by themselves (epoch 0)"
    if not held:
        return f"{start}; no rows were held out from them, so the last epoch counts."
    best = min(held, key=lambda entry: float(entry["held_out_loss"]["mean"]))
    return (
        f"{start}; the loss of the rows held out is least after epoch {best['epoch']} in the mean "
        f"({best['held_out_loss']['mean']:.3f}, accuracy {best['held_out_accuracy']['mean']:.3f}) and "
        f"{held[-1]['held_out_loss']['mean']:.3f} after the last. Which epoch counts is chosen in each model by the "
        "rows held out from its other networks."
    )
