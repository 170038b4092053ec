"""Models of language on game music and chorales: bits a note held out, against n-grams (issue 13).

    python benchmarks/language.py game-piano DATA/scores/game-piano [--models language-lstm,language-transformer]
    python benchmarks/language.py chorales

Each fold is written to ``OUT/CORPUS.MODEL.FOLD.npz`` as it is done, so that an interrupted run goes on; the figures are
of the folds that are done, and say how many. Works are files by their names; chorales are music21's, those of one tune
kept whole.
"""

import argparse
import json
import time
from collections import Counter
from pathlib import Path

import numpy as np

from chorale_data import read_chorales
from language_data import game_piano
from styleprint.evaluation.bits import compare_bits
from styleprint.models.language.registry import LANGUAGE_BASELINES, LANGUAGE_MODELS, make_language_model
from styleprint.models.language.rows import FIELDS, EventRows
from styleprint.workflows.evaluate_language import held_out_bits

FOLDS = 5
SEED = 0


def baseline(name: str):
    """A baseline of that name."""
    return LANGUAGE_BASELINES.load(name)(random_state=SEED)


def main() -> None:
    """Run what is not done, and print the figures of what is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", choices=("game-piano", "chorales"))
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--models", default=",".join(LANGUAGE_MODELS))
    parser.add_argument("--folds", default="0,1,2,3,4")
    parser.add_argument("--out", type=Path, default=Path("language-benchmark"))
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)
    is_piano = asked.corpus == "game-piano"
    rows, groups = game_piano(asked.folder) if is_piano else read_chorales(asked.out / "bach-chorales.npz")
    print(f"{len(rows)} pieces, {len(set(groups))} groups, {len(rows.events)} notes", flush=True)
    print("notes a part:", dict(sorted(Counter(rows.events[:, 1].tolist()).items())), flush=True)
    models = asked.models.split(",")
    makers = {name: lambda name=name: make_language_model(name, {}, seed=SEED) for name in models}
    makers |= {name: lambda name=name: baseline(name) for name in LANGUAGE_BASELINES}
    done = [
        k
        for k in map(int, asked.folds.split(","))
        if all(one_fold(asked, rows, groups, k, {n: m}) for n, m in makers.items())
    ]
    bits = {name: np.full((len(rows.events), len(FIELDS)), np.nan) for name in makers}
    for name in makers:
        for k in done:
            found = np.load(place(asked, name, k))["bits"]
            bits[name] = np.where(np.isfinite(found), found, bits[name])
    for model in models:
        shown = {name: bits[name] for name in (model, *LANGUAGE_BASELINES)}
        record = compare_bits(
            shown, model=model, group=groups, offsets=rows.offsets, fields=FIELDS, folds=len(done), seed=SEED
        )
        print(record.text, flush=True)
        (asked.out / f"{asked.corpus}.{model}.json").write_text(json.dumps(record.to_json(), indent=1))


def place(asked: argparse.Namespace, name: str, k: int) -> Path:
    """Where the bits of a fold are kept."""
    return asked.out / f"{asked.corpus}.{name}.{k}.npz"


def one_fold(asked: argparse.Namespace, rows: EventRows, groups: tuple[str, ...], k: int, maker: dict) -> bool:
    """Make what is not there."""
    (name,) = maker
    if not place(asked, name, k).exists():
        start, cpu = time.monotonic(), time.process_time()
        bits, curves = held_out_bits(rows, groups, maker, folds=FOLDS, seed=SEED, only=k)
        seconds, cpu = time.monotonic() - start, time.process_time() - cpu
        print(
            f"fold {k}, {name}: {np.nansum(bits[name]) / np.isfinite(bits[name][:, 0]).sum():.3f} bits a note, ", end=""
        )
        print(f"{cpu:.0f} s of processor, {seconds:.0f} s; {curves[name]}", flush=True)
        np.savez_compressed(place(asked, name, k), bits=bits[name].astype(np.float32), cpu=cpu)
    return True


if __name__ == "__main__":
    main()
