"""Files become parts: read in supervised workers of this machine, or on a cluster, batch by batch.

Rows leave memory with their part. What stays of each piece is what a scan needs to find copies and works
(:class:`styleprint.corpus.pieces.Piece`). The same files give the same rows, whoever reads them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from styleprint.corpus.pieces import Piece, PieceReader
from styleprint.extraction.cache import RowCache, cached_parts, cached_row
from styleprint.extraction.parts import Digest, Packed, Parts, digest_bytes, pack
from styleprint.extraction.recipe import Recipe
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.support.hashing import hash_file
from styleprint.support.progress import Progress, silent
from styleprint.support.workers import Outcome, map_supervised

__all__ = ["Batches", "Digester"]

FILES_A_PART = 200
BYTES_A_PART = 64 << 20


@dataclass(frozen=True)
class Digester:
    """Makes the row in a worker, or the rows of its parts, while the record is at hand."""

    recipe: Recipe
    cache: RowCache | None = None

    def __call__(self, record: Score | Recording) -> Digest:
        """The digest of a record."""
        if self.recipe.division and isinstance(record, Recording):
            return Digest.of(record, *cached_parts(record, self.recipe, self.cache))
        return Digest.of(record, [], [cached_row(record, self.recipe, self.cache)])


@dataclass(frozen=True)
class Batches:
    """How the files of a scan are read when their rows go to parts: what :func:`scan_scores` takes as ``read``.

    Attributes
    ----------
    recipe : Recipe
    parts : Parts
    resume : bool
        Take up what the parts of an earlier run hold.
    workers : int
        Processes of this machine; 0 reads in this one.
    cluster : str
        Address of a Dask scheduler; empty stays on this machine.
    files_a_task : int
        Files of one task of the cluster.
    progress : Progress
    """

    recipe: Recipe
    parts: Parts
    resume: bool = False
    workers: int = 1
    cluster: str = ""
    files_a_task: int = FILES_A_PART
    progress: Progress = field(default=silent)

    def __call__(self, locations: Sequence[str], reader: PieceReader) -> Iterable[Outcome[Piece]]:
        """Read files; one outcome each, in order."""
        outcomes: list[Outcome[Piece] | None] = [None] * len(locations)
        if self.resume:
            self._recall(locations, outcomes)
        waiting = [i for i, outcome in enumerate(outcomes) if outcome is None]
        done = len(locations) - len(waiting)
        for batch, packed in self._run([locations[i] for i in waiting], reader, done, len(locations)):
            self.parts.write(packed)
            for place, outcome in packed.outcomes().items():
                outcomes[waiting[batch[place]]] = outcome
        return [outcome for outcome in outcomes if outcome is not None]

    def _recall(self, locations: Sequence[str], outcomes: list[Outcome[Piece] | None]) -> None:
        """Fill in the outcomes of files whose content the parts have already."""
        known = self.parts.recall()
        for i, location in enumerate(locations if known else ()):
            self.progress("comparing", i + 1, len(locations))
            piece = known.get(_hash(location))
            if piece is not None:
                outcomes[i] = Outcome(piece)

    def _run(
        self, locations: Sequence[str], reader: PieceReader, done: int, total: int
    ) -> Iterator[tuple[range, Packed]]:
        def progress(stage: str, more: int, _: int) -> None:
            self.progress(stage, done + more, total)

        if self.cluster:
            from styleprint.extraction.cluster import run_on_cluster

            return run_on_cluster(
                locations,
                reader,
                self.recipe,
                address=self.cluster,
                files_a_task=self.files_a_task,
                progress=progress,
            )
        return _run_here(locations, reader, self.recipe, self.workers, progress)


def _run_here(
    locations: Sequence[str], reader: PieceReader, recipe: Recipe, workers: int, progress: Progress
) -> Iterator[tuple[range, Packed]]:
    begun, held, in_hand = 0, 0, list[Outcome[Piece]]()
    for outcome in map_supervised(reader, locations, workers=workers, stage="reading", progress=progress):
        in_hand.append(outcome)
        held += digest_bytes(outcome.value.value) if outcome.value is not None else 0
        if len(in_hand) >= FILES_A_PART or held >= BYTES_A_PART:
            yield range(begun, begun + len(in_hand)), pack(in_hand, recipe)
            begun, held, in_hand = begun + len(in_hand), 0, []
    if in_hand:
        yield range(begun, begun + len(in_hand)), pack(in_hand, recipe)


def _hash(location: str) -> str:
    """Hash of the content; empty where it cannot be read, which reading will say."""
    try:
        return hash_file(Path(location))
    except OSError:
        return ""
