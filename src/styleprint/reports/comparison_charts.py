"""Charts that hold models against each other, as SVG text (see :mod:`styleprint.reports.charts`)."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from styleprint.reports.charts import COLOURS, colour, short, svg

__all__ = ["differences", "lines", "matrix", "shares"]

_FEW = 20
_LONGEST_NAME = 26

_NAMES, _WIDTH, _ROW = 162, 300, 24


def differences(rows: Sequence[tuple[str, float, float, float]], *, title: str) -> Markup:
    """Differences with their intervals, about a line at 0.

    Parameters
    ----------
    rows : sequence of (name, value, low, high)
    title : str
    """
    reach = max((max(abs(low), abs(high)) for _, _, low, high in rows), default=0.0) or 1.0
    middle, height = _NAMES + 8 + _WIDTH / 2, 8 + _ROW * len(rows)

    def at(value: float) -> float:
        return middle + value / reach * _WIDTH / 2

    marks = [
        Markup(
            '<line x1="{0:.1f}" x2="{0:.1f}" y1="4" y2="{1}" stroke="var(--faint)"/>'
            '<text x="{0:.1f}" y="{2}" text-anchor="middle" class="small">{3}</text>'
        ).format(at(tick), height, height + 14, f"{tick:+.2f}" if tick else "0")
        for tick in (-reach, 0.0, reach)
    ]
    for index, (name, value, low, high) in enumerate(rows):
        y = 16 + index * _ROW
        fill = COLOURS[0] if low > 0 else COLOURS[1] if high < 0 else "var(--soft)"
        marks.append(
            Markup(
                '<text x="{}" y="{}" text-anchor="end">{}</text>'
                '<line x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}" stroke="{}" stroke-width="3"/>'
                '<circle cx="{:.1f}" cy="{}" r="5" fill="{}"><title>{}: {:+.3f} ({:+.3f} to {:+.3f})</title></circle>'
            ).format(
                _NAMES, y + 4, short(name), at(low), at(high), y, y, fill, at(value), y, fill, name, value, low, high
            )
        )
    return svg(_NAMES + _WIDTH + 40, height + 24, title, marks)


def shares(rows: Mapping[str, Sequence[float]], *, names: Sequence[str], title: str) -> Markup:
    """Shares that sum to 1 as bars in parts, one bar a name.

    Parameters
    ----------
    rows : mapping of str to sequence of float
    names : sequence of str
        Of the parts.
    title : str
    """
    fills = (COLOURS[1], "var(--faint)", COLOURS[0])
    marks = []
    for index, (name, parts) in enumerate(rows.items()):
        y, x = 4 + index * _ROW, float(_NAMES + 8)
        marks.append(Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(_NAMES, y + 13, short(name)))
        for part, share, fill in zip(names, parts, fills, strict=True):
            marks.append(
                Markup(
                    '<rect x="{:.1f}" y="{}" width="{:.1f}" height="16" fill="{}"><title>{}, {}: {:.2f}</title></rect>'
                ).format(x, y, _WIDTH * share, fill, name, part, share)
            )
            x += _WIDTH * share
    top = 12 + _ROW * len(rows)
    for index, (part, fill) in enumerate(zip(names, fills, strict=True)):
        marks.append(
            Markup('<rect x="{}" y="{}" width="12" height="12" fill="{}"/><text x="{}" y="{}">{}</text>').format(
                _NAMES - 62 + 130 * index, top, fill, _NAMES - 44 + 130 * index, top + 11, part
            )
        )
    return svg(_NAMES + _WIDTH + 40, top + 20, title, marks)


def matrix(names: Sequence[str], values: Sequence[Sequence[float]], *, title: str, signed: bool = False) -> Markup:
    """A square of shaded cells, with their names.

    Parameters
    ----------
    names : sequence of str
    values : square, from 0 to 1 or, where `signed`, from −1 to 1
    title : str
    signed : bool
        Shade values below 0 in another colour; else the diagonal is shaded in one colour, the rest in the other.
    """
    side = max(14, min(26, 330 // max(len(names), 1)))
    longest = min(_LONGEST_NAME, max(map(len, names), default=0))
    left = top = max(96, round(10 + 6.6 * longest))
    marks = []
    for i, name in enumerate(names):
        middle = i * side + side / 2
        marks.append(
            Markup(
                '<text x="{}" y="{:.0f}" text-anchor="end" class="small">{}</text>'
                '<text transform="translate({:.0f} {}) rotate(-60)" class="small">{}</text>'
            ).format(
                *(left - 5, top + middle + 4, short(name, _LONGEST_NAME)),
                *(left + middle + 3, top - 5, short(name, _LONGEST_NAME)),
            )
        )
        for j, other in enumerate(names):
            value = values[i][j]
            is_first = value >= 0 if signed else i == j
            marks.append(
                Markup(
                    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" fill-opacity="{:.2f}" stroke="var(--faint)" '
                    'stroke-width=".5"><title>{}, {}: {:.2f}</title></rect>'
                ).format(
                    left + j * side,
                    top + i * side,
                    side,
                    side,
                    COLOURS[0] if is_first else COLOURS[1],
                    min(1.0, abs(value)),
                    name,
                    other,
                    value,
                )
            )
    size = left + side * len(names)
    return svg(size + round(0.5 * left), size + 4, title, marks)


def lines(
    curves: Mapping[str, Sequence[tuple[float, float]]],
    *,
    title: str,
    x_name: str,
    y_name: str,
    bands: Mapping[str, Sequence[tuple[float, float, float]]] | None = None,
    highest: float = 1.0,
) -> Markup:
    """Curves over a number, with bands where they are given; y from 0 to `highest`.

    Parameters
    ----------
    curves : mapping of str to sequence of (x, y)
    title, x_name, y_name : str
    bands : mapping of str to sequence of (x, low, high), optional
    highest : float
    """
    left, top, width, height = 48, 10, 380, 220
    xs = [x for points in curves.values() for x, _ in points]
    first, last = min(xs), max(xs)
    span = (last - first) or 1.0

    def at(x: float, y: float) -> str:
        return f"{left + width * (x - first) / span:.1f},{top + height * (1 - y / highest):.1f}"

    marks = [_frame(left, top, width, height, first, last, x_name, y_name, highest)]
    for index, (name, points) in enumerate(curves.items()):
        stroke = colour(index)
        band = (bands or {}).get(name, ())
        if band:
            path = [at(x, high) for x, _, high in band] + [at(x, low) for x, low, _ in reversed(band)]
            marks.append(
                Markup('<polygon points="{}" fill="{}" fill-opacity=".15"/>').format(" ".join(path), colour(index))
            )
        path = [at(x, y) for x, y in points]
        marks.append(
            Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="2"/>').format(
                " ".join(path), colour(index)
            )
        )
        marks += [
            Markup('<circle cx="{}" cy="{}" r="3.5" fill="{}"><title>{}, {:g}: {:.3f}</title></circle>').format(
                *place.split(","), stroke, name, x, y
            )
            for place, (x, y) in zip(path, points, strict=True)
        ]
        x, y = left + 195 * (index % 2), top + height + 50 + 20 * (index // 2)
        marks.append(
            Markup('<rect x="{}" y="{}" width="12" height="12" fill="{}"/><text x="{}" y="{}">{}</text>').format(
                x, y, stroke, x + 18, y + 11, short(name, 24)
            )
        )
    return svg(left + width + 24, top + height + 52 + 20 * ((len(curves) + 1) // 2), title, marks)


def _frame(
    left: float,
    top: float,
    width: float,
    height: float,
    first: float,
    last: float,
    x_name: str,
    y_name: str,
    highest: float = 1.0,
) -> Markup:
    """The box, its ticks and the names of its axes."""
    marks = [
        Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="var(--faint)"/>').format(
            left, top, width, height
        ),
        Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
            left + width / 2, top + height + 36, x_name
        ),
        Markup('<text transform="translate(12 {}) rotate(-90)" text-anchor="middle">{}</text>').format(
            top + height / 2, y_name
        ),
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = top + height * (1 - share)
        marks.append(
            Markup(
                '<line x1="{}" x2="{}" y1="{:.0f}" y2="{:.0f}" stroke="var(--faint)" stroke-dasharray="2 4"/>'
                '<text x="{}" y="{:.0f}" text-anchor="end" class="small">{:g}</text>'
            ).format(left, left + width, y, y, left - 6, y + 4, share * highest)
        )
    marks += [
        Markup('<text x="{:.0f}" y="{}" text-anchor="middle" class="small">{:g}</text>').format(
            left + width * share, top + height + 16, round(first + share * (last - first), 0 if last > _FEW else 1)
        )
        for share in (0, 0.5, 1)
    ]
    return Markup("").join(marks)
