"""A comparison of models as one self-contained HTML page, made from its JSON alone."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from styleprint.evaluation.comparison_sentences import verdict
from styleprint.reports import charts, comparison_charts
from styleprint.reports.page import render

__all__ = ["comparison_figures", "render_comparison"]

_SECTIONS = (
    ("models", "Models"),
    ("reference", "Against the reference"),
    ("classes", "By class"),
    ("confusion", "Confusion"),
    ("notes", "How it was made"),
)


def render_comparison(comparison: Mapping[str, Any], *, title: str) -> str:
    """The page as HTML.

    Parameters
    ----------
    comparison : mapping
        ``Comparison.to_json()``.
    title : str
    """
    figures = comparison_figures(comparison)
    models = comparison["models"]
    return render(
        "comparison.html",
        c=comparison,
        title=title,
        metric=comparison["metric"].replace("_", " "),
        sections=_SECTIONS,
        chart=figures.get("models", ""),
        differences=figures["differences"],
        verdicts={name: _verdict(entry) for name, entry in comparison["paired"].items()},
        posteriors=figures.get("posterior", ""),
        hardest=_hardest_first(comparison),
        confusions={name: figures[f"confusion-{name}"] for name in models},
    )


def comparison_figures(comparison: Mapping[str, Any]) -> dict[str, Markup]:
    """SVG by name: ``models``, ``differences``, ``posterior``, ``confusion-MODEL``; what does not apply is left out.

    Parameters
    ----------
    comparison : mapping
        ``Comparison.to_json()``.
    """
    metric, models, reference = comparison["metric"], comparison["models"], comparison["reference"]
    rows = [(name, *(entry[metric][end] for end in ("value", "low", "high"))) for name, entry in models.items()]
    figures = {
        "differences": comparison_charts.differences(
            [
                (name, *(entry["difference"][end] for end in ("value", "low", "high")))
                for name, entry in comparison["paired"].items()
            ],
            title=f"Difference to {reference}",
        )
    }
    if all(low >= 0 and high <= 1 for _, _, low, high in rows):
        figures["models"] = charts.intervals(rows, title=f"{metric.replace('_', ' ')} of each model")
    tests = {name: entry["test"] for name, entry in comparison["paired"].items() if entry["test"]}
    if tests:
        figures["posterior"] = comparison_charts.shares(
            {name: (test["p_worse"], test["p_equivalent"], test["p_better"]) for name, test in tests.items()},
            names=("worse", "within one point", "better"),
            title=f"Posterior probability against {reference}",
        )
    for name, entry in models.items():
        figures[f"confusion-{name}"] = comparison_charts.matrix(
            comparison["classes"], entry["confusion_normalised"], title=f"Confusion of {name}"
        )
    return figures


def _verdict(entry: Mapping[str, Any]) -> str:
    test = entry["test"]
    return verdict(entry["p_holm"], test["mean"], test["p_equivalent"]) if test else "untested"


def _hardest_first(comparison: Mapping[str, Any]) -> list[str]:
    """Classes by the mean recall of all models, the lowest first."""
    models = comparison["models"].values()

    def mean_recall(name: str) -> float:
        return sum(entry["per_class"][name]["recall"] or 0.0 for entry in models) / len(models)

    return sorted(comparison["classes"], key=mean_recall)
