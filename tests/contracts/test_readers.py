"""Every reader is in the table, and every reader keeps the contract."""

import importlib
import inspect
from pathlib import Path

import pytest

import styleprint.reading
from styleprint.reading.registry import READERS

FOLDER = Path(styleprint.reading.__file__).parent


def test_folder_and_table_agree():
    """What is named read_… in the folder is in the table, and nothing else is."""
    found = set()
    for path in FOLDER.glob("[!_]*.py"):
        module = f"styleprint.reading.{path.stem}"
        names = importlib.import_module(module).__all__
        found |= {f"{module}:{name}" for name in names if name.startswith("read_")}
    assert found == set(READERS.table.values())


@pytest.mark.parametrize("name", READERS)
def test_readers_take_bytes_name_and_limits(name):
    parameters = list(inspect.signature(READERS.load(name)).parameters)
    assert parameters[:3] == ["data", "name", "limits"]
