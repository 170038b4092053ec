"""What a protocol is: which rows learn, which are tested, what each counts.

A protocol divides the pieces into folds; each piece is tested once in each repeat, by a model that has
not seen it. Protocols differ in what they keep together and in what a copy counts.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from styleprint.corpus.splits import Split, grouped_folds
from styleprint.evaluation.pieces import FloatArray, IndexArray, Pieces
from styleprint.support.errors import EvaluationError

__all__ = ["Division", "Protocol", "divide", "divide_units", "few_groups"]


@dataclass(frozen=True)
class Protocol:
    """How pieces are divided.

    Attributes
    ----------
    name : str
    summary : str
        What it keeps together and what its figures mean, in one sentence.
    units : callable
        Pieces → code of what is never divided, one a row. Models get it as ``groups`` for inner splits.
    split : callable
        Pieces, units, folds, seed → pairs (train, test) of positions in the pieces.
    copies_count_once : bool
        Whether the files of a set of copies weigh 1/n each, in learning and in figures.
    is_random : bool
        Whether another seed gives another division, so that repeats make sense.
    """

    name: str
    summary: str
    units: Callable[[Pieces], IndexArray]
    split: Callable[[Pieces, IndexArray, int, int], list[Split]]
    copies_count_once: bool
    is_random: bool = True

    def weight(self, pieces: Pieces) -> FloatArray:
        """What each row counts."""
        return pieces.weight if self.copies_count_once else np.ones(len(pieces))


@dataclass(frozen=True, eq=False)
class Division:
    """One train and test pair; positions are those in the pieces."""

    repeat: int
    fold: int
    train: IndexArray
    test: IndexArray


def divide(protocol: Protocol, pieces: Pieces, *, folds: int, repeats: int, seed: int) -> list[Division]:
    """All train and test pairs of a protocol.

    Parameters
    ----------
    protocol : Protocol
    pieces : Pieces
    folds, repeats : int
    seed : int
        The first repeat uses it as it is, later ones what is derived from it.

    Raises
    ------
    EvaluationError
        E104, where a label has fewer than two units: it could never be both learnt and tested.
    """
    units = protocol.units(pieces)
    divisions = []
    for repeat in range(repeats if protocol.is_random else 1):
        derived = seed if repeat == 0 else int(np.random.SeedSequence((seed, repeat)).generate_state(1)[0])
        pairs = protocol.split(pieces, units, folds, derived)
        divisions += [Division(repeat, fold, train, test) for fold, (train, test) in enumerate(pairs)]
    return divisions


def divide_units(pieces: Pieces, units: IndexArray, folds: int, seed: int) -> list[Split]:
    """Folds of whole units, each label spread evenly; a set of copies counts as one piece.

    Copies are dealt out as one, so that a further copy of a piece changes nothing for the others.
    """
    counts = _units_per_class(pieces, units)
    if counts.min() < 2:
        name = pieces.classes[int(counts.argmin())]
        raise EvaluationError(
            "E104",
            f"each label needs at least two works, so that one can be learnt and another tested, "
            f"but {name!r} has {counts.min()}.",
            remedy="Add works of that label, or leave it out with --only.",
        )
    first = np.unique(np.stack([units, pieces.copies]), axis=1, return_index=True)[1]
    fold_of_first = grouped_folds(
        pieces.labels[first].tolist(), [f"{unit:012d}" for unit in units[first]], folds=folds, seed=seed
    )
    fold_of_unit = np.zeros(int(units.max()) + 1, dtype=np.intp)
    fold_of_unit[units[first]] = fold_of_first
    fold = fold_of_unit[units]
    return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(folds)]


def few_groups(pieces: Pieces, units: IndexArray, folds: int) -> list[str]:
    """A sentence for each label with fewer units than folds: some folds do not test it."""
    counts = _units_per_class(pieces, units)
    return [
        f"{name} has {count} works, fewer than the {folds} folds: some folds do not test it."
        for name, count in zip(pieces.classes, counts, strict=True)
        if count < folds
    ]


def _units_per_class(pieces: Pieces, units: IndexArray) -> IndexArray:
    pairs = np.unique(np.stack([pieces.truth, units]), axis=1)
    return np.bincount(pairs[0], minlength=len(pieces.classes)).astype(np.intp)
