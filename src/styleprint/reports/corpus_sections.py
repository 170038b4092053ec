"""Sections of an exploration's page about the music of a corpus."""

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from styleprint.evaluation.sentences import percent
from styleprint.explaining.corpus_look import LabelLook
from styleprint.reports.piano_roll import piano_roll

__all__ = ["corpus_figures", "corpus_sections"]

_COLUMNS = 8
_MOST_LABELS = 12


def corpus_figures(labels: Sequence[LabelLook]) -> dict[str, Markup]:
    """Piano rolls by name: ``roll-LABEL``, of the twelve labels with most files."""
    largest = sorted(labels, key=lambda label: -label.files)[:_MOST_LABELS]
    return {
        f"roll-{label.name}": piano_roll(
            label.example.roll.notes,
            label.example.roll.keys,
            quarters=label.example.roll.quarters,
            title=f"{label.name}: {label.example.path}",
        )
        for label in labels
        if label in largest and label.example is not None
    }


def corpus_sections(labels: Sequence[LabelLook], figures: dict[str, Markup]) -> list[dict[str, Any]]:
    """The sections, as the page's template takes them."""
    examples = {label.name: label.example for label in labels if label.example is not None}
    return [
        {
            "id": "works",
            "name": "Files and works",
            "sentences": _sentences(labels),
            "tables": [
                {
                    "caption": "Pieces are drawn by seed; shares are means over pieces, intervals over works.",
                    "head": ["label", "files", "works", "looked at", "median quarters", "in minor", "away from home"],
                    "rows": [
                        [
                            label.name,
                            label.files,
                            label.works,
                            label.looked_at,
                            f"{label.quarters:.0f}",
                            _share(label.minor),
                            _share(label.away),
                        ]
                        for label in labels
                    ],
                }
            ],
            "figures": [],
        },
        {
            "id": "chords",
            "name": "Chords and progressions",
            "sentences": [
                "Chords are estimated from the notes, in the local key; shares are of time. They are as good as the "
                "estimate: read differences, not single figures."
            ],
            "tables": [_chords(labels), _progressions(labels)],
            "figures": [],
        },
        {
            "id": "examples",
            "name": "Examples",
            "sentences": ["The beginning of a piece of middle length of each label; colours are parts."],
            "tables": [],
            "figures": [
                {"svg": figure, "caption": f"{name.removeprefix('roll-')}: {examples[name.removeprefix('roll-')].path}"}
                for name, figure in figures.items()
            ],
        },
    ]


def _share(figure: tuple[float, float, float]) -> str:
    value, low, high = figure
    if math.isnan(value):
        return "–"
    return percent(value) if math.isnan(low) else f"{percent(value)} ({100 * low:.0f}–{100 * high:.0f})"


def _sentences(labels: Sequence[LabelLook]) -> list[str]:
    known = [label for label in labels if not math.isnan(label.minor[1])]
    if len(known) < 2:
        return []
    most, least = max(known, key=lambda x: x.minor[0]), min(known, key=lambda x: x.minor[0])
    farthest, nearest = max(known, key=lambda x: x.away[0]), min(known, key=lambda x: x.away[0])
    return [
        f"Minor is commonest in {most.name} ({_share(most.minor)}) and rarest in {least.name} ({_share(least.minor)}).",
        f"{farthest.name} is longest away from its home key ({_share(farthest.away)} of the time), {nearest.name} "
        f"least ({_share(nearest.away)}).",
    ]


def _chords(labels: Sequence[LabelLook]) -> dict[str, Any]:
    totals: dict[str, float] = {}
    for label in labels:
        for name, share in label.numerals.items():
            totals[name] = totals.get(name, 0.0) + share
    names = sorted(totals, key=lambda name: -totals[name])[:_COLUMNS]
    return {
        "caption": "Commonest chords: share of the time",
        "head": ["label", *names],
        "rows": [
            [label.name, *(percent(label.numerals[n]) if n in label.numerals else "–" for n in names)]
            for label in labels
        ],
    }


def _progressions(labels: Sequence[LabelLook]) -> dict[str, Any]:
    return {
        "caption": "Commonest progressions of three chords: of 100 in a piece, on average",
        "head": ["label", "first", "second", "third"],
        "rows": [
            [
                label.name,
                *[f"{name} ({rate:.1f})" for name, rate in list(label.progressions.items())[:3]],
                *["–"] * max(0, 3 - len(label.progressions)),
            ]
            for label in labels
        ],
    }
