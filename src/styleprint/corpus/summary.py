"""A corpus in numbers and in words: what was found, what is left, and what it is made of."""

from typing import Any

import pandas as pd

from styleprint.corpus.corpus import Corpus
from styleprint.corpus.selection import select_rows
from styleprint.support.text import show_name

__all__ = ["describe_corpus", "say_left_out", "summarise_corpus"]

_WIDEST_LABEL = 40


def summarise_corpus(corpus: Corpus) -> dict[str, Any]:
    """The counts of a corpus, as JSON can hold them.

    Returns
    -------
    dict
        ``files`` (all rows), ``usable``, ``statuses``, ``removed``, ``labels`` (for each: files, usable, works,
        groups, copies), ``works`` (by source), ``weak_works``, ``copy_sets``, ``files_with_copies``,
        ``label_conflicts``, ``groups`` and ``notes``.
    """
    table, usable = corpus.table, corpus.usable
    copied = table["copies"] != ""
    return {
        "files": len(table),
        "usable": len(usable),
        "statuses": _counts(table["status"]),
        "removed": [{"filter": removed.filter, "files": removed.files} for removed in corpus.removed],
        "labels": {str(label): _describe_label(rows, usable) for label, rows in table.groupby("label", sort=True)},
        "works": _counts(table["work_source"]),
        "weak_works": int((usable["work_source"] == "stem").sum()),
        "copy_sets": int(table.loc[copied, "copies"].nunique()),
        "files_with_copies": int(copied.sum()),
        "label_conflicts": len(select_rows(table).conflicts),
        "groups": int(usable["group"].nunique()),
        "notes": list(corpus.notes),
    }


def describe_corpus(corpus: Corpus) -> str:
    """The same as text for a terminal."""
    counts = summarise_corpus(corpus)
    lines = [f"{counts['files']} files, {counts['usable']} can serve, in {counts['groups']} groups."]
    others = [f"{count} {status}" for status, count in counts["statuses"].items() if status != "ok"]
    if others:
        lines.append(f"Not ok: {', '.join(others)}.")
    lines += [f"Left out by {removed['filter']}: {removed['files']}." for removed in counts["removed"]]
    lines += ["", *_label_lines(counts["labels"]), ""]
    lines.append(
        f"Copies: {counts['copy_sets']} sets with {counts['files_with_copies']} files; "
        f"{counts['label_conflicts']} sets under different labels."
    )
    by_source = ", ".join(f"{count} by {source}" for source, count in counts["works"].items())
    lines.append(f"Works: {by_source}.")
    if counts["weak_works"]:
        lines.append(
            f"{counts['weak_works']} files that can serve are grouped by their file name alone (work_source 'stem'): "
            "a labels file with a column 'work' (of recordings the artist) would make their groups sure."
        )
    return "\n".join([*lines, *counts["notes"]])


def say_left_out(corpus: Corpus) -> tuple[str, ...]:
    """Sentences on the files that neither train nor count, for whoever reads a figure or a card."""
    table = corpus.table
    others = [f"{count} {name}" for name, count in _counts(table["status"]).items() if name != "ok"]
    found = [f"Of {len(table)} files, {len(corpus.usable)} serve; the others: {', '.join(others)}."] if others else []
    doubted = _counts(table.loc[table["status"] == "ok", "attribution"])
    told = [f"{count} {name}" for name, count in doubted.items() if name != "certain"]
    if told:
        found.append(f"Not of certain attribution, so neither learnt nor scored: {', '.join(told)}.")
    return tuple(found)


def _counts(column: "pd.Series[Any]") -> dict[str, int]:
    return {str(value): int(count) for value, count in column.value_counts().sort_index().items()}


def _describe_label(rows: pd.DataFrame, usable: pd.DataFrame) -> dict[str, int]:
    own = usable.loc[usable.index.intersection(rows.index)]
    return {
        "files": len(rows),
        "usable": len(own),
        "works": int(own["work"].nunique()),
        "groups": int(own["group"].nunique()),
        "copies": int((own["copies"] != "").sum()),
    }


def _label_lines(labels: dict[str, dict[str, int]]) -> list[str]:
    """One line a label, numbers right-aligned below their names."""
    names = ["files", "usable", "works", "groups", "copies"]
    shown = {label: _short(label) for label in labels}
    width = max([len("label"), *map(len, shown.values())])
    lines = [f"{'label':<{width}}" + "".join(f"{name:>8}" for name in names)]
    lines += [
        f"{shown[label]:<{width}}" + "".join(f"{row[name]:>8}" for name in names) for label, row in labels.items()
    ]
    return lines


def _short(label: str) -> str:
    """A label that cannot disturb a terminal: control characters are shown as escapes."""
    plain = show_name(label) or "(none)"
    return plain if len(plain) <= _WIDEST_LABEL else plain[: _WIDEST_LABEL - 1] + "…"
