"""A small decision tree as SVG text (see :mod:`styleprint.reports.charts`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from styleprint.reports.charts import colour, number, short, svg

__all__ = ["tree"]

_LEAF, _LEVEL = 108, 84

Node = Mapping[str, Any]


def tree(root: Node, classes: Sequence[str], *, title: str) -> Markup:
    """A tree from the top: questions in boxes, leaves coloured by their commonest label.

    Parameters
    ----------
    root : mapping
        ``rows``, ``label``, ``share`` and, where it asks, ``feature``, ``threshold``, ``yes``, ``no``.
    classes : sequence of str
        For colours.
    title : str
    """
    marks: list[Markup] = []
    leaves, depth = _count(root)
    _draw(root, 0.0, 0, classes, marks)
    return svg(leaves * _LEAF + 8, (depth + 1) * _LEVEL - 12, title, marks)


def _count(node: Node) -> tuple[int, int]:
    """Leaves and depth."""
    if "feature" not in node:
        return 1, 0
    (a, deep_a), (b, deep_b) = _count(node["yes"]), _count(node["no"])
    return a + b, 1 + max(deep_a, deep_b)


def _draw(node: Node, left: float, level: int, classes: Sequence[str], marks: list[Markup]) -> float:
    """Draw a node whose leaves begin at `left`; give the middle of its box."""
    y = 4 + level * _LEVEL
    if "feature" not in node:
        x = left + _LEAF / 2
        marks.append(_leaf(node, x, y, classes))
        return x
    width = _count(node["yes"])[0] * _LEAF
    sides = [
        _draw(node["yes"], left, level + 1, classes, marks),
        _draw(node["no"], left + width, level + 1, classes, marks),
    ]
    x = sum(sides) / 2
    for side, name in zip(sides, ("yes", "no"), strict=True):
        marks.append(
            Markup(
                '<line x1="{:.0f}" y1="{}" x2="{:.0f}" y2="{}" stroke="var(--soft)"/>'
                '<text x="{:.0f}" y="{}" text-anchor="middle" class="small">{}</text>'
            ).format(x, y + 42, side, y + _LEVEL, (x + side) / 2, y + 62, name)
        )
    marks.append(
        Markup(
            '<rect x="{:.0f}" y="{}" width="148" height="42" rx="5" fill="var(--card)" stroke="var(--soft)">'
            "<title>{}: {} rows</title></rect>"
            '<text x="{:.0f}" y="{}" text-anchor="middle">{}</text>'
            '<text x="{:.0f}" y="{}" text-anchor="middle">≤ {} ?</text>'
        ).format(
            x - 74,
            y,
            node["feature"],
            node["rows"],
            x,
            y + 18,
            short(node["feature"], 18),
            x,
            y + 35,
            number(node["threshold"]),
        )
    )
    return x


def _leaf(node: Node, x: float, y: float, classes: Sequence[str]) -> Markup:
    fill = colour(list(classes).index(node["label"]) % 8)
    return Markup(
        '<rect x="{:.0f}" y="{}" width="{}" height="42" rx="5" fill="{}" fill-opacity=".25" stroke="{}">'
        "<title>{}: {:.0%} of {} rows</title></rect>"
        '<text x="{:.0f}" y="{}" text-anchor="middle">{}</text>'
        '<text x="{:.0f}" y="{}" text-anchor="middle" class="small">{:.0%} of {}</text>'
    ).format(
        x - _LEAF / 2 + 4,
        y,
        _LEAF - 8,
        fill,
        fill,
        node["label"],
        node["share"],
        node["rows"],
        x,
        y + 18,
        short(node["label"].rsplit("/", 1)[-1], 13),
        x,
        y + 34,
        node["share"],
        node["rows"],
    )
