"""Every feature of recordings keeps the contract of its record, on ordinary and on strange sound."""

import math
from pathlib import Path

import numpy as np
import pytest

from sound_cases import RATE_HZ, STRANGE, VARIED, recording
from styleprint.features.feature import Family
from styleprint.features.page import render_catalogue
from styleprint.features.registry import FAMILIES, catalogue, family_names, feature_names, load_feature
from styleprint.features.row import feature_columns, feature_row
from styleprint.features.sound_context import SoundContext

DOCS = Path(__file__).resolve().parents[2] / "docs"
NAMES = feature_names(kind="recording")


def row_of(sound):
    return feature_row(SoundContext(sound), NAMES)


@pytest.fixture(scope="module")
def strange_rows():
    return {name: row_of(sound) for name, sound in STRANGE.items()}


@pytest.fixture(scope="module")
def varied_rows():
    return [row_of(sound) for sound in VARIED]


def test_kinds_do_not_mix():
    """A family is of one kind, and no name stands for two features."""
    assert set(family_names("score")) | set(family_names("recording")) == set(FAMILIES)
    assert all(entry.feature.kind == "recording" for entry in catalogue("recording").values())
    assert not set(NAMES) & set(feature_names())
    assert not set(feature_columns(NAMES)) & set(feature_columns(feature_names()))


@pytest.mark.parametrize("name", family_names("recording"))
def test_a_family_is_a_family(name):
    family = FAMILIES.load(name)
    assert isinstance(family, Family)
    assert len(family)


def test_the_page_is_the_catalogue():
    """`python -m styleprint.features.page recording > docs/features-of-recordings.md` renews it."""
    page = (DOCS / "features-of-recordings.md").read_text(encoding="utf-8")
    assert page == render_catalogue("recording")


def test_all_57_columns_of_the_table_have_a_feature():
    """Each by its name there, each once."""
    described = ("chroma_stft", "rms", "spectral_centroid", "spectral_bandwidth", "rolloff", "zero_crossing_rate")
    described += ("harmony", "perceptr", *(f"mfcc{number}" for number in range(1, 21)))
    wanted = ["tempo", *(f"{name}_{moment}" for name in described for moment in ("mean", "var"))]
    assert len(wanted) == 57
    assert sorted(alias for name in NAMES for alias in load_feature(name).feature.aliases) == sorted(wanted)


@pytest.mark.parametrize("name", NAMES)
def test_a_feature_is_described(name):
    entry = load_feature(name)
    assert entry.description.endswith(".")
    assert entry.feature.unit
    assert entry.feature.source


@pytest.mark.parametrize("name", NAMES)
def test_a_feature_stays_in_its_range(name, strange_rows, varied_rows):
    feature = load_feature(name).feature
    low, high = feature.range
    for column in feature.columns:
        values = np.array([row[column] for row in (*strange_rows.values(), *varied_rows)])
        values = values[~np.isnan(values)]
        assert np.isfinite(values).all(), column
        assert ((values >= low - 1e-9) & (values <= high + 1e-9)).all(), column


def test_ordinary_sound_has_every_feature(varied_rows):
    assert not [column for row in varied_rows for column, value in row.items() if math.isnan(value)]


def test_without_samples_nothing_applies(strange_rows):
    assert not [column for column, value in strange_rows["nothing"].items() if not math.isnan(value)]


def test_silence_has_no_key_and_no_loudness(strange_rows):
    row = strange_rows["silence"]
    for column in ("sound_key_correlation", "dynamic_range", "integrated_loudness", "harmonic_over_percussive"):
        assert math.isnan(row[column])
    assert row["tempo"] == 0


def test_no_two_columns_are_identical(strange_rows, varied_rows):
    rows = [*strange_rows.values(), *varied_rows]
    seen = {}
    for column in rows[0]:
        values = np.round(np.array([row[column] for row in rows]), 12)
        seen.setdefault(values.tobytes(), []).append(column)
    assert not [columns for columns in seen.values() if len(columns) > 1]


def test_the_same_sound_gives_the_same_row():
    first, second = row_of(VARIED[0]), row_of(recording(*VARIED[0].samples, rate_hz=RATE_HZ))
    assert first == second
