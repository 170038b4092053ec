"""A folder or a table becomes a bundle."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from styleprint.bundle.bundle import Bundle, class_shares, save_bundle
from styleprint.bundle.card import write_card
from styleprint.corpus.copies import KnownPieces
from styleprint.corpus.groups import find_label_conflicts
from styleprint.evaluation.verdict import never_excluded
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import Table
from styleprint.models.registry import load_model, make_model
from styleprint.support.errors import ModelError, UsageError
from styleprint.version import __version__
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import Prepared, prepare
from styleprint.workflows.result import TextResult

__all__ = ["train"]


@dataclass(frozen=True, eq=False)
class _Training:
    """The rows that train.

    Attributes
    ----------
    rows : ndarray of int
        Positions in the table.
    inputs : DataFrame
    labels, groups : ndarray of str
    weights : ndarray of float
        1 / number of rows in the set of copies.
    """

    rows: np.ndarray[Any, np.dtype[np.intp]]
    inputs: pd.DataFrame
    labels: np.ndarray[Any, np.dtype[np.str_]]
    groups: np.ndarray[Any, np.dtype[np.str_]]
    weights: np.ndarray[Any, np.dtype[np.float64]]


def train(
    source: Path,
    output: Path,
    *,
    model: str = "standard",
    optimise: str = "accuracy",
    evaluation: Path | None = None,
    corpus: CorpusOptions | None = None,
    run: RunOptions | None = None,
) -> TextResult:
    """Learn from labelled pieces and write what was learnt as one file.

    Parameters
    ----------
    source : Path
        A folder with one sub-folder a label, a table from :func:`styleprint.extract`, or a CSV or Parquet file.
    output : Path
        The bundle.
    model : str
        Name in the registry of models.
    optimise : str
        What inner choices maximise (:mod:`styleprint.models.inner_score`); with ``balanced`` the probabilities hold
        where all classes are equally frequent.
    evaluation : Path, optional
        The JSON of :func:`styleprint.evaluate`, to stand in the bundle and its card.
    corpus, run : optional

    Raises
    ------
    StyleprintError
        Where the source or the model cannot serve.
    """
    run = run or RunOptions()
    figures = _read_evaluation(evaluation) if evaluation else None
    needs = load_model(model).needs
    recipe = Recipe.of(needs.features, needs.streams)
    prepared = prepare(source, recipe, corpus=corpus or CorpusOptions(), run=run)
    training = _choose(prepared.table)
    if figures:
        _check_same_classes(figures, training, str(evaluation))
    run.progress("learning", 0, 1)
    estimator = make_model(model, seed=run.seed, optimise=optimise)
    estimator.fit(training.inputs, training.labels, groups=training.groups, sample_weight=training.weights)
    run.progress("learning", 1, 1)
    pieces = _name_pieces(prepared.table, training)
    groups = {str(label): len(set(training.groups[training.labels == label])) for label in set(training.labels)}
    bundle = Bundle(
        model=model,
        estimator=estimator,
        recipe=_recipe_of(prepared.table, recipe),
        pieces=pieces,
        known=_known(prepared, training),
        shares=_shares(training, optimise),
        evaluation=figures,
        card=write_card(
            model=model,
            source=source.name,
            pieces=pieces,
            groups=groups,
            evaluation=figures,
            version=__version__,
            notes=prepared.table.notes,
        ),
    )
    save_bundle(bundle, output, training.inputs)
    return _describe(bundle, output, prepared, groups)


def _recipe_of(table: Table, recipe: Recipe) -> Recipe:
    """The recipe of the rows: that of a table from elsewhere is its own."""
    return Recipe.from_json(table.recipe) if table.recipe.get("kind") == "table" else recipe


def _shares(training: _Training, optimise: str) -> dict[str, float]:
    """The prior that the probabilities contain."""
    shares = class_shares(training.labels.tolist(), training.weights.tolist())
    return dict.fromkeys(shares, 1.0 / len(shares)) if optimise == "balanced" else shares


def _choose(table: Table) -> _Training:
    """The rows that may train: read, labelled, of certain attribution, without copies under other labels."""
    frame = table.frame
    label = _text(frame, "label")
    keep = label != ""
    for column, value in (("status", "ok"), ("attribution", "certain")):
        if column in frame:
            keep &= _text(frame, column) == value
    copies = _text(frame, "copies")
    conflicts = find_label_conflicts(pd.DataFrame({"label": label[keep], "copies": copies[keep]}))
    keep &= ~np.isin(copies, conflicts) | (copies == "")
    rows = np.flatnonzero(keep)
    if len(np.unique(label[rows])) < 2:
        found = f"only '{label[rows][0]}'" if len(rows) else "none"
        raise ModelError(
            "M101",
            f"telling labels apart needs at least two labels with pieces, but there is {found}.",
            remedy="Put the pieces of each label in a folder of its own, or give --labels.",
        )
    alone = np.array([f"row {row}" for row in rows])
    unit = np.where(copies[rows] == "", alone, copies[rows])
    _, inverse, counts = np.unique(unit, return_inverse=True, return_counts=True)
    group = _text(frame, "group")[rows]
    return _Training(
        rows=rows,
        inputs=table.inputs().iloc[rows].reset_index(drop=True),
        labels=label[rows],
        groups=np.where(group == "", alone, group),
        weights=1.0 / counts[inverse],
    )


def _text(frame: pd.DataFrame, column: str) -> np.ndarray[Any, np.dtype[np.str_]]:
    if column not in frame:
        return np.full(len(frame), "", dtype=object).astype(str)
    return frame[column].astype(object).where(frame[column].notna(), "").to_numpy(dtype=str)


def _name_pieces(table: Table, training: _Training) -> tuple[Mapping[str, str], ...]:
    frame = table.frame.iloc[training.rows]
    path, work = _text(frame, "path"), _text(frame, "work")
    return tuple(
        {"path": str(p), "label": str(label), "work": str(w)}
        for p, label, w in zip(path, training.labels, work, strict=True)
    )


def _known(prepared: Prepared, training: _Training) -> KnownPieces | None:
    if not prepared.fingerprints:
        return None
    return KnownPieces.of([prepared.fingerprints[row] for row in training.rows])


def _read_evaluation(path: Path) -> Mapping[str, Any]:
    """The figures that 'evaluate' wrote.

    Raises
    ------
    UsageError
        U131, where the file is no such JSON.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        is_one = isinstance(found, dict) and {"protocols", "audit", "classes"} <= set(found)
    except (OSError, ValueError) as error:
        raise UsageError("U131", f"the evaluation cannot be read: {error}.", place=str(path)) from error
    if not is_one:
        raise UsageError(
            "U131",
            "the evaluation must be the JSON that 'styleprint evaluate --json' writes, and is not.",
            place=str(path),
        )
    return dict(found)


