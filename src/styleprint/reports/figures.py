"""Figures as files of their own: the SVG of a page, complete without the page's style."""

import re
from collections.abc import Mapping
from pathlib import Path

from styleprint.support.atomic import write_text

__all__ = ["standalone", "write_figures"]

_STYLE = (
    "<style>svg{--paper:#fdfcf9;--ink:#1d2128;--soft:#545b66;--faint:#c9c6bd;background:#fdfcf9;"
    "font:13px system-ui,sans-serif}text{fill:#1d2128}.small{font-size:11px;fill:#545b66}</style>"
)


def standalone(figure: str) -> str:
    """One ``<svg>`` element of a page as a file that any viewer shows."""
    size = re.match(r'<svg viewBox="0 0 ([\d.]+) ([\d.]+)"', figure)
    if size is None:
        raise ValueError("a figure must be an <svg> element with a viewBox that begins at 0")
    head, _, rest = figure.partition(">")
    head = re.sub(r' style="[^"]*"', "", head)
    return (
        f'{head} xmlns="http://www.w3.org/2000/svg" width="{size[1]}" height="{size[2]}">'
        f"{_STYLE}{rest.replace('&#39;', '&apos;')}\n"
    )


def write_figures(folder: Path, figures: Mapping[str, str]) -> list[Path]:
    """Write each figure as ``NAME.svg``; empty ones are left out.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    figures : mapping of str to SVG text
        A name keeps its letters, figures, ``-`` and ``_``; all else becomes ``_``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, figure in figures.items():
        if figure:
            path = folder / f"{re.sub(r'[^A-Za-z0-9_-]+', '_', name)}.svg"
            write_text(path, standalone(str(figure)))
            written.append(path)
    return written
