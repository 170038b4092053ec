"""A tuning as one self-contained HTML page, made from its JSON alone."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from styleprint.evaluation.metrics import LOWER_IS_BETTER
from styleprint.reports import charts, comparison_charts
from styleprint.reports.page import render

__all__ = ["render_tuning", "tuning_figures"]

_SECTIONS = (
    ("worth", "What it is worth"),
    ("parameters", "Parameters"),
    ("trials", "Trials"),
    ("classes", "By class"),
    ("notes", "How it was made"),
)


def render_tuning(tuning: Mapping[str, Any], *, title: str) -> str:
    """The page as HTML.

    Parameters
    ----------
    tuning : mapping
        ``Tuning.to_json()``.
    title : str
    """
    figures = tuning_figures(tuning)
    ranked = sorted(tuning["trials"], key=lambda t: (t["value"] is None, -(t["value"] or 0.0), t["number"]))
    return render(
        "tuning.html",
        t=tuning,
        title=title,
        metric=tuning["metric"].replace("_", " "),
        sections=_SECTIONS,
        ranked=ranked,
        **{name: figures.get(name, "") for name in ("sides", "course", "importances", "gains")},
    )


def tuning_figures(tuning: Mapping[str, Any]) -> dict[str, Markup]:
    """SVG by name: ``sides``, ``course``, ``importances``, ``gains``; what does not apply is left out.

    Parameters
    ----------
    tuning : mapping
        ``Tuning.to_json()``.
    """
    metric, sides = tuning["metric"], {"tuned": tuning["tuned"], "as it comes": tuning["default"]}
    rows = [(name, *(side[metric][end] for end in ("value", "low", "high"))) for name, side in sides.items()]
    gains = [
        (name, tuning["tuned"]["per_class"][name]["f1"] - tuning["default"]["per_class"][name]["f1"])
        for name in tuning["classes"]
    ]
    figures = {
        "gains": comparison_charts.differences(
            [(name, gain, gain, gain) for name, gain in gains], title="Gain in F1 by class"
        ),
        "course": _course(tuning),
    }
    if all(low >= 0 and high <= 1 for _, _, low, high in rows):
        figures["sides"] = charts.intervals(rows, title=f"{metric} as it comes and tuned")
    importances = tuning["importances"]
    if importances["applies"]:
        figures["importances"] = charts.bars(
            {name: round(100 * share, 1) for name, share in importances["values"].items()},
            title="Importance of each parameter",
            unit=" %",
        )
    return {name: figure for name, figure in figures.items() if figure}


def _course(tuning: Mapping[str, Any]) -> Markup:
    """The best score so far, trial by trial."""
    values = [(trial["number"], trial["value"]) for trial in tuning["trials"] if trial["value"] is not None]
    better = min if tuning["metric"] in LOWER_IS_BETTER else max
    best, course = values[0][1], []
    for number, value in values:
        best = better(best, value)
        course.append((float(number), best))
    if any(not 0 <= value <= 1 for _, value in values):
        return Markup("")
    return comparison_charts.lines(
        {"best so far": course, "each trial": [(float(number), value) for number, value in values]},
        title="Course of the search",
        x_name="trial",
        y_name=tuning["metric"].replace("_", " "),
    )
