"""An exploration as one self-contained HTML page, and its figures."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from markupsafe import Markup

from styleprint.explaining.exploration import Exploration
from styleprint.reports import charts, comparison_charts, distribution_charts, space_chart
from styleprint.reports.page import render
from styleprint.reports.profile_section import profile_figures, profile_section
from styleprint.version import __version__

__all__ = ["exploration_figures", "render_exploration"]

_BARS = 30
_MOST_IN_SPACE = 400


def exploration_figures(found: Exploration) -> dict[str, Markup]:
    """All figures by name: ``classes``, ``box-FEATURE``, ``violin-FEATURE``, ``density-FEATURE``, ``heatmap`` …"""
    figures = {
        "classes": charts.bars({c.name: c.rows for c in found.classes[:_BARS]}, title="Rows a label"),
        "separation": charts.bars(
            {s.feature: round(s.effect, 3) for s in found.separations[:20]}, title="Separation (ε²) of features"
        ),
    }
    if found.facts.missing:
        worst = sorted(found.facts.missing.items(), key=lambda item: -item[1])[:20]
        figures["missing"] = charts.bars({n: round(100 * share, 1) for n, share in worst}, title="Missing", unit=" %")
    for name, entries in found.distributions.items():
        plain = [asdict(entry) for entry in entries]
        if plain:
            figures[f"box-{name}"] = distribution_charts.boxes(plain, title=f"{name} by label")
            figures[f"violin-{name}"] = distribution_charts.violins(plain, title=f"{name} by label, as densities")
            figures[f"density-{name}"] = distribution_charts.densities(plain, title=f"Density of {name}")
    if len(found.heatmap_features) > 1:
        figures["heatmap"] = comparison_charts.matrix(
            found.heatmap_features, found.heatmap.tolist(), title="Rank correlations of features", signed=True
        )
    figures["legend"] = distribution_charts.legend(found.names)
    drawn = next(iter(found.distributions.values()), ())
    figures["boxlegend"] = distribution_charts.legend([entry.label for entry in drawn])
    if found.pairs.shape[1] > 1:
        rows = [[None if math.isnan(v) else v for v in row] for row in found.pairs.tolist()]
        columns = found.shown[: found.pairs.shape[1]]
        figures["pairs"] = distribution_charts.pair_plot(rows, found.pair_labels.tolist(), found.names, columns)
    return figures | profile_figures(found.profiles) | _spaces(found) | _maps(found)


def _spaces(found: Exploration) -> dict[str, Markup]:
    """Three dimensions, from each side: ``space-AZIMUTH`` of features, ``components-AZIMUTH`` of components."""
    figures: dict[str, Markup] = {}
    axes = found.shown[:3]
    if len(axes) == 3:
        whole = [i for i, row in enumerate(found.pairs[:, :3].tolist()) if not any(map(math.isnan, row))]
        if whole:
            points, labels = _triples(found.pairs[whole, :3]), found.pair_labels[whole].tolist()
            figures |= _turned("space", points, labels, found.names, axes)
    if found.map is not None:
        rows = slice(None, None, math.ceil(len(found.map.rows) / _MOST_IN_SPACE))
        points, labels = _triples(found.map.principal[rows]), found.map_labels[rows].tolist()
        axes = tuple(f"component {k + 1} ({100 * found.map.explained[k]:.0f} %)" for k in range(3))
        figures |= _turned("components", points, labels, found.names, axes)
    return figures


def _turned(
    prefix: str,
    points: Sequence[tuple[float, float, float]],
    labels: Sequence[int],
    names: Sequence[str],
    axes: Sequence[str],
) -> dict[str, Markup]:
    title = ", ".join(axes)
    return {
        f"{prefix}-{azimuth:03}": space_chart.space(
            points, labels, names, axes, azimuth=azimuth, title=f"{title}, turned by {azimuth} degrees"
        )
        for azimuth in space_chart.AZIMUTHS
    }


def _triples(array: Any) -> list[tuple[float, float, float]]:
    return [(float(x), float(y), float(z)) for x, y, z in array]


def _maps(found: Exploration) -> dict[str, Markup]:
    if found.map is None:
        return {}
    labels = found.map_labels.tolist()
    principal, explained = found.map.principal, found.map.explained
    figures = {
        "map": distribution_charts.scatter(
            _points(found.map.neighbours), labels, found.names, title="Map of rows by their neighbours (t-SNE)"
        )
    }
    for one, other in ((0, 1), (0, 2)):
        names = (f"component {k + 1} ({100 * explained[k]:.0f} % of variance)" for k in (one, other))
        x_name, y_name = names
        figures[f"components-{one + 1}-{other + 1}"] = distribution_charts.scatter(
            _points(principal[:, [one, other]]),
            labels,
            found.names,
            title=f"Principal components {one + 1} and {other + 1}",
            x_name=x_name,
            y_name=y_name,
        )
    return figures


def _points(array: Any) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in array]


def render_exploration(
    found: Exploration,
    figures: Mapping[str, Markup],
    *,
    title: str,
    music: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The page as HTML.

    Parameters
    ----------
    found : Exploration
    figures : mapping of str to SVG
        As :func:`exploration_figures` makes them.
    title : str
    music : sequence of mappings, optional
        Sections of a corpus: ``id``, ``name``, ``sentences``, ``tables``, ``figures``.
    """
    present = {
        "features": bool(found.distributions),
        "together": "heatmap" in figures,
        "map": found.map is not None,
    }
    music = [*music, *profile_section(found.profiles, figures)]
    sections = [("words", "In words"), ("classes", "Labels"), *((s["id"], s["name"]) for s in music)]
    sections += [
        (id_, name)
        for id_, name in (("features", "Features by label"), ("together", "Features together"), ("map", "Maps"))
        if present[id_]
    ]
    return render(
        "exploration.html",
        e=found,
        version=__version__,
        title=title,
        sections=sections,
        figures=figures,
        turned={
            prefix: [(a, figures[f"{prefix}-{a:03}"]) for a in space_chart.AZIMUTHS if f"{prefix}-{a:03}" in figures]
            for prefix in ("space", "components")
        },
        most_in_space=_MOST_IN_SPACE,
        music=music,
        present=present,
        special={column: kind for kind, column in found.special.items()},
        effects={entry.feature: entry for entry in found.separations},
        missing=found.facts.missing,
    )
