"""What holds of rows of beats and of sections: they are on the scale of the recording's own row."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sound_cases import RATE_HZ, VARIED, band, chord, clicks, noise, recording
from styleprint.extraction.cache import RowCache, cached_parts
from styleprint.extraction.division import divide
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import divided_rows, extract_row
from styleprint.features import sound_context
from styleprint.features.registry import feature_names
from styleprint.features.row import feature_row
from styleprint.features.sound_context import SoundContext
from styleprint.features.sound_part import SoundPart
from styleprint.music.recording import Recording, RecordingSource
from styleprint.sound import spectrum
from styleprint.sound.beats import track_beats
from styleprint.sound.sections import find_sections, novelty, section_vectors
from styleprint.sound.spectrum import HOP
from styleprint.support.errors import TableError

NAMES = feature_names(kind="recording")
PER_FRAME = [name for name in NAMES if name.endswith("_mean") and name not in ("harmonic_mean", "percussive_mean")]
"""Means over frames; those of the separated signals are of samples."""


def same(before, after, tolerance):
    return {
        column: (value, after[column])
        for column, value in before.items()
        if not (math.isnan(value) and math.isnan(after[column]))
        and not math.isclose(value, after[column], rel_tol=tolerance, abs_tol=tolerance)
    }


@pytest.mark.parametrize("sound", VARIED, ids=range(len(VARIED)))
def test_the_part_that_is_all_of_it_has_the_numbers_of_the_whole(sound):
    context = SoundContext(sound)
    part = SoundPart(context, 0.0, sound.seconds)
    assert same(feature_row(context, NAMES), feature_row(part, NAMES), 1e-12) == {}


@given(cuts=st.lists(st.integers(1, 340), min_size=1, max_size=5, unique=True).map(sorted))
@settings(max_examples=15, deadline=None)
def test_means_of_parts_average_to_the_mean_of_the_whole(cuts):
    """Means over frames, weighed by frames, however the recording is cut: the scale is one."""
    context = SoundContext(VARIED[0])
    frames = len(context.spectrum)
    edges = [0, *(cut for cut in cuts if cut < frames), frames]
    seconds = [edge * HOP / RATE_HZ for edge in edges[:-1]] + [VARIED[0].seconds]
    rows = [feature_row(SoundPart(context, start, end), PER_FRAME) for start, end in pairwise(seconds)]
    whole = feature_row(context, PER_FRAME)
    average = {name: np.average([row[name] for row in rows], weights=np.diff(edges)) for name in whole}
    assert same(whole, average, 1e-9) == {}


def test_a_block_repeated_gives_rows_equal_to_the_whole():
    """Forty hops of music, sixteen times: rows of a block within are alike to 1e-4, and as the whole but for its ends.

    Where the whole begins and ends, frames look into silence, so it differs from a block by up to 2 % here, and what
    is a variance or depends on tempo is not compared.
    """
    block = band(1, 4.0).samples[0][: 100 * HOP]
    context = SoundContext(recording(np.tile(block, 16)))
    length = len(block) / RATE_HZ
    rows = [feature_row(SoundPart(context, start * length, (start + 1) * length), PER_FRAME) for start in (5, 6, 9)]
    assert same(rows[0], rows[1], 1e-4) == same(rows[0], rows[2], 1e-4) == {}
    whole = feature_row(context, PER_FRAME)
    assert same(whole, rows[0], 0.02) == {}


def test_parts_of_steady_noise_have_the_means_of_the_whole():
    """Six seconds of white noise at a time: level to 1 %, timbre to 2 %, loudness to 0.2 LU."""
    sound = recording(noise(30.0))
    context = SoundContext(sound)
    names = ["rms_mean", "spectral_centroid_mean", "spectral_flatness_mean", "harmonic_rms", "percussive_rms"]
    whole, loudness = feature_row(context, names), feature_row(context, ["integrated_loudness"])
    for start in (0.0, 6.0, 24.0):
        part = SoundPart(context, start, start + 6.0)
        assert same(whole, feature_row(part, names), 0.02) == {}
        assert same(loudness, feature_row(part, ["integrated_loudness"]), 0.2 / 30) == {}


def test_a_long_recording_is_divided_as_a_short_one(monkeypatch):
    """A spectrum made in blocks gives the parts of one made whole."""
    recipe = Recipe(kind="recording", features=dict.fromkeys(NAMES, 1), division="beats:2")
    sound = band(5, length=6.0)
    spans, rows = divided_rows(sound, recipe)
    monkeypatch.setattr(spectrum, "BLOCK_FRAMES", 40)
    monkeypatch.setattr(sound_context, "BLOCK_FRAMES", 40)
    again, others = divided_rows(sound, recipe)
    assert again == spans
    assert len(rows) > 3
    for row, other in zip(rows, others, strict=True):
        assert same(row.features, other.features, 1e-5) == {}


@pytest.mark.parametrize("bpm", [80, 100, 120, 150])
def test_clicks_are_the_beats(bpm):
    """Every beat within two frames of a click, and as far apart as the clicks, to a frame."""
    context = SoundContext(recording(clicks(bpm)))
    seconds = context.beats * HOP / RATE_HZ
    period = 60 / bpm
    away = np.abs(seconds - np.round(seconds / period) * period)
    assert away.max() <= 2 * HOP / RATE_HZ
    assert np.abs(np.diff(seconds) - period).max() <= 1.5 * HOP / RATE_HZ
    assert len(seconds) >= 12.0 / period - 4


def test_runs_of_beats_follow_each_other():
    context = SoundContext(recording(clicks(120, 20.0)))
    spans = divide(context, "beats:4")
    assert [one.end_seconds for one in spans[:-1]] == [one.start_seconds for one in spans[1:]]
    assert spans[0].start_seconds == context.beats[0] * HOP / RATE_HZ
    assert [one.end_seconds - one.start_seconds for one in spans] == pytest.approx([2.0] * len(spans), abs=0.05)


@pytest.mark.parametrize("sound", [recording(np.zeros(RATE_HZ * 2)), recording(np.empty(0)), recording(noise(1.0))])
def test_what_has_no_beats_has_no_rows_of_beats(sound):
    assert divide(SoundContext(sound), "beats:8") == []


def test_no_strength_is_no_beat():
    assert len(track_beats(np.zeros(100, np.float32), 120.0)) == 0
    assert len(track_beats(np.ones(1, np.float32), 120.0)) == 0
    assert len(track_beats(np.ones(100, np.float32), 0.0)) == 0


@pytest.mark.parametrize("division", ["bars:2", "beats:0", "beats:", "beats:-1", "x"])
def test_a_division_that_is_none_is_refused(division):
    with pytest.raises(TableError, match="T110"):
        divide(SoundContext(VARIED[0]), division)


def test_novelty_is_footes_checkerboard():
    """Against the definition: the tapered checkerboard over the matrix of cosines, at every step away from the ends."""
    context = SoundContext(band(2, 40.0))
    vectors = section_vectors(context.chroma, context.mfcc)
    likeness, side = vectors @ vectors.T, 31
    taper = np.exp(-0.5 * (2.0 * (np.arange(side) + 0.5) / side) ** 2)
    ends = np.concatenate([-taper[::-1], taper]) / taper.sum()
    board = np.outer(ends, ends)
    expected = [
        (board * likeness[step - side : step + side, step - side : step + side]).sum()
        for step in range(side, len(vectors) - side)
    ]
    assert novelty(vectors)[side : len(vectors) - side] == pytest.approx(expected, abs=1e-12)


def song(*parts):
    """Sections of three kinds, each with its own noise."""
    found = []
    for number, (kind, length) in enumerate(parts):
        rough = noise(length, 0.02, seed=number)
        if kind == "chords":
            found.append(np.resize(chord(60, 64, 67, length=1.0), len(rough)) + rough)
        elif kind == "drums":
            found.append(clicks(140, length, seed=number) + 0.5 * chord(50, 53, 57, length=length))
        else:
            found.append(5 * rough)
    return recording(np.concatenate(found))


@pytest.mark.parametrize(
    ("parts", "letters"),
    [
        ((("chords", 8), ("drums", 10), ("chords", 9), ("drums", 8)), "ABAB"),
        ((("chords", 8), ("drums", 10), ("noise", 7), ("chords", 9), ("drums", 8)), "ABCAB"),
        ((("noise", 6), ("chords", 12), ("noise", 6)), "ABA"),
    ],
)
@pytest.mark.parametrize("gain", [1.0, 0.05])
def test_sections_are_found_and_told_apart(parts, letters, gain):
    """Boundaries within half a second; what sounds alike has one letter, however loud it is."""
    sound = song(*parts)
    samples = sound.samples * np.float32(gain)
    found = SoundContext(Recording(samples, RATE_HZ)).sections
    assert "".join(one.letter for one in found) == letters
    begins = np.cumsum([0, *[length for _, length in parts[:-1]]])
    assert [one.start_seconds for one in found] == pytest.approx(begins.tolist(), abs=0.5)
    assert [one.end_seconds for one in found[:-1]] == [one.start_seconds for one in found[1:]]
    assert found[-1].end_seconds == sound.seconds


@pytest.mark.parametrize("sound", [noise(30.0), clicks(120, 30.0), noise(1.1), np.zeros(RATE_HZ * 20)])
def test_what_never_changes_is_one_section(sound):
    assert [(one.letter, one.start_seconds) for one in SoundContext(recording(sound)).sections] == [("A", 0.0)]


def test_the_loudness_of_sections_is_their_own():
    """A loud half and a soft half of one sound, measured by R 128: 20 LU apart."""
    loud = song(("chords", 10)).samples[0]
    context = SoundContext(recording(np.concatenate([loud, 0.1 * loud])))
    lufs = [
        feature_row(SoundPart(context, start, start + 10), ["integrated_loudness"])["integrated_loudness"]
        for start in (0, 10)
    ]
    assert lufs[0] - lufs[1] == pytest.approx(20, abs=0.1)


def test_letters_go_on_after_z():
    rng = np.random.default_rng(0)
    mfcc = np.repeat(rng.normal(size=(40, 20)), 22 * 11, axis=0)
    found = find_sections(np.zeros((len(mfcc), 12), np.float32), mfcc, 40 * 22 * 11 * HOP / RATE_HZ)
    assert [one.letter for one in found][:30] == [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA", "AB", "AC", "AD"]


def test_kept_rows_are_the_rows(tmp_path):
    """From the cache as computed: another division, or another recording, has an entry of its own."""
    sound = Recording(VARIED[1].samples, RATE_HZ, RecordingSource(hash="abc"))
    cache = RowCache(tmp_path)
    for division in ("beats:2", "beats:4", "sections"):
        recipe = Recipe.of(("rms_mean", "tempo"), (), with_make=True, kind="recording")
        recipe = Recipe(recipe.kind, recipe.features, {}, True, division=division)
        first, again = (cached_parts(sound, recipe, cache) for _ in range(2))
        for spans, rows in (first, again):
            assert spans == divided_rows(sound, recipe)[0]
            assert [row.features for row in rows] == [row.features for row in divided_rows(sound, recipe)[1]]
            assert {row.make["make_seconds"] for row in rows} == {sound.seconds}
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 3


def test_a_span_of_a_recording_is_a_part_of_it():
    recipe = Recipe.of(("rms_mean",), (), kind="recording")
    context = SoundContext(VARIED[0])
    row = extract_row(VARIED[0], recipe, span=(1.0, 3.0))
    assert row.features == feature_row(SoundPart(context, 1.0, 3.0), ("rms_mean",))
