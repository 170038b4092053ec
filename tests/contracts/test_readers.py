"""Every reader is in the table, and every reader keeps the contract."""

import importlib
import inspect
from pathlib import Path

import pytest

import styleprint.reading
from styleprint.reading import is_bounded
from styleprint.reading.registry import BOUNDED, READERS, RECORDING_READERS

FOLDER = Path(styleprint.reading.__file__).parent


def test_folder_and_table_agree():
    """What is named read_… in the folder is in the table, and nothing else is."""
    found = set()
    for path in FOLDER.glob("[!_]*.py"):
        module = f"styleprint.reading.{path.stem}"
        names = importlib.import_module(module).__all__
        found |= {f"{module}:{name}" for name in names if name.startswith("read_")}
    assert found == set(READERS.table.values()) | set(RECORDING_READERS.table.values())


@pytest.mark.parametrize("name", READERS)
def test_readers_take_bytes_name_and_limits(name):
    parameters = list(inspect.signature(READERS.load(name)).parameters)
    assert parameters[:3] == ["data", "name", "limits"]


@pytest.mark.parametrize("name", RECORDING_READERS)
def test_readers_of_recordings_take_file_name_and_limits(name):
    parameters = list(inspect.signature(RECORDING_READERS.load(name)).parameters)
    assert parameters[:3] == ["file", "name", "limits"]


CONTENTS = {
    "midi": b"MThd\x00\x00\x00\x06\x00\x00\x00\x00\x01\xe0",
    "musicxml": b"<?xml version='1.0'?><score-partwise/>",
    "mxl": b"PK\x03\x04",
    "mei": b"<mei/>",
    "kern": b"**kern\n4c\n*-\n",
    "abc": b"X:1\nK:C\nCDE\n",
}


@pytest.mark.parametrize("name", READERS)
def test_only_readers_of_our_own_need_no_supervision(name, tmp_path):
    """A file is known by its content: a name that lies takes no supervision away."""
    path = tmp_path / "looks like.mid"
    path.write_bytes(CONTENTS[name])
    assert is_bounded(path) == (name in BOUNDED)


def test_what_is_refused_before_it_is_read_is_bounded(tmp_path):
    (tmp_path / "text.mid").write_bytes(b"no music")
    assert is_bounded(tmp_path / "text.mid")
    assert is_bounded(tmp_path / "nowhere.mid")
    assert is_bounded(tmp_path)
