"""What a trained model is shown of one piece: its row, by the recipe of the bundle.

A table from elsewhere has columns and no files. Where all of its columns are features of recordings by the names that
the GTZAN table gives them, the same numbers are computed from a recording, and the model answers about it.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from styleprint.corpus.folder import RECORDING_SUFFIXES, Kind
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import extract_row, frame_of_rows
from styleprint.features.registry import catalogue
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.support.errors import TableError

__all__ = ["are_recordings", "inputs_of", "record_kind"]


def record_kind(recipe: Recipe) -> Kind:
    """What files a bundle of this recipe reads."""
    return "score" if recipe.kind == "score" else "recording"


def are_recordings(files: Sequence[Path], recipe: Recipe) -> bool:
    """Whether a bundle from a table is asked about recordings: by the names of the files, or what a folder holds.

    Raises
    ------
    TableError
        T136, where it is, and its columns are not those of recordings.
    """
    asked = [path for path in files if path.is_dir() or path.suffix.lower() in RECORDING_SUFFIXES]
    if not asked:
        return False
    if unknown := [name for name in recipe.features if name not in _by_alias()]:
        raise TableError(
            "T136",
            "a bundle from a table answers about recordings where its columns are those of the GTZAN table, but "
            f"{', '.join(unknown[:5])}{' …' if len(unknown) > 5 else ''} are none of them.",
            remedy="Ask it about rows of a table.",
            place=str(asked[0]),
        )
    return len(asked) == len(files)


def inputs_of(record: Score | Recording, recipe: Recipe) -> pd.DataFrame:
    """The row that a model of this recipe reads, one row of features and streams."""
    if recipe.kind != "table":
        return frame_of_rows([extract_row(record, recipe)], recipe)
    places = {name: _by_alias()[name] for name in recipe.features}
    own = Recipe.of(dict.fromkeys(feature for feature, _ in places.values()), (), kind="recording")
    row = extract_row(record, own).features
    return pd.DataFrame({name: [row[column]] for name, (_, column) in places.items()})


def _by_alias() -> dict[str, tuple[str, str]]:
    """Column of the GTZAN table → our feature and its column."""
    features = [entry.feature for entry in catalogue("recording").values()]
    return {a: (f.name, c) for f in features for a, c in zip(f.aliases, f.columns, strict=False)}
