"""Options that several commands share, declared once.

A command that reads a corpus takes one argument ``given: Given`` and is wrapped by :func:`corpus_command`,
which puts the shared options in its place for the parser and hands them over as one record.
"""

import functools
import inspect
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from styleprint.support.atomic import write_text
from styleprint.support.text import show_json, show_text

if TYPE_CHECKING:
    from styleprint.support.progress import Progress
    from styleprint.workflows.options import AugmentOptions, CorpusOptions, RunOptions

__all__ = [
    "Augment",
    "AugmentTo",
    "Cache",
    "Given",
    "Json",
    "Lenient",
    "Limit",
    "Optimise",
    "Parameters",
    "Quiet",
    "Result",
    "Source",
    "Strict",
    "Workers",
    "answer",
    "augment_options",
    "corpus_command",
    "split_names",
]


def _take_config(context: typer.Context, path: Path | None) -> Path | None:
    """Take options that are not typed from a configuration."""
    if path is not None:
        from styleprint.workflows.run_folder import read_config

        context.default_map = read_config(path, str(context.info_name))
    return path


_CORPUS = "Which files"
_RUN = "How it runs"

_TABLE = "Of a CSV, Parquet or .npz file"

Source = Annotated[Path, typer.Argument(help="A folder with one sub-folder a label, or a table (CSV, Parquet, .npz).")]
Labels = Annotated[
    Path | None, typer.Option(help="A CSV with path and label, and work, group … if known.", rich_help_panel=_CORPUS)
]
Levels = Annotated[str, typer.Option(help="Names of folder levels, as genre/subgenre.", rich_help_panel=_CORPUS)]
Only = Annotated[str, typer.Option(help="Keep these labels alone, as Bach,Mozart.", rich_help_panel=_CORPUS)]
Cap = Annotated[
    int | None, typer.Option(min=1, help="At most so many files a label, drawn by seed.", rich_help_panel=_CORPUS)
]
MinSeconds = Annotated[float, typer.Option(min=0, help="Leave out shorter pieces.", rich_help_panel=_CORPUS)]
MinNotes = Annotated[int, typer.Option(min=1, help="Leave out pieces with fewer notes.", rich_help_panel=_CORPUS)]
MinKeyConfidence = Annotated[
    float, typer.Option(min=0, max=1, help="Leave out pieces without a clear key.", rich_help_panel=_CORPUS)
]
Groups = Annotated[
    str,
    typer.Option(
        help="What no split may divide. Folder: 'collection' keeps opuses whole. Table: COLUMN, COLUMN~REGEX or a CSV.",
        rich_help_panel=_CORPUS,
    ),
]
Target = Annotated[str, typer.Option(help="Column of the label; genre/subgenre for levels.", rich_help_panel=_TABLE)]
GivenSplit = Annotated[
    str, typer.Option("--split", help="Column, or CSV, with train, validation, test.", rich_help_panel=_TABLE)
]
LeaveOut = Annotated[str, typer.Option(help="Columns that are no features, as a,b.", rich_help_panel=_TABLE)]
Keep = Annotated[str, typer.Option(help="Columns that are features all the same.", rich_help_panel=_TABLE)]
Stream = Annotated[str, typer.Option(help="Column of sequences: numbers, or chords as Am7.", rich_help_panel=_TABLE)]
Vocabulary = Annotated[
    str, typer.Option(metavar="chords|tokens", help="What the tokens of sequences are.", rich_help_panel=_TABLE)
]
Optimise = Annotated[str, typer.Option(help="What inner choices maximise: accuracy, balanced, macro_f1, log_loss.")]
Parameters = Annotated[Path | None, typer.Option(help="Of the model, a TOML file as 'tune -o' writes it.")]
Augment = Annotated[
    str, typer.Option(metavar="NAMES", help="Also learn from variants of training pieces, as transposed=3,thinned.")
]
AugmentTo = Annotated[int | None, typer.Option(min=1, help="Only fill classes up with them, to so many training rows.")]
Lenient = Annotated[bool, typer.Option("--lenient", help="Read damaged files as far as they go.")]
Limit = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=NUMBER", help="Raise a limit on files, as notes=2000000.", rich_help_panel=_RUN),
]
Workers = Annotated[
    int | None, typer.Option(min=0, help="Processes; by default one a processor.", rich_help_panel=_RUN)
]
Seed = Annotated[int, typer.Option(help="Of everything random.", rich_help_panel=_RUN)]
Cache = Annotated[Path | None, typer.Option(help="Folder that keeps rows between runs.", rich_help_panel=_RUN)]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.", rich_help_panel=_RUN)]
Json = Annotated[
    str | None,
    typer.Option("--json", metavar="PATH|-", help="Write the result as JSON; - is stdout.", rich_help_panel=_RUN),
]
Run = Annotated[
    Path | None,
    typer.Option("--run", help="Leave a folder: configuration, environment, figures.", rich_help_panel=_RUN),
]
Track = Annotated[
    str, typer.Option(metavar="STORE", help="Log it to MLflow, as sqlite:///runs.db.", rich_help_panel=_RUN)
]
Config = Annotated[
    Path | None,
    typer.Option(
        help="Options from the run.toml of --run; what is typed wins.",
        rich_help_panel=_RUN,
        is_eager=True,
        callback=_take_config,
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 3 if any piece failed.", rich_help_panel=_RUN)]


class Result(Protocol):
    """What a workflow returns to a command: a text for people, the same as JSON, how many pieces failed."""

    @property
    def text(self) -> str: ...  # noqa: D102  # said by the class

    @property
    def as_json(self) -> Any: ...  # noqa: D102

    @property
    def failed(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class Given:
    """The shared options of one call, as typed."""

    labels: Path | None
    levels: str
    only: str
    cap: int | None
    min_seconds: float
    min_notes: int
    min_key_confidence: float
    groups: str
    target: str
    split: str
    leave_out: str
    keep: str
    stream: str
    vocabulary: str
    lenient: bool
    limit: list[str] | None
    workers: int | None
    seed: int
    cache: Path | None
    quiet: bool
    json: str | None
    strict: bool
    run_folder: Path | None = None
    track: str = ""
    command: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def corpus(self) -> "CorpusOptions":
        """Which files, as workflows take it."""
        from styleprint.workflows.options import CorpusOptions

        return CorpusOptions(
            labels=self.labels,
            levels=_split(self.levels, "/"),
            only=_split(self.only, ","),
            cap=self.cap,
            min_seconds=self.min_seconds,
            min_notes=self.min_notes,
            min_key_confidence=self.min_key_confidence,
            groups=self.groups,
            target=self.target,
            split=self.split,
            leave_out=_split(self.leave_out, ","),
            keep=_split(self.keep, ","),
            stream=self.stream,
            vocabulary=self.vocabulary,
            lenient=self.lenient,
            limits=tuple(self.limit or ()),
        )

    def run(self, progress: "Progress") -> "RunOptions":
        """How it runs, as workflows take it."""
        from styleprint.workflows.options import RunOptions

        return RunOptions(workers=self.workers, seed=self.seed, cache=self.cache, progress=progress)

    def answer(self, result: Result) -> None:
        """Print a result, write what was asked for, and exit with 3 where ``--strict`` and pieces failed."""
        if self.run_folder is not None or self.track:
            self._record(result)
        answer(result, self.json, strict=self.strict)

    def _record(self, result: Result) -> None:
        from styleprint.workflows.run_folder import record_run

        with tempfile.TemporaryDirectory(prefix="styleprint-") as spare:
            folder = self.run_folder or Path(spare)
            metrics = record_run(folder, self.command, self.options, result)
            if self.track:
                from styleprint.workflows.tracking import track_run

                track_run(self.track, self.command, self.options, metrics, folder)


_SHARED: dict[str, tuple[Any, Any]] = {
    "labels": (Labels, None),
    "levels": (Levels, ""),
    "only": (Only, ""),
    "cap": (Cap, None),
    "min_seconds": (MinSeconds, 0.0),
    "min_notes": (MinNotes, 1),
    "min_key_confidence": (MinKeyConfidence, 0.0),
    "groups": (Groups, ""),
    "target": (Target, ""),
    "split": (GivenSplit, ""),
    "leave_out": (LeaveOut, ""),
    "keep": (Keep, ""),
    "stream": (Stream, ""),
    "vocabulary": (Vocabulary, ""),
    "lenient": (Lenient, False),
    "limit": (Limit, None),
    "workers": (Workers, None),
    "seed": (Seed, 0),
    "cache": (Cache, None),
    "quiet": (Quiet, False),
    "json": (Json, None),
    "strict": (Strict, False),
    "run": (Run, None),
    "track": (Track, ""),
    "config": (Config, None),
}


_NOT_REPEATED = ("run", "track", "config", "quiet", "json", "strict")
"""What says where a result goes, and does not belong to the run."""


def corpus_command(command: Callable[..., None]) -> Callable[..., None]:
    """Put the shared options where `command` takes ``given``."""
    signature = inspect.signature(command)
    own = [p for p in signature.parameters.values() if p.name != "given"]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _SHARED.items()
    ]

    @functools.wraps(command)
    def wrapped(**values: Any) -> None:
        options = {name: value for name, value in values.items() if name not in _NOT_REPEATED and value != ()}
        shared = {name: values.pop(name) for name in _SHARED}
        del shared["config"]
        given = Given(
            **{name: value for name, value in shared.items() if name != "run"},
            run_folder=shared["run"],
            command=command.__name__,
            options=options,
        )
        command(given=given, **values)

    own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    wrapped.__signature__ = signature.replace(parameters=own + shared)  # type: ignore[attr-defined]  # functions have it
    wrapped.__annotations__ = {p.name: p.annotation for p in own + shared} | {"return": None}
    return wrapped


def answer(result: Result, json_place: str | None, *, strict: bool = False) -> None:
    """Print a result, write it as JSON where asked, and exit with 3 where `strict` and pieces failed."""
    if json_place is not None:
        _write_json(result.as_json, json_place)
    if json_place != "-":
        typer.echo(show_text(result.text))
    if strict and result.failed:
        raise typer.Exit(3)


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(name for name in (part.strip() for part in text.split(separator)) if name)


def split_names(text: str) -> tuple[str, ...]:
    """The names in a list as typed: ``"Bach, Mozart"`` → ``("Bach", "Mozart")``."""
    return _split(text, ",")


def augment_options(names: str, to: int | None) -> "AugmentOptions":
    """Which variants models learn from, as workflows take it."""
    from styleprint.workflows.options import AugmentOptions

    return AugmentOptions(split_names(names), to)


def _write_json(value: Any, place: str) -> None:
    text = show_json(value, indent=1) + "\n"
    if place == "-":
        sys.stdout.write(text)
    else:
        write_text(Path(place), text)
