"""A folder becomes a corpus, and a description of what was found."""

from pathlib import Path
from typing import Any

from styleprint.corpus.corpus import Corpus
from styleprint.corpus.corpus_csv import write_corpus_csv
from styleprint.corpus.filters import Filters
from styleprint.corpus.groups import find_label_conflicts
from styleprint.corpus.scan import scan_corpus
from styleprint.support.errors import UsageError
from styleprint.support.workers import count_workers
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.result import TextResult

__all__ = ["count_failed", "describe_scan", "scan", "scan_options"]

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
        "workers": count_workers(run.workers),
        "seed": run.seed,
        "progress": run.progress,
    }


def count_failed(corpus: Corpus) -> int:
    """Files that could not be read."""
    return int(corpus.table["status"].isin(["unreadable", "over_limit", "failed"]).sum())


def describe_scan(corpus: Corpus) -> TextResult:
    """What was found, for people and for programs."""
    table, usable = corpus.table, corpus.usable
    by_label = {
        str(label): {
            "files": len(rows),
            "pieces": int((rows["copies"] == "").sum() + rows.loc[rows["copies"] != "", "copies"].nunique()),
            "works": int(rows["work"].nunique()),
            "weak_works": int((rows["work_source"] == "stem").sum()),
            "groups": int(rows["group"].nunique()),
        }
        for label, rows in usable.groupby("label", sort=True)
    }
    statuses = {str(name): int(count) for name, count in table["status"].value_counts().sort_index().items()}
    bad = table[~table["status"].isin(["ok", "left_out"])]
    conflicts = find_label_conflicts(table)
    as_json = {
        "files": len(table),
        "usable": len(usable),
        "statuses": statuses,
        "removed": {item.filter: item.files for item in corpus.removed},
        "labels": by_label,
        "copies": int(usable.loc[usable["copies"] != "", "copies"].nunique()),
        "files_with_copies": int((usable["copies"] != "").sum()),
        "label_conflicts": len(conflicts),
        "notes": list(corpus.notes),
        "not_ok": [{"path": r.path, "status": r.status, "reason": r.reason} for r in bad.itertuples()],
    }
    return TextResult(_text(as_json), as_json, count_failed(corpus))


def _text(found: dict[str, Any]) -> str:
    lines = [f"{found['files']} files found, {found['usable']} can serve."]
    lines += [f"  left out by {name}: {count}" for name, count in found["removed"].items()]
    lines += [f"  {name}: {count}" for name, count in found["statuses"].items() if name != "ok"]
    lines += [
        f"    {entry['path']}: {entry['reason'].splitlines()[0] if entry['reason'] else entry['status']}"
        for entry in found["not_ok"][:_MAX_REASONS]
    ]
    if len(found["not_ok"]) > _MAX_REASONS:
        lines.append(f"    … and {len(found['not_ok']) - _MAX_REASONS} more, in the CSV (-o)")
    if found["labels"]:
        width = max(len(name) for name in found["labels"])
        lines += ["", f"{'label':{width}}  files  pieces  works  (named by file name alone)"]
        lines += [
            f"{name:{width}}  {c['files']:5d}  {c['pieces']:6d}  {c['works']:5d}  {c['weak_works']:5d}"
            for name, c in found["labels"].items()
        ]
    lines += ["", f"{found['copies']} sets of copies hold {found['files_with_copies']} files."]
    lines += found["notes"]
    return "\n".join(lines)
