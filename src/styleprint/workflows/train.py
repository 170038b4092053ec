"""A folder or a table becomes a bundle."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from styleprint.bundle.bundle import Bundle, class_shares, save_bundle
from styleprint.bundle.card import write_card
from styleprint.bundle.make_ranges import MakeRanges
from styleprint.bundle.ranges import ClassRanges
from styleprint.corpus.copies import KnownPieces
from styleprint.corpus.known_recordings import KnownRecordings
from styleprint.corpus.selection import column_text
from styleprint.evaluation.verdict import never_excluded
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import Table
from styleprint.models.inner_score import check_aim
from styleprint.models.registry import make_with
from styleprint.support.atomic import check_place
from styleprint.support.errors import UsageError
from styleprint.version import __version__
from styleprint.workflows.augment import prepare_augmented
from styleprint.workflows.options import AugmentOptions, CorpusOptions, RunOptions
from styleprint.workflows.parameters import is_language_model, read_parameters
from styleprint.workflows.prepare import Prepared
from styleprint.workflows.recipes import recipe_for, source_kind
from styleprint.workflows.result import TextResult
from styleprint.workflows.train_language import refuse_options, train_language
from styleprint.workflows.training_rows import TrainingRows, choose_training_rows

__all__ = ["train"]

_OF_AN_EVALUATION = {
    "styleprint",
    "model",
    "optimise",
    "parameters",
    "classes",
    "rows",
    "groups",
    "protocols",
    "audit",
}


def train(
    source: Path,
    output: Path,
    *,
    model: str = "standard",
    optimise: str = "accuracy",
    parameters: Path | None = None,
    evaluation: Path | None = None,
    augment_by: AugmentOptions | None = None,
    corpus: CorpusOptions | None = None,
    run: RunOptions | None = None,
) -> TextResult:
    """Learn from labelled pieces and write what was learnt as one file.

    Parameters
    ----------
    source : Path
        A folder with one sub-folder a label, a table from :func:`styleprint.extract`, or a CSV or Parquet file; for a
        model of language any folder of scores.
    output : Path
        The bundle.
    model : str
        Name in the registry of models, or of models of language.
    optimise : str
        What inner choices maximise (:mod:`styleprint.models.inner_score`); with ``balanced`` the probabilities hold
        where all classes are equally frequent.
    parameters : Path, optional
        Of the model, as :func:`styleprint.tune` writes them.
    evaluation : Path, optional
        The JSON of :func:`styleprint.evaluate`, to stand in the bundle and its card; of the same model and pieces.
    augment_by : AugmentOptions, optional
        Variants of the pieces, to learn from beside them.
    corpus, run : optional

    Raises
    ------
    StyleprintError
        Where the source or the model cannot serve.
    """
    run = run or RunOptions()
    check_aim(optimise)  # what is wrong is said before a long reading, not after
    check_place(output)
    if is_language_model(model):
        refuse_options(optimise=optimise != "accuracy", evaluation=evaluation, augment=augment_by and augment_by.names)
        return train_language(source, output, model=model, parameters=parameters, corpus=corpus, run=run)
    figures = _read_evaluation(evaluation) if evaluation else None
    chosen = read_parameters(parameters, model)
    kind = source_kind(source)
    recipe = recipe_for([model], kind, with_make=kind == "recording")
    corpus, augment_by = corpus or CorpusOptions(), augment_by or AugmentOptions()
    prepared = prepare_augmented(source, recipe, augment_by, corpus=corpus, run=run)
    training = choose_training_rows(prepared.table, prepared.augmented)
    if figures:
        settings = {"model": model, "optimise": optimise, "parameters": chosen, "styleprint": __version__}
        settings["augment"] = augment_by.text
        _check_same(figures, settings, training, str(evaluation))
    run.progress("learning", 0, 1)
    estimator = make_with(model, chosen, seed=run.seed, optimise=optimise)
    with run.learning():
        training.teach(estimator)
    run.progress("learning", 1, 1)
    bundle = Bundle(
        model=model,
        estimator=estimator,
        recipe=_recipe_of(prepared.table, recipe),
        pieces=_name_pieces(prepared.table, training),
        known=_known(prepared, training),
        shares=_shares(training, optimise),
        evaluation=figures,
        card="",
        ranges=ClassRanges.of(training.inputs, training.labels, [str(name) for name in estimator.classes_]),
        make=MakeRanges.of(prepared.table.frame.iloc[training.rows]) if kind == "recording" else None,
    )
    groups = {str(label): len(set(training.groups[training.labels == label])) for label in set(training.labels)}
    bundle = replace(bundle, card=_card(bundle, source, prepared, groups))
    save_bundle(bundle, output, training.inputs)
    return _describe(bundle, output, prepared, groups)


def _card(bundle: Bundle, source: Path, prepared: Prepared, groups: Mapping[str, int]) -> str:
    return write_card(
        model=bundle.model,
        source=source.resolve().name,
        pieces=bundle.pieces,
        groups=groups,
        evaluation=bundle.evaluation,
        version=__version__,
        notes=prepared.table.notes,
    )


def _recipe_of(table: Table, recipe: Recipe) -> Recipe:
    """The recipe of the rows: that of a table from elsewhere is its own."""
    return Recipe.from_json(table.recipe) if table.recipe.get("kind") == "table" else replace(recipe, with_make=False)


def _shares(training: TrainingRows, optimise: str) -> dict[str, float]:
    """The prior that the probabilities contain."""
    shares = class_shares(training.labels.tolist(), training.weights.tolist())
    return dict.fromkeys(shares, 1.0 / len(shares)) if optimise == "balanced" else shares


def _name_pieces(table: Table, training: TrainingRows) -> tuple[Mapping[str, str], ...]:
    frame = table.frame.iloc[training.rows]
    path, work = column_text(frame, "path"), column_text(frame, "work")
    return tuple(
        {"path": str(p), "label": str(label), "work": str(w)}
        for p, label, w in zip(path, training.labels, work, strict=True)
    )


def _known(prepared: Prepared, training: TrainingRows) -> KnownPieces | KnownRecordings | None:
    if not prepared.fingerprints:
        return None
    kind = KnownRecordings if prepared.table.recipe.get("kind") == "recording" else KnownPieces
    return kind.of([prepared.fingerprints[row] for row in training.rows])


def _read_evaluation(path: Path) -> Mapping[str, Any]:
    """The figures that 'evaluate' wrote.

    Raises
    ------
    UsageError
        U193, where the file is no such JSON.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        is_one = isinstance(found, dict) and set(found) >= _OF_AN_EVALUATION
    except (OSError, ValueError) as error:
        raise UsageError("U193", f"the evaluation cannot be read: {error}.", place=str(path)) from error
    if not is_one:
        raise UsageError(
            "U193",
            "the evaluation must be the JSON that 'styleprint evaluate --json' writes, and is not.",
            place=str(path),
        )
    return {"augment": "", **found}


def _check_same(figures: Mapping[str, Any], settings: Mapping[str, Any], training: TrainingRows, place: str) -> None:
    """Figures of another model, other settings or another corpus would speak for this bundle and not be true of it.

    Raises
    ------
    UsageError
        U193, with the first thing that differs.
    """
    here = {
        **settings,
        "classes": sorted(set(training.labels.tolist())),
        "rows": len(training.rows),
        "groups": len(set(training.groups.tolist())),
    }
    for name, own in here.items():
        other = figures[name]
        if (sorted(map(str, other)) if isinstance(other, list) else other) != own:
            raise UsageError(
                "U193",
                f"the evaluation must be of what the bundle learns, but has {name} {_tell(other)}, and the bundle "
                f"{_tell(own)}.",
                remedy="Evaluate the same model with the same settings on the same corpus, its labels and filters.",
                place=place,
            )


def _tell(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={each}" for name, each in value.items()) or "as they are by default"
    return (", ".join(map(str, value)) if isinstance(value, list) else str(value)) or "none"


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
