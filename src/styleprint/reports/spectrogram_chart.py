"""A mel-spectrogram as SVG text (see :mod:`styleprint.reports.charts`): time to the right, frequency upwards."""

import numpy as np
from markupsafe import Markup

from styleprint.explaining.mel_spectrogram import MelSpectrogram
from styleprint.reports.charts import svg
from styleprint.reports.raster import PALETTE, png_address
from styleprint.sound.filters import to_mel

__all__ = ["spectrogram"]

_LEFT, _TOP, _WIDTH, _HEIGHT = 54.0, 8.0, 540.0, 190.0
_TICKS_HZ = (200, 500, 1_000, 2_000, 4_000, 7_000)
_SCALE_LEFT, _SCALE_WIDTH, _SCALE_STEPS = 410.0, 120.0, 24


def spectrogram(found: MelSpectrogram, *, title: str) -> Markup:
    """Levels by mel band and time, with a scale of decibels below the loudest cell."""
    least = float(found.level_db.min())
    cells = np.rint(255 * (found.level_db[::-1] - least) / -min(least, -1.0)).astype(np.uint8)
    marks = [
        Markup(
            '<image x="{}" y="{}" width="{}" height="{}" preserveAspectRatio="none" href="{}"/>'
            '<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="var(--faint)"/>'
        ).format(_LEFT, _TOP, _WIDTH, _HEIGHT, png_address(cells), _LEFT, _TOP, _WIDTH, _HEIGHT)
    ]
    highest = to_mel(found.highest_hz)
    for hz in _TICKS_HZ:
        if hz <= found.highest_hz:
            y = _TOP + _HEIGHT * (1 - to_mel(hz) / highest)
            name = f"{hz // 1000} kHz" if hz >= 1000 else f"{hz} Hz"
            marks.append(
                Markup(
                    '<line x1="{}" x2="{}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--soft)"/>'
                    '<text x="{}" y="{:.1f}" text-anchor="end">{}</text>'
                ).format(_LEFT - 4, _LEFT, _LEFT - 6, max(y + 4, 12.0), name, y=y)
            )
    for second in range(0, int(found.seconds) + 1, 5):
        x = _LEFT + _WIDTH * second / found.seconds
        marks.append(
            Markup(
                '<line x1="{x:.1f}" x2="{x:.1f}" y1="{}" y2="{}" stroke="var(--soft)"/>'
                '<text x="{x:.1f}" y="{}" text-anchor="{}">{} s</text>'
            ).format(
                _TOP + _HEIGHT,
                _TOP + _HEIGHT + 4,
                _TOP + _HEIGHT + 18,
                "middle" if x < _LEFT + _WIDTH - 10 else "end",
                second,
                x=x,
            )
        )
    marks.append(_scale(least))
    return svg(_LEFT + _WIDTH + 6, _TOP + _HEIGHT + 46, title, marks)


def _scale(least: float) -> Markup:
    y, step = _TOP + _HEIGHT + 29, _SCALE_WIDTH / _SCALE_STEPS
    blocks = [
        Markup('<rect x="{:.1f}" y="{}" width="{:.1f}" height="10" fill="#{}"/>').format(
            _SCALE_LEFT + i * step, y, step + 0.5, PALETTE[round(255 * i / (_SCALE_STEPS - 1))].tobytes().hex()
        )
        for i in range(_SCALE_STEPS)
    ]
    words = Markup('<text x="{}" y="{}" text-anchor="end">{:.0f} dB</text><text x="{}" y="{}">0 dB</text>').format(
        _SCALE_LEFT - 6, y + 10, least, _SCALE_LEFT + _SCALE_WIDTH + 6, y + 10
    )
    return Markup("").join(blocks) + words
