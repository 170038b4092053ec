"""Parts become one Table: rows in the order of the corpus, beside what the scan knows of each piece.

The table is written in groups of a fixed number of rows, so that it is the same to the byte however its parts
were cut, and no more than a few parts are ever in memory.
"""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from styleprint.corpus.corpus import Corpus
from styleprint.extraction.division import span_columns
from styleprint.extraction.parts import Parts, Place
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import row_columns
from styleprint.extraction.table import Column, Role, describe_table
from styleprint.support.atomic import atomic_path
from styleprint.support.errors import CorpusError

__all__ = ["ROLES", "assemble_table"]

ROWS_A_GROUP = 256

ROLES: dict[str, Role] = {"label": "label", "work": "work", "copies": "copies", "group": "group"}
"""Roles of the columns of a corpus; the others are identity."""


def assemble_table(corpus: Corpus, parts: Parts, recipe: Recipe, output: Path) -> int:
    """Write the rows of all pieces that can serve.

    Parameters
    ----------
    corpus : Corpus
        What the scan found.
    parts : Parts
        Which hold the rows of its pieces.
    recipe : Recipe
    output : Path

    Returns
    -------
    int
        How many rows.

    Raises
    ------
    CorpusError
        C104, where no piece can serve.
    """
    places = [parts.find(sha256) for sha256 in corpus.table["sha256"]]
    kept = [
        place is not None and place.count > 0 and status == "ok"
        for place, status in zip(places, corpus.table["status"], strict=True)
    ]
    if not any(kept):
        raise CorpusError(
            "C104",
            "a corpus must hold pieces that can serve, but every file was left out.",
            remedy="'styleprint scan' says why, file by file.",
            place=str(corpus.root),
        )
    chosen = [
        Place(place.part, place.row + row, 1)
        for place, keep in zip(places, kept, strict=True)
        if keep and place is not None
        for row in range(place.count)
    ]
    about = corpus.table[kept]
    if recipe.division:
        counts = [place.count for place, keep in zip(places, kept, strict=True) if keep and place is not None]
        about = _repeated(about, counts)
    beside = pa.Table.from_pandas(about, preserve_index=False)
    further = (*beside.column_names, "parts", "encoder", *span_columns(recipe.division))
    columns = {name: Column(ROLES.get(name, "identity")) for name in further}
    description = describe_table(columns | row_columns(recipe), recipe.to_json(), corpus.notes)
    with atomic_path(output) as temporary:
        _write_groups(temporary, beside, parts, chosen, description)
    return len(chosen)


def _repeated(about: pd.DataFrame, counts: list[int]) -> pd.DataFrame:
    """What is known of each piece, once for each of its rows.

    Rows of one piece are a set of copies, so that it counts once however many rows it has.
    """
    own = [copies or f"piece-{number}" for number, copies in enumerate(about["copies"], start=1)]
    return about.assign(copies=own).loc[about.index.repeat(counts)]


def _write_groups(
    path: Path, about: pa.Table, parts: Parts, places: list[Place], description: dict[bytes, bytes]
) -> None:
    writer = None
    try:
        for start in range(0, len(places), ROWS_A_GROUP):
            rows = parts.rows(places[start : start + ROWS_A_GROUP])
            beside = about.slice(start, ROWS_A_GROUP).combine_chunks()
            group = pa.table(
                [*beside.columns, *rows.columns],
                schema=pa.schema([*beside.schema, *rows.schema], metadata=description),
            )
            if writer is None:
                writer = pq.ParquetWriter(path, group.schema, compression="zstd", version="2.6")
            writer.write_table(group, row_group_size=ROWS_A_GROUP)
    finally:
        if writer is not None:
            writer.close()
