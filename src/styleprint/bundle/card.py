"""The card of a bundle: what it was trained on, how well it does, what it must not be used for.

Markdown. Names come from folders and files, so they are escaped: a name is never a heading, a link or a tag.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from styleprint.evaluation.registry import headline_of
from styleprint.evaluation.verdict import never_excluded
from styleprint.support.text import show_name

__all__ = ["write_card"]

_TESTED_ON = {
    "work": "tested on works of which the models had learnt nothing, no copy either",
    "distinct": "tested on pieces of which the models had learnt no copy, but perhaps other movements of the same "
    "work, so the figures may be too high for works that are new",
    "random": "tested on files of whose works, and of whose very music in other files, the models may have learnt; for "
    "music that is new the figures are too high",
    "given": "tested on the pieces that a given split sets apart; what they share with the others, that split decides",
}
"""Protocol → what its figures hold for."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+.!|~&-])")


def write_card(
    *,
    model: str,
    source: str,
    pieces: Sequence[Mapping[str, str]],
    groups: Mapping[str, int],
    evaluation: Mapping[str, Any] | None,
    version: str,
    notes: Sequence[str] = (),
) -> str:
    """The card as Markdown.

    Parameters
    ----------
    model, source, version : str
        Name of the model, name of the corpus, version of styleprint.
    pieces : sequence of mappings
        ``path``, ``label``, ``work`` of the training pieces.
    groups : mapping of str to int
        Class → number of groups that no split may divide.
    evaluation : mapping or None
        The JSON of an evaluation.
    notes : sequence of str
        What was said of the corpus.
    """
    labels = sorted({piece["label"] for piece in pieces})
    lines = [
        f"# A bundle of {_escape(source)}",
        "",
        f"Model *{_escape(model)}*, made by styleprint {_escape(version)}. It names one of {len(labels)} classes.",
        "",
        "## What it was trained on",
        "",
        "| class | files | works | groups |",
        "|---|---:|---:|---:|",
    ]
    for label in labels:
        own = [piece for piece in pieces if piece["label"] == label]
        works = len({piece["work"] for piece in own})
        lines.append(f"| {_escape(label)} | {len(own)} | {works} | {groups.get(label, 0)} |")
    lines += ["", *[f"- {_escape(note)}" for note in notes], "", "## How well it does", ""]
    lines += _figures(evaluation)
    lines += [
        "",
        "## How to read an answer",
        "",
        "- First, whether the music is a copy of a piece that it was trained on.",
        "- Probabilities hold for pieces like those of its corpus, under the prior that the answer states.",
        "- Typicality is a p-value for each class: how many of its pieces are as untypical as this one. At .05 or "
        "below the class is excluded. If all are, the verdict is *none of these*.",
        *_small_classes(groups),
        "",
        "## What it must not be used for",
        "",
        "- To prove who wrote a piece. It compares with the pieces above, and with nothing else.",
        "- For composers, genres or instrumentations that it was not trained on, other than to hear that they are none "
        "of these, which it often misses.",
        "- For judgements on living people: plagiarism, authenticity in court, value.",
    ]
    return "\n".join(lines) + "\n"


def _small_classes(groups: Mapping[str, int]) -> list[str]:
    small = never_excluded(groups)
    if not small:
        return []
    names = ", ".join(map(_escape, small))
    return [f"- {names}: too few groups to be excluded from any answer, so the verdict is never *none of these*."]


def _figures(evaluation: Mapping[str, Any] | None) -> list[str]:
    if not evaluation:
        return [
            "It was not evaluated. `styleprint evaluate` on its corpus says how well it can be expected to do; "
            "`styleprint train --evaluation` keeps the figures here."
        ]
    protocols = evaluation["protocols"]
    name = headline_of(protocols)
    rows = []
    for key, label in (("balanced_accuracy", "balanced accuracy"), ("accuracy", "accuracy"), ("macro_f1", "macro F1")):
        figure = protocols[name][key]
        rows.append(f"| {label} | {figure['value']:.3f} | {figure['low']:.3f}–{figure['high']:.3f} |")
    sentences = [f"- {_escape(sentence)}" for sentence in evaluation["audit"]["sentences"]]
    return [
        f"Protocol *{_escape(name)}*: {_TESTED_ON.get(name, 'see the evaluation')}.",
        "",
        "| metric | value | 95 % interval |",
        "|---|---:|---:|",
        *rows,
        "",
        *sentences,
    ]


def _escape(text: str) -> str:
    """Text that Markdown and HTML show as it is."""
    return _SPECIAL.sub(r"\\\1", show_name(text)).replace("\\<", "&lt;").replace("\\>", "&gt;")
