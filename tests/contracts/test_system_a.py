"""Each line of the oldest system's list is answered by columns that exist."""

import re
from pathlib import Path

import pytest

from styleprint.features.make import INSTRUMENTATION_COLUMNS, MAKE_COLUMNS
from styleprint.features.registry import feature_names
from styleprint.features.row import feature_columns

PAGE = Path(__file__).resolve().parents[2] / "docs" / "system-a-features.md"
LINES = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ") and "`" in line]


def test_the_table_is_there():
    assert len(LINES) >= 30


@pytest.mark.parametrize("line", LINES, ids=[line.split("|")[1].strip()[:40] for line in LINES])
def test_columns_exist(line):
    named = re.findall(r"`([a-z0-9_]+)`", line.replace("role `make`", ""))
    known = {*feature_columns(feature_names()), *MAKE_COLUMNS, *INSTRUMENTATION_COLUMNS}
    assert named
    assert not set(named) - known
