"""A small table for the commands."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def two_labels(tmp_path_factory) -> Path:
    """A CSV from elsewhere: two labels, four features, of which one tells them apart."""
    rng = np.random.default_rng(0)
    label = np.repeat(["high", "low"], 30)
    frame = pd.DataFrame({f"f{i}": rng.normal(size=60) for i in range(4)})
    frame["f0"] += 2.0 * (label == "high")
    path = tmp_path_factory.mktemp("tables") / "some table.csv"
    frame.assign(label=label).to_csv(path, index=False)
    return path
