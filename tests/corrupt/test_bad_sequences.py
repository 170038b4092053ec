"""Bad files of sequences are refused with a code, what must hold and what to do."""

import zipfile

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


def test_damaged_bytes(tmp_path):
    """Wherever a compressed array is damaged, it is said, or the sum of bytes is right and it is read."""
    path, bad = write_npz(tmp_path / "c.npz", [list(range(150))] * 3, ["x", "y", "x"]), tmp_path / "bad.npz"
    good = path.read_bytes()
    random = np.random.default_rng(0)
    codes = set()
    for place in random.integers(0, len(good), 150):
        data = bytearray(good)
        data[place] ^= 1 << int(random.integers(8))
        bad.write_bytes(bytes(data))
        try:
            read_foreign(bad, TableOptions())
        except TableError as error:
            codes.add(error.code)
    assert "T145" in codes


@pytest.mark.parametrize("damage", [b"\xff" * 8, b"\x07" * 8])
def test_a_stream_that_is_none(tmp_path, damage):
    """Compressed bytes that cannot be unpacked."""
    path = tmp_path / "bad.npz"
    np.savez_compressed(path, tokens=np.arange(3000) % 190, offsets=np.array([0, 3000]), labels=np.array(["x"]))
    data = bytearray(path.read_bytes())
    start = data.index(b"tokens.npy") + 60
    data[start : start + len(damage)] = damage
    path.write_bytes(bytes(data))
    refused(path, "T145", "cannot be read")


def write_member(path, header, content=b"\0" * 8):
    """An archive with one array whose header is written by hand."""
    text = header.encode().ljust(117) + b"\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tokens.npy", b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + content)
    return path


@pytest.mark.parametrize("shape", ["(10000000000000000,)", "(10000000000,)", "(2,)", "(0,)", "(-1,)", "(3, 10)"])
def test_a_header_may_not_ask_for_more_than_there_is(tmp_path, shape):
    """NumPy would take the memory before it reads."""
    header = f"{{'descr': '<i8', 'fortran_order': False, 'shape': {shape}, }}"
    refused(write_member(tmp_path / "bad.npz", header), "T145", "its header says shape")


def test_many_digits(tmp_path):
    """A number too large for any float is a token that cannot be, as a smaller one is."""
    for text in ("1" * 400, "-" + "1" * 5000, "99999999999", "2147483648", "1" * 400 + ".0"):
        pd.DataFrame({"who": ["x", "y"], "c": ["3 4", f"5 {text}"]}).to_csv(tmp_path / "c.csv", index=False)
        refused(tmp_path / "c.csv", "T147", "row 2 of 'c' has", target="who", stream="c")


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
