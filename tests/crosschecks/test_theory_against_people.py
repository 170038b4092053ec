"""Keys, chords and cadences beside the human analyses of a few pieces; all of them stand in benchmarks/theory.py."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import harmony_data
import theory_measures

PIECES = {
    "mozart_piano_sonatas": ("K279-1", "K280-2", "K545-1"),
    "corelli": ("op01n01a", "op01n01d", "op03n02b", "op04n02d"),
    "ABC": ("n01op18-1_02", "n04op18-4_03"),
}


@pytest.fixture(scope="module")
def analyses(shared_data):
    folder = shared_data / "data" / "harmony"
    return {
        corpus: [theory_measures.analyse(harmony_data.read_piece(folder, corpus, name)) for name in names]
        for corpus, names in PIECES.items()
    }


@pytest.mark.shared_data
@pytest.mark.parametrize("corpus", PIECES)
def test_keys_and_roots_agree_with_people(analyses, corpus):
    """For most of the time; chance is a twelfth and a twenty-fourth."""
    key, root, *_ = theory_measures.harmony_shares(analyses[corpus])
    assert key > 0.7
    assert root > 0.65


@pytest.mark.shared_data
def test_perfect_cadences_are_where_people_hear_them(analyses):
    both = [theory_measures.cadence_counts(analyses[corpus], "PAC") for corpus in ("mozart_piano_sonatas", "corelli")]
    assert theory_measures.f_measure(np.sum(both, axis=0)) > 0.5


@pytest.mark.shared_data
def test_spelling_is_that_of_the_score(analyses):
    assert theory_measures.spelling_share([a for pieces in analyses.values() for a in pieces]) > 0.97
