"""Options that belong together, as every use case takes them."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from styleprint.support.learning import learning_under
from styleprint.support.progress import Progress, silent

__all__ = ["AugmentOptions", "CorpusOptions", "EvaluateOptions", "RunOptions"]


@dataclass(frozen=True)
class CorpusOptions:
    """How a folder, or a table, becomes pieces with labels and groups.

    Attributes
    ----------
    labels : Path or None
        A CSV that names files and labels; None takes labels from the first folder.
    levels : tuple of str
        Names of the folder levels that make a label; empty takes the first folder alone.
    only : tuple of str
        Keep these labels alone.
    cap : int or None
        Keep at most so many files of a label, drawn by seed.
    min_seconds, min_notes, min_key_confidence : float, int, float
        Leave out shorter, emptier or tonally vaguer pieces.
    groups : str
        Of a folder: ``"collection"`` keeps whole opuses, cycles and notebooks together; empty keeps works. Of a table:
        a column, ``column~pattern`` or a CSV; empty leaves each row by itself.
    target : str
        Of a table: the column of the label; ``genre/subgenre`` joins two as levels.
    split : str
        Of a table: a column or a CSV that says train, validation or test.
    leave_out, keep : tuple of str
        Of a table: columns that are no features, and columns that are, whatever they look like.
    stream : str
        Of a table: the column of sequences; of an ``.npz`` the array of tokens, by default ``tokens``.
    vocabulary : str
        Of sequences: ``chords`` or ``tokens``; empty takes chords where the tokens can be chords.
    lenient : bool
        Read damaged notation as far as it goes.
    limits : tuple of str
        Limits to raise, as ``"notes=2000000"``.
    """

    labels: Path | None = None
    levels: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    cap: int | None = None
    min_seconds: float = 0.0
    min_notes: int = 1
    min_key_confidence: float = 0.0
    groups: str = ""
    target: str = ""
    split: str = ""
    leave_out: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    stream: str = ""
    vocabulary: str = ""
    lenient: bool = False
    limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class AugmentOptions:
    """Which variants of pieces models learn from beside the pieces.

    Attributes
    ----------
    names : tuple of str
        Of the kind's variants (:mod:`styleprint.features.kinds`), each with or without a number, as ``transposed=3``;
        empty for none.
    to : int or None
        Classes with fewer training pieces are filled up with variants to so many rows, others get none; None gives each
        training piece all variants.
    """

    names: tuple[str, ...] = ()
    to: int | None = None

    @property
    def text(self) -> str:
        """``transposed=3,thinned``, and up to how many rows a class; empty for none."""
        return ",".join(self.names) + (f" to {self.to}" if self.to is not None else "")


@dataclass(frozen=True)
class RunOptions:
    """How a use case runs; none of it changes a result, but for the seed.

    Attributes
    ----------
    workers : int or None
        Number of processes; None means one for each processor, 0 this process alone.
    seed : int
        Of everything random.
    cache : Path or None
        Folder where rows are kept between runs.
    progress : Progress
        Who hears how far it is.
    """

    workers: int | None = None
    seed: int = 0
    cache: Path | None = None
    progress: Progress = field(default=silent)

    def learning(self) -> AbstractContextManager[None]:
        """Around what learns: it tells how far it is, and with a cache it goes on where a killed run had come to."""
        return learning_under(progress=self.progress, states=self.cache / "networks" if self.cache else None)


@dataclass(frozen=True)
class EvaluateOptions:
    """What is tested, and how.

    Attributes
    ----------
    model : str
    protocols : tuple of str
        The first is the headline. Empty: work, distinct and random, or, of a table from elsewhere, work and random,
        and given where it has a split.
    folds, repeats : int
    optimise : str
        What inner choices of the model maximise (:mod:`styleprint.models.inner_score`).
    parameters : Path or None
        Of the model, as ``tune`` writes them.
    metrics : tuple of str
        Also reported: ``module:function`` of labels and predictions.
    report, predictions, json : Path or None
        Where to write the page, the out-of-fold predictions and the figures. A page asks for the audit's long
        tests.
    require : tuple of str
        ``[PROTOCOL.]METRIC=VALUE``.
    notes : tuple of str
        What a reader should know of the corpus, in sentences, for page and JSON.
    augment : AugmentOptions
        Variants for training sides; none are scored.
    """

    model: str = "standard"
    protocols: tuple[str, ...] = ()
    folds: int = 5
    repeats: int = 1
    optimise: str = "accuracy"
    parameters: Path | None = None
    metrics: tuple[str, ...] = ()
    report: Path | None = None
    predictions: Path | None = None
    json: Path | None = None
    require: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    augment: AugmentOptions = field(default_factory=AugmentOptions)
