"""A recording section by section, as a page that is complete in itself."""

import math
from collections.abc import Mapping

import numpy as np
from markupsafe import Markup

from styleprint.explaining.sections_look import NAMES, SectionsLook
from styleprint.reports.charts import colour, svg
from styleprint.reports.page import render
from styleprint.reports.raster import png_address

__all__ = ["render_sections"]

_LEFT, _TOP, _SIDE, _BAND = 8.0, 30.0, 480.0, 18.0
_HEADS: Mapping[str, tuple[str, str]] = {
    "integrated_loudness": ("loudness, LUFS", "{:.1f}"),
    "loudness_range": ("its range, LU", "{:.1f}"),
    "tempo": ("tempo, beats a minute", "{:.0f}"),
    "spectral_centroid_mean": ("mean frequency, Hz", "{:,.0f}"),
    "harmonic_over_percussive": ("harmonic over percussive, dB", "{:.1f}"),
    "onset_rate": ("onsets a second", "{:.1f}"),
}


def render_sections(name: str, found: SectionsLook) -> str:
    """The page.

    Parameters
    ----------
    name : str
        What the page calls the recording.
    found : SectionsLook
    """
    letters = "".join(one.letter + " " for one in found.sections).strip()
    rows = [
        {
            "letter": one.letter,
            "colour": _colour(one.letter),
            "span": f"{clock(one.start_seconds)}–{clock(one.end_seconds)}",
            "cells": [_cell(feature, numbers[feature]) for feature in NAMES],
        }
        for one, numbers in zip(found.sections, found.numbers, strict=True)
    ]
    return render(
        "sections.html",
        title=f"Sections of {name}",
        sections=(),
        letters=letters,
        length=clock(found.seconds),
        heads=[_HEADS[feature][0] for feature in NAMES],
        rows=rows,
        likeness=_likeness(found),
    )


def clock(seconds: float) -> str:
    """Minutes, seconds and tenths."""
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"{minutes:.0f}:{rest:04.1f}"


def _cell(feature: str, value: float) -> str:
    return "–" if math.isnan(value) else _HEADS[feature][1].format(value)


def _colour(letter: str) -> str:
    return colour(ord(letter) - ord("A")) if len(letter) == 1 else colour(len(letter) * 26)


def _likeness(found: SectionsLook) -> Markup:
    """How alike each two moments are, time to the right and down, with the sections above."""
    cells = np.rint(255 * (np.clip(found.likeness, -1, 1) + 1) / 2).astype(np.uint8)
    marks = [
        Markup(
            '<image x="{}" y="{}" width="{}" height="{}" preserveAspectRatio="none" href="{}"/>'
            '<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="var(--faint)"/>'
        ).format(_LEFT, _TOP, _SIDE, _SIDE, png_address(cells), _LEFT, _TOP, _SIDE, _SIDE)
    ]
    for one in found.sections:
        x = _LEFT + _SIDE * one.start_seconds / found.seconds
        width = _SIDE * (one.end_seconds - one.start_seconds) / found.seconds
        marks.append(
            Markup(
                '<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" fill="{}"><title>{} {}</title></rect>'
                '<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>'
            ).format(
                *(x, _TOP - _BAND - 2, max(width - 1, 1), 4, _colour(one.letter), one.letter),
                clock(one.start_seconds),
                *(x + width / 2, _TOP - 3, one.letter),
            )
        )
    marks += [
        Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
            _LEFT + _SIDE * share, _TOP + _SIDE + 16, anchor, clock(share * found.seconds)
        )
        for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
    ]
    return svg(_LEFT + _SIDE + 8, _TOP + _SIDE + 24, "Likeness of each two moments", marks)
