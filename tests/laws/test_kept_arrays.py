"""Laws of what is kept between runs: damage costs a second reading, never a run; no more is kept than is allowed."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from styleprint.reading import read_score
from styleprint.reading.limits import Limits
from styleprint.support import kept_arrays
from styleprint.support.errors import LimitError
from styleprint.support.kept_arrays import entry_path, read_arrays, trim_cache, write_arrays

ARRAYS = {"long": np.arange(200, dtype=np.int64) % 7, "short": np.array([0.5, -1.0]), "none": np.empty(0)}
TUNES = {"one": "X:1\nT:One\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|\n", "two": "X:1\nT:Two\nM:4/4\nL:1/4\nK:G\nGABc|d4|\n"}


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """The bytes of an entry, compressed and not."""
    folder = tmp_path_factory.mktemp("archives")
    for name, compress in (("plain", False), ("packed", True)):
        write_arrays(folder / name, ARRAYS, compress=compress)
    return {name: (folder / name).read_bytes() for name in ("plain", "packed")}, folder / "damaged"


@pytest.mark.parametrize("kind", ["plain", "packed"])
@given(damage=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_damaged_bytes_are_no_arrays_and_no_error(kind, damage, archives):
    """Bytes changed anywhere: what was kept, or nothing."""
    data = bytearray(archives[0][kind])
    for place, value in damage:
        data[place % len(data)] = value
    archives[1].write_bytes(data)
    found = read_arrays(archives[1]) or {}
    assert [name for name in ARRAYS if name in found and not np.array_equal(found[name], ARRAYS[name])] == []


def _local_and_central(data, local, central, value):
    """Change a field of the first member where it is written twice: before the data and in the directory."""
    data = bytearray(data)
    for place in (data.index(b"PK\3\4") + local, data.index(b"PK\1\2") + central):
        data[place] = value
    return data


@pytest.mark.parametrize("method", [1, 12, 14, 93, 99])
def test_a_method_of_compression_that_is_not_ours_is_damage(method, archives):
    """bzip2 and LZMA meet bytes that are none; the others are not known at all."""
    archives[1].write_bytes(_local_and_central(archives[0]["packed"], 8, 10, method))
    assert read_arrays(archives[1]) is None


def test_a_member_that_says_it_is_encrypted_is_damage(archives):
    archives[1].write_bytes(_local_and_central(archives[0]["packed"], 6, 8, 1))
    assert read_arrays(archives[1]) is None


def test_a_stream_that_cannot_be_unpacked_is_damage(archives):
    data = bytearray(archives[0]["packed"])
    start = data.index(b"PK\3\4") + 30 + len("long.npy")
    data[start : start + 40] = b"\xff" * 40
    archives[1].write_bytes(data)
    assert read_arrays(archives[1]) is None


def test_what_was_used_longest_ago_goes_first(tmp_path):
    """Rows and scores count together, against one limit."""
    places = [entry_path(tmp_path / kind, f"{number:02x}" * 8) for number in range(5) for kind in ("rows", "scores")]
    for age, place in enumerate(places):
        write_arrays(place, ARRAYS)
        os.utime(place, (1000 + age, 1000 + age))
    assert read_arrays(places[0]) is not None  # used today
    size = places[0].stat().st_size
    assert trim_cache(tmp_path, 10 * size) == 0
    assert trim_cache(tmp_path, 5 * size) == 6
    assert [place.exists() for place in places] == [True, False, False, False, False, False, False, True, True, True]


@pytest.fixture
def tunes(tmp_path):
    """Two composers who left one ABC tune each."""
    pytest.importorskip("music21", reason="notation formats need the extra 'scores'")
    for name, text in TUNES.items():
        (tmp_path / "corpus" / name).mkdir(parents=True)
        (tmp_path / "corpus" / name / "tune.abc").write_text(text)
    return tmp_path / "corpus"


def test_a_scan_mends_a_damaged_score_cache_and_keeps_its_size(tunes, tmp_path, monkeypatch):
    """As a user meets it: the second scan says the same, the entries are whole again; what is too much is forgotten."""
    from styleprint.cli import run

    cache, outputs = tmp_path / "cache", [tmp_path / f"{number}.csv" for number in range(3)]

    def scan(output):
        options = ["--cache", str(cache), "--workers", "0", "--quiet", "-o", str(output)]
        assert run(["scan", str(tunes), *options]) == 0
        return sorted(cache.rglob("*.npz"))

    entries = scan(outputs[0])
    whole = [entry.read_bytes() for entry in entries]
    assert len(entries) == 2
    for entry, data in zip(entries, whole, strict=True):
        entry.write_bytes(_local_and_central(data, 8, 10, 99))
    assert scan(outputs[1]) == entries
    assert [read_arrays(entry) is not None for entry in entries] == [True, True]
    monkeypatch.setattr(kept_arrays, "MAX_BYTES", 10)
    assert scan(outputs[2]) == []
    assert len({output.read_bytes() for output in outputs}) == 1


def test_a_score_kept_under_raised_limits_is_not_read_under_others(tunes, tmp_path):
    path = tunes / "one" / "tune.abc"
    assert len(read_score(path, cache=tmp_path / "cache")) == 8
    with pytest.raises(LimitError, match="number of notes"):
        read_score(path, cache=tmp_path / "cache", limits=Limits(notes=5))
