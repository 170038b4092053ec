"""The corpora of the models of language, and models of them that are learnt once and kept (issue 13)."""

from pathlib import Path

import numpy as np

from chorale_data import read_chorales
from styleprint.bundle.language import LanguageBundle, load_language_bundle, save_language_bundle
from styleprint.extraction.recipe import Recipe
from styleprint.features.streams.events import events_of
from styleprint.models.language.registry import make_language_model
from styleprint.models.language.rows import STREAMS, EventRows
from styleprint.reading import read_score
from styleprint.workflows.train_language import known_passages, token_counts

__all__ = ["CORPORA", "game_piano", "learnt", "read_corpus"]

CORPORA = ("game-piano", "chorales")


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
