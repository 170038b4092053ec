"""The figures of how networks learnt, by name."""

import math
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from styleprint.reports.comparison_charts import lines

__all__ = ["epochs_figures"]


def epochs_figures(section: Mapping[str, Any]) -> dict[str, Markup]:
    """SVG by name: ``loss`` and, where rows were held out, ``held-out-accuracy``.

    Parameters
    ----------
    section : mapping
        The section ``epochs`` of an evaluation's JSON.
    """
    epochs = section["epochs"]
    names = {"rows learnt from": "loss", "rows held out": "held_out_loss"}
    losses = {name: _points(epochs, key) for name, key in names.items() if key in epochs[0]}
    bands = {name: _bands(epochs, names[name]) for name in losses}
    figures = {
        "loss": lines(
            losses,
            title="Loss after each epoch",
            x_name="epoch",
            y_name="loss (nats)",
            bands=bands,
            highest=_round_up(max(high for band in bands.values() for _, _, high in band)),
        )
    }
    if "held_out_accuracy" in epochs[0]:
        figures["held-out-accuracy"] = lines(
            {"rows held out": _points(epochs, "held_out_accuracy")},
            title="Accuracy after each epoch",
            x_name="epoch",
            y_name="accuracy",
            bands={"rows held out": _bands(epochs, "held_out_accuracy")},
        )
    return figures


def _points(epochs: list[Mapping[str, Any]], key: str) -> list[tuple[float, float]]:
    return [(entry["epoch"], entry[key]["mean"]) for entry in epochs if key in entry]


def _bands(epochs: list[Mapping[str, Any]], key: str) -> list[tuple[float, float, float]]:
    return [(entry["epoch"], entry[key]["low"], entry[key]["high"]) for entry in epochs if key in entry]


def _round_up(value: float) -> float:
    """To the next whole number."""
    return max(1.0, float(math.ceil(value)))
