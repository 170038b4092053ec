"""What an exploration says is so, and its page and figures are complete and harmless."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from contracts.test_report import HOSTILE, Balance
from music_cases import score_of
from styleprint.explaining.corpus_look import look_at_labels
from styleprint.explaining.exploration import explore_table
from styleprint.explaining.maps import correlations, same_label_nearby
from styleprint.explaining.piece_look import look_at_piece
from styleprint.explaining.separation import contrast, group_means, separations
from styleprint.extraction.table import Column, Table
from styleprint.reports.corpus_sections import corpus_figures, corpus_sections
from styleprint.reports.exploration_page import exploration_figures, render_exploration
from styleprint.reports.figures import standalone, write_figures
from styleprint.support.errors import TableError

ROLES = {"label": "label", "group": "group", "path": "identity"}


def make_table(n=240, seed=0):
    """Three labels, groups of two; `clear` tells labels apart, `noise` does not; faults of every kind."""
    rng = np.random.default_rng(seed)
    label = np.repeat(["Anna", HOSTILE, "Clara"], [n // 2, n // 2 - 8, 8])
    clear = (label == "Anna") * 3.0 + rng.normal(size=n)
    frame = pd.DataFrame(
        {
            "path": [f"{HOSTILE}{i}" for i in range(n)],
            "label": label,
            "group": [f"g{i // 2}" for i in range(n)],
            "clear": clear,
            "noise": rng.normal(size=n),
            "echo": clear + 0.01 * rng.normal(size=n),
            "copy": clear,
            "flat": 1.0,
            "duration_seconds": rng.uniform(60, 300, size=n),
            "tempo": rng.uniform(60, 180, size=n),
            "holes": np.where(rng.random(n) < 0.25, np.inf, rng.normal(size=n)),
        }
    )
    double = frame.iloc[[0]].assign(label="Clara", path="double")
    frame = pd.concat([frame, double], ignore_index=True)
    return Table(frame, {name: Column(ROLES.get(name, "feature")) for name in frame}, notes=(HOSTILE,))


@pytest.fixture(scope="module")
def found():
    return explore_table(make_table())


@pytest.fixture(scope="module")
def figures(found):
    return exploration_figures(found)


def test_faults_of_columns_are_found(found):
    """Constant, double, missing, lengths, double rows."""
    facts = found.facts
    assert facts.constant == ("flat",)
    assert facts.duplicate_columns == (("copy", "clear"),)
    assert facts.duplicate_rows == facts.duplicate_conflicts == 1
    assert facts.lengths == ("duration_seconds",)
    assert set(facts.missing) == {"holes"}
    assert facts.missing["holes"] == pytest.approx(0.25, abs=0.08)


def test_what_separates_is_told_apart_from_noise(found):
    """The clear feature comes first and is significant; noise is not; the echo is not shown beside what it echoes."""
    by_name = {entry.feature: entry for entry in found.separations}
    assert found.separations[0].feature in ("clear", "echo")
    assert by_name["clear"].p_holm < 1e-6
    assert by_name["noise"].p_holm > 0.05
    assert len({"clear", "echo"} & set(found.shown)) == 1
    assert {("clear", "echo")} == {(one, other) for one, other, _ in found.near_copies}


def test_sentences_say_what_the_record_holds(found):
    """Counts, the warning of imbalance, and no difference where there is none."""
    text = " ".join(found.sentences)
    assert f"{found.rows} rows in {found.groups} groups" in text
    assert "times as many rows as Clara" in text
    assert "noise does not differ between labels by more than chance" in text
    assert "flat" in text
    assert "Values are missing in 1 column" in text


def test_separation_is_scipys_rank_test_on_group_means(found):
    """One value a group and label; H and p as scipy gives them; ε² = H / (n − 1)."""
    frame = make_table().frame
    means = frame.groupby(["label", "group"])["clear"].mean()
    samples = [part.to_numpy() for _, part in means.groupby(level=0)]
    statistic, p_value = stats.kruskal(*samples)
    entry = next(e for e in found.separations if e.feature == "clear")
    assert entry.effect == pytest.approx(statistic / (len(means) - 1))
    assert entry.p_value == pytest.approx(p_value)


def test_group_means_by_hand():
    """Two groups, one across labels; what is missing is left out."""
    values = np.array([[1.0], [3.0], [np.nan], [7.0], [9.0]])
    means, label = group_means(values, np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1]))
    assert label.tolist() == [0, 0, 1]
    assert np.allclose(means.ravel(), [2.0, np.nan, 8.0], equal_nan=True)


def test_more_comparisons_widen_the_interval():
    """Bonferroni: the interval of one of twenty contains that of one alone, and both hold the truth."""
    rng = np.random.default_rng(4)
    column = np.concatenate([rng.normal(0, 1, 60), rng.normal(2, 1, 60)])
    label = np.repeat([0, 1], 60)
    alone, among = (contrast("x", column, label, ("a", "b"), comparisons=m, seed=0) for m in (1, 20))
    assert (alone.high, alone.low) == ("b", "a")
    assert among.difference_low < alone.difference_low < 2 < alone.difference_high < among.difference_high
    assert contrast("x", column[:65], label[:65], ("a", "b"), comparisons=1, seed=0) is None


def test_chance_alone_is_rarely_called_a_difference():
    """Twenty features of noise in fifty tables: Holm keeps false alarms near 5 %."""
    rng = np.random.default_rng(0)
    names = tuple(f"f{i}" for i in range(20))
    alarms = 0
    for _ in range(50):
        means, label = rng.normal(size=(60, 20)), rng.integers(0, 3, 60)
        alarms += separations(means, label, names)[0].p_holm < 0.05
    assert alarms <= 7


def test_correlations_are_spearmans():
    """As scipy gives them; clusters stand together."""
    rng = np.random.default_rng(1)
    base = rng.normal(size=(50, 2))
    values = np.stack([base[:, 0], base[:, 1], np.exp(base[:, 0]), -base[:, 1]], axis=1)
    correlation, order = correlations(values)
    assert np.allclose(correlation, stats.spearmanr(values).statistic)
    assert {frozenset(order[:2].tolist()), frozenset(order[2:].tolist())} == {frozenset({0, 2}), frozenset({1, 3})}


def test_neighbours_are_of_other_groups():
    """Four points in two tight pairs: within a group they do not count."""
    points = np.array([[0.0, 0], [0, 0.1], [1, 0], [5, 0]])
    share, chance = same_label_nearby(points, np.array([0, 0, 0, 1]), np.array([0, 0, 1, 2]))
    assert share == pytest.approx(3 / 4)
    assert chance == pytest.approx((1 / 2 + 1 / 2 + 2 / 3 + 0) / 4)


def test_the_page_is_whole_and_harmless(found, figures):
    """Tags balance, names are escaped, every link leads somewhere, nothing comes from outside."""
    page = render_exploration(found, figures, title=HOSTILE)
    parser = Balance()
    parser.feed(page.replace("<path", "<line"))
    assert not parser.open
    assert "<script" not in page
    assert all(f'id="{target}"' in page for target in re.findall(r'href="#(\w+)"', page))
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#)", page)
    drawn = ("box-", "violin-", "map", "space-", "components-")
    assert all(str(figure) in page for name, figure in figures.items() if name.startswith(drawn))


def test_space_can_be_turned_without_scripts(found, figures):
    """Eight sides of features and of components; of each one is chosen at first, and the names of axes are told."""
    page = render_exploration(found, figures, title="turned")
    for prefix in ("features", "components"):
        assert page.count(f'<input type="radio" name="{prefix}"') == 8
    assert page.count(" checked>") == 2
    sides = [figure for name, figure in figures.items() if name.startswith("space-")]
    assert len(set(map(str, sides))) == 8
    assert all(f"↑ {found.shown[2]}" in side for side in sides)


def test_a_page_of_a_corpus_loads_nothing():
    """Pictures of sound stand in the page itself; its policy forbids all else."""
    look = look_at_piece(score_of(np.array([[60, 64, 67], [59, 62, 67], [60, 64, 67]]), quarters=1.0))
    labels = look_at_labels({HOSTILE: look}, {HOSTILE: HOSTILE}, {HOSTILE: "w"}, seed=0)
    exploration = explore_table(make_table())
    page = render_exploration(
        exploration,
        exploration_figures(exploration),
        title="corpus",
        music=corpus_sections(labels, corpus_figures(labels)),
    )
    parser = Balance()
    parser.feed(page.replace("<path", "<line"))
    assert not parser.open
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    outside = re.findall(r"(?:src|href)\s*=\s*[\"'](?!#)([^,\"']*)", page)
    assert outside == ["data:image/png;base64"]


def test_figures_are_files_that_any_viewer_reads(figures, tmp_path):
    """Each is XML with its own namespace, size and style."""
    written = write_figures(tmp_path, figures)
    assert len(written) == len(figures)
    for path in written:
        root = ET.fromstring(path.read_text())  # noqa: S314  # our own file
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert float(root.get("width")) > 0
    with pytest.raises(ValueError, match="viewBox"):
        standalone("<p>")


def test_equal_seeds_explore_alike(found):
    """Nothing hangs on the clock."""
    again = explore_table(make_table())
    assert again.sentences == found.sentences
    assert (again.map.neighbours == found.map.neighbours).all()


def test_a_small_table_is_explored_too():
    """Ten rows, two columns: no map, no contrast, no crash."""
    table = make_table()
    small = Table(
        table.frame[["label", "group", "clear", "noise"]].iloc[[*range(5), *range(120, 125)]].reset_index(drop=True),
        {name: Column(ROLES.get(name, "feature")) for name in ("label", "group", "clear", "noise")},
    )
    found = explore_table(small)
    assert found.map is None
    assert not found.contrasts
    assert render_exploration(found, exploration_figures(found), title="small")


def test_a_table_without_numbers_is_refused():
    """The message says what must hold."""
    table = make_table()
    bare = Table(table.frame[["label", "group"]], {"label": Column("label"), "group": Column("group")})
    with pytest.raises(TableError, match="columns of numbers"):
        explore_table(bare)
