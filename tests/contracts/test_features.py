"""Every feature of the catalogue keeps the contract of its record, on ordinary and on strange scores."""

import math
from pathlib import Path

import numpy as np
import pytest

import styleprint.features
from feature_cases import (
    chordal_score,
    chords,
    figured_score,
    functional_score,
    line,
    score_of,
    sequential_score,
    two_voiced_score,
    varied_score,
)
from styleprint.features.context import ScoreContext
from styleprint.features.feature import CHANGE_NAMES, Family, Feature
from styleprint.features.make import INSTRUMENTATION_COLUMNS, MAKE_COLUMNS, instrumentation_row, make_row
from styleprint.features.page import render_catalogue
from styleprint.features.registry import FAMILIES, catalogue, feature_names, load_feature
from styleprint.features.row import feature_columns, feature_row
from styleprint.support.errors import UsageError

ROOM = Path(styleprint.features.__file__).parent
DOCS = Path(__file__).resolve().parents[2] / "docs"
NO_FAMILIES = {
    "__init__",
    "context",
    "feature",
    "loops",
    "make",
    "numbers",
    "kinds",
    "page",
    "registry",
    "row",
    "sound_context",
    "sound_make",
    "sound_part",
}

STRANGE = {
    "empty": score_of([]),
    "one note": line([60]),
    "two notes": line([60, 67]),
    "one chord": chords([48, 64, 67, 72]),
    "one pitch": line([60] * 40),
    "drums alone": score_of([(0, 0.5, 36), (1, 0.5, 38), (2, 0.5, 42)], unpitched=(0, 1, 2)),
    "graces alone": score_of([(0, 0, 60), (0, 0, 62)], graces=(0, 1)),
    "no durations": score_of([(0, 0, 60), (1, 0, 64), (2, 0, 67)]),
    "lowest and highest": line([0, 127, 0, 127, 127, 0]),
    "all pitches at once": chords(range(128), range(128)),
    "whole tone": line([60, 62, 64, 66, 68, 70] * 10),
    "far apart": score_of([(0, 1, 60), (99_999, 1, 61), (99_999.5, 0.25, 60)], measure_quarters=4.0),
    "before the first measure": score_of([(0, 1, 60), (1, 1, 62)], measure_quarters=None),
    "glissando": line(range(30, 100), duration=0.02),
}
MAKERS = (varied_score, figured_score, two_voiced_score, chordal_score, functional_score, sequential_score)
VARIED = [make(seed) for seed in range(20) for make in MAKERS]


def row_of(score):
    return feature_row(ScoreContext(score), feature_names())


@pytest.fixture(scope="module")
def varied_rows():
    rows = [row_of(score) for score in VARIED]
    return {column: np.array([row[column] for row in rows]) for column in rows[0]}


@pytest.fixture(scope="module")
def strange_rows():
    return {name: row_of(score) for name, score in STRANGE.items()}


def test_folder_and_registry_agree():
    """Each family is one module of the room, named like its line in the registry; all others are known."""
    modules = {path.stem for path in ROOM.glob("*.py")}
    assert modules - NO_FAMILIES == set(FAMILIES)
    assert FAMILIES.table == {name: f"styleprint.features.{name}:FEATURES" for name in FAMILIES}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_a_family(name):
    family = FAMILIES.load(name)
    assert isinstance(family, Family)
    assert len(family)


def test_the_first_catalogue_is_large_enough():
    """A hundred features at least, and eighty that identification may use under any transposition."""
    safe = [e.feature for e in catalogue().values() if e.feature.encoding_safe]
    assert len(catalogue()) >= 100
    assert len([f for f in safe if "transposition" in f.unchanged_by]) >= 80


def test_the_page_is_the_catalogue():
    """docs/features.md is what the registry says; `python -m styleprint.features.page > docs/features.md` renews it."""
    assert (DOCS / "features.md").read_text(encoding="utf-8") == render_catalogue()


@pytest.mark.parametrize("name", FAMILIES)
def test_what_ignores_repeats_is_of_the_family(name):
    """No name is misspelt where a family says which of its features do not notice a repeat."""
    family = FAMILIES.load(name)
    assert family.unchanged_by_repeats <= {entry.feature.name for entry in family}


def test_an_octave_is_a_transposition():
    """What is unchanged by one is so by the other; pitch classes by the octave alone."""
    octave = {e.feature.name for e in catalogue().values() if "octave" in e.feature.unchanged_by}
    moved = {e.feature.name for e in catalogue().values() if "transposition" in e.feature.unchanged_by}
    assert octave - moved == {"pitch_class"}
    assert moved < octave


