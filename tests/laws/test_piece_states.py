"""Vectors of pieces: the same in every key, near to themselves, and stored as they are."""

from dataclasses import replace

import numpy as np
import pytest

from language_bundle_cases import drawn_bundle, drawn_model
from language_cases import scales
from styleprint.bundle.language import load_language_bundle, save_language_bundle
from styleprint.generation.piece_states import in_c, nearest_pieces, piece_vector, piece_vectors
from styleprint.models.language.rows import transposed
from styleprint.support.errors import BundleError

MODEL = drawn_model()
ROWS = scales(6)


@pytest.mark.parametrize("semitones", [-5, -1, 2, 4])
def test_a_piece_is_itself_in_every_key(semitones):
    """What is moved has the same vector, or one an octave away where the shorter way changes side."""
    own, moved = in_c(ROWS.row(0)), in_c(transposed(ROWS.row(0), semitones))
    assert set((own[:, 2] - moved[:, 2]).tolist()) <= {-12, 0, 12}
    if (own == moved).all():
        assert np.array_equal(piece_vector(MODEL, ROWS.row(0)), piece_vector(MODEL, transposed(ROWS.row(0), semitones)))


def test_a_vector_is_mean_and_deviation_of_states():
    """Over all events, of the piece in C."""
    states = MODEL.machine.states(in_c(ROWS.row(1)))
    found = piece_vector(MODEL, ROWS.row(1))
    assert found == pytest.approx(np.concatenate([states.mean(axis=0), states.std(axis=0)]), abs=1e-6)
    assert not piece_vector(MODEL, ROWS.row(0)[:0]).any()


def test_every_piece_is_nearest_to_itself():
    """With a cosine of 1; left out where that is asked, and no piece is named twice."""
    vectors = piece_vectors(MODEL, ROWS)
    near = nearest_pieces(vectors, vectors)
    assert [pieces[0].number for pieces in near] == list(range(6))
    assert [pieces[0].similarity for pieces in near] == pytest.approx([1.0] * 6)
    others = nearest_pieces(vectors, vectors, without=range(6), count=9)
    for own, pieces in enumerate(others):
        assert sorted(piece.number for piece in pieces) == [i for i in range(6) if i != own]
        assert [piece.similarity for piece in pieces] == sorted((p.similarity for p in pieces), reverse=True)


def test_states_of_several_pieces_are_those_of_each():
    """Heard abreast or alone."""
    pieces = [ROWS.row(i)[: 20 + 7 * i] for i in range(4)]
    for piece, states in zip(pieces, MODEL.machine.states_of(pieces), strict=True):
        assert states == pytest.approx(MODEL.machine.states(piece), abs=1e-5)


def test_a_bundle_keeps_the_vectors(tmp_path):
    """To 32 bits."""
    bundle = load_language_bundle(drawn_bundle(tmp_path / "a.styleprint"))
    assert bundle.vectors == pytest.approx(piece_vectors(bundle.estimator, scales(4)), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("spoil", [lambda v: v[:2], lambda v: v[0], lambda v: np.where(v == v[0, 0], np.nan, v)])
def test_vectors_that_do_not_fit_are_refused(tmp_path, spoil):
    """One for each piece, numbers all: else the bundle counts as damaged."""
    whole = load_language_bundle(drawn_bundle(tmp_path / "a.styleprint"))
    save_language_bundle(replace(whole, vectors=spoil(whole.vectors)), tmp_path / "b.styleprint")
    with pytest.raises(BundleError, match=r"B1\d\d"):
        load_language_bundle(tmp_path / "b.styleprint")
