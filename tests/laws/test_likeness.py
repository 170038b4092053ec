"""Distances of sets of pieces: none from themselves, small within a kind, large to another."""

import numpy as np
import pytest

from music_cases import piece, score_of
from styleprint.generation.likeness import ASPECTS, aspects_of, distances, halves, nearer


def in_key(seed):
    """A tune on the white keys in even notes."""
    rng = np.random.default_rng(seed)
    steps = np.cumsum(rng.choice([-2, -1, 1, 2], size=64)) % 14
    white = np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16, 17, 19, 21, 23])
    return aspects_of(score_of(60 + white[steps]), 32.0)


def wandering(seed):
    """Three voices that care for no key."""
    return aspects_of(piece(seed, frames=64), 32.0)


def test_a_set_is_not_apart_from_itself():
    """Every distance is 0, and within its interval."""
    pieces = [in_key(seed) for seed in range(6)]
    for found in distances(pieces, pieces):
        assert found.value == pytest.approx(0.0, abs=1e-12)
        assert found.low <= found.value <= found.high <= 1.0


def test_another_kind_is_farther_than_halves_of_one():
    """Keys, intervals and density tell tunes in a key from voices without one; symmetric in both sides."""
    one, other = [in_key(seed) for seed in range(12)], [wandering(seed) for seed in range(12)]
    there, back = distances(one, other), distances(other, one)
    within = {found.aspect: found for found in halves(one)}
    assert [found.aspect for found in there] == list(ASPECTS)
    for aspect in ("scale degrees", "notes a quarter", "clarity of key"):
        found = next(each for each in there if each.aspect == aspect)
        assert found.low > within[aspect].value, aspect
    assert [found.value for found in there] == pytest.approx([found.value for found in back])


def test_the_same_kind_is_nearer_than_another():
    """Tunes are nearer to tunes than voices without a key are, the other way round farther, and neither to itself."""
    tunes, more = [in_key(seed) for seed in range(8)], [in_key(seed) for seed in range(8, 16)]
    voices = [wandering(seed) for seed in range(8)]
    there = {found.aspect: found for found in nearer(more, voices, tunes)}
    back = {found.aspect: found for found in nearer(voices, more, tunes)}
    for aspect in ("scale degrees", "notes a quarter"):
        assert there[aspect].low > 0, aspect
        assert back[aspect].high < 0, aspect
    assert [found.value for found in nearer(more, more, tunes)] == pytest.approx([0.0] * len(ASPECTS))


def test_opposites_are_one_apart():
    """Shares with nothing in common, numbers that do not overlap."""
    ends = [
        {
            aspect: np.array([1.0, 0.0]) if kind == "distribution" else np.array([value])
            for aspect, (_, kind) in ASPECTS.items()
        }
        for value in (0.0, 1.0)
    ]
    ends[1] = {aspect: value[::-1] for aspect, value in ends[1].items()}
    assert [found.value for found in distances(ends[:1], ends[1:])] == pytest.approx([1.0] * len(ASPECTS))


def test_what_is_not_known_is_nan():
    """A piece without notes says nothing; with no other pieces there is no distance."""
    silent = aspects_of(score_of(np.zeros((4, 1), dtype=int)), 8.0)
    assert np.isnan(
        [found.value for found in distances([silent], [in_key(0)]) if found.aspect == "clarity of key"]
    ).all()
