"""A folder becomes a corpus, and a description of what was found."""

from pathlib import Path
from typing import Any

from styleprint.corpus.corpus import Corpus
from styleprint.corpus.corpus_csv import write_corpus_csv
from styleprint.corpus.filters import Filters
from styleprint.corpus.scan import scan_corpus
from styleprint.corpus.summary import describe_corpus, summarise_corpus
from styleprint.reading.limits import raise_limits
from styleprint.support.errors import UsageError
from styleprint.support.kept_arrays import trim_cache
from styleprint.support.workers import count_workers
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.result import TextResult

__all__ = ["count_failed", "describe_scan", "scan", "scan_options"]

_FAILED = ("unreadable", "over_limit", "failed")
_MAX_REASONS = 12


def scan(
    root: Path, *, output: Path | None = None, corpus: CorpusOptions | None = None, run: RunOptions | None = None
) -> Corpus:
    """Find labels, works, copies and faults in a folder.

    Parameters
    ----------
    root : Path
    output : Path, optional
        Where to write one row a file as CSV.
    corpus, run : optional

    Raises
    ------
    CorpusError
        Where the folder or the labels cannot serve.
    """
    found = scan_corpus(root, **scan_options(corpus or CorpusOptions(), run or RunOptions()))
    if run is not None and run.cache:
        trim_cache(run.cache)
    if output is not None:
        write_corpus_csv(found, output)
    return found


def scan_options(corpus: CorpusOptions, run: RunOptions) -> dict[str, Any]:
    """The options as the corpus room takes them.

    Raises
    ------
    UsageError
        U111, where ``groups`` names nothing that a corpus can keep whole.
    """
    if corpus.groups not in ("", "collection", "work"):
        raise UsageError(
            "U111",
            f"a corpus keeps works or collections whole, but --groups is {corpus.groups!r}.",
            remedy="Use --groups collection, or give a group column in --labels.",
        )
    return {
        "labels": corpus.labels,
        "levels": corpus.levels,
        "filters": Filters(
            only=corpus.only,
            min_notes=corpus.min_notes,
            min_seconds=corpus.min_seconds,
            min_key_confidence=corpus.min_key_confidence,
            cap=corpus.cap,
        ),
        "keep_collections": corpus.groups == "collection",
        "lenient": corpus.lenient,
        "limits": raise_limits(corpus.limits),
        "cache": run.cache / "scores" if run.cache else None,
        "workers": count_workers(run.workers),
        "seed": run.seed,
        "progress": run.progress,
    }


def count_failed(corpus: Corpus) -> int:
    """Files that could not be read."""
    return int(corpus.table["status"].isin(_FAILED).sum())


def describe_scan(corpus: Corpus) -> TextResult:
    """What was found, for people and for programs, with the files that cannot serve and why."""
    table = corpus.table
    bad = table[~table["status"].isin(["ok", "left_out"])]
    not_ok = [
        {"path": path, "status": status, "reason": reason}
        for path, status, reason in zip(bad["path"], bad["status"], bad["reason"], strict=True)
    ]
    lines = [describe_corpus(corpus)]
    if not_ok:
        lines += ["", "Files that cannot serve:"]
        lines += [f"  {entry['path']}: {entry['reason'].splitlines()[0]}" for entry in not_ok[:_MAX_REASONS]]
    if len(not_ok) > _MAX_REASONS:
        lines.append(f"  … and {len(not_ok) - _MAX_REASONS} more; the CSV (-o) lists them all.")
    return TextResult("\n".join(lines), summarise_corpus(corpus) | {"not_ok": not_ok}, count_failed(corpus))
