"""What an evaluation's figures rest on: how classes are filled, which are hard, what the model depends on.

All of it follows the headline protocol and its folds, so that nothing is asked about rows that it was learnt from.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from styleprint.evaluation.evaluate import Settings
from styleprint.evaluation.evaluation import Evaluation
from styleprint.evaluation.folds import SharedData
from styleprint.evaluation.mapping import choose_map, open_data
from styleprint.evaluation.metrics import confusion_matrix
from styleprint.evaluation.pieces import FloatArray, Pieces, collect_pieces
from styleprint.evaluation.registry import PROTOCOLS, headline_of
from styleprint.evaluation.sentences import percent
from styleprint.evaluation.splitting import Protocol, divide
from styleprint.explaining.importance import importances
from styleprint.explaining.learning_curve import learning_curve
from styleprint.explaining.likeness import class_distances, path_distances, weighted_error
from styleprint.explaining.small_tree import small_tree
from styleprint.explaining.table_facts import class_counts, imbalance_warning, numbers
from styleprint.extraction.table import Table
from styleprint.extraction.variants import Variants
from styleprint.support.progress import Progress, silent

__all__ = ["with_insight"]

_MOST_FEATURES = 2000
_NAMED = 3


def with_insight(
    evaluation: Evaluation,
    table: Table,
    make_estimator: Callable[[], Any],
    settings: Settings,
    progress: Progress = silent,
    *,
    augmented: Variants | None = None,
) -> Evaluation:
    """Add the section ``insight`` to an evaluation.

    Parameters
    ----------
    evaluation : Evaluation
        Of this table.
    table : Table
    make_estimator : callable
    settings : Settings
        Those of the evaluation.
    progress : Progress
    augmented : Variants, optional
        Of the table's rows, for training sides.
    """
    pieces = collect_pieces(table.frame)
    headline = headline_of(settings.protocols)
    protocol: Protocol = PROTOCOLS.load(headline)
    own = evaluation.predictions[evaluation.predictions["protocol"] == headline]
    features = table.names("feature")
    values = numbers(pieces.frame, features)
    counts = class_counts(pieces)
    found: dict[str, Any] = {
        "classes": [vars(count) for count in counts],
        "warning": imbalance_warning(counts),
        "difficulty": _difficulty(evaluation, headline),
        "levels": _confusion_of_levels(own, evaluation.classes),
        "similarity": _similarity(own, pieces, values, seed=settings.seed),
        "tree": small_tree(
            values,
            pieces.truth,
            protocol.units(pieces),
            protocol.weight(pieces),
            tuple(features),
            pieces.classes,
            seed=settings.seed,
        )
        if features
        else None,
    }
    found |= _of_models(table, pieces, protocol, make_estimator, settings, progress, augmented)
    found["sentences"] = _sentences(found)
    return replace(evaluation, sections={**evaluation.sections, "insight": found})


def _of_models(
    table: Table,
    pieces: Pieces,
    protocol: Protocol,
    make_estimator: Callable[[], Any],
    settings: Settings,
    progress: Progress,
    augmented: Variants | None,
) -> dict[str, Any]:
    """What needs models of its own: the learning curve and, of a table from elsewhere, importances."""
    divisions = divide(protocol, pieces, folds=settings.folds, repeats=1, seed=settings.seed)
    labels = np.asarray(table.frame["label"].fillna("").astype(str).to_numpy(dtype=str))
    run_map = choose_map(settings.workers, progress)
    features = table.names("feature")
    with open_data(SharedData(table.inputs(), labels, pieces.classes, augmented=augmented), run_map) as handle:
        arguments = (pieces, protocol, divisions, handle, make_estimator, run_map)
        found: dict[str, Any] = {"learning_curve": learning_curve(*arguments, seed=settings.seed)}
        if table.names("stream") or not features or len(features) > _MOST_FEATURES:
            reason = (
                f"It is for tables of at most {_MOST_FEATURES} features without streams; see the model's attention."
            )
            return found | {"importance": {"applies": False, "reason": reason}}
        important = importances(*arguments, features, seed=settings.seed)
        return found | {"importance": {"applies": True, **important}}


def _difficulty(evaluation: Evaluation, headline: str) -> list[dict[str, Any]]:
    """Classes from the hardest to the easiest by F1, with what each is taken for most."""
    figures = evaluation.protocols[headline]
    found = []
    for k, name in enumerate(evaluation.classes):
        entry = figures["per_class"][name]
        row = np.array(figures["confusion_normalised"][k])
        row[k] = -1.0
        other = int(row.argmax())
        found.append(
            {
                "name": name,
                **{metric: entry[metric] for metric in ("f1", "precision", "recall", "auc")},
                "taken_for": evaluation.classes[other] if row[other] > 0 else "",
                "share": max(float(row[other]), 0.0),
            }
        )
    return sorted(found, key=lambda entry: entry["f1"])


def _confusion_of_levels(own: pd.DataFrame, classes: Sequence[str]) -> dict[str, Any]:
    """Confusion of each level above the last, probabilities summed over what is below it."""
    depth = max(name.count("/") for name in classes)
    found: dict[str, Any] = {}
    for level in range(1, depth + 1):
        above = ["/".join(name.split("/")[:level]) for name in classes]
        names = sorted(set(above))
        if len(names) < 2:
            continue
        place = {name: k for k, name in enumerate(names)}
        member = np.zeros((len(classes), len(names)))
        member[np.arange(len(classes)), [place[name] for name in above]] = 1.0
        said = (own[[f"probability.{name}" for name in classes]].to_numpy(dtype=np.float64) @ member).argmax(axis=1)
        truth = np.array([place["/".join(label.split("/")[:level])] for label in own["label"]], dtype=np.intp)
        confusion = confusion_matrix(truth, said, own["weight"].to_numpy(dtype=np.float64), len(names))
        shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        found[str(level)] = {"classes": names, "confusion": confusion, "confusion_normalised": shares}
    return found


def _similarity(own: pd.DataFrame, pieces: Pieces, values: FloatArray, *, seed: int) -> dict[str, Any]:
    has_levels = any("/" in name for name in pieces.classes)
    if not has_levels and not values.shape[1]:
        return {"applies": False, "reason": "There are neither levels nor features to tell how alike labels are."}
    place = {name: k for k, name in enumerate(pieces.classes)}
    truth, said = (np.array([place[name] for name in own[side]], dtype=np.intp) for side in ("label", "prediction"))
    distances = (
        path_distances(pieces.classes)
        if has_levels
        else class_distances(values, pieces.truth, pieces.group, len(pieces.classes))
    )
    weight, group = own["weight"].to_numpy(dtype=np.float64), own["group"].to_numpy(dtype=np.intp)
    error = weighted_error(truth, said, weight, group, distances, seed=seed)
    return {"applies": True, "by": "levels" if has_levels else "features", **error}


def _sentences(found: Mapping[str, Any]) -> list[str]:
    hardest, easiest = found["difficulty"][0], found["difficulty"][-1]
    texts = [found["warning"]] if found["warning"] else []
    mistaken = f", most often taken for {hardest['taken_for']} ({percent(hardest['share'])})"
    texts.append(
        f"The hardest label is {hardest['name']} (F1 {hardest['f1']:.2f}{mistaken if hardest['taken_for'] else ''}), "
        f"the easiest {easiest['name']} (F1 {easiest['f1']:.2f})."
    )
    error = found["similarity"]
    if error["applies"] and np.isfinite(error["distance_of_an_error"]):
        by = "the levels of the label" if error["by"] == "levels" else "their features"
        texts.append(
            f"An error lands {error['distance_of_an_error']:.2f} away from the true label, measured by {by}; if errors "
            f"fell on all other labels alike it would be {error['by_chance']:.2f}. Weighed like that, the error is "
            f"{error['weighted']['value']:.3f} beside {error['plain']['value']:.3f} for wrong answers alone."
        )
    texts.append(found["learning_curve"]["sentence"])
    importance = found["importance"]
    if importance["applies"]:
        real = [entry for entry in importance["permutation"] if entry["low"] > 0]
        names = "; ".join(
            f"{' with '.join(entry['features'][:_NAMED])}{' …' if len(entry['features']) > _NAMED else ''} "
            f"({100 * entry['value']:.1f} points)"
            for entry in importance["permutation"][:_NAMED]
        )
        texts.append(
            f"Exchanging the values of {len(real)} of {len(importance['permutation'])} groups of features between rows "
            f"costs accuracy beyond its interval; most: {names}."
        )
    if found["tree"]:
        texts.append(
            f"A tree of four questions at most, drawn below, is right for {percent(found['tree']['accuracy'])} of "
            f"the rows of groups that it has not seen."
        )
    return texts
