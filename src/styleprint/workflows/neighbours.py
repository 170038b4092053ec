"""What a bundle of language has learnt: which tokens are alike, what it knows of theory, which pieces are near."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from styleprint.bundle.language import LanguageBundle, load_language_bundle
from styleprint.corpus.folder import scan_folder
from styleprint.corpus.splits import grouped_splits
from styleprint.features.streams.events import events_of
from styleprint.generation.knowledge import Finding
from styleprint.generation.memorisation import check_memorisation
from styleprint.generation.neighbours import FieldMap, embeddings_of, knowledge_of, map_chords, map_field
from styleprint.generation.piece_states import nearest_pieces, piece_vector
from styleprint.generation.probes import LEAST_GROUPS, ProbeFinding, probe_states, probed_piece
from styleprint.music.score import Score
from styleprint.reading import read_score
from styleprint.reports.neighbours_page import PieceRow, render_neighbours
from styleprint.support.atomic import check_page, write_text
from styleprint.support.errors import UsageError
from styleprint.support.text import show_name
from styleprint.version import __version__
from styleprint.workflows.language_rows import read_language_rows
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.result import TextResult

__all__ = ["neighbours"]

_MOST_PROBED, _FOLDS = 200, 5
_LEARNT_SHARE = 0.5
"""A piece of whose notes more lie in known passages is one that the model has learnt from, or a copy of one."""


@dataclass(frozen=True, eq=False)
class _Heard:
    """A piece that is asked about."""

    name: str
    group: str
    score: Score


def neighbours(
    bundle: Path,
    music: Sequence[Path] = (),
    output: Path | None = None,
    *,
    run: RunOptions | None = None,
) -> TextResult:
    """Look into a model of language.

    Parameters
    ----------
    bundle : Path
        What ``train --model language-…`` wrote.
    music : sequence of Path, optional
        Scores, and folders of scores: of each the nearest training pieces; and where those that the model has not
        learnt from are of ten works or more, probes of its states on at most 200 of them, drawn by seed.
    output : Path, optional
        A page.
    run : RunOptions, optional

    Raises
    ------
    BundleError
        B109, where the bundle holds no model of language.
    UsageError
        U138, where pieces are given and the bundle has no vectors of its own.
    ReadError
        Where a file cannot be read.
    """
    run = run or RunOptions()
    if output is not None:
        check_page(output)
    loaded = load_language_bundle(bundle)
    heard = _listen(music, run)
    near = _nearest(loaded, heard)
    probed = _probe(loaded, heard, run)
    maps = [*(map_field(embedding) for embedding in embeddings_of(loaded)), map_chords(loaded)]
    findings = knowledge_of(loaded, seed=run.seed)
    if output is not None:
        title = f"What {bundle.name} has learnt"
        page = render_neighbours(maps, findings, probes=probed, pieces=near, title=title, identity=loaded.identity)
        write_text(output, page)
    lines = [*(finding.sentence for finding in findings), *(probe.sentence for probe in probed)]
    lines += [
        f"{row.name} is nearest to {'; '.join(f'{name} {value:.2f}' for name, value in row.near)}" for row in near
    ]
    for found in maps:
        lines += ["", f"Nearest by {found.field}; the largest by chance would be about {found.largest:.2f}:"]
        for around in found.neighbourhoods:
            shown = ", ".join(f"{name} {value:.2f}" for name, value in around.nearest)
            lines.append(f"{around.token}{'' if around.count is None else f' ({around.count})'}: {shown}")
    as_json = {
        "styleprint": __version__,
        "model": loaded.model,
        "bundle": loaded.identity,
        "knowledge": [_finding_json(finding) for finding in findings],
        "probes": [_probe_json(probe) for probe in probed],
        "pieces": {row.name: [list(pair) for pair in row.near] for row in near},
        "fields": {found.field: _map_json(found) for found in maps},
    }
    return TextResult("\n".join(lines), as_json)


def _listen(music: Sequence[Path], run: RunOptions) -> list[_Heard]:
    """Every piece with pitched notes; of folders each set of copies once, works in groups."""
    found = []
    for place in music:
        if place.is_dir():
            rows = read_language_rows(place, CorpusOptions(), run)
            location = {file.path: file.location for file in scan_folder(place, "score").files}
            found += [
                _Heard(path, f"{place} {group}", read_score(location[path], cache=run.cache and run.cache / "scores"))
                for path, group in zip(rows.paths, rows.groups, strict=True)
            ]
        else:
            found.append(_Heard(show_name(place.name), str(place), read_score(place)))
    return [one for one in found if (~one.score.is_unpitched & ~one.score.is_grace).any()]


def _nearest(bundle: LanguageBundle, heard: Sequence[_Heard]) -> list[PieceRow]:
    if not heard:
        return []
    if bundle.vectors is None:
        raise UsageError(
            "U138",
            "the bundle must hold vectors of its pieces for others to be near to them, but it was made without.",
            remedy="Train it again.",
        )
    vectors = np.array([piece_vector(bundle.estimator, events_of(one.score)) for one in heard])
    near = nearest_pieces(vectors, bundle.vectors)
    return [
        PieceRow(one.name, tuple((bundle.pieces[piece.number], piece.similarity) for piece in pieces))
        for one, pieces in zip(heard, near, strict=True)
    ]


def _probe(bundle: LanguageBundle, heard: Sequence[_Heard], run: RunOptions) -> tuple[ProbeFinding, ...]:
    order = np.sort(np.random.default_rng(run.seed).permutation(len(heard))[:_MOST_PROBED])
    chosen = [heard[int(i)] for i in order if not _is_learnt(heard[int(i)].score, bundle)]
    groups = [one.group for one in chosen]
    if len(set(groups)) < LEAST_GROUPS:
        return ()
    pieces = [probed_piece(one.score, seed=run.seed) for one in chosen]
    splits = grouped_splits([""] * len(groups), groups, folds=_FOLDS, seed=run.seed)
    return probe_states(pieces, groups, splits, lambda _: bundle.estimator, seed=run.seed)


def _is_learnt(score: Score, bundle: LanguageBundle) -> bool:
    """Whether the model has learnt from the piece, or from a copy: what it has by heart tells nothing of theory."""
    return check_memorisation(score, bundle.passages).copied_share > _LEARNT_SHARE


def _probe_json(probe: ProbeFinding) -> dict[str, Any]:
    values = {name: getattr(probe, name) for name in probe.__dataclass_fields__}
    return values | {"verdict": probe.verdict, "sentence": probe.sentence}


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
