"""Commands as a user types them; a small corpus of two generated composers and its bundle, made once for all tests."""

import importlib.util
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from styleprint.cli import run

ROOT = Path(__file__).resolve().parents[1]


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
    make = load_small_corpus()
    path = tmp_path_factory.mktemp("unseen") / "new piece.mid"
    path.write_bytes(make.midi(make.melody(random.Random("another"), make.STEPS["steps"])))
    return path


@pytest.fixture(scope="session")
def service(bundle):
    """A service over the small bundle, with one worker; the test is skipped without the extra `serve`."""
    pytest.importorskip("uvicorn", reason="needs the extra 'serve'")
    from service_cases import run_service
    from styleprint.service.settings import ServiceSettings

    with run_service(ServiceSettings(bundle, port=0)) as running:
        yield running
