"""How values lie, as SVG text (see :mod:`styleprint.reports.charts`): box, violin, density, scatter and pair plots."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from styleprint.reports.charts import colour, number, short, svg

__all__ = ["boxes", "densities", "legend", "mark", "pair_plot", "scatter", "violins"]

_LEFT, _WIDTH, _ROW = 118, 300, 26

Entry = Mapping[str, Any]


def boxes(entries: Sequence[Entry], *, title: str) -> Markup:
    """Box plots side by side: quartiles, median, and whiskers to the outermost values within 1.5 boxes.

    Parameters
    ----------
    entries : sequence of mappings
        ``label``, ``low``, ``first``, ``median``, ``third``, ``high``, ``count``.
    title : str
    """
    axis = _Axis(min(e["low"] for e in entries), max(e["high"] for e in entries))
    marks = [axis.markup(8 + _ROW * len(entries))]
    for index, entry in enumerate(entries):
        y = 6 + index * _ROW
        low, first, median, third, high = (axis.at(entry[k]) for k in ("low", "first", "median", "third", "high"))
        marks.append(
            Markup(
                '<text x="{}" y="{}" text-anchor="end">{}</text>'
                '<line x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}" stroke="var(--soft)"/>'
                '<rect x="{:.1f}" y="{}" width="{:.1f}" height="16" fill="{}" fill-opacity=".75">'
                "<title>{}: median {:.4g}, quartiles {:.4g} and {:.4g}, {} rows</title></rect>"
                '<line x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}" stroke="var({})" stroke-width="2.5"/>'
            ).format(
                _LEFT - 8,
                y + 13,
                short(entry["label"], 16),
                low,
                high,
                y + 8,
                y + 8,
                first,
                y,
                max(third - first, 1.0),
                colour(index % 8),
                entry["label"],
                entry["median"],
                entry["first"],
                entry["third"],
                entry["count"],
                median,
                median,
                y,
                y + 16,
                "--paper" if third - first > 4 else "--ink",
            )
        )
    return svg(_LEFT + _WIDTH + 24, 34 + _ROW * len(entries), title, marks)


def violins(entries: Sequence[Entry], *, title: str) -> Markup:
    """Violin plots: the density of each label, mirrored, with its median; labels whose values do not vary as a line."""
    axis = _Axis(*_ends(entries))
    highest = _highest(entries)
    marks = [axis.markup(8 + _ROW * len(entries))]
    for index, entry in enumerate(entries):
        y = 17 + index * _ROW
        marks.append(
            Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
                _LEFT - 8, y + 4, short(entry["label"], 16)
            )
        )
        points = [(axis.at(x), 11 * height / highest[index]) for x, height in entry["density"]]
        path = [f"{x:.1f},{y - h:.1f}" for x, h in points] + [f"{x:.1f},{y + h:.1f}" for x, h in reversed(points)]
        if path:
            marks.append(
                Markup('<polygon points="{}" fill="{}" fill-opacity=".6"><title>{}</title></polygon>').format(
                    " ".join(path), colour(index % 8), entry["label"]
                )
            )
        x = axis.at(entry["median"])
        marks.append(
            Markup(
                '<line x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}" stroke="var(--ink)" stroke-width="2">'
                "<title>{3}: median {4:.4g}</title></line>"
            ).format(x, y - 8, y + 8, entry["label"], entry["median"])
        )
    return svg(_LEFT + _WIDTH + 24, 34 + _ROW * len(entries), title, marks)


def densities(entries: Sequence[Entry], *, title: str) -> Markup:
    """Densities of all labels on one axis."""
    axis, height = _Axis(*_ends(entries), left=24, width=400), 150
    top = max(_highest(entries), default=1.0)
    marks = [axis.markup(height + 8)]
    for index, entry in enumerate(entries):
        path = " ".join(f"{axis.at(x):.1f},{8 + height * (1 - h / top):.1f}" for x, h in entry["density"])
        if path:
            marks.append(
                Markup(
                    '<polyline points="{}" fill="none" stroke="{}" stroke-width="2"{}><title>{}</title></polyline>'
                ).format(path, colour(index % 8), _dash(index), entry["label"])
            )
    return svg(448, height + 34, title, marks)


def scatter(
    points: Sequence[tuple[float, float]],
    labels: Sequence[int],
    names: Sequence[str],
    *,
    title: str,
    x_name: str = "",
    y_name: str = "",
) -> Markup:
    """Points on a plane, one mark a row, shaped and coloured by label.

    Parameters
    ----------
    points : sequence of (x, y)
    labels : sequence of int
        Position in `names` of each point.
    names : sequence of str
    title, x_name, y_name : str
    """
    side, left = 400.0, 26.0
    marks = [
        Markup('<rect x="{}" y="4" width="{}" height="{}" fill="none" stroke="var(--faint)"/>').format(left, side, side)
    ]
    marks.append(_cloud(points, labels, names, left, 4.0, side))
    if x_name:
        marks.append(
            Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(left + side / 2, side + 20, x_name)
        )
    if y_name:
        marks.append(
            Markup('<text transform="translate(16 {}) rotate(-90)" text-anchor="middle">{}</text>').format(
                4 + side / 2, y_name
            )
        )
    return svg(side + left + 8, side + 28, title, marks)


def pair_plot(
    values: Sequence[Sequence[float | None]], labels: Sequence[int], names: Sequence[str], columns: Sequence[str]
) -> Markup:
    """Each feature against each other; its name on the diagonal.

    Parameters
    ----------
    values : rows of numbers; a point that lacks one is left out
    labels : sequence of int
    names : sequence of str
        Labels.
    columns : sequence of str
        Features.
    """
    n, side = len(columns), 150.0
    marks = []
    for i in range(n):
        for j in range(n):
            x, y = j * side, i * side
            marks.append(
                Markup(
                    '<rect x="{:.0f}" y="{:.0f}" width="{:.0f}" height="{:.0f}" fill="none" stroke="var(--faint)"/>'
                ).format(x + 1, y + 1, side - 2, side - 2)
            )
            if i == j:
                marks.append(
                    Markup('<text x="{:.0f}" y="{:.0f}" text-anchor="middle">{}</text>').format(
                        x + side / 2, y + side / 2, short(columns[i], 21)
                    )
                )
                continue
            known = [
                (row[j], row[i], k)
                for row, k in zip(values, labels, strict=True)
                if row[i] is not None and row[j] is not None
            ]
            points = [(float(a or 0.0), float(b or 0.0)) for a, b, _ in known]
            marks.append(
                _cloud(points, [k for _, _, k in known], names, x + 1, y + 1, side - 2, size=2.0, titled=False)
            )
    return svg(n * side, n * side, f"Pairs of {', '.join(columns)}", marks)


def legend(names: Sequence[str]) -> Markup:
    """Which mark is which label."""
    marks, per_row = [], 3
    for index, name in enumerate(names):
        x, y = 6 + 150 * (index % per_row), 14 + 22 * (index // per_row)
        marks.append(mark(x + 4, y - 4, index, 5.0, ""))
        marks.append(Markup('<text x="{}" y="{}">{}</text>').format(x + 16, y, short(name, 17)))
    return svg(450, 10 + 22 * math.ceil(len(names) / per_row), "Labels", marks)


def _cloud(
    points: Sequence[tuple[float, float]],
    labels: Sequence[int],
    names: Sequence[str],
    left: float,
    top: float,
    side: float,
    *,
    size: float = 3.2,
    titled: bool = True,
) -> Markup:
    if not points:
        return Markup("")
    (x0, x1), (y0, y1) = ((min(c), max(c)) for c in zip(*points, strict=True))
    wide, high, edge = (x1 - x0) or 1.0, (y1 - y0) or 1.0, 8.0
    marks = [
        mark(
            left + edge + (side - 2 * edge) * (x - x0) / wide,
            top + edge + (side - 2 * edge) * (1 - (y - y0) / high),
            label,
            size,
            names[label] if titled else "",
        )
        for (x, y), label in zip(points, labels, strict=True)
    ]
    return Markup("").join(marks)


def mark(x: float, y: float, index: int, size: float, title: str) -> Markup:
    """A mark whose shape and colour say the label: eight colours, then other shapes of the same."""
    fill, kind = colour(index % 8), index // 8
    inside = Markup("<title>{}</title>").format(title) if title else Markup("")
    if kind == 0:
        return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{}" fill="{}" fill-opacity=".75">{}</circle>').format(
            x, y, size, fill, inside
        )
    if kind == 1:
        return Markup(
            '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="none" stroke="{}" stroke-width="1.5">'
            "{}</rect>"
        ).format(x - size * 0.8, y - size * 0.8, size * 1.6, size * 1.6, fill, inside)
    return Markup('<path d="M{:.1f} {:.1f}l{s} {t}h-{u}z" fill="{}" fill-opacity=".75">{}</path>').format(
        x, y - size, fill, inside, s=size, t=1.7 * size, u=2 * size
    )


class _Axis:
    """A horizontal axis of values with three ticks."""

    def __init__(self, low: float, high: float, *, left: float = _LEFT, width: float = _WIDTH) -> None:
        self._low, self._left, self._width = low, left, width
        self._span = (high - low) or 1.0
        self._high = high

    def at(self, value: float) -> float:
        """Where a value stands; values beyond the ends stand at the ends."""
        share = (value - self._low) / self._span
        return self._left + self._width * min(max(share, 0.0), 1.0)

    def markup(self, height: float) -> Markup:
        """The ticks and their lines."""
        ticks = (self._low, self._low + self._span / 2, self._high)
        return Markup("").join(
            Markup(
                '<line x1="{0:.1f}" x2="{0:.1f}" y1="0" y2="{1}" stroke="var(--faint)"/>'
                '<text x="{0:.1f}" y="{2}" text-anchor="middle" class="small">{3}</text>'
            ).format(self.at(tick), height, height + 16, number(tick))
            for tick in ticks
        )


def _ends(entries: Sequence[Entry]) -> tuple[float, float]:
    values = [x for entry in entries for x, _ in entry["density"]] + [entry["median"] for entry in entries]
    return min(values), max(values)


def _highest(entries: Sequence[Entry]) -> list[float]:
    return [max((height for _, height in entry["density"]), default=1.0) or 1.0 for entry in entries]


def _dash(index: int) -> Markup:
    """Dashed where colours are used a second time."""
    return Markup(' stroke-dasharray="6 3"') if index >= 8 else Markup("")
