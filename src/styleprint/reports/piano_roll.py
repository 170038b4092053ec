"""A piano roll as SVG text (see :mod:`styleprint.reports.charts`): notes by part, keys along the top."""

from collections.abc import Sequence

from markupsafe import Markup

from styleprint.reports.charts import colour, svg

__all__ = ["piano_roll"]

_LEFT, _TOP, _WIDTH, _HEIGHT = 34.0, 22.0, 560.0, 190.0


def piano_roll(
    notes: Sequence[tuple[float, float, int, int]],
    keys: Sequence[tuple[float, float, str]],
    *,
    quarters: float,
    title: str,
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
    """
    if not notes or quarters <= 0:
        return svg(_LEFT + _WIDTH + 8, 40, title, [Markup('<text x="8" y="24">no pitched notes</text>')])
    low, high = min(p for *_, p, _ in notes) - 1, max(p for *_, p, _ in notes) + 2
    wide, tall = _WIDTH / quarters, _HEIGHT / (high - low)
    marks = [
        Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="var(--faint)"/>').format(
            _LEFT, _TOP, _WIDTH, _HEIGHT
        )
    ]
    for pitch in range(low + (-low) % 12, high, 12):
        y = _TOP + _HEIGHT - (pitch - low) * tall
        marks.append(
            Markup(
                '<line x1="{0}" x2="{1}" y1="{2:.1f}" y2="{2:.1f}" stroke="var(--faint)" stroke-dasharray="2 4"/>'
                '<text x="{3}" y="{4:.1f}" text-anchor="end" class="small">C{5}</text>'
            ).format(_LEFT, _LEFT + _WIDTH, y, _LEFT - 4, y + 4, pitch // 12 - 1)
        )
    for index, (start, end, name) in enumerate(keys):
        x = _LEFT + start * wide
        marks.append(
            Markup(
                '<line x1="{0:.1f}" x2="{0:.1f}" y1="4" y2="{1}" stroke="var(--soft)" stroke-dasharray="4 3"/>'
            ).format(x, _TOP + _HEIGHT)
        )
        if (end - start) * wide > 62 or index == 0:
            marks.append(Markup('<text x="{:.1f}" y="15" class="small">{}</text>').format(x + 4, name))
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
    marks.append(
        Markup('<text x="{}" y="{}" class="small">{:g} quarters</text>').format(_LEFT, _TOP + _HEIGHT + 16, quarters)
    )
    return svg(_LEFT + _WIDTH + 8, _TOP + _HEIGHT + 24, title, marks)
