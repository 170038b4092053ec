"""Are copies found, and works told apart, in real collections?

usage: copies.py FOLDER-WITH-four-composers-AND-composers-20 [CHECKER]

Each collection is scanned without its labels file, and scored by the checker that lies beside the data
(``../../checks/score_scan.py`` from the folder). Then, with the works that the scan names and without: copies
found and right in either half of the works, copies across works that are right, excerpts, and the time from
fingerprints. Thresholds were chosen on four-composers and checked on composers-20.
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import numpy as np

from styleprint.corpus.copies import CopyFindings, Fingerprint, find_copies, fingerprint
from styleprint.corpus.matching import compare
from styleprint.reading import read_score
from styleprint.support.errors import StyleprintError

COLLECTIONS = ("four-composers", "composers-20")
HARD = "Bwv1066-1069"

Pair = frozenset[str]


def main(scores: Path, checker: Path) -> None:
    """Print the figures of both collections."""
    for name in COLLECTIONS:
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder) / "scan.csv"
            command = [sys.executable, "-m", "styleprint", "scan", str(scores / name), "-o", str(table), "--quiet"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            checked = subprocess.run(
                [sys.executable, str(checker), name, str(table)], check=True, capture_output=True, text=True
            )
            scanned = rows(table)
        print(f"{name}: {json.dumps(json.loads(checked.stdout))}")
        measure(scores, name, scanned)


def measure(scores: Path, name: str, scanned: list[dict[str, str]]) -> None:
    """Print what the checker does not say."""
    truth = {row["path"]: row for row in rows(scores / f"{name}.csv")}
    kinds = {frozenset((r["path_a"], r["path_b"])): r["kind"] for r in rows(scores / f"{name}.related-pairs.csv")}
    paths, prints = read(scores / name, list(truth))
    named = {row["path"]: (row["label"], row["work"]) for row in scanned}
    content = {row["path"]: row["sha256"] for row in scanned}
    hashes = [content[path] for path in paths]
    compare(np.arange(1, 40, dtype=np.uint16), np.arange(2, 41, dtype=np.uint16))  # compiles
    for title, works in (("with works", [named[path] for path in paths]), ("without works", None)):
        started = time.process_time()
        findings = find_copies(prints, works=works, hashes=hashes)
        seconds = time.process_time() - started
        print(f"  {title}: {seconds:.1f} s of one core from fingerprints of {len(prints)} files")
        judge(findings, paths, truth, kinds)


def judge(findings: CopyFindings, paths: list[str], truth: dict[str, dict[str, str]], kinds: dict[Pair, str]) -> None:
    """Print figures by half, of pairs across works, and of excerpts."""
    groups = defaultdict(list)
    for path in paths:
        groups[truth[path]["same_music_group"]].append(path)
    want = pairs_of(groups.values())
    got = pairs_of([[paths[member] for member in members] for members in findings.sets])
    excerpts = {frozenset((paths[a], paths[b])) for a, b in findings.excerpts}
    work = {path: f"{truth[path]['label']}: {truth[path]['work']}" for path in paths}

    def is_right(pair: Pair) -> bool:
        a, b = pair
        return pair in want or pair in kinds or work[a] == work[b]

    for half in (0, 1):
        inside = {pair for pair in want | got if zlib.crc32(work[min(pair)].encode()) % 2 == half}
        easy = {pair for pair in want & inside if not any(HARD in path for path in pair)}
        joined = got & inside
        right = 100 * sum(map(is_right, joined)) / max(1, len(joined))
        found = f"{share(got, easy)} of pairs found without hard ones, {share(got, want & inside)} of all"
        print(f"    half {half}: {found}; {right:.1f} % of {len(joined)} joined are right")
    across = {pair for pair in got if len({work[path] for path in pair}) == 2}
    print(f"    joined across works: {sum(map(is_right, across))} of {len(across)} right")
    whole = {pair for pair, kind in kinds.items() if kind == "part-of" and pair <= set(paths)}
    print(f"    part-of pairs: {share(excerpts | got, whole)} found, {share(got, whole)} as copies; "
          f"{sum(map(is_right, excerpts))} of {len(excerpts)} excerpts right")  # fmt: skip


def read(folder: Path, paths: list[str]) -> tuple[list[str], list[Fingerprint]]:
    """The files that can be read, and their fingerprints."""
    found = []
    for path in paths:
        try:
            found.append((path, fingerprint(read_score(folder / path))))
        except StyleprintError as error:
            print(f"  left out: {error}")
    return [path for path, _ in found], [print_ for _, print_ in found]


def share(found: set[Pair], of: set[Pair]) -> str:
    """How many of these are found."""
    return f"{100 * len(found & of) / max(1, len(of)):.1f} % of {len(of)}"


def pairs_of(sets: Iterable[list[str]]) -> set[Pair]:
    """All pairs inside sets."""
    return {frozenset(pair) for members in sets for pair in combinations(members, 2)}


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    data = Path(sys.argv[1]).resolve()
    main(data, Path(sys.argv[2]) if len(sys.argv) > 2 else data.parent.parent / "checks" / "score_scan.py")
