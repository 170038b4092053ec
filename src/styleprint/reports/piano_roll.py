"""A piano roll as SVG text (see :mod:`styleprint.reports.charts`): notes by part, keys above, cadences below."""

from collections.abc import Sequence

from markupsafe import Markup

from styleprint.reports.charts import colour, svg

__all__ = ["piano_roll"]

_LEFT, _TOP, _WIDTH, _HEIGHT = 34.0, 24.0, 560.0, 190.0
_LETTER = 7.6
"""Width of a letter, on the safe side."""

_ROWS, _ROW = 2, 15.0


def piano_roll(
    notes: Sequence[tuple[float, float, int, int]],
    keys: Sequence[tuple[float, float, str]],
    *,
    quarters: float,
    title: str,
    cadences: Sequence[tuple[float, str]] = (),
) -> Markup:
    """The beginning of a piece.

    Parameters
    ----------
    notes : sequence of (onset, duration, MIDI pitch, part)
        In quarters.
    keys : sequence of (start, end, name)
    quarters : float
        What the whole width stands for.
    title : str
    cadences : sequence of (onset, kind)
        In quarters.
    """
    if not notes or quarters <= 0:
        return svg(_LEFT + _WIDTH + 8, 40, title, [Markup('<text x="8" y="24">no pitched notes</text>')])
    low, high = min(p for *_, p, _ in notes) - 1, max(p for *_, p, _ in notes) + 2
    wide, tall = _WIDTH / quarters, _HEIGHT / (high - low)
    marks = [_frame(), *_octaves(low, high, tall), *_keys(keys, wide)]
    for onset, duration, pitch, part in notes:
        shown = min(duration, quarters - onset)
        marks.append(
            Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"/>').format(
                _LEFT + onset * wide,
                _TOP + _HEIGHT - (pitch + 1 - low) * tall,
                max(shown * wide - 0.5, 1.0),
                max(tall - 0.5, 1.5),
                colour(part % 8),
            )
        )
    lines, rows = _cadences(cadences, wide)
    marks += lines
    bottom = _TOP + _HEIGHT + 16 + _ROW * rows
    marks.append(
        Markup('<text x="{}" y="{}" text-anchor="end">{:g} quarters</text>').format(_LEFT + _WIDTH, bottom, quarters)
    )
    return svg(_LEFT + _WIDTH + 8, bottom + 8, title, marks)


def _frame() -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="var(--faint)"/>').format(
        _LEFT, _TOP, _WIDTH, _HEIGHT
    )


def _octaves(low: int, high: int, tall: float) -> list[Markup]:
    marks = []
    for pitch in range(low + (-low) % 12, high, 12):
        y = _TOP + _HEIGHT - (pitch - low) * tall
        marks.append(
            Markup(
                '<line x1="{0}" x2="{1}" y1="{2:.1f}" y2="{2:.1f}" stroke="var(--faint)" stroke-dasharray="2 4"/>'
                '<text x="{3}" y="{4:.1f}" text-anchor="end" class="small">C{5}</text>'
            ).format(_LEFT, _LEFT + _WIDTH, y, _LEFT - 4, y + 4, pitch // 12 - 1)
        )
    return marks


def _keys(keys: Sequence[tuple[float, float, str]], wide: float) -> list[Markup]:
    """A line where each key begins, with its name where the stretch is wide enough for it, else as a tooltip."""
    marks = []
    for start, end, name in keys:
        x = _LEFT + start * wide
        marks.append(
            Markup(
                '<line x1="{0:.1f}" x2="{0:.1f}" y1="4" y2="{1}" stroke="var(--soft)" stroke-dasharray="4 3">'
                "<title>{2}</title></line>"
            ).format(x, _TOP + _HEIGHT, name)
        )
        if (end - start) * wide >= _LETTER * len(name) + 6:
            marks.append(Markup('<text x="{:.1f}" y="16">{}</text>').format(x + 4, name))
    return marks


def _cadences(cadences: Sequence[tuple[float, str]], wide: float) -> tuple[list[Markup], int]:
    """A line through the roll where each cadence arrives; its kind below, in the first row that has room.

    Also the number of rows that are taken.
    """
    marks, free = [], [0.0] * _ROWS
    for onset, kind in cadences:
        x = _LEFT + onset * wide
        width = _LETTER * len(kind)
        marks.append(
            Markup(
                '<line x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}" stroke="var(--ink)" stroke-width="1.2">'
                "<title>{3}</title></line>"
            ).format(x, _TOP, _TOP + _HEIGHT + 4, kind)
        )
        middle = min(max(x, _LEFT + width / 2), _LEFT + _WIDTH - width / 2)
        row = next((i for i in range(_ROWS) if free[i] <= middle - width / 2), None)
        if row is not None:
            free[row] = middle + width / 2 + 3
            marks.append(
                Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
                    middle, _TOP + _HEIGHT + 16 + _ROW * row, kind
                )
            )
    return marks, sum(place > 0 for place in free)
