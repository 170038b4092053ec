"""What a bundle of language has learnt: which tokens are alike, and what it knows of theory."""

import math
from pathlib import Path
from typing import Any

from styleprint.bundle.language import load_language_bundle
from styleprint.generation.knowledge import Finding
from styleprint.generation.neighbours import FieldMap, embeddings_of, knowledge_of, map_field
from styleprint.reports.neighbours_page import render_neighbours
from styleprint.support.atomic import write_text
from styleprint.version import __version__
from styleprint.workflows.result import TextResult

__all__ = ["neighbours"]


def neighbours(bundle: Path, output: Path | None = None, *, seed: int = 0) -> TextResult:
    """Look into a model of language.

    Parameters
    ----------
    bundle : Path
        What ``train --model language-…`` wrote.
    output : Path, optional
        A page.
    seed : int
        Of deals and bootstraps in the tests of knowledge.

    Raises
    ------
    BundleError
        B109, where the bundle holds no model of language.
    """
    loaded = load_language_bundle(bundle)
    maps = [map_field(embedding) for embedding in embeddings_of(loaded)]
    findings = knowledge_of(loaded, seed=seed)
    if output is not None:
        title = f"What {bundle.name} has learnt"
        write_text(output, render_neighbours(maps, findings, title=title, identity=loaded.identity))
    lines = [finding.sentence for finding in findings]
    for found in maps:
        lines += ["", f"Nearest by {found.field}; the largest by chance would be about {found.largest:.2f}:"]
        for near in found.neighbourhoods:
            shown = ", ".join(f"{name} {value:.2f}" for name, value in near.nearest)
            lines.append(f"{near.token} ({near.count}): {shown}")
    as_json = {
        "styleprint": __version__,
        "model": loaded.model,
        "bundle": loaded.identity,
        "knowledge": [_finding_json(finding) for finding in findings],
        "fields": {found.field: _map_json(found) for found in maps},
    }
    return TextResult("\n".join(lines), as_json)


def _finding_json(finding: Finding) -> dict[str, Any]:
    values = {name: getattr(finding, name) for name in finding.__dataclass_fields__} | {"sentence": finding.sentence}
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in values.items()}


def _map_json(found: FieldMap) -> dict[str, Any]:
    return {
        "deviation_by_chance": found.deviation,
        "largest_by_chance": found.largest,
        "explained": list(found.explained),
        "tokens": {name: list(point) for name, point in zip(found.tokens, found.points, strict=True)},
        "nearest": {near.token: [list(pair) for pair in near.nearest] for near in found.neighbourhoods},
    }
