"""The section of an exploration's page about keys, cadences and harmonic rhythm, and its figures as SVG text."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from styleprint.explaining.profiles import Mix, Profiles, Rate
from styleprint.reports.charts import colour, number, short, svg

__all__ = ["profile_figures", "profile_section"]

_LEFT, _WIDTH, _ROW, _HEIGHT = 126, 312, 24, 16
_LEGEND_COLUMNS, _LEGEND_WIDTH = 2, 200
_MOST_COLOURS = 8


def profile_figures(profiles: Profiles) -> dict[str, Markup]:
    """One figure a mix, by name: ``mix-FEATURE``. Few parts are bars, many are shaded cells."""
    return {
        f"mix-{mix.feature}": _bars(mix) if len(mix.parts) <= _MOST_COLOURS else _cells(mix)
        for mix in profiles.mixes
        if mix.shares
    }


def profile_section(profiles: Profiles, figures: Mapping[str, Markup]) -> list[dict[str, Any]]:
    """The section, as the page's template takes it; none where a table has no such columns."""
    drawn = [mix for mix in profiles.mixes if f"mix-{mix.feature}" in figures]
    if not drawn and not profiles.rates:
        return []
    return [
        {
            "id": "profiles",
            "name": "Keys, cadences, harmonic rhythm",
            "sentences": [
                *_sentences(profiles.rates),
                "Keys, chords and cadences are estimated from the notes. Each group counts once; the intervals in the "
                "sentences hold together with 95 % (Bonferroni), those in the table one at a time.",
            ],
            "tables": [_table(profiles)] if profiles.rates else [],
            "figures": [
                {
                    "svg": figures[f"mix-{mix.feature}"],
                    "caption": f"{mix.title}: mean share over groups.",
                    "roomy": False,
                }
                for mix in drawn
            ],
        }
    ]


def _sentences(rates: Sequence[Rate]) -> list[str]:
    told, untold = [], []
    for rate in rates:
        found = rate.contrast
        if found is None:
            continue
        if found.difference_low <= 0:
            untold.append(rate.title)
            continue
        told.append(
            f"{rate.title.capitalize()}: highest in {found.high} (median {number(found.high_median)}), lowest in "
            f"{found.low} ({number(found.low_median)}); {number(found.difference)} apart, interval "
            f"{number(found.difference_low)} to {number(found.difference_high)}."
        )
    if untold:
        told.append(f"No two labels of ten groups or more can be told apart by: {', '.join(untold)}.")
    return told


def _table(profiles: Profiles) -> dict[str, Any]:
    labels = list(profiles.rates[0].means)
    return {
        "caption": "Means over groups, with intervals where there are ten or more",
        "head": ["label", *(rate.title for rate in profiles.rates)],
        "rows": [[label, *(_figure(rate.means[label]) for rate in profiles.rates)] for label in labels],
    }


def _figure(mean: tuple[float, float, float]) -> str:
    value, low, high = mean
    if math.isnan(value):
        return "–"
    return number(value) if math.isnan(low) else f"{number(value)} ({number(low)}–{number(high)})"


def _bars(mix: Mix) -> Markup:
    """Shares as bars in parts, one bar a label."""
    marks = []
    for index, (label, shares) in enumerate(mix.shares.items()):
        y, x = 4 + index * _ROW, float(_LEFT)
        marks.append(
            Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(_LEFT - 8, y + 13, short(label, 16))
        )
        for part, (name, share) in enumerate(zip(mix.parts, shares, strict=True)):
            marks.append(
                Markup(
                    '<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" fill="{}" stroke="var(--paper)" '
                    'stroke-width=".7"><title>{}, {}: {:.1f} %</title></rect>'
                ).format(x, y, _WIDTH * share, _HEIGHT, colour(part), label, name, 100 * share)
            )
            x += _WIDTH * share
    top = 14 + _ROW * len(mix.shares)
    for part, name in enumerate(mix.parts):
        x, y = 8 + _LEGEND_WIDTH * (part % _LEGEND_COLUMNS), top + 20 * (part // _LEGEND_COLUMNS)
        marks.append(
            Markup('<rect x="{}" y="{}" width="12" height="12" rx="2" fill="{}"/><text x="{}" y="{}">{}</text>').format(
                x, y, colour(part), x + 18, y + 11, name
            )
        )
    height = top + 20 * math.ceil(len(mix.parts) / _LEGEND_COLUMNS)
    return svg(_LEFT + _WIDTH + 10, height, mix.title, marks)


def _cells(mix: Mix) -> Markup:
    """Shares as shaded cells, one row a label, the greatest of all the deepest, each with its percentage."""
    most = max(max(shares) for shares in mix.shares.values()) or 1.0
    side = _WIDTH / len(mix.parts)
    marks = [
        Markup('<text x="{:.1f}" y="13" text-anchor="middle">{}</text>').format(_LEFT + side * (part + 0.5), name)
        for part, name in enumerate(mix.parts)
    ]
    for index, (label, shares) in enumerate(mix.shares.items()):
        y = 20 + index * _ROW
        marks.append(
            Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(_LEFT - 8, y + 16, short(label, 16))
        )
        for part, (name, share) in enumerate(zip(mix.parts, shares, strict=True)):
            depth = 0.55 * share / most
            marks.append(
                Markup(
                    '<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" fill="{}" fill-opacity="{:.2f}">'
                    '<title>{}, {}: {:.1f} %</title></rect><text x="{:.1f}" y="{}" text-anchor="middle">'
                    "{:.0f}</text>"
                ).format(
                    *(_LEFT + side * part, y, side, _ROW, colour(0), depth, label, name, 100 * share),
                    *(_LEFT + side * (part + 0.5), y + 16, 100 * share),
                )
            )
    return svg(_LEFT + _WIDTH + 10, 28 + _ROW * len(mix.shares), f"{mix.title}, in percent", marks)
