"""Sections of an exploration's page about the music of a corpus."""

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from styleprint.evaluation.sentences import percent
from styleprint.explaining.corpus_look import LabelLook
from styleprint.music.time import DEFAULT_TEMPO_QPM
from styleprint.reports.piano_roll import piano_roll
from styleprint.reports.spectrogram_chart import spectrogram

__all__ = ["corpus_figures", "corpus_sections"]

_COLUMNS = 8
_MOST_LABELS = 12


def corpus_figures(labels: Sequence[LabelLook]) -> dict[str, Markup]:
    """Piano rolls and mel-spectrograms by name: ``roll-LABEL``, ``mel-LABEL``, of the twelve labels with most files."""
    figures = {}
    for label in _shown(labels):
        example = label.example
        if example is None:
            continue
        roll, title = example.roll, f"{label.name}: {example.path}"
        figures[f"roll-{label.name}"] = piano_roll(
            roll.notes, roll.keys, quarters=roll.quarters, title=title, cadences=roll.cadences
        )
        if example.spectrogram is not None:
            figures[f"mel-{label.name}"] = spectrogram(example.spectrogram, title=f"{title}, as sound")
    return figures


def _shown(labels: Sequence[LabelLook]) -> list[LabelLook]:
    largest = sorted(labels, key=lambda label: -label.files)[:_MOST_LABELS]
    return [label for label in labels if label in largest]


def corpus_sections(labels: Sequence[LabelLook], figures: dict[str, Markup]) -> list[dict[str, Any]]:
    """The sections, as the page's template takes them."""
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
            "sentences": [
                "The beginning of a piece of middle length of each label. Piano rolls: colours are parts; dashed lines "
                "are where a key begins, full lines where a cadence arrives: perfect (PAC) and imperfect (IAC) "
                "authentic, half (HC), deceptive (DC), plagal (PC). Both are estimated from the notes.",
                "Mel-spectrograms: the first 20 seconds of the notes played as plain plucked tones of equal "
                "loudness, so that they show the notes and no recording.",
            ],
            "tables": [],
            "figures": _examples(labels, figures),
        },
    ]


def _examples(labels: Sequence[LabelLook], figures: dict[str, Markup]) -> list[dict[str, Any]]:
    """Of each label its roll, and beside it its spectrogram."""
    drawn = []
    for label in labels:
        if label.example is None or f"roll-{label.name}" not in figures:
            continue
        caption = f"{label.name}: {label.example.path}"
        drawn.append({"svg": figures[f"roll-{label.name}"], "caption": caption, "roomy": True})
        if f"mel-{label.name}" in figures:
            known = label.example.opening.is_tempo_known
            tempo = "" if known else f"; no tempo in the file: {DEFAULT_TEMPO_QPM:g} quarters a minute"
            caption = f"{caption}, as sound{tempo}"
            drawn.append({"svg": figures[f"mel-{label.name}"], "caption": caption, "roomy": True})
    return drawn


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
