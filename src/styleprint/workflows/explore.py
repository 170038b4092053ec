"""Look at a corpus or a table before any model."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from styleprint.evaluation.evaluation import jsonable
from styleprint.explaining.exploration import Exploration, explore_table
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import Table
from styleprint.features.registry import feature_names
from styleprint.reports.exploration_page import exploration_figures, render_exploration
from styleprint.reports.figures import write_figures
from styleprint.support.atomic import write_text
from styleprint.version import __version__
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare

__all__ = ["ExploreOptions", "ExploreResult", "explore"]


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
    failed : int
        Files that could not be read.
    """

    exploration: Exploration
    failed: int

    @property
    def text(self) -> str:
        """For people."""
        return "\n".join(f"- {sentence}" for sentence in self.exploration.sentences)

    @property
    def figures(self) -> Mapping[str, str]:
        """SVG by name."""
        return exploration_figures(self.exploration)

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
                    "nearby": {"share": found.nearby[0], "chance": found.nearby[1]},
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
    options, run = options or ExploreOptions(), run or RunOptions()
    recipe = Recipe.of(feature_names(), (), with_make=True)
    prepared = prepare(source, recipe, corpus=corpus or CorpusOptions(), run=run)
    found = explore_table(prepared.table, seed=run.seed)
    if options.output is not None or options.figures is not None:
        _write(found, prepared.table, source, options)
    return ExploreResult(found, prepared.failed)


def _write(found: Exploration, table: Table, source: Path, options: ExploreOptions) -> None:  # noqa: ARG001
    figures = exploration_figures(found)
    if options.figures is not None:
        write_figures(options.figures, {name: str(figure) for name, figure in figures.items()})
    if options.output is not None:
        write_text(options.output, render_exploration(found, figures, title=f"What is in {source.name}?"))
