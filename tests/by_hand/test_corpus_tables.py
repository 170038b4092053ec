"""Groups, filters, what counts, and the CSV of a corpus, by hand."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from styleprint.corpus.corpus import COLUMNS, Corpus
from styleprint.corpus.corpus_csv import escape_cell, read_corpus_csv, restore_cell, write_corpus_csv
from styleprint.corpus.filters import Filters, apply_filters
from styleprint.corpus.groups import connected, find_groups
from styleprint.corpus.selection import select_rows
from styleprint.corpus.summary import summarise_corpus
from styleprint.evaluation.pieces import collect_pieces

FORMULAS = ["=1+1", "+x", "-x", "@SUM(A1)", "\tx", "\rx", "'=x", "''=x", "'plain", "", "<b>&amp;</b>", 'a"b,c\nd']


def table(rows):
    """A corpus table from dicts; what is not given is empty."""
    plain = {"status": "ok", "attribution": "certain", "notes": 100, "quarters": 40.0}
    full = [{**dict.fromkeys(COLUMNS, ""), **plain, "path": f"{n}.mid", **row} for n, row in enumerate(rows)]
    return pd.DataFrame(full, columns=list(COLUMNS))


def test_connected_joins_along_chains():
    assert connected(6, [[4, 3], [3, 1], [5, 2]]) == [0, 1, 2, 1, 1, 2]


def test_a_work_is_an_identity_inside_one_label():
    rows = [{"label": "Bach", "work": "op-1"}, {"label": "Bach", "work": "op-1"}, {"label": "Liszt", "work": "op-1"}]
    assert find_groups(table(rows)) == ["Bach: op-1", "Bach: op-1", "Liszt: op-1"]


def test_copies_excerpts_and_given_groups_join_works_and_never_part_them():
    rows = [
        {"label": "Bach", "work": "a"},
        {"label": "Bach", "work": "b", "group": "7"},
        {"label": "Liszt", "work": "c"},
        {"label": "Liszt", "work": "d", "group": "7"},
        {"label": "Liszt", "work": "e", "group": "8"},
        {"label": "Liszt", "work": "e", "group": "9"},
    ]
    groups = find_groups(table(rows), copies=[[0, 2]], excerpts=[[2, 3]])
    assert groups == ["Bach: a"] * 4 + ["Liszt: e"] * 2


def test_a_rival_work_is_joined_where_it_exists():
    rows = [{"label": "Mozart", "work": work} for work in ("k-550", "k-570", "k-570", "k-1", "k-2")]
    groups = find_groups(table(rows), rivals=["k-570", "", "", "k-9", "k-9"])
    assert groups == ["Mozart: k-550"] * 3 + ["Mozart: k-1", "Mozart: k-2"]


def test_collections_are_kept_whole_only_on_request():
    rows = [
        {"label": "Chopin", "work": "op-28-1", "collection": "op-28"},
        {"label": "Chopin", "work": "op-28-2", "collection": "op-28"},
        {"label": "Liszt", "work": "op-28-2", "collection": "op-28"},
    ]
    assert len(set(find_groups(table(rows)))) == 3
    assert find_groups(table(rows), keep_collections=True) == ["Chopin: op-28-1"] * 2 + ["Liszt: op-28-2"]


def test_copies_under_two_labels_are_a_conflict():
    rows = [
        {"label": "Bach", "copies": "copies-1"},
        {"label": "Bach", "copies": "copies-1"},
        {"label": "Bach", "copies": "copies-2"},
        {"label": "Liszt", "copies": "copies-2"},
        {"label": "Liszt"},
    ]
    found = select_rows(table(rows))
    assert (found.conflicts, found.conflict_rows.tolist()) == (("copies-2",), [2, 3])
    assert (found.rows.tolist(), found.weight.tolist()) == ([0, 1, 4], [0.5, 0.5, 1.0])


@pytest.mark.parametrize(
    "out", [{"attribution": "disputed"}, {"attribution": "spurious"}, {"status": "too_short"}, {"label": ""}]
)
def test_a_copy_that_does_not_count_makes_no_conflict_and_takes_no_weight(out):
    """A disputed "Bach" leaves the certain "Petzold" as it is, wherever the rows are looked at."""
    rows = [
        {"label": "Bach", "copies": "copies-1", **out},
        {"label": "Petzold", "copies": "copies-1"},
        {"label": "Petzold", "copies": "copies-1"},
        {"label": "Bach", "copies": "copies-2"},
        {"label": "Bach"},
    ]
    corpus = Corpus(Path(), table(rows))
    chosen, pieces = select_rows(corpus.table), collect_pieces(corpus.table)
    assert chosen.rows.tolist() == pieces.rows.tolist() == corpus.usable.index.tolist() == [1, 2, 3, 4]
    assert chosen.weight.tolist() == pieces.weight.tolist() == [0.5, 0.5, 1.0, 1.0]
    assert summarise_corpus(corpus)["label_conflicts"] == pieces.conflict_sets == 0


def test_a_cap_is_drawn_from_pieces_that_count():
    """A piece in a conflict must not take the place of one that can teach."""
    rows = [{"label": "Bach", "copies": "copies-1"}, {"label": "Liszt", "copies": "copies-1"}]
    corpus = table(rows + [{"label": name} for name in ("Bach", "Liszt") for _ in range(9)])
    nothing = [1.0] * len(corpus)
    apply_filters(corpus, Filters(cap=3), seconds=nothing, key_confidence=nothing, seed=0)
    usable = Corpus(Path(), corpus).usable
    assert usable["label"].value_counts().to_dict() == {"Bach": 3, "Liszt": 3}


def test_filters_count_what_they_remove_each_over_what_the_last_one_left():
    corpus = table([{"label": "Bach", "notes": n} for n in (5, 50, 60, 70)])
    removed = apply_filters(
        corpus,
        Filters(min_notes=10, min_seconds=8, min_key_confidence=0.7, cap=1),
        seconds=[1.0, 7.0, 9.0, 10.0],
        key_confidence=[0.1, 0.9, float("nan"), 0.8],
        seed=0,
    )
    assert [(r.filter, r.files) for r in removed] == [
        ("min_notes", 1), ("min_seconds", 1), ("min_key_confidence", 1), ("cap", 0)
    ]  # fmt: skip
    assert list(corpus["status"]) == ["too_short", "too_short", "ambiguous_key", "ok"]
    assert corpus["reason"][1] == "it lasts 7.0 s, less than 8 s"


def test_cap_draws_by_seed_and_one_label_does_not_change_the_draw_of_another():
    def drawn(rows, seed):
        corpus = table(rows)
        nothing = [float("nan")] * len(rows)
        apply_filters(corpus, Filters(cap=3), seconds=nothing, key_confidence=nothing, seed=seed)
        kept = corpus[corpus["status"] == "ok"]
        return {label: list(part["path"]) for label, part in kept.groupby("label")}

    bach = [{"label": "Bach"}] * 20
    both = drawn(bach + [{"label": "Liszt"}] * 20, seed=1)
    assert both["Bach"] == drawn(bach, seed=1)["Bach"]
    assert both == drawn(bach + [{"label": "Liszt"}] * 20, seed=1)
    assert both["Bach"] != drawn(bach, seed=2)["Bach"]
    assert {label: len(paths) for label, paths in both.items()} == {"Bach": 3, "Liszt": 3}


def test_a_cap_holds_for_files_without_a_label_too():
    """Models of language learn from folders that have none."""
    corpus = table([{"label": ""}] * 9 + [{"label": "Bach"}] * 2)
    nothing = [1.0] * len(corpus)
    apply_filters(corpus, Filters(cap=3), seconds=nothing, key_confidence=nothing, seed=0)
    assert corpus[corpus["status"] == "ok"]["label"].value_counts().to_dict() == {"": 3, "Bach": 2}


@pytest.mark.parametrize("cell", ["=1+1", "+x", "-x", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_written_that_a_spreadsheet_would_run(cell):
    assert escape_cell(cell) == "'" + cell


@given(st.text())
def test_every_cell_is_read_back_exactly(cell):
    assert restore_cell(escape_cell(cell)) == cell
    assert not escape_cell(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_corpus_is_written_and_read_back_exactly(tmp_path):
    corpus = Corpus(tmp_path, table([{"path": f"ü{n}.mid", "label": cell} for n, cell in enumerate(FORMULAS)]))
    corpus.table["further"] = FORMULAS
    write_corpus_csv(corpus, tmp_path / "corpus.csv")
    again = read_corpus_csv(tmp_path / "corpus.csv")
    pd.testing.assert_frame_equal(again.table, corpus.table)
    assert b"\n=" not in (tmp_path / "corpus.csv").read_bytes()
