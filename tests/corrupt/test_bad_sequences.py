"""Bad files of sequences are refused with a code, what must hold and what to do."""

import numpy as np
import pandas as pd
import pytest

from sequence_cases import write_npz
from styleprint.extraction.foreign import TableOptions, read_foreign, read_inputs_of
from styleprint.extraction.recipe import Recipe
from styleprint.support.errors import TableError, UsageError


def refused(path, code, match, **options):
    with pytest.raises(TableError, match=match) as caught:
        read_foreign(path, TableOptions(**options))
    assert caught.value.code == code


def save(folder, **arrays):
    path = folder / "bad.npz"
    np.savez(path, **arrays)
    return path


def test_pickles_and_garbage(tmp_path):
    """Objects are never unpickled; bytes that are no archive are said to be none."""
    refused(save(tmp_path, tokens=np.array([None, {}], dtype=object)), "T145", "without pickles")
    (tmp_path / "x.npz").write_bytes(b"hello")
    refused(tmp_path / "x.npz", "T145", "cannot be read")


@pytest.mark.parametrize(
    ("arrays", "match"),
    [
        ({"chords": [1, 2]}, "none named 'tokens'"),
        ({"tokens": [1.5, 2.0], "offsets": [0, 2]}, "must be whole numbers"),
        ({"tokens": [1, 2]}, "needs 'offsets'"),
        ({"tokens": [1, 2], "offsets": [0, 3]}, "must rise from 0 to the 2"),
        ({"tokens": [1, 2], "offsets": [0, 2, 1, 2]}, "must rise"),
        ({"tokens": [1, 2], "offsets": [0, 2], "labels": [3], "label_names": ["a"]}, "beyond the 1"),
        ({"tokens": [2**40], "offsets": [0, 1]}, "a token beyond"),
    ],
)
def test_arrays_that_do_not_fit(tmp_path, arrays, match):
    """Each with what is wrong."""
    refused(save(tmp_path, **{name: np.array(values) for name, values in arrays.items()}), "T146", match)


def test_a_token_that_is_none(tmp_path):
    """The row and the token are named."""
    pd.DataFrame({"who": ["x", "y"], "c": ["Am7 D7", "G hello"]}).to_csv(tmp_path / "c.csv", index=False)
    refused(tmp_path / "c.csv", "T147", "row 2 of 'c' has 'hello'", target="who", stream="c")


def test_numbers_that_are_no_chords(tmp_path):
    """Where the user says that they are."""
    path = write_npz(tmp_path / "c.npz", [[300], [1]], ["x", "y"])
    refused(path, "T148", "greatest is 300", vocabulary="chords")


def test_no_such_stream_no_labels(tmp_path):
    """A column that is not there; an array file without labels."""
    pd.DataFrame({"who": ["x"], "c": ["C"]}).to_csv(tmp_path / "c.csv", index=False)
    refused(tmp_path / "c.csv", "T130", "'chords'", target="who", stream="chords")
    refused(save(tmp_path, tokens=np.array([1]), offsets=np.array([0, 1])), "T134", "none was named")


def test_an_unknown_vocabulary(tmp_path):
    """It is usage, not the file."""
    path = write_npz(tmp_path / "c.npz", [[3], [1]], ["x", "y"])
    with pytest.raises(UsageError, match="U167"):
        read_foreign(path, TableOptions(vocabulary="keys"))


def test_rows_without_the_column_that_was_learnt(tmp_path):
    """The bundle's recipe names it."""
    pd.DataFrame({"who": ["x"], "other": ["C"]}).to_csv(tmp_path / "c.csv", index=False)
    recipe = Recipe("table", {}, {"chords": 1}, sequence="chords")
    with pytest.raises(TableError, match="lacks chords"):
        read_inputs_of(tmp_path / "c.csv", recipe)
