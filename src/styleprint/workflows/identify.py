"""Whose music is this? Files and folders, in supervised workers, resumable."""

import functools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # has no types

from styleprint.bundle.bundle import Bundle, load_bundle
from styleprint.bundle.identification import Identification, identify_row
from styleprint.corpus.copies import fingerprint
from styleprint.corpus.folder import Kind, scan_folder
from styleprint.extraction.inputs import are_recordings, inputs_of, record_kind
from styleprint.features.kinds import KINDS
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.reading import is_bounded, read_record
from styleprint.reading.limits import Limits, raise_limits
from styleprint.support.errors import CorpusError, InternalError, LimitError, StyleprintError
from styleprint.support.kept_arrays import trim_cache
from styleprint.support.text import show_name
from styleprint.support.workers import Outcome, count_workers, map_supervised
from styleprint.workflows.identify_csv import ResultsFile
from styleprint.workflows.identify_tables import identify_tables
from styleprint.workflows.options import RunOptions
from styleprint.workflows.priors import read_prior

__all__ = ["IdentifyResult", "answer_record", "ask_bundle", "identify", "status_of", "tell_answer"]


@dataclass(frozen=True)
class IdentifyResult:
    """Answers in the order of the files.

    Attributes
    ----------
    answers : tuple of Identification
        Without those that `--resume` passed over.
    """

    answers: tuple[Identification, ...]

    @property
    def failed(self) -> int:
        """Files without an answer."""
        return sum(answer.status != "ok" for answer in self.answers)

    @property
    def as_json(self) -> list[dict[str, Any]]:
        """One object a file."""
        return [answer.to_json() for answer in self.answers]

    @property
    def text(self) -> str:
        """Some lines a file."""
        return "\n".join(tell_answer(answer) for answer in self.answers) or "Nothing new to identify."


@dataclass(frozen=True)
class _Answerer:
    """Reads a file and asks the bundle, in a worker or in this process.

    Attributes
    ----------
    bundle : Path
    loaded : Bundle or None
        In this process; a worker loads the file, once.
    prior : str
    shares : mapping or None
    lenient : bool
    limits : Limits
    cache : Path or None
    """

    bundle: Path
    loaded: Bundle | None
    prior: str
    shares: Mapping[str, float] | None
    lenient: bool
    limits: Limits
    cache: Path | None

    def __call__(self, location: str) -> Identification:
        start, name = time.perf_counter(), show_name(location)
        bundle = self.loaded or _load_in_worker(self.bundle)
        kind = record_kind(bundle.recipe)
        record = read_record(Path(location), kind, limits=self.limits, lenient=self.lenient, cache=self.cache)
        found = answer_record(bundle, record, name, self.prior, self.shares)
        return replace(found, seconds=time.perf_counter() - start)


def answer_record(
    bundle: Bundle, record: Score | Recording, name: str, prior: str, shares: Mapping[str, float] | None
) -> Identification:
    """What the bundle says of a score or a recording, as every door tells it.

    Parameters
    ----------
    bundle : Bundle
    record : Score or Recording
        Of the kind that the bundle reads.
    name : str
        What the answer calls it.
    prior, shares
        The prior's name, and its shares by class; None keeps those of the corpus.
    """
    return ask_bundle(bundle, record, name, prior, shares)[0]


def ask_bundle(
    bundle: Bundle, record: Score | Recording, name: str, prior: str, shares: Mapping[str, float] | None
) -> tuple[Identification, pd.DataFrame | None]:
    """The answer of :func:`answer_record`, and the row that the bundle was asked about; None where there is none."""
    if isinstance(record, Score) and not (~record.is_unpitched).any():
        return Identification(name, status="empty", reason="It has no pitched notes."), None
    known_by = None if bundle.known is None else fingerprint(record)
    inputs, warnings = _inputs_and_warnings(bundle, record)
    with threadpool_limits(1):  # so that an answer is the same for any number of workers
        found = identify_row(bundle, inputs, known_by, path=name, prior=prior, prior_shares=shares)
    return replace(found, warnings=(*record.warnings, *warnings)), inputs


def _inputs_and_warnings(bundle: Bundle, record: Score | Recording) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """What the model reads, and what is to be said of how a recording was made."""
    if bundle.make is None or not isinstance(record, Recording):
        return inputs_of(record, bundle.recipe), ()
    row = inputs_of(record, replace(bundle.recipe, with_make=True))
    made = {name: float(row[name].iloc[0]) for name in KINDS["recording"].make_columns}
    coding = f"{record.source.format} {record.source.coding}"
    return row.drop(columns=list(made)), bundle.make.warnings(made, coding)


@functools.lru_cache(maxsize=1)
def _load_in_worker(path: Path) -> Bundle:
    """A worker asks one bundle all its life."""
    return load_bundle(path)