def test_columns_are_unique():
    columns = feature_columns(feature_names())
    assert len(columns) == len(set(columns))


@pytest.mark.parametrize("name", feature_names())
def test_a_feature_is_described(name):
    """One sentence at least, a unit and a source; names are lower case words."""
    entry = load_feature(name)
    assert entry.description.endswith(".")
    assert entry.feature.unit
    assert entry.feature.source
    assert all(column.replace("_", "a").isalnum() and column.islower() for column in entry.feature.columns)


@pytest.mark.parametrize("name", feature_names())
def test_a_feature_gives_its_columns(name):
    """As many floats as columns, wherever it is asked."""
    entry = load_feature(name)
    for score in (*STRANGE.values(), VARIED[0]):
        values = np.atleast_1d(entry.compute(ScoreContext(score)))
        assert values.shape == (len(entry.feature.columns),)
        assert np.asarray(values, dtype=np.float64).dtype == np.float64


@pytest.mark.parametrize("name", feature_names())
def test_a_feature_stays_in_its_range(name, varied_rows, strange_rows):
    """Finite and within range, or NaN."""
    feature = load_feature(name).feature
    low, high = feature.range
    for column in feature.columns:
        values = np.array([*varied_rows[column], *(row[column] for row in strange_rows.values())])
        values = values[~np.isnan(values)]
        assert np.isfinite(values).all(), column
        assert ((values >= low - 1e-9) & (values <= high + 1e-9)).all(), column


@pytest.mark.parametrize("name", ["empty", "drums alone", "graces alone"])
def test_without_pitched_notes_nothing_applies(name, strange_rows):
    """No default stands in for music that is not there."""
    told = [column for column, value in strange_rows[name].items() if not math.isnan(value)]
    assert not told


def test_no_column_is_constant_or_always_missing(varied_rows):
    flat = [c for c, v in varied_rows.items() if not np.isfinite(v).any() or np.nanmax(v) == np.nanmin(v)]
    assert not flat


def test_no_two_columns_are_identical(varied_rows):
    seen = {}
    for column, values in varied_rows.items():
        seen.setdefault(np.round(values, 9).tobytes(), []).append(column)
    assert not [columns for columns in seen.values() if len(columns) > 1]


def test_a_large_score_costs_little():
    """A hundred thousand notes take a second, not a minute."""
    rng = np.random.default_rng(0)
    n = 100_000
    score = score_of(zip(np.arange(n) / 4, np.full(n, 0.5), rng.integers(20, 100, n), strict=True), 4.0)
    row = row_of(score)
    assert len(row) == len(feature_columns(feature_names()))
    assert row["mean_frame_size"] == 1


def test_a_row_is_in_the_order_asked():
    names = ("pitch_range", "frame_size")
    assert list(feature_row(ScoreContext(VARIED[1]), names)) == list(feature_columns(names))


def test_an_unknown_feature_is_refused():
    with pytest.raises(UsageError, match="no feature named 'mode_of_the_moon'"):
        feature_row(ScoreContext(line([60])), ["mode_of_the_moon"])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"unchanged_by": ("gravity",)}, "names no known change"),
        ({"unchanged_by": ("tempo",)}, "encoding_safe asks for"),
        ({"range": (1, 0)}, "a range from low to high"),
        ({"columns": ()}, "needs columns"),
    ],
)
def test_a_false_record_is_refused(changed, message):
    fields = {
        "name": "x",
        "columns": ("x",),
        "unit": "share",
        "kind": "score",
        "range": (0, 1),
        "unchanged_by": CHANGE_NAMES,
        "encoding_safe": True,
        "source": "our own",
    }
    with pytest.raises(ValueError, match=message):
        Feature(**{**fields, **changed})


@pytest.mark.parametrize("score", [*STRANGE.values(), *VARIED[:4]], ids=[*STRANGE, "0", "1", "2", "3"])
def test_how_it_was_made_has_the_columns_it_names(score):
    assert tuple(make_row(score)) == MAKE_COLUMNS
    assert tuple(instrumentation_row(score)) == INSTRUMENTATION_COLUMNS
    assert all(type(value) is float for value in (*make_row(score).values(), *instrumentation_row(score).values()))


def test_make_does_not_count_notes():
    """The same music twice as long is made the same way."""
    once = line([60, 62, 64, 65] * 8)
    twice = line([60, 62, 64, 65] * 16)
    assert make_row(once) == pytest.approx(make_row(twice), nan_ok=True, abs=0.02)
