"""The share that is copied, and a guard that lets no longer passage through."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from music_cases import score_of
from styleprint.corpus.known_passages import KnownPassages
from styleprint.generation.memorisation import RunGuard, check_memorisation, copied_share
from styleprint.music.changes import transpose
from styleprint.support.errors import UsageError


def columns(score):
    return score.onset_quarters, score.part, score.midi_pitch


def voice(seed, notes=80):
    """One voice in even notes: the intervals alone tell it."""
    return score_of(np.random.default_rng(seed).integers(45, 80, size=notes))


@given(seed=st.integers(0, 10**6), notes=st.integers(16, 50), by=st.integers(-20, 20))
def test_the_copied_share_is_that_of_the_planted_passage(seed, notes, by):
    """Planted notes over all notes, give or take neighbours that agree by chance."""
    known = KnownPassages.of([columns(voice(seed, 100))])
    own, planted = voice(seed + 1).midi_pitch, voice(seed, 100).midi_pitch[10 : 10 + notes] + by
    found = check_memorisation(score_of(np.concatenate([own[:40], planted, own[40:]])), known)
    assert notes <= found.longest <= notes + 2
    assert found.copied_share == pytest.approx(found.longest / (80 + notes))
    assert found.passages[0].notes == found.longest
    assert found.passages[0].first in range(38, 41)


def test_nothing_is_copied_in_music_made_apart():
    """And of a piece without notes no share can be told."""
    known = KnownPassages.of([columns(voice(0))])
    assert copied_share([voice(1), voice(2)], known).tolist() == [0.0, 0.0]
    assert np.isnan(check_memorisation(score_of(np.zeros((4, 1), dtype=int)), known).copied_share)


def test_a_shorter_passage_is_told_but_is_no_copy():
    """Twelve notes are found; from sixteen on they count."""
    known = KnownPassages.of([columns(voice(0))])
    own = voice(1).midi_pitch
    found = check_memorisation(score_of(np.concatenate([own[:20], voice(0).midi_pitch[:12] + 1, own[20:]])), known)
    assert 12 <= found.longest <= 14
    assert found.copied_share == 0.0
    with pytest.raises(UsageError, match="at least 8 notes"):
        check_memorisation(voice(1), known, notes=7)


def through(guard, score, order):
    """The notes that a guard lets through, in this order."""
    kept = []
    for row in order:
        note = (round(score.onset_quarters[row] * 24), int(score.part[row]), int(score.midi_pitch[row]))
        if not guard.completes(*note):
            guard.add(*note)
            kept.append(row)
    return replace_notes(score, sorted(kept))


def replace_notes(score, rows):
    names = ("onset_quarters", "duration_quarters", "midi_pitch", "part", "voice", "staff", "is_grace", "is_unpitched")
    return replace(score, velocity=None, **{name: getattr(score, name)[rows] for name in names})


@given(seed=st.integers(0, 10**6), allowed=st.integers(8, 20), voices=st.integers(1, 3))
def test_what_a_guard_lets_through_has_no_longer_passage(seed, allowed, voices):
    """A copy of the training music, in another key, its chords in any order, comes out with short passages alone."""
    rng = np.random.default_rng(seed)
    piece = score_of(rng.integers(50, 80, size=(40, voices)) * (rng.random((40, voices)) < 0.8))
    known = KnownPassages.of([columns(piece)])
    moved = transpose(piece, 3)
    order = sorted(range(len(moved)), key=lambda row: (moved.onset_quarters[row], rng.random()))
    made = through(RunGuard(known, allowed), moved, order)
    assert check_memorisation(moved, known).longest == len(moved)
    assert check_memorisation(made, known).longest <= allowed
    assert len(made) >= len(moved) * 0.5


def test_a_guard_lets_all_through_that_is_not_known():
    """Music made apart is not touched."""
    known = KnownPassages.of([columns(voice(0))])
    made = voice(1)
    assert len(through(RunGuard(known, 8), made, range(len(made)))) == len(made)
