"""Profiles of labels, worked out by hand, and how they are shown."""

import math
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from contracts.test_report import HOSTILE, Balance
from styleprint.evaluation.pieces import collect_pieces
from styleprint.explaining.exploration import explore_table
from styleprint.explaining.profiles import profile_labels
from styleprint.extraction.table import Column, Table
from styleprint.features.registry import feature_names
from styleprint.features.row import feature_columns
from styleprint.reports.exploration_page import exploration_figures, render_exploration
from styleprint.reports.figures import standalone
from styleprint.reports.profile_section import profile_figures, profile_section

KINDS = ("pac", "iac", "hc", "dc", "pc")


def frame_of(rows):
    """Rows of (label, group, shares of the five cadences, rest ratio)."""
    return pd.DataFrame(
        [
            {"label": label, "group": group, "rest_ratio": rest}
            | {f"cadence_share_{kind}": share for kind, share in zip(KINDS, shares, strict=True)}
            for label, group, shares, rest in rows
        ]
    )


def profiles_of(frame, labels):
    columns = [name for name in frame if name not in ("label", "group")]
    return profile_labels(collect_pieces(frame), columns, labels, seed=0)


NONE = (math.nan,) * 5
SMALL = frame_of(
    [
        ("a", "g1", (1, 0, 0, 0, 0), 0.1),
        ("a", "g1", (0, 0, 1, 0, 0), 0.3),
        ("a", "g2", (0, 0.5, 0.5, 0, 0), 0.6),
        ("a", "g3", NONE, math.nan),
        ("b", "g4", NONE, 0.5),
    ]
)


def test_groups_count_once():
    """Two rows of one group are one half each of one half; what has no cadences is left out, a label too."""
    found = profiles_of(SMALL, ("a", "b"))
    (mix,), (rate,) = found.mixes, found.rates
    assert mix.parts == ("perfect authentic", "imperfect authentic", "half", "deceptive", "plagal")
    assert mix.shares == {"a": pytest.approx((0.25, 0.25, 0.5, 0, 0))}
    assert rate.means["a"] == pytest.approx(((0.2 + 0.6) / 2, math.nan, math.nan), nan_ok=True)
    assert rate.means["b"][0] == 0.5
    assert rate.contrast is None


def test_a_mix_needs_all_its_columns_and_a_foreign_table_has_no_profile():
    """Without plagal cadences the shares make no whole."""
    found = profiles_of(SMALL.drop(columns="cadence_share_pc"), ("a", "b"))
    assert (found.mixes, len(found.rates)) == ((), 1)
    nothing = profiles_of(pd.DataFrame({"label": ["a", "b"], "group": ["g", "h"], "mfcc": [1.0, 2.0]}), ("a", "b"))
    assert (nothing.mixes, nothing.rates) == ((), ())
    assert profile_section(nothing, {}) == []


def test_every_column_of_a_profile_is_in_the_catalogue():
    """With the catalogue's own columns nothing is left out."""
    columns = feature_columns(feature_names())
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.random((4, len(columns))), columns=list(columns))
    found = profiles_of(frame.assign(label=["a", "a", "b", "b"], group=list("ghij")), ("a", "b"))
    assert [mix.feature for mix in found.mixes] == ["cadence_share", "key_share", "key_change", "degree"]
    assert len(found.rates) == 6
    assert set(profile_figures(found)) == {f"mix-{mix.feature}" for mix in found.mixes}
    for figure in profile_figures(found).values():
        ET.fromstring(standalone(str(figure)))  # noqa: S314  # our own figure


def test_what_differs_is_said_and_what_does_not():
    """Twelve groups each: rests of .1 against .5 differ; with equal values nothing is claimed."""
    rng = np.random.default_rng(0)
    rows = [
        (label, f"{label}{i}", (0.5, 0.5, 0, 0, 0), rest + 0.02 * rng.random())
        for label, rest in (("Anna", 0.1), (HOSTILE, 0.5))
        for i in range(12)
    ]
    frame = frame_of(rows)
    table = Table(frame, {n: Column({"label": "label", "group": "group"}.get(n, "feature")) for n in frame})
    found = explore_table(table)
    figures = exploration_figures(found)
    (section,) = profile_section(found.profiles, figures)
    assert section["sentences"][0].startswith(f"Rest ratio: highest in {HOSTILE} (median 0.5")
    (mean, low, high) = found.profiles.rates[0].means["Anna"]
    assert 0.1 < low < mean < high < 0.12
    page = render_exploration(found, figures, title="rests")
    parser = Balance()
    parser.feed(page.replace("<path", "<line"))
    assert not parser.open
    assert HOSTILE not in page
    assert str(figures["mix-cadence_share"]) in page
    same = frame.assign(rest_ratio=0.3)
    (section,) = profile_section(profiles_of(same, ("Anna", HOSTILE)), {})
    assert section["sentences"][0] == "No two labels of ten groups or more can be told apart by: rest ratio."
