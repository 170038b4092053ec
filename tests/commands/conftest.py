"""A small corpus of two generated composers, made and evaluated once for all tests of the commands."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from styleprint.cli import run

ROOT = Path(__file__).resolve().parents[2]


def load_small_corpus():
    spec = importlib.util.spec_from_file_location("make_small_corpus", ROOT / ".ci" / "make_small_corpus.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def styleprint(capsys):
    """Run a command in this process as a user would type it."""

    def call(*arguments: object) -> Answer:
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> Path:
    """Two composers, twenty pieces each; the folder's name has a space, a quote and an accent."""
    folder = tmp_path_factory.mktemp("commands") / "müsic of 'mine'"
    load_small_corpus().main(folder)
    return folder


@pytest.fixture(scope="session")
def bundle(corpus, tmp_path_factory) -> Path:
    """What train makes of the small corpus."""
    path = tmp_path_factory.mktemp("bundle") / "small.styleprint"
    assert run(["train", str(corpus), "-o", str(path), "--workers", "0", "--quiet"]) == 0
    return path


@pytest.fixture(scope="session")
def unseen(tmp_path_factory) -> Path:
    """A piece in the manner of the first composer that is not in the corpus."""
    import random

    make = load_small_corpus()
    path = tmp_path_factory.mktemp("unseen") / "new piece.mid"
    path.write_bytes(make.midi(make.melody(random.Random("another"), make.STEPS["steps"])))
    return path


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