def _check_same_classes(figures: Mapping[str, Any], training: "_Training", place: str) -> None:
    """Figures of another corpus would speak for this bundle and not be true of it."""
    here, there = sorted(set(training.labels.tolist())), sorted(map(str, figures["classes"]))
    if here != there:
        raise UsageError(
            "U131",
            f"the evaluation must be of the classes that the bundle learns ({', '.join(here)}), "
            f"but is of {', '.join(there)}.",
            remedy="Evaluate the same corpus, with the same labels and filters.",
            place=place,
        )


def _describe(bundle: Bundle, output: Path, prepared: Prepared, groups: Mapping[str, int]) -> TextResult:
    size = output.stat().st_size
    found = {
        "bundle": str(output),
        "bytes": size,
        "model": bundle.model,
        "classes": list(bundle.classes),
        "pieces": len(bundle.pieces),
        "failed": prepared.failed,
        "notes": list(prepared.table.notes),
    }
    text = f"{len(bundle.pieces)} pieces of {len(bundle.classes)} classes learnt: {output} ({size / 1e6:.1f} MB)"
    text = "\n".join([text, *prepared.table.notes])
    if prepared.failed:
        text += f"\n{prepared.failed} files could not be read; 'styleprint scan' says why."
    small = never_excluded(groups)
    if small:
        text += f"\nToo few works to be excluded from any answer: {', '.join(small)}."
    if bundle.evaluation is None:
        text += "\nIts card says nothing of how well it does: 'styleprint evaluate' measures that."
    return TextResult(text, found, prepared.failed)
