"""What works that were not seen cost a model of language, as one self-contained HTML page, made from its JSON alone."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from styleprint.reports.comparison_charts import lines
from styleprint.reports.page import render
from styleprint.version import __version__

__all__ = ["language_figures", "render_language"]

_SIDES = {"works learnt from": "bits", "works held out to choose the epoch": "held_out_bits"}


def render_language(evaluation: Mapping[str, Any], *, title: str) -> str:
    """The page as HTML.

    Parameters
    ----------
    evaluation : mapping
        ``LanguageEvaluation.to_json()``.
    title : str
    """
    figures = language_figures(evaluation)
    sections = [("bits", "Bits a note")]
    sections += [("learning", "How it learnt")] if figures else []
    return render(
        "language.html",
        e=evaluation,
        title=title,
        version=__version__,
        sections=[*sections, ("notes", "How it was made")],
        fields=list(next(iter(evaluation["bits_a_field"].values()))),
        learning=figures.get("learning", ""),
    )


def language_figures(evaluation: Mapping[str, Any]) -> dict[str, Markup]:
    """SVG by name: ``learning``, bits a note after each epoch, means of the folds that came so far.

    Parameters
    ----------
    evaluation : mapping
        ``LanguageEvaluation.to_json()``.
    """
    curves = [curve for curve in evaluation["curves"] if curve]
    drawn = {name: points for name, key in _SIDES.items() if (points := _means(curves, key))}
    if not drawn:
        return {}
    highest = math.ceil(max(y for points in drawn.values() for _, y in points))
    return {
        "learning": lines(
            drawn, title="Bits a note after each epoch", x_name="epoch", y_name="bits a note", highest=highest
        )
    }


def _means(curves: Sequence[Sequence[Mapping[str, float]]], key: str) -> list[tuple[float, float]]:
    found = []
    for epoch in range(max(map(len, curves), default=0)):
        values = [curve[epoch][key] for curve in curves if epoch < len(curve) and key in curve[epoch]]
        if values:
            found.append((float(epoch + 1), sum(values) / len(values)))
    return found
