"""How much of a figure is leakage, or the habits of those who made the files; and which number may be quoted.

Counts that need no model (:func:`count_divided`), what re-encoding changes (:func:`reencoding`), and all of it
together with the probes as one dictionary that JSON can hold (:func:`audit`).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from styleprint.evaluation.intervals import GroupBootstrap, weighted_share
from styleprint.evaluation.outcomes import OutOfFold
from styleprint.evaluation.pieces import IndexArray, Pieces
from styleprint.evaluation.registry import headline_of
from styleprint.evaluation.sentences import audit_sentences
from styleprint.evaluation.splitting import Division

__all__ = ["audit", "count_divided", "reencoding"]


def count_divided(pieces: Pieces, divisions: list[Division]) -> dict[str, Any]:
    """What a random split tears apart, from the first repeat of protocol ``random``.

    Returns
    -------
    dict
        ``label_conflicts``: sets of copies under several labels, and ``label_conflict_files``;
        ``copies_across_random_split`` and ``works_across_random_split``: sets of copies and works with files in
        more than one fold, of ``copy_sets`` and ``works`` with more than one file;
        ``tested_beside_a_copy`` and ``tested_beside_their_work``: shares of the files that are tested by a
        model that has learnt a copy, or another file of the work.
    """
    fold = np.zeros(len(pieces), dtype=np.intp)
    for division in divisions:
        if division.repeat == 0:
            fold[division.test] = division.fold
    copies, works = _divided(pieces.copies, fold), _divided(pieces.work, fold)
    return {
        "label_conflicts": pieces.conflict_sets,
        "label_conflict_files": pieces.conflict_rows,
        "copies_across_random_split": copies[0],
        "works_across_random_split": works[0],
        "copy_sets": copies[1],
        "works": works[1],
        "tested_beside_a_copy": copies[2],
        "tested_beside_their_work": works[2],
    }


def reencoding(outcome: OutOfFold, *, seed: int) -> dict[str, Any]:
    """What share of out-of-fold answers changes where only the encoding of the tested files changes.

    Returns
    -------
    dict
        Change → ``changed`` (share of answers, with interval) and ``accuracy`` after it.
    """
    bootstrap = GroupBootstrap.of(outcome.truth, outcome.group, seed=seed)
    return {
        name: {
            "changed": weighted_share(prediction != outcome.prediction, outcome.weight, bootstrap),
            "accuracy": weighted_share(prediction == outcome.truth, outcome.weight, bootstrap),
        }
        for name, prediction in outcome.variants.items()
    }


def audit(
    counts: Mapping[str, Any],
    protocols: Mapping[str, Mapping[str, Any]],
    baseline: Mapping[str, float],
    tests: Mapping[str, Any],
    classes: tuple[str, ...],
) -> dict[str, Any]:
    """The audit as JSON holds it.

    Parameters
    ----------
    counts : mapping
        From :func:`count_divided`.
    protocols : mapping
        Protocol → its figures.
    baseline : mapping
    tests : mapping
        ``make_probe``, ``instrumentation_probe``, ``reencoding``, ``source_held_out``, ``permutation``,
        ``open_set``: those that were made.
    classes : tuple of str
    """
    metrics = ("accuracy", "balanced_accuracy", "macro_f1")
    same_figure = {name: {metric: figures[metric] for metric in metrics} for name, figures in protocols.items()}
    headline = headline_of(protocols)
    quote = {"protocol": headline, "metric": "balanced_accuracy", **protocols[headline]["balanced_accuracy"]}
    found = dict(counts) | {"same_figure": same_figure, "quote": quote}
    found |= {name: tests[name] for name in tests if name not in ("permutation", "open_set")}
    found["sentences"] = audit_sentences(counts, protocols, baseline, tests, classes)
    return found


def _divided(unit: IndexArray, fold: IndexArray) -> tuple[int, int, float]:
    """Units in several folds, units of several rows, share of rows with a companion in another fold."""
    pairs = np.unique(np.stack([unit, fold]), axis=1)
    folds_of_unit = np.bincount(pairs[0])
    is_divided = folds_of_unit > 1
    return int(is_divided.sum()), int((np.bincount(unit) > 1).sum()), float(is_divided[unit].mean())
