"""Charts as SVG text: small, sharp at any size, readable in light and dark, and by a screen reader.

Each function takes numbers and names, and returns one ``<svg>`` element as safe markup: every name that
comes from a file is escaped. Colours are Okabe and Ito's (2008), which colour-blind readers tell apart; a
chart with more classes than colours draws the rest in grey, and its legend says which is which.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

__all__ = ["COLOURS", "bars", "colour", "intervals", "number", "reliability", "roc", "short", "svg"]

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a7b00", "#6a51a3")
_GREY = "#8a8f98"
_LONGEST_NAME = 36

Point = tuple[float, float]


def colour(index: int) -> str:
    """The colour of the class of that index."""
    return COLOURS[index] if index < len(COLOURS) else _GREY


def roc(curves: Mapping[str, Sequence[Sequence[float]]], areas: Mapping[str, float]) -> Markup:
    """Receiver operating characteristics, one line a class, with its area in the legend.

    Parameters
    ----------
    curves : mapping of str to sequence of (false positive rate, true positive rate)
    areas : mapping of str to float
    """
    plot = _Square("Receiver operating characteristic by class", "false positive rate", "true positive rate")
    plot.line([(0, 0), (1, 1)], "var(--faint)", dashed=True)
    for index, (name, points) in enumerate(curves.items()):
        plot.line([(x, y) for x, y in points], colour(index))
        plot.legend(f"{name} {areas[name]:.2f}", colour(index))
    return plot.markup()


def reliability(bins: Sequence[Mapping[str, float]]) -> Markup:
    """Reliability: how often an answer was right, against the probability that it was given.

    Parameters
    ----------
    bins : sequence of mappings
        ``confidence`` and ``accuracy`` of each bin of equal mass.
    """
    plot = _Square("Reliability", "probability given", "share right")
    plot.line([(0, 0), (1, 1)], "var(--faint)", dashed=True)
    points = [(b["confidence"], b["accuracy"]) for b in bins]
    plot.line(points, COLOURS[0])
    for given, right in points:
        plot.dot((given, right), COLOURS[0], f"given {given:.2f}, right {right:.2f}")
    return plot.markup()


def bars(values: Mapping[str, float], *, title: str, unit: str = "") -> Markup:
    """Horizontal bars, one a name, each with its number."""
    top = max(values.values(), default=0) or 1
    longest = min(_LONGEST_NAME, max(map(len, values), default=0))
    left = max(170, round(10 + 7.6 * longest))
    rows = []
    for index, (name, value) in enumerate(values.items()):
        y = 4 + index * 24
        width = 260 * value / top
        shown = f"{value:g}{unit}"
        rows.append(
            Markup(
                '<text x="{}" y="{}" text-anchor="end">{}</text>'
                '<rect x="{}" y="{}" width="{:.1f}" height="16" rx="2" fill="{}"><title>{}: {}</title></rect>'
                '<text x="{:.1f}" y="{}">{}</text>'
            ).format(
                *(left - 8, y + 13, short(name, _LONGEST_NAME)),
                *(left, y, width, colour(0), name, shown),
                *(left + width + 6, y + 13, shown),
            )
        )
    return svg(left + 340, 8 + 24 * len(values), title, rows)


def intervals(rows: Sequence[tuple[str, float, float, float]], *, title: str) -> Markup:
    """Values between 0 and 1 as dots, with their intervals as lines.

    Parameters
    ----------
    rows : sequence of (name, value, low, high)
    """
    marks = [
        Markup('<line x1="{0}" x2="{0}" y1="4" y2="{1}" stroke="var(--faint)"/>').format(
            170 + 300 * tick, 8 + 24 * len(rows)
        )
        + Markup('<text x="{}" y="{}" text-anchor="middle" class="small">{:g}</text>').format(
            170 + 300 * tick, 22 + 24 * len(rows), tick
        )
        for tick in (0, 0.25, 0.5, 0.75, 1)
    ]
    for index, (name, value, low, high) in enumerate(rows):
        y = 16 + index * 24
        marks.append(
            Markup(
                '<text x="162" y="{}" text-anchor="end">{}</text>'
                '<line x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}" stroke="{}" stroke-width="3"/>'
                '<circle cx="{:.1f}" cy="{}" r="5" fill="{}"><title>{}: {:.3f} ({:.3f} to {:.3f})</title></circle>'
                '<text x="478" y="{}">{:.2f}</text>'
            ).format(
                y + 4,
                short(name),
                170 + 300 * low,
                170 + 300 * high,
                y,
                y,
                COLOURS[0],
                170 + 300 * value,
                y,
                COLOURS[0],
                name,
                value,
                low,
                high,
                y + 4,
                value,
            )
        )
    return svg(520, 30 + 24 * len(rows), title, marks)


class _Square:
    """A square plot of two shares, each from 0 to 1."""

    _LEFT, _TOP, _SIDE = 44, 10, 280

    def __init__(self, title: str, x_name: str, y_name: str) -> None:
        self._title = title
        self._marks = [
            Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="var(--faint)"/>').format(
                self._LEFT, self._TOP, self._SIDE, self._SIDE
            ),
            Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
                self._LEFT + self._SIDE / 2, self._TOP + self._SIDE + 34, x_name
            ),
            Markup('<text transform="translate(12 {}) rotate(-90)" text-anchor="middle">{}</text>').format(
                self._TOP + self._SIDE / 2, y_name
            ),
        ]
        for tick in (0, 0.5, 1):
            x, y = self._at((tick, tick))
            self._marks.append(
                Markup(
                    '<text x="{:.0f}" y="{}" text-anchor="middle" class="small">{:g}</text>'
                    '<text x="{}" y="{:.0f}" text-anchor="end" class="small">{:g}</text>'
                ).format(x, self._TOP + self._SIDE + 16, tick, self._LEFT - 6, y + 4, tick)
            )
        self._legend: list[tuple[str, str]] = []

    def _at(self, point: Point) -> Point:
        return self._LEFT + self._SIDE * point[0], self._TOP + self._SIDE * (1 - point[1])

    def line(self, points: Sequence[Point], stroke: str, *, dashed: bool = False) -> None:
        """Draw a line through points of the plot."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(self._at, points))
        dash = Markup(' stroke-dasharray="4 4"') if dashed else Markup("")
        self._marks.append(
            Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="2"{}/>').format(path, stroke, dash)
        )

    def dot(self, point: Point, fill: str, title: str) -> None:
        """Draw a dot that tells its numbers."""
        x, y = self._at(point)
        self._marks.append(
            Markup('<circle cx="{:.1f}" cy="{:.1f}" r="4" fill="{}"><title>{}</title></circle>').format(
                x, y, fill, title
            )
        )

    def legend(self, name: str, fill: str) -> None:
        """Add a line to the legend, under the plot."""
        self._legend.append((name, fill))

    def markup(self) -> Markup:
        """The whole figure."""
        top = self._TOP + self._SIDE + 50
        for index, (name, fill) in enumerate(self._legend):
            x, y = self._LEFT + 150 * (index % 2), top + 20 * (index // 2)
            self._marks.append(
                Markup(
                    '<rect x="{}" y="{}" width="12" height="12" rx="2" fill="{}"/><text x="{}" y="{}">{}</text>'
                ).format(x, y, fill, x + 18, y + 11, short(name, 18))
            )
        height = top + 20 * ((len(self._legend) + 1) // 2)
        return svg(340, height, self._title, self._marks)


def number(value: float) -> str:
    """A number on an axis, in few characters: ``0.39``, ``1,250``, ``2.1e6``."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def svg(width: float, height: float, title: str, marks: Sequence[Markup]) -> Markup:
    """One figure of these marks, which a screen reader calls by its title."""
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}" style="max-width:{}px">{}</svg>').format(
        width, height, title, width, Markup("").join(marks)
    )


def short(name: str, length: int = 20) -> str:
    """A name that fits; the whole of it stands in the tables."""
    return name if len(name) <= length else name[: length - 1] + "…"
