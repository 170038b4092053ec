"""How fast a service answers, alone and under load, what hostile files do to it, and what it holds of memory.

usage: service_load.py BUNDLE FOLDER [--seconds 180] [--alone 100] [--mutants N] [--workers 2]

Serves the bundle in a process of its own, on loopback, and asks it:
1. the MIDI file of FOLDER that is of median size, `--alone` times, one after the other;
2. eight requests at once for `--seconds`, each with one file: 98 % are drawn among the twenty files around the median,
   2 % are hostile (cut, no music, too large by 10 %, tags in the name, a header alone);
3. `--mutants` mutated files as of fuzz_midi.py, fifty a request.
Also how long the page takes until it is painted first, where Chromium and playwright are there.
Memory is the resident memory of the service and its workers, added up. Files that are copies of known pieces are as
good as others. Every figure is of the client, which shares the processors with the service.
"""

import argparse
import asyncio
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import psutil

from fuzz_midi import LARGEST_SEED_BYTES, generated, mutant

AT_ONCE = 8
HOSTILE_SHARE = 0.02
SETTLED = 100
FILES_A_REQUEST = 50


def main() -> None:
    """Print the figures; exit with 1 where a good request failed or the service was at fault."""
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--alone", type=int, default=100)
    parser.add_argument("--mutants", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    paths = sorted((p for p in options.folder.rglob("*") if p.suffix.lower() == ".mid"), key=lambda p: p.stat().st_size)
    middle = len(paths) // 2
    print(f"processors {os.cpu_count()}, load before {os.getloadavg()[0]:.1f}, workers {options.workers}")
    with serving(options.bundle, options.workers) as (address, process):
        paint(address)
        asyncio.run(alone(address, paths[middle], options.alone))
        good = [(path.name, path.read_bytes()) for path in paths[middle - 10 : middle + 10]]
        failed = asyncio.run(load(address, process, good, options.seconds))
        faults = asyncio.run(fuzz(address, paths, options.mutants)) if options.mutants else 0
    sys.exit(1 if failed or faults else 0)


@contextmanager
def serving(bundle: Path, workers: int) -> Iterator[tuple[str, psutil.Process]]:
    """The command in a process of its own; what it logs is shown where it does not start."""
    command = [sys.executable, "-m", "styleprint", "serve", str(bundle), "--port", "0", "--quiet"]
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [*command, "--workers", str(workers), "--queue", "64"], stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix("Open ").strip()
        if not address:
            log.seek(0)
            sys.exit(f"the service did not start (exit code {process.wait(60)}): {log.read()[-2000:]}")
        print(f"ready after {time.perf_counter() - start:.1f} s")
        try:
            yield address, psutil.Process(process.pid)
        finally:
            process.terminate()
            print(f"exit code {process.wait(60)}")


async def alone(address: str, path: Path, count: int) -> None:
    """One file, one request after the other."""
    data = path.read_bytes()
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        await ask(client, path.name, data)
        times = np.array([(await ask(client, path.name, data))[1] for _ in range(count)])
    print(f"alone, {path.name} ({len(data):,} bytes), {count} times: {quantiles(times)}")


async def load(address: str, process: psutil.Process, good: list[tuple[str, bytes]], seconds: float) -> int:
    """Eight at once; the number of good requests that failed."""
    source = random.Random(0)
    times: list[float] = []
    outcomes: Counter[str] = Counter()
    memory: list[float] = []
    end = time.perf_counter() + seconds
    hostile = itertools.cycle(hostile_files(good[0][1]))

    async def customer(client: httpx.AsyncClient) -> None:
        while time.perf_counter() < end:
            is_hostile = source.random() < HOSTILE_SHARE
            name, data = next(hostile) if is_hostile else source.choice(good)
            status, took = await ask(client, name, data)
            outcomes[f"{'hostile' if is_hostile else 'good'} {status}"] += 1
            if not is_hostile:
                times.append(took)
            if sum(outcomes.values()) in (SETTLED, 2 * SETTLED):
                memory.append(held_mb(process))

    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        await asyncio.gather(*(customer(client) for _ in range(AT_ONCE)))
    memory.append(held_mb(process))
    print(f"{AT_ONCE} at once for {seconds:.0f} s: {len(times)} good requests, {quantiles(np.array(times))}")
    print("  " + ", ".join(f"{name}: {count}" for name, count in sorted(outcomes.items())))
    print(
        f"  memory after {SETTLED}, {2 * SETTLED} requests and at the end: {', '.join(f'{m:.0f}' for m in memory)} MB"
    )
    return sum(count for name, count in outcomes.items() if name.startswith("good") and name != "good 200")


async def fuzz(address: str, paths: list[Path], count: int) -> int:
    """Mutated files; the number of answers that are faults of ours."""
    source = np.random.default_rng(0)
    seeds = [generated(source) for _ in range(50)]
    seeds += [path.read_bytes() for path in paths if path.stat().st_size < LARGEST_SEED_BYTES]
    statuses: Counter[str] = Counter()
    async with httpx.AsyncClient(base_url=address, timeout=600) as client:
        for _ in range(-(-count // FILES_A_REQUEST)):
            files = [("files", (f"{n}.mid", mutant(seeds, source))) for n in range(FILES_A_REQUEST)]
            response = await client.post("/v1/identify", files=files)
            statuses[f"http {response.status_code}"] += 1
            found = response.json()
            for record in found if isinstance(found, list) else found.get("answers", []):
                statuses[record["status"]] += 1
    print(f"mutated files: {dict(sorted(statuses.items()))}")
    return sum(n for name, n in statuses.items() if name == "failed" or name.startswith("http 5"))


def hostile_files(good: bytes) -> list[tuple[str, bytes]]:
    """What a service must not mind."""
    return [
        ("cut.mid", good[: len(good) // 2]),
        ("text.mid", b"no music at all"),
        ("large.mid", b"\0" * 11_000_000),
        ("<script>alert(1)</script>.mid", good[:40]),
        ("header.mid", b"MThd\0\0\0\6\0\1\xff\xff\0\0"),
        ("empty.mid", b""),
    ]


async def ask(client: httpx.AsyncClient, name: str, data: bytes) -> tuple[int, float]:
    """Status and seconds of one request."""
    start = time.perf_counter()
    response = await client.post("/v1/identify", files={"files": (name, data)})
    return response.status_code, time.perf_counter() - start


def held_mb(process: psutil.Process) -> float:
    """Resident memory of the service and all its processes, MB."""
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_info().rss for member in family) / 1e6


def quantiles(times: np.ndarray) -> str:
    """Median and 99 %, in milliseconds."""
    middle, late, worst = np.quantile(times, (0.5, 0.99, 1)) * 1e3
    return f"p50 {middle:.0f} ms, p99 {late:.0f} ms, most {worst:.0f} ms"


def paint(address: str) -> None:
    """How long until the page is painted first, and what it weighs."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        print("first paint: not measured, without Chromium and playwright")
        return
    painted, weights = [], []
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        for _ in range(7):
            page = browser.new_context().new_page()
            page.goto(address)
            page.wait_for_timeout(500)
            painted.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"))
            weights.append(
                page.evaluate(
                    "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
                    ".reduce((sum, entry) => sum + entry.transferSize, 0)"
                )
            )
        browser.close()
    print(f"first paint: median {np.nanmedian(painted):.0f} ms of {len(painted)}; weight {max(weights) / 1000:.1f} kB")


if __name__ == "__main__":
    main()
