"""The plan of the house holds: imports run downwards, nothing heavy loads early, names are what they say."""

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import styleprint

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "styleprint"
MODULES = sorted(
    ".".join(("styleprint", *path.relative_to(SOURCE).with_suffix("").parts))
    for path in SOURCE.rglob("*.py")
    if path.name not in ("__init__.py", "__main__.py")
)
HEAVY = (
    "numpy",
    "pandas",
    "scipy",
    "sklearn",
    "lightgbm",
    "matplotlib",
    "pyarrow",
    "numba",
    "symusic",
    "music21",
    "skops",
    "torch",
    "onnx",
    "onnxruntime",
)


WITH_TORCH = (
    *(f"styleprint.models.networks.{name}" for name in ("checkpoints", "export", "layers", "mel_layers", "training")),
    *(f"styleprint.models.language.{name}" for name in ("layers", "training")),
)
"""Modules that learning alone loads; they import torch (extra ``deep``) at once."""


def modules_loaded_by(code: str) -> set[str]:
    code = f"{code}\nimport sys\nprint(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(result.stdout.splitlines()[-1].split())


def test_imports_run_downwards(monkeypatch):
    """The layers of pyproject.toml hold; a new package must find its floor there."""
    monkeypatch.chdir(ROOT)
    assert lint_imports(cache_dir=None) == 0


@pytest.mark.parametrize("code", ["import styleprint", "from styleprint.cli import run; run(['--help'])"])
def test_nothing_heavy_loads_early(code):
    """`import styleprint` and --help load no library that takes long."""
    assert not modules_loaded_by(code) & set(HEAVY)


@pytest.mark.parametrize("room", ["cli", "reading", "music", "support"])
def test_doors_load_no_machine_learning(room):
    """What reads files or parses commands never needs scikit-learn."""
    assert not modules_loaded_by(f"import styleprint.{room}") & {"sklearn", "lightgbm", "matplotlib"}


def test_torch_is_loaded_by_learning_alone():
    """No module but those that learn imports torch, not even those of the networks that answer."""
    modules = [name for name in MODULES if name.startswith("styleprint.models.") and name not in WITH_TORCH]
    code = "\n".join(f"import {name}" for name in modules)
    assert not modules_loaded_by(code) & {"torch", "onnx", "onnxruntime"}


@pytest.mark.parametrize("name", styleprint.__all__)
def test_public_names_exist(name):
    """Every public name can be had."""
    assert getattr(styleprint, name) is not None


def test_public_names_have_one_list():
    """What __init__ promises, what it loads and what dir() shows are the same."""
    assert sorted(styleprint._PLACES) == sorted(set(styleprint.__all__) - {"__version__"})
    assert dir(styleprint) == sorted(styleprint.__all__)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_names_what_it_exports(module):
    """`__all__` stands in each module, and all of it exists."""
    if module in WITH_TORCH:
        pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    loaded = importlib.import_module(module)
    assert loaded.__doc__
    missing = [name for name in loaded.__all__ if not hasattr(loaded, name)]
    assert not missing


def test_the_version_is_one():
    """pyproject.toml and the package agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == styleprint.__version__


def test_modules_stay_small():
    """A module over 400 lines wants a reason, given here."""
    reasons: dict[str, str] = {}
    long = {str(p.relative_to(SOURCE)) for p in SOURCE.rglob("*.py") if len(p.read_text().splitlines()) > 400}
    assert long == set(reasons)


def test_nothing_speaks_of_a_machine():
    """No path of somebody's machine stands in the code, the scripts or the documents."""
    pattern = re.compile(r"/(?:work|root|home|tmp)/\w")
    files = [*SOURCE.rglob("*.py"), *ROOT.glob("*.sh"), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    found = [str(p.relative_to(ROOT)) for p in files if pattern.search(p.read_text())]
    assert not found
