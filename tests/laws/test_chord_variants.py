"""Variants of sequences of chords: a transposition moves roots and nothing else; all are made of the piece alone."""

import numpy as np
import pandas as pd
import pytest
from evaluation_cases import Centroids
from hypothesis import given
from hypothesis import strategies as st

from model_cases import small_model
from sequence_cases import sequences, table_of, write_npz
from styleprint.evaluation.evaluate import Extras, Settings, evaluate_table
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.sequences import Sequences, from_streams, to_streams
from styleprint.extraction.table import write_table
from styleprint.features.kinds import SEQUENCES, variant_key
from styleprint.features.streams.chord_sequence import LARGEST, REST, chords_of, fields_of
from styleprint.features.streams.chord_variants import transpose
from styleprint.workflows.augment import prepare_augmented
from styleprint.workflows.options import AugmentOptions, CorpusOptions, RunOptions

UNKNOWN = LARGEST + 13
CHORDS = SEQUENCES["chords"]
numbers = st.lists(st.integers(REST, UNKNOWN), min_size=1, max_size=60).map(lambda one: np.array(one, dtype=np.int64))


def whole(chords):
    """Where the only sequence begins and ends."""
    return np.array([0, len(chords)])


@given(chords=numbers, semitones=st.integers(-12, 12))
def test_a_transposition_and_the_rest_of_the_octave_are_the_piece(chords, semitones):
    """By n, then by 12 − n; every root moves by n; rests, unknown chords, qualities and steps stay."""
    moved = transpose(chords, semitones)
    assert transpose(moved, 12 - semitones).tolist() == chords.tolist()
    before, after = fields_of(chords, whole(chords)), fields_of(moved, whole(moved))
    for name in ("quality", "motion"):
        assert after[name].tolist() == before[name].tolist()
    has_root = before["root"] < 12
    assert after["root"][has_root].tolist() == ((before["root"][has_root] + semitones) % 12).tolist()
    assert moved[~has_root].tolist() == chords[~has_root].tolist()


@given(chords=numbers)
def test_chord_numbers_are_what_their_fields_say(chords):
    """Apart and together again."""
    fields = fields_of(chords, whole(chords))
    assert chords_of(fields["root"], fields["quality"]).tolist() == chords.tolist()


@given(rows=st.lists(numbers, min_size=1, max_size=4))
def test_a_table_holds_its_sequences(rows):
    """Stream columns and back; any rows of the table, in any order."""
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in rows])])
    streams, music = to_streams(Sequences(np.concatenate(rows), offsets, is_chords=True), "")
    table = pd.DataFrame(streams)
    found = from_streams(table)
    assert found.tokens.tolist() == music.tokens.tolist()
    assert found.offsets.tolist() == music.offsets.tolist()
    turned = from_streams(table.iloc[::-1])
    assert turned.take(np.arange(len(rows))[::-1]).tokens.tolist() == music.tokens.tolist()


@given(chords=numbers, name=st.sampled_from(sorted(CHORDS.variants)), number=st.integers(0, 3))
def test_what_a_variant_draws_hangs_on_the_piece_the_seed_and_the_number(chords, name, number):
    """The same key gives the same sequence; something sounds in it if anything sounded before."""
    key = variant_key(name, 0, number)
    once, again = (CHORDS.draw(chords, "hash", key) for _ in range(2))
    assert once.tolist() == again.tolist()
    assert (once >= 0).any() == (chords >= 0).any()
    if name == "transposed":
        has_root = (chords >= 0) & (chords < UNKNOWN)
        assert (once is chords) == (not has_root.any())
        assert once.tolist() in [transpose(chords, by).tolist() for by in range(12)]
    if name == "excerpted" and once is not chords:
        assert round(0.5 * len(chords)) <= len(once) <= round(0.9 * len(chords))
        assert any(chords[i : i + len(once)].tolist() == once.tolist() for i in range(len(chords)))
    if name == "thinned" and once is not chords:
        left = iter(chords.tolist())
        assert len(once) < len(chords)
        assert all(token in left for token in once.tolist())


@pytest.mark.parametrize("name", sorted(CHORDS.variants))
def test_draws_differ_from_number_to_number_and_from_piece_to_piece(name):
    """Eight draws of one piece, and the first of eight pieces, are not all alike; so much of the music is left."""
    chords = np.arange(200, dtype=np.int64) % (LARGEST + 1)
    drawn = [CHORDS.draw(chords, "a", variant_key(name, 0, number)) for number in range(8)]
    other = [CHORDS.draw(chords, piece, variant_key(name, 0, 0)) for piece in "abcdefgh"]
    assert len({one.tobytes() for one in drawn}) > 2
    assert len({one.tobytes() for one in other}) > 2
    least, most = {"transposed": (200, 200), "thinned": (150, 199), "excerpted": (100, 180)}[name]
    assert all(least <= len(one) <= most for one in (*drawn, *other))


