"""What to look at in a table before any model: one record, with sentences that hold."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from styleprint.evaluation.pieces import FloatArray, Pieces, collect_pieces
from styleprint.explaining.distributions import Distribution, distribute
from styleprint.explaining.exploration_sentences import exploration_sentences
from styleprint.explaining.maps import RowMap, correlations, map_rows, same_label_nearby
from styleprint.explaining.profiles import Profiles, profile_labels
from styleprint.explaining.separation import Contrast, Separation, contrast, group_means, separations
from styleprint.explaining.table_facts import ClassCount, Facts, class_counts, look_at_columns, numbers
from styleprint.extraction.table import Table
from styleprint.support.errors import TableError

__all__ = ["Exploration", "explore_table"]

_SHOWN, _ALIKE, _NEAR_COPY = 8, 0.9, 0.95
_MOST_LABELS, _MOST_IN_HEATMAP, _MOST_IN_PAIRS = 12, 40, 400
_SPECIAL = {
    "tempo": re.compile(r"(^|_)(tempo|bpm|qpm)(_|$)", re.IGNORECASE),
    "loudness": re.compile(r"(^|_)(loudness|rms|energy|velocity|dynamic_range)(_|$)", re.IGNORECASE),
}


@dataclass(frozen=True, eq=False)
class Exploration:
    """What a table says.

    Attributes
    ----------
    classes : tuple of ClassCount
        The largest first.
    rows, groups, left_out : int
        Rows that count, their groups, and rows without a label, in conflict or not certain.
    facts : Facts
    separations : tuple of Separation
        The strongest first.
    contrasts : tuple of Contrast
        Of the features that are shown.
    shown : tuple of str
        The features that separate most and do not repeat each other.
    special : mapping of str to str
        ``tempo`` and ``loudness`` → a column, where there is one.
    distributions : mapping of str to tuple of Distribution
        Feature → one a label.
    heatmap_features : tuple of str
        In the order of `heatmap`.
    heatmap : ndarray
        Spearman's correlations.
    near_copies : tuple of (feature, feature, ρ)
        Pairs with |ρ| of at least .95, the closest first.
    pairs : ndarray, shape (n, up to 4)
        Values of the first features that are shown, of rows drawn by seed.
    pair_labels : ndarray of int, shape (n,)
        Positions in `names`.
    map : RowMap or None
    map_labels : ndarray of int
    nearby : tuple of float
        Share of rows on the map whose nearest neighbour of another group has the same label; the same by chance.
    names : tuple of str
        Labels, in the order of the classes.
    profiles : Profiles
        Keys, cadences, harmonic rhythm and rests of the twelve largest labels, where the table tells of them.
    notes, sentences : tuple of str
    """

    classes: tuple[ClassCount, ...]
    rows: int
    groups: int
    left_out: int
    facts: Facts
    separations: tuple[Separation, ...]
    contrasts: tuple[Contrast, ...]
    shown: tuple[str, ...]
    special: Mapping[str, str]
    distributions: Mapping[str, tuple[Distribution, ...]]
    heatmap_features: tuple[str, ...]
    heatmap: FloatArray
    near_copies: tuple[tuple[str, str, float], ...]
    pairs: FloatArray
    pair_labels: Any
    map: RowMap | None
    map_labels: Any
    nearby: tuple[float, float]
    names: tuple[str, ...]
    profiles: Profiles
    notes: tuple[str, ...] = ()
    sentences: tuple[str, ...] = field(default=())


def explore_table(table: Table, *, seed: int = 0) -> Exploration:
    """Look at a table.

    Parameters
    ----------
    table : Table
        With a label a row; group, copies, status and attribution are used where present. Features are explored,
        and so are numbers that the table keeps apart from them as a length or a duration.
    seed : int

    Raises
    ------
    EvaluationError
        E102, E103, where there are no labels, or fewer than two.
    TableError
        T140, where no column holds numbers.
    """
    pieces = collect_pieces(table.frame)
    columns = table.names("feature")
    if not columns:
        raise TableError("T140", "exploring needs columns of numbers, and the table has none.")
    facts = look_at_columns(pieces, columns)
    values = numbers(pieces.frame, facts.varying)
    means, label = group_means(values, pieces.truth, pieces.group)
    ranked = separations(means, label, facts.varying)
    correlation, order = correlations(values)
    shown = _choose([entry.feature for entry in ranked], facts.varying, correlation)
    place = {name: i for i, name in enumerate(facts.varying)}
    special = _special(facts.varying)
    drawn = tuple(dict.fromkeys((*shown, *special.values(), *(n for n in facts.lengths if n in place))))
    counts = class_counts(pieces)
    found = Exploration(
        classes=counts,
        rows=len(pieces),
        groups=len(np.unique(pieces.group)),
        left_out=len(table) - len(pieces),
        facts=facts,
        separations=tuple(ranked),
        contrasts=_contrasts(drawn, means, label, pieces, place, seed),
        shown=shown,
        special=special,
        distributions=_distributions(drawn, values, pieces, counts, place, seed),
        near_copies=_near_copies(facts.varying, correlation),
        names=pieces.classes,
        profiles=profile_labels(pieces, columns, _largest(pieces, counts), seed=seed),
        notes=table.notes,
        **_heatmap(facts.varying, correlation, order, [entry.feature for entry in ranked]),
        **_pairs(shown, values, pieces, place, seed),
        **_map(values, pieces, seed),
    )
    return replace(found, sentences=tuple(exploration_sentences(found)))


def _choose(ranked: Sequence[str], features: Sequence[str], correlation: FloatArray) -> tuple[str, ...]:
    """The strongest features, leaving out those that repeat one already chosen."""
    place = {name: i for i, name in enumerate(features)}
    chosen: list[str] = []
    for name in ranked:
        if all(abs(correlation[place[name], place[other]]) < _ALIKE for other in chosen):
            chosen.append(name)
        if len(chosen) == _SHOWN:
            break
    return tuple(chosen)


def _special(features: Sequence[str]) -> dict[str, str]:
    found = {}
    for kind, pattern in _SPECIAL.items():
        own = [name for name in features if pattern.search(name)]
        if own:
            found[kind] = own[0]
    return found


def _contrasts(
    drawn: Sequence[str], means: FloatArray, label: Any, pieces: Pieces, place: Mapping[str, int], seed: int
) -> tuple[Contrast, ...]:
    found = [
        contrast(name, means[:, place[name]], label, pieces.classes, comparisons=len(drawn), seed=seed)
        for name in drawn
    ]
    return tuple(each for each in found if each is not None)


def _distributions(
    drawn: Sequence[str],
    values: FloatArray,
    pieces: Pieces,
    counts: Sequence[ClassCount],
    place: Mapping[str, int],
    seed: int,
) -> dict[str, tuple[Distribution, ...]]:
    """Of the largest labels, in the order of names."""
    labels = _largest(pieces, counts)
    return {name: distribute(values[:, place[name]], pieces.truth, pieces.classes, labels, seed=seed) for name in drawn}


def _largest(pieces: Pieces, counts: Sequence[ClassCount]) -> tuple[str, ...]:
    largest = {count.name for count in counts[:_MOST_LABELS]}
    return tuple(name for name in pieces.classes if name in largest)


def _near_copies(features: Sequence[str], correlation: FloatArray) -> tuple[tuple[str, str, float], ...]:
    close = np.argwhere(np.triu(np.abs(correlation) >= _NEAR_COPY, k=1)).tolist()
    pairs = [(features[i], features[j], float(correlation[i, j])) for i, j in close]
    return tuple(sorted(pairs, key=lambda pair: -abs(pair[2])))


def _heatmap(features: Sequence[str], correlation: FloatArray, order: Any, ranked: Sequence[str]) -> dict[str, Any]:
    """Correlations of the features that separate most, in the order of their clusters."""
    kept = set(ranked[:_MOST_IN_HEATMAP])
    chosen = np.array([i for i in order if features[int(i)] in kept], dtype=np.intp)
    return {
        "heatmap_features": tuple(features[int(i)] for i in chosen),
        "heatmap": correlation[np.ix_(chosen, chosen)],
    }


def _pairs(
    shown: Sequence[str], values: FloatArray, pieces: Pieces, place: Mapping[str, int], seed: int
) -> dict[str, Any]:
    rows = np.arange(len(pieces))
    if len(rows) > _MOST_IN_PAIRS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _MOST_IN_PAIRS, replace=False))
    columns = np.array([place[name] for name in shown[:4]], dtype=np.intp)
    return {"pairs": values[np.ix_(rows, columns)], "pair_labels": pieces.truth[rows]}


def _map(values: FloatArray, pieces: Pieces, seed: int) -> dict[str, Any]:
    found = map_rows(values, seed=seed)
    if found is None:
        return {"map": None, "map_labels": np.empty(0, dtype=np.intp), "nearby": (float("nan"), float("nan"))}
    truth, group = pieces.truth[found.rows], pieces.group[found.rows]
    return {"map": found, "map_labels": truth, "nearby": same_label_nearby(found.neighbours, truth, group)}
