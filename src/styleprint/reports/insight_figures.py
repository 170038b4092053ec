"""The figures of an evaluation's insight, by name."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from styleprint.reports import charts, comparison_charts
from styleprint.reports.tree_chart import tree

__all__ = ["insight_figures"]

_SHOWN = 20


def insight_figures(insight: Mapping[str, Any], classes: list[str]) -> dict[str, Markup]:
    """SVG by name: ``learning-curve``, ``importance``, ``shap``, ``tree``, ``confusion-level-1`` …

    Parameters
    ----------
    insight : mapping
        The section ``insight`` of an evaluation's JSON.
    classes : list of str
    """
    points = insight["learning_curve"]["points"]
    figures = {
        "learning-curve": comparison_charts.lines(
            {
                "new groups": [(p["groups"], p["test"]["value"]) for p in points],
                "training rows": [(p["groups"], p["train"]) for p in points],
            },
            title="Learning curve",
            x_name="training groups",
            y_name="accuracy",
            bands={"new groups": [(p["groups"], p["test"]["low"], p["test"]["high"]) for p in points]},
        ),
        "difficulty": charts.bars(
            {entry["name"]: round(entry["f1"], 3) for entry in insight["difficulty"]}, title="F1 of each class"
        ),
    }
    for level, found in insight["levels"].items():
        figures[f"confusion-level-{level}"] = comparison_charts.matrix(
            found["classes"], found["confusion_normalised"], title=f"Confusion of level {level}"
        )
    if insight["tree"]:
        figures["tree"] = tree(insight["tree"]["root"], classes, title="A small tree")
    if insight["importance"]["applies"]:
        figures |= _importances(insight["importance"])
    return figures


def _importances(importance: Mapping[str, Any]) -> dict[str, Markup]:
    rows = [
        (_cluster(entry["features"]), entry["value"], entry["low"], entry["high"])
        for entry in importance["permutation"][:_SHOWN]
    ]
    figures = {"importance": comparison_charts.differences(rows, title="Permutation importance")}
    if importance["shap"]["applies"]:
        by_class = importance["shap"]["by_class"]
        total: dict[str, float] = {}
        for values in by_class.values():
            for name, size in values.items():
                total[name] = total.get(name, 0.0) + size / len(by_class)
        ranked = sorted(total.items(), key=lambda item: -item[1])[:_SHOWN]
        figures["shap"] = charts.bars({n: float(f"{v:.3g}") for n, v in ranked}, title="Mean size of SHAP values")
    return figures


def _cluster(features: list[str]) -> str:
    return features[0] if len(features) == 1 else f"{features[0]} +{len(features) - 1}"