def identify(
    bundle: Path,
    files: Sequence[Path],
    *,
    output: Path | None = None,
    resume: bool = False,
    prior: str = "corpus",
    lenient: bool = False,
    limits: Sequence[str] = (),
    run: RunOptions | None = None,
) -> IdentifyResult:
    """Say of each piece whether it is known, whose it may be, how likely, and why.

    Parameters
    ----------
    bundle : Path
        What :func:`styleprint.train` wrote.
    files : sequence of Path
        Files, and folders whose music files are taken in order. To a bundle from a table: tables, of which each row is
        a piece; or recordings, where the table's columns are features of recordings by the names of the GTZAN table.
    output : Path, optional
        A CSV, one row a file, written as answers come.
    resume : bool
        Leave out the files that the CSV already has; it must be of the same bundle and prior.
    prior : str
        ``corpus`` (shares of the training pieces), ``equal``, or a CSV with ``label`` and ``probability``.
    lenient : bool
        Read damaged files as far as they go.
    limits : sequence of str
        Limits to raise, as ``"notes=2000000"``.
    run : RunOptions, optional

    Returns
    -------
    IdentifyResult

    Raises
    ------
    BundleError, UsageError
        Where the bundle, the prior or the file to go on with cannot serve. A file that cannot be read is an answer
        with its reason.
    """
    run = run or RunOptions()
    loaded = load_bundle(bundle)
    shares = read_prior(prior, loaded.classes)
    results = None if output is None else ResultsFile.of(output, loaded, prior)
    done = results.take_up() if results is not None and resume else set()
    if loaded.recipe.kind == "table" and not are_recordings(files, loaded.recipe):
        answers = identify_tables(loaded, files, prior=prior, shares=shares, done=done, progress=run.progress)
    else:
        named = _expand(files, record_kind(loaded.recipe))
        wanted = [path for path in named if show_name(str(path)) not in done]
        bounds = raise_limits(limits)
        workers = _count_workers(wanted, bounds, run)
        own = loaded if workers == 0 else None
        cache = run.cache / "scores" if run.cache else None
        answerer = _Answerer(bundle, own, prior, shares, lenient, bounds, cache)
        outcomes = map_supervised(
            answerer, [str(path) for path in wanted], workers=workers, stage="identifying", progress=run.progress
        )
        answers = (_answer(path, outcome) for path, outcome in zip(wanted, outcomes, strict=True))
    found = IdentifyResult(tuple(answers if results is None else results.append(answers, resume=resume)))
    if run.cache:
        trim_cache(run.cache)
    return found


def _count_workers(wanted: Sequence[Path], limits: Limits, run: RunOptions) -> int:
    """One file whose reader is bounded is read in this process, which is faster; any other in a supervised worker."""
    if run.workers is None and len(wanted) == 1:
        return 0 if is_bounded(wanted[0], limits=limits) else 1
    return count_workers(run.workers)


def _expand(files: Sequence[Path], kind: Kind) -> list[Path]:
    """Files as they are; of folders the music files of that kind in them.

    Raises
    ------
    CorpusError
        C103, where folders alone are named and none holds such a file.
    """
    found: list[Path] = []
    for path in files:
        found += [Path(file.location) for file in scan_folder(path, kind).files] if path.is_dir() else [path]
    if not found:
        names = ", ".join(show_name(str(path)) for path in files)
        raise CorpusError(
            "C103",
            f"a folder to identify must hold {kind}s, since the bundle has learnt from {kind}s, but there are none.",
            remedy="Give files, or a folder with such files in it.",
            place=names,
        )
    return found


def _answer(path: Path, outcome: Outcome[Identification]) -> Identification:
    """The answer; why there is none, where there is none."""
    if outcome.error is not None:
        return Identification(show_name(str(path)), status=status_of(outcome.error), reason=str(outcome.error))
    return outcome.unwrap()


def status_of(error: StyleprintError) -> str:
    """The status of a piece that has no answer because of this error."""
    if isinstance(error, LimitError):
        return "over_limit"
    return "failed" if isinstance(error, InternalError) else "unreadable"


def tell_answer(answer: Identification) -> str:
    """Some lines about one file."""
    if answer.status != "ok":
        return f"{answer.path}: {answer.status}\n    {answer.reason}"
    lines = [f"{answer.path}: {_verdict(answer)}"]
    if answer.copy_of:
        kind = "holds the same music as" if answer.copy_of["kind"] == "copy" else "shares a passage with"
        lines.append(f"    {kind} {answer.copy_of['path']} ({answer.copy_of['label']})")
    chances = sorted((answer.probabilities or {}).items(), key=lambda item: -item[1])[:5]
    typicality = answer.typicality or {}
    lines += [f"    {name}: probability {chance:.2f}, typicality {typicality[name]:.3f}" for name, chance in chances]
    if answer.evidence:
        lines.append("    speaks for it: " + "; ".join(str(pattern["name"]) for pattern in answer.evidence[:3]))
    if answer.nearest:
        lines.append("    nearest: " + "; ".join(str(piece["path"]) for piece in answer.nearest[:3]))
    lines += [f"    warning: {warning}" for warning in answer.warnings]
    return "\n".join(lines)


def _verdict(answer: Identification) -> str:
    if answer.verdict == "identified":
        return f"typical of {answer.candidates[0]} alone; likeliest {answer.label} ({answer.probability:.2f})"
    if answer.verdict == "undecided":
        candidates, likeliest = ", ".join(answer.candidates), f"{answer.label} ({answer.probability:.2f})"
        if answer.label not in answer.candidates:
            return f"undecided: untypical of the likeliest, {likeliest}; not excluded: {candidates}"
        return f"undecided between {candidates}; likeliest {likeliest}"
    return f"typical of none of these; the most alike is {answer.label} ({answer.probability:.2f})"