def made(path, *names, to=None, seed=0, **corpus):
    """A file of sequences with variants."""
    options, run = AugmentOptions(names, to), RunOptions(workers=0, seed=seed)
    return prepare_augmented(path, Recipe.of((), ()), options, corpus=CorpusOptions(**corpus), run=run)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Thirty pieces with a split."""
    rows, labels = sequences()
    path = tmp_path_factory.mktemp("chords") / "c.npz"
    write_npz(path, rows, labels, part=np.array([("train", "train", "test")[i % 3] for i in range(len(rows))]))
    return path


def test_relative_models_are_unmoved_by_transposed_variants(file):
    """Columns without the key are those of the piece; who reads these alone answers as without variants."""
    found = made(file, "transposed=3")
    X, variants = found.table.inputs(), found.augmented
    assert np.bincount(variants.of).tolist() == [3] * 30
    for name in ("chords.motion", "chords.quality"):
        assert variants.inputs[name].tolist() == X[name].iloc[variants.of].tolist()
    for moved, root in zip(variants.inputs["chords.root"], X["chords.root"].iloc[variants.of], strict=True):
        assert len({(a - b) % 12 for a, b in zip(moved, root, strict=True)} - {0}) == 1
    y = found.table.frame["label"].to_numpy(dtype=str)
    plain, taught = (small_model("relative_ngrams").fit(X, y, variants=more) for more in (None, variants))
    assert np.abs(plain.predict_proba(X) - taught.predict_proba(X)).max() < 0.02
    assert taught.predict_proba(variants.inputs) == pytest.approx(taught.predict_proba(X)[variants.of])


def test_what_is_made_hangs_on_the_piece_and_the_seed(file, tmp_path):
    """Not on the other pieces nor on their order; another seed, other variants; a piece that cannot change has none."""
    rows, labels = sequences()

    def told(prepared):
        path, own = prepared.table.frame["label"], prepared.augmented
        tokens = zip(own.inputs["chords.root"], own.inputs["chords.quality"], strict=True)
        return sorted((path[row], *map(tuple, one)) for row, one in zip(own.of, tokens, strict=True))

    write_npz(tmp_path / "turned.npz", rows[::-1], labels[::-1])
    write_npz(tmp_path / "fewer.npz", rows[:15], labels[:15])
    names = ("transposed=2", "thinned", "excerpted")
    every = told(made(file, *names))
    assert len(every) == 120
    assert told(made(tmp_path / "turned.npz", *names)) == every
    assert set(told(made(tmp_path / "fewer.npz", *names))) < set(every)
    assert told(made(file, *names, seed=1)) != every
    write_npz(tmp_path / "still.npz", [[-1], [-1, -1], [0]], ["x", "x", "y"])
    assert made(tmp_path / "still.npz", *names).augmented.of.tolist() == [2, 2]


class Watching(Centroids):
    """Remembers which variants it was given beside which rows, and what it was asked about."""

    seen = ()

    def fit(self, X, y, groups=None, sample_weight=None, variants=None):
        """Learn from lengths."""
        type(self).seen = (*type(self).seen, (set(X["number"]), variants.inputs["number"].tolist()))
        return super().fit(X[["number"]], y)

    def predict_proba(self, X):
        """Answer about pieces alone."""
        return super().predict_proba(X[["number"]])

    def typicality(self, X):
        """As the centroids have it."""
        return super().typicality(X[["number"]])


@pytest.mark.parametrize(("protocol", "fits"), [("work", 5), ("given", 1)])
def test_no_variant_stands_on_a_test_side(tmp_path, protocol, fits):
    """Each fit has the variants of its own rows, two of each; columns that are kept are those of the piece."""
    rows, labels = sequences()
    part = np.array([("train", "train", "test")[i % 3] for i in range(len(rows))])
    write_npz(tmp_path / "c.npz", rows, labels, part=part, number=np.arange(len(rows)) * 1.0)
    prepared = made(tmp_path / "c.npz", "transposed", "excerpted", split="part", keep=("number",))
    Watching.seen = ()
    found = evaluate_table(
        prepared.table,
        Watching,
        model="watching",
        settings=Settings(protocols=(protocol,)),
        extras=Extras(augmented=prepared.augmented),
    )
    assert len(found.predictions) == (30 if protocol == "work" else 10)
    assert len(Watching.seen) == fits
    for learnt, given_to in Watching.seen:
        assert sorted(given_to) == sorted([*learnt, *learnt])


def test_a_class_is_filled_up(file):
    """With a target rows of a class have enough variants for a side on which half of them train."""
    assert np.bincount(made(file, "transposed", "thinned", to=12).augmented.of).tolist() == [2] * 30
    assert len(made(file, "transposed", to=4).augmented) == 0


def test_an_extracted_table_has_them_too(file, tmp_path):
    """A table that was written is the same table."""
    table = table_of(tmp_path, *sequences())
    write_table(table, tmp_path / "c.parquet")
    again = made(tmp_path / "c.parquet", "transposed=2").augmented
    assert again.inputs.equals(made(file, "transposed=2").augmented.inputs)
