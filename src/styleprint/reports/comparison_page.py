"""A comparison of models as one self-contained HTML page, made from its JSON alone."""

from collections.abc import Mapping
from typing import Any

from styleprint.evaluation.comparison_sentences import verdict
from styleprint.reports import charts, comparison_charts
from styleprint.reports.page import render

__all__ = ["render_comparison"]

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
    metric = comparison["metric"]
    models = comparison["models"]
    rows = [(name, *(entry[metric][end] for end in ("value", "low", "high"))) for name, entry in models.items()]
    is_share = all(low >= 0 and high <= 1 for _, _, low, high in rows)
    return render(
        "comparison.html",
        c=comparison,
        title=title,
        metric=metric.replace("_", " "),
        sections=_SECTIONS,
        chart=charts.intervals(rows, title=f"{metric.replace('_', ' ')} of each model") if is_share else "",
        differences=_differences(comparison),
        verdicts={name: _verdict(entry) for name, entry in comparison["paired"].items()},
        posteriors=comparison_charts.shares(
            {
                name: (entry["test"]["p_worse"], entry["test"]["p_equivalent"], entry["test"]["p_better"])
                for name, entry in comparison["paired"].items()
                if entry["test"]
            },
            names=("worse", "within one point", "better"),
            title=f"Posterior probability against {comparison['reference']}",
        ),
        tested=any(entry["test"] for entry in comparison["paired"].values()),
        hardest=_hardest_first(comparison),
        confusions={
            name: comparison_charts.matrix(
                comparison["classes"], entry["confusion_normalised"], title=f"Confusion of {name}"
            )
            for name, entry in models.items()
        },
    )


def _verdict(entry: Mapping[str, Any]) -> str:
    test = entry["test"]
    return verdict(entry["p_holm"], test["mean"], test["p_equivalent"]) if test else "untested"


def _hardest_first(comparison: Mapping[str, Any]) -> list[str]:
    """Classes by the mean recall of all models, the lowest first."""
    models = comparison["models"].values()

    def mean_recall(name: str) -> float:
        return sum(entry["per_class"][name]["recall"] or 0.0 for entry in models) / len(models)

    return sorted(comparison["classes"], key=mean_recall)


def _differences(comparison: Mapping[str, Any]) -> Any:
    """Differences to the reference with their intervals over groups."""
    rows = [
        (name, *(entry["difference"][end] for end in ("value", "low", "high")))
        for name, entry in comparison["paired"].items()
    ]
    return comparison_charts.differences(rows, title=f"Difference to {comparison['reference']}")
