"""The corpora of the models of language, and models of them that are learnt once and kept (issue 13)."""

from pathlib import Path

import numpy as np

from chorale_data import chorale_scores, read_chorales
from styleprint.bundle.language import LanguageBundle, load_language_bundle, save_language_bundle
from styleprint.corpus.splits import Split, grouped_splits
from styleprint.extraction.recipe import Recipe
from styleprint.features.streams.events import events_of
from styleprint.models.language.registry import make_language_model
from styleprint.models.language.rows import STREAMS, EventRows
from styleprint.music.score import Score
from styleprint.reading import read_score
from styleprint.workflows.train_language import known_passages, token_counts

__all__ = ["CORPORA", "FOLDS", "game_piano", "learnt", "learnt_of_fold", "read_corpus", "scores_of", "splits_of"]

CORPORA = ("game-piano", "chorales")
FOLDS = 5
SEED = 0


def game_piano(folder: Path) -> tuple[EventRows, tuple[str, ...]]:
    """Every file, a work by its name."""
    paths = sorted(folder.glob("*.mid"))
    return EventRows.of([events_of(read_score(path)) for path in paths]), tuple(path.stem for path in paths)


def read_corpus(name: str, data: Path, kept: Path) -> tuple[EventRows, tuple[str, ...]]:
    """Rows and groups of a corpus.

    Parameters
    ----------
    name : str
        One of `CORPORA`.
    data : Path
        The folder with ``scores/game-piano``; chorales come with music21.
    kept : Path
        A folder for what was read.
    """
    if name == "game-piano":
        return game_piano(data / "scores" / "game-piano")
    return read_chorales(kept / "bach-chorales.npz")


def scores_of(name: str, data: Path, kept: Path) -> list[Score]:
    """The scores of a corpus, one a row."""
    if name == "game-piano":
        return [read_score(path) for path in sorted((data / "scores" / "game-piano").glob("*.mid"))]
    return [score for _, score in chorale_scores(kept / "scores")]


def splits_of(rows: EventRows, groups: tuple[str, ...]) -> list[Split]:
    """The five splits of every benchmark of language."""
    return grouped_splits([""] * len(rows), groups, folds=FOLDS, seed=SEED, weight=np.diff(rows.offsets))


def learnt_of_fold(
    name: str, kept: Path, rows: EventRows, groups: tuple[str, ...], fold: int, *, model: str
) -> LanguageBundle:
    """A model of all pieces but those that a fold holds out."""
    learn, _ = splits_of(rows, groups)[fold]
    names = tuple(groups[i] for i in learn)
    place = kept / f"{name}.fold-{fold}.{model}.styleprint"
    return learnt(place, rows.take(learn), names, names, model=model, seed=SEED)


def learnt(
    place: Path, rows: EventRows, groups: tuple[str, ...], pieces: tuple[str, ...], *, model: str, seed: int = 0
) -> LanguageBundle:
    """A model of these pieces; learnt where the file is not there, and kept in it."""
    if not place.exists():
        estimator = make_language_model(model, {}, seed=seed).fit(rows, groups=groups)
        bundle = LanguageBundle(
            model=model,
            estimator=estimator,
            recipe=Recipe.of((), STREAMS),
            pieces=pieces,
            passages=known_passages(rows),
            counts=token_counts(rows),
            tempo_qpm=120.0,
            card=f"# {place.stem}: {len(rows)} pieces, {len(np.unique(groups))} groups, for benchmarks",
        )
        save_language_bundle(bundle, place)
    return load_language_bundle(place)
