"""Look at a corpus or a table before any model."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from styleprint.corpus.corpus import Corpus
from styleprint.evaluation.evaluation import jsonable
from styleprint.explaining.corpus_look import LabelLook, look_at_labels
from styleprint.explaining.exploration import Exploration, explore_table
from styleprint.explaining.piece_look import PieceLook, look_at_piece
from styleprint.reading import read_score
from styleprint.reading.limits import Limits, raise_limits
from styleprint.reports.corpus_sections import corpus_figures, corpus_sections
from styleprint.reports.exploration_page import exploration_figures, render_exploration
from styleprint.reports.figures import write_figures
from styleprint.support.atomic import check_page, write_text
from styleprint.support.workers import count_workers, map_supervised
from styleprint.version import __version__
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare
from styleprint.workflows.recipes import source_kind, whole_recipe

__all__ = ["ExploreOptions", "ExploreResult", "explore"]

_PIECES_A_LABEL = 40


@dataclass(frozen=True)
class ExploreOptions:
    """What is written.

    Attributes
    ----------
    output : Path or None
        The page.
    figures : Path or None
        A folder for the figures as files.
    """

    output: Path | None = None
    figures: Path | None = None


@dataclass(frozen=True)
class ExploreResult:
    """What a corpus or a table says.

    Attributes
    ----------
    exploration : Exploration
    labels : tuple of LabelLook
        Of a corpus: chords, keys and examples of each label.
    failed : int
        Files that could not be read.
    """

    exploration: Exploration
    labels: tuple[LabelLook, ...]
    failed: int

    @property
    def text(self) -> str:
        """For people."""
        return "\n".join(f"- {sentence}" for sentence in self.exploration.sentences)

    @property
    def figures(self) -> Mapping[str, str]:
        """SVG by name."""
        return exploration_figures(self.exploration) | corpus_figures(self.labels)

    @property
    def as_json(self) -> dict[str, Any]:
        """For programs: counts, facts, separations, contrasts and sentences; no values of single rows."""
        found = self.exploration
        facts: Mapping[str, Any] = {
            "missing": found.facts.missing,
            "constant": found.facts.constant,
            "duplicate_columns": found.facts.duplicate_columns,
            "duplicate_rows": found.facts.duplicate_rows,
            "duplicate_conflicts": found.facts.duplicate_conflicts,
            "lengths": found.facts.lengths,
        }
        return dict(
            jsonable(
                {
                    "styleprint": __version__,
                    "rows": found.rows,
                    "groups": found.groups,
                    "left_out": found.left_out,
                    "classes": [vars(count) for count in found.classes],
                    "facts": facts,
                    "separations": [vars(entry) for entry in found.separations],
                    "contrasts": [vars(entry) for entry in found.contrasts],
                    "shown": found.shown,
                    "near_copies": found.near_copies,
                    "mixes": [vars(mix) for mix in found.profiles.mixes],
                    "rates": [
                        {"feature": rate.feature, "title": rate.title, "means": rate.means}
                        for rate in found.profiles.rates
                    ],
                    "nearby": {"share": found.nearby[0], "chance": found.nearby[1]},
                    "music": [
                        {key: value for key, value in vars(label).items() if key != "example"} for label in self.labels
                    ],
                    "sentences": found.sentences,
                    "notes": found.notes,
                }
            )
        )


def explore(
    source: Path,
    options: ExploreOptions | None = None,
    *,
    corpus: CorpusOptions | None = None,
    run: RunOptions | None = None,
) -> ExploreResult:
    """Look at a corpus or a table: what is missing, constant or double, how labels differ, what goes together.

    Parameters
    ----------
    source : Path
        A folder with one sub-folder a label, or a table.
    options, corpus, run : optional

    Raises
    ------
    StyleprintError
        Where the source cannot serve.
    """
    options, run, corpus = options or ExploreOptions(), run or RunOptions(), corpus or CorpusOptions()
    if options.output is not None:
        check_page(options.output)
    kind = source_kind(source)
    recipe = whole_recipe(kind, with_streams=False)
    prepared = prepare(source, recipe, corpus=corpus, run=run)
    found = explore_table(prepared.table, seed=run.seed)
    labels = look_at_corpus(prepared.corpus, corpus, run) if prepared.corpus is not None and kind == "score" else ()
    result = ExploreResult(found, labels, prepared.failed)
    if options.figures is not None:
        write_figures(options.figures, result.figures)
    if options.output is not None:
        write_text(options.output, _page(result, source))
    return result


def _page(result: ExploreResult, source: Path) -> str:
    rolls = corpus_figures(result.labels)
    return render_exploration(
        result.exploration,
        exploration_figures(result.exploration),
        title=f"What is in {source.name}?",
        music=corpus_sections(result.labels, rolls) if result.labels else (),
    )


@dataclass(frozen=True)
class _Looker:
    """Reads a file and looks at it, in a worker."""

    lenient: bool
    limits: Limits

    def __call__(self, path: Path) -> PieceLook:
        return look_at_piece(read_score(path, lenient=self.lenient, limits=self.limits))


def look_at_corpus(corpus: Corpus, options: CorpusOptions, run: RunOptions) -> tuple[LabelLook, ...]:
    """Read at most 40 pieces of each label, drawn by seed, and look at their chords, keys and beginnings."""
    usable = corpus.usable
    rng = np.random.default_rng(run.seed)
    chosen: list[str] = []
    for _, part in usable.groupby("label", sort=True):
        paths = sorted(part["path"])
        drawn = rng.choice(len(paths), min(_PIECES_A_LABEL, len(paths)), replace=False)
        chosen += [paths[int(i)] for i in sorted(drawn)]
    outcomes = map_supervised(
        _Looker(options.lenient, raise_limits(options.limits)),
        [corpus.root / path for path in chosen],
        workers=count_workers(run.workers),
        stage="chords and keys",
        progress=run.progress,
    )
    looks = {path: one.value for path, one in zip(chosen, outcomes, strict=True) if one.value is not None}
    return look_at_labels(
        looks,
        dict(zip(usable["path"], usable["label"], strict=True)),
        dict(zip(usable["path"], usable["work"], strict=True)),
        seed=run.seed,
    )
