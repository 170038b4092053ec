"""Folder and registry of the protocols agree, and each protocol says what it is."""

from pathlib import Path

import pytest

import styleprint.evaluation.protocols as folder
from styleprint.evaluation.registry import PROTOCOLS


def test_folder_and_registry_agree():
    files = {path.stem for path in Path(folder.__file__).parent.glob("*.py")} - {"__init__"}
    assert files == set(PROTOCOLS)


@pytest.mark.parametrize("name", list(PROTOCOLS))
def test_protocol_describes_itself(name):
    protocol = PROTOCOLS.load(name)
    assert protocol.name == name
    assert protocol.summary.endswith(".")
