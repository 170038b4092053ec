"""Points in space as SVG text (see :mod:`styleprint.reports.charts`): one figure for each side that it is seen from.

Without scripts a page cannot turn a figure; it can hold the figure turned, and show one side after another. Nearer
points are larger and hide those behind them; each throws a shadow straight down on the floor, so that its place
is told from a single picture.
"""

from collections.abc import Sequence
from math import cos, pi, sin

from markupsafe import Markup

from styleprint.reports.charts import number, short, svg
from styleprint.reports.distribution_charts import mark

__all__ = ["AZIMUTHS", "space"]

AZIMUTHS = (25, 70, 115, 160, 205, 250, 295, 340)
"""Degrees by which the cube is turned about its upright axis."""

_ELEVATION = 22 * pi / 180
_DISTANCE = 7.0
_SCALE, _WIDTH, _HEIGHT = 118.0, 460.0, 420.0
_SIZE = 4.0

Place = tuple[float, float, float]


def space(
    points: Sequence[Place],
    labels: Sequence[int],
    names: Sequence[str],
    axes: Sequence[str],
    *,
    azimuth: int,
    title: str,
) -> Markup:
    """Points in a cube whose edges are the least and the greatest value of each axis.

    Parameters
    ----------
    points : sequence of (x, y, z)
        At least one; z stands upright.
    labels : sequence of int
        Position in `names` of each point.
    names : sequence of str
    axes : sequence of str
        Names of x, y and z.
    azimuth : int
        Degrees, see `AZIMUTHS`.
    title : str
    """
    ends = [(min(c), max(c)) for c in zip(*points, strict=True)]
    view = _View(azimuth)
    marks = [view.cube(), *view.axes(axes, ends)]
    seen = [view.at(_in_cube(point, ends)) for point in points]
    for x, y, z in points:
        u, v, _ = view.at((*_in_cube((x, y, z), ends)[:2], -1.0))
        marks.append(
            Markup('<circle cx="{:.1f}" cy="{:.1f}" r="1.6" fill="var(--soft)" fill-opacity=".5"/>').format(u, v)
        )
    for i in sorted(range(len(seen)), key=lambda i: seen[i][2]):
        u, v, near = seen[i]
        marks.append(mark(u, v, labels[i], round(_SIZE * near, 1), names[labels[i]]))
    return svg(_WIDTH, _HEIGHT, title, marks)


def _in_cube(point: Place, ends: Sequence[tuple[float, float]]) -> Place:
    x, y, z = (
        2 * (value - low) / (high - low) - 1 if high > low else 0.0
        for value, (low, high) in zip(point, ends, strict=True)
    )
    return x, y, z


class _View:
    """The cube from −1 to 1 in perspective, seen from a little above."""

    def __init__(self, azimuth: int) -> None:
        self._cos, self._sin = cos(azimuth * pi / 180), sin(azimuth * pi / 180)

    def at(self, point: Place) -> Place:
        """Where a point stands on the figure, and how near it is: 1 in the middle of the cube, more in front."""
        x, y, z = point
        across, away = x * self._cos - y * self._sin, x * self._sin + y * self._cos
        up = z * cos(_ELEVATION) + away * sin(_ELEVATION)
        depth = away * cos(_ELEVATION) - z * sin(_ELEVATION)
        near = _DISTANCE / (_DISTANCE + depth)
        return _WIDTH / 2 + _SCALE * across * near, _HEIGHT / 2 - 10 - _SCALE * up * near, near

    def cube(self) -> Markup:
        """The floor, and the edges behind the points."""
        corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
        floor = " ".join("{:.1f},{:.1f}".format(*self.at((*corner, -1.0))[:2]) for corner in corners)
        hidden = min(corners, key=lambda corner: self.at((*corner, 0.0))[2])
        lines = [(hidden, -1.0, hidden, 1.0)]
        for axis in (0, 1):
            other = (-hidden[0], hidden[1]) if axis == 0 else (hidden[0], -hidden[1])
            lines += [(hidden, 1.0, other, 1.0), (other, -1.0, other, 1.0)]
        return Markup('<polygon points="{}" fill="var(--card)" stroke="var(--faint)"/>').format(floor) + Markup(
            ""
        ).join(_line(self.at((*one, low)), self.at((*other, high)), "var(--faint)") for one, low, other, high in lines)

    def axes(self, names: Sequence[str], ends: Sequence[tuple[float, float]]) -> list[Markup]:
        """Names and ends of the three axes: x and y along the front of the floor, z at the left."""
        drawn = []
        for axis in (0, 1):
            sides = [[(-1.0, s), (1.0, s)] if axis == 0 else [(s, -1.0), (s, 1.0)] for s in (-1.0, 1.0)]
            low, high = max(sides, key=lambda side: sum(self.at((*corner, -1.0))[2] for corner in side))
            start, stop = self.at((*low, -1.0)), self.at((*high, -1.0))
            drawn.append(_line(start, stop, "var(--soft)") + _along(start, stop, names[axis], ends[axis]))
        corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
        left = min(corners, key=lambda corner: self.at((*corner, 0.0))[0])
        start, stop = self.at((*left, -1.0)), self.at((*left, 1.0))
        least, most = ends[2]
        drawn.append(
            _line(start, stop, "var(--soft)")
            + Markup(
                '<text x="{:.1f}" y="{:.1f}" text-anchor="start">{}</text>'
                '<text x="{:.1f}" y="{:.1f}" text-anchor="end" class="small">{}</text>'
                '<text x="{:.1f}" y="{:.1f}" text-anchor="end" class="small">{}</text>'
            ).format(
                *(8.0, 16.0, "↑ " + short(names[2], 48)),
                *(start[0] - 5, start[1] - 2, number(least)),
                *(stop[0] - 5, stop[1] + 10, number(most)),
            )
        )
        return drawn


def _along(start: Place, stop: Place, name: str, ends: tuple[float, float]) -> Markup:
    """The ends of an axis, on the side away from the cube, and its name in the lower corner of that side."""
    outward = 1.0 if (start[0] + stop[0]) / 2 > _WIDTH / 2 else -1.0
    anchor = "start" if outward > 0 else "end"
    words, inside = [], 0.06
    for (u, v, _), value, other in ((start, ends[0], stop), (stop, ends[1], start)):
        words.append(
            Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" class="small">{}</text>').format(
                u + inside * (other[0] - u) + outward * 6, v + inside * (other[1] - v) + 12, anchor, number(value)
            )
        )
    edge = _WIDTH - 8.0 if outward > 0 else 8.0
    words.append(
        Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
            edge, _HEIGHT - 8, "end" if outward > 0 else "start", short(name, 28)
        )
    )
    return Markup("").join(words)


def _line(start: Place, stop: Place, stroke: str) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}"/>').format(
        start[0], start[1], stop[0], stop[1], stroke
    )
