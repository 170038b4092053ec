"""Load damaged bundles by the thousand: refused with our error, in bounded time and memory, without an import.

usage: fuzz_bundle.py [--mutants N] [--first N] [--seed N] [--models NAME,…] [--folder FOLDER]

Good bundles of generated pieces, one of each model (or of those named) in turn, are damaged in many ways: their bytes;
their bytes with the outer hash made right again; the zip around the members; the members; values in their JSON and
numbers in their arrays.
In the last three every hash is made right again, as one would who wants to do harm. Each must be
refused with a BundleError, or load, pass its self-check and answer. Pickles are planted among the arrays: what they
would do if anything loaded them is seen.
"""

import argparse
import faulthandler
import importlib.util
import os
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fuzz_bundle_damage import CANARY, Good, damage
from styleprint.bundle.bundle import Bundle, load_bundle
from styleprint.bundle.identification import identify_row
from styleprint.corpus.copies import fingerprint
from styleprint.extraction.rows import extract_row, frame_of_rows
from styleprint.models.registry import MODELS
from styleprint.reading import read_score_bytes
from styleprint.support.errors import BundleError, StyleprintError

ROOT = Path(__file__).resolve().parents[1]
MEMORY_BYTES = 3 << 30
SECONDS = 20


@dataclass(frozen=True)
class Question:
    """A piece to ask about."""

    data: bytes

    def ask(self, bundle: Bundle) -> None:
        """Ask all that `identify` asks."""
        score = read_score_bytes(self.data, "asked")
        inputs = frame_of_rows([extract_row(score, bundle.recipe)], bundle.recipe)
        identify_row(bundle, inputs, fingerprint(score), path="asked").to_json()


def main() -> None:
    """Print the figures; exit with 1 if anything but an answer or our error came out."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--folder", type=Path, help="where the good bundles are kept, and used again")
    options = parser.parse_args()
    faulthandler.enable()
    signal.signal(signal.SIGALRM, _too_long)
    with tempfile.TemporaryDirectory() as folder:
        paths, question = _prepare(options.folder or Path(folder), options.models.split(","))
        for path in paths:
            question.ask(load_bundle(path))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, resource.RLIM_INFINITY))
        numbers = range(options.first, options.first + options.mutants)
        faults = _run([Good.read(path) for path in paths], question, Path(folder), numbers, options.seed)
    sys.exit(1 if faults else 0)


def _run(goods: list[Good], question: Question, folder: Path, numbers: range, seed: int) -> int:
    place, mutants = folder / "damaged.styleprint", len(numbers)
    modules, outcomes, faults = set(sys.modules), Counter[tuple[str, str]](), Counter[str]()
    times, memory, begin = np.empty(mutants), _peak_mb(), time.perf_counter()
    for i, number in enumerate(numbers):
        kind, data = damage(goods[number % len(goods)], np.random.default_rng([seed, number]))
        place.write_bytes(data)
        start = time.perf_counter()
        signal.alarm(SECONDS)
        try:
            outcomes[kind, outcome(place, question)] += 1
        except BaseException as error:  # whatever else escapes is what we look for
            if isinstance(error, KeyboardInterrupt):
                raise
            faults[f"{kind}: {type(error).__name__}: {str(error)[:200]} (mutant {number})"] += 1
        signal.alarm(0)
        times[i] = time.perf_counter() - start
    imported = sorted(set(sys.modules) - modules)
    seconds = time.perf_counter() - begin
    print(f"mutants           {mutants:,} of {len(goods)} bundles in {seconds:.0f} s")
    for (kind, what), count in sorted(outcomes.items()):
        print(f"{kind:26}{what:32}{count:8,}")
    for name, count in faults.most_common():
        print(f"FAULT {count:6,} {name}")
    middle, late, worst = np.quantile(times, (0.5, 0.99, 1)) * 1e3
    print(f"milliseconds a bundle  median {middle:.1f}, 99 % {late:.1f}, most {worst:.1f}")
    print(f"peak memory            {memory:.0f} MiB before, {_peak_mb():.0f} MiB after")
    print(f"modules imported       {', '.join(imported) or 'none'}")
    print(f"pickles that ran       {int(CANARY in os.environ)}")
    return len(faults) + len(imported) + (CANARY in os.environ)


def outcome(place: Path, question: Question) -> str:
    """What became of a bundle; anything but our errors escapes."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            bundle = load_bundle(place)
        except BundleError as error:
            str(error).encode()
            return f"refused {error.code}"
        try:
            question.ask(bundle)
        except StyleprintError as error:
            return f"loads, refuses to answer {error.code}"
        return "loads and answers"


def _prepare(folder: Path, models: list[str]) -> tuple[list[Path], Question]:
    """A bundle of each model, and a piece to ask about."""
    import random

    from styleprint.workflows.options import RunOptions
    from styleprint.workflows.train import train

    spec = importlib.util.spec_from_file_location("make_small_corpus", ROOT / ".ci" / "make_small_corpus.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(".ci/make_small_corpus.py")
    corpus = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(corpus)
    question = Question(corpus.midi(corpus.melody(random.Random("asked"), corpus.STEPS["steps"])))
    corpus.main(folder / "corpus")
    paths = [folder / f"{model}.styleprint" for model in models]
    for model, path in zip(models, paths, strict=True):
        if path.exists():
            continue
        train(folder / "corpus", path, model=model, run=RunOptions(workers=0, cache=folder / "cache"))
    return paths, question


def _peak_mb() -> float:
    """Most resident memory so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _too_long(*_: object) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


if __name__ == "__main__":
    main()
