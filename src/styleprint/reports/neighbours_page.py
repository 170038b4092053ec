"""What a model of language holds for alike, as a page: sentences, maps, tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from styleprint.generation.knowledge import Finding
from styleprint.generation.neighbours import FieldMap
from styleprint.generation.probes import PROBES, ProbeFinding
from styleprint.reports.charts import colour, svg
from styleprint.reports.page import render
from styleprint.version import __version__

__all__ = ["PieceRow", "render_neighbours", "token_map"]

_SIDE, _EDGE = 520.0, 26.0


@dataclass(frozen=True)
class PieceRow:
    """A piece, and the training pieces that are nearest to it with their similarity."""

    name: str
    near: tuple[tuple[str, float], ...]


def token_map(found: FieldMap) -> Markup:
    """Tokens by name at their places; a colour for each octave, one for triplets among times and for minor chords."""
    xs, ys = [x for x, _ in found.points], [y for _, y in found.points]
    marks = []
    for name, (x, y) in zip(found.tokens, found.points, strict=True):
        place = (_EDGE + _scaled(x, xs), _EDGE + _SIDE - _scaled(y, ys))
        marks.append(
            Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="middle" style="fill:{}">{}</text>').format(
                *place, colour(_family(found.field, name)), name
            )
        )
    return svg(_SIDE + 2 * _EDGE, _SIDE + 2 * _EDGE, f"Map of {found.field}", marks)


def _scaled(value: float, values: Sequence[float]) -> float:
    low, high = min(values), max(values)
    return _SIDE * (value - low) / (high - low) if high > low else _SIDE / 2


def _family(field: str, name: str) -> int:
    """Of pitches the octave; of intervals too; of chords 1 for minor; of times 1 for triplets, 0 for the others."""
    if field == "interval":
        return abs(int(name)) // 12
    if field == "chord":
        return int(name.endswith("m"))
    if field == "pitch":
        return int(name[-1]) % 8 if name[-1].isdigit() else 0
    return int(int(name.partition("/")[2] or 1) % 3 == 0)


def render_neighbours(
    maps: Sequence[FieldMap],
    findings: Sequence[Finding],
    *,
    probes: Sequence[ProbeFinding] = (),
    pieces: Sequence[PieceRow] = (),
    title: str,
    identity: str,
) -> str:
    """The page."""
    sections = [("knowledge", "theory")]
    sections += [("probes", "states")] if probes else []
    sections += [("pieces", "pieces")] if pieces else []
    return render(
        "neighbours.html",
        version=__version__,
        title=title,
        maps=maps,
        findings=findings,
        probes=probes,
        asked=PROBES,
        pieces=pieces,
        figures={found.field: token_map(found) for found in maps if found.tokens},
        sections=[*sections, *((found.field, found.field) for found in maps if found.tokens)],
        identity=identity,
    )
