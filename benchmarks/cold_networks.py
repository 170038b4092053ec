"""How long a bundle of a network takes to answer, cold and for a hundred files, where torch cannot be had.

    python benchmarks/cold_networks.py DATA/scores [--model convolutions] [--bundle FILE] [--cap 30] [--epochs 4]
           [--networks 0]

Trains a bundle of the four composers where none is given (few files and epochs: what is timed is asking, which costs
the same after any learning), then asks in new processes in which torch and onnx cannot be imported, without workers.
The process says itself, at its end, that neither is loaded. Wall and processor time of the whole process.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
MANY = 100
ASK = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "onnx"):
            raise ModuleNotFoundError(f"{name} is blocked", name=name)
sys.meta_path.insert(0, Blocked())
from styleprint.cli import run
code = run(sys.argv[1:])
if any(name.partition(".")[0] in ("torch", "onnx") for name in sys.modules):
    raise SystemExit("torch or onnx was loaded")
raise SystemExit(code)
"""


def main():
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--model", default="convolutions")
    parser.add_argument("--bundle", type=Path)
    parser.add_argument("--cap", type=int, default=30)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--networks", type=int, default=0)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--many", type=int, default=MANY)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bundle = asked.bundle or train(asked, Path(folder))
        files = [file for name in ("Mozart", "Haydn", "Bach") for file in pieces(asked.source, name)][: asked.many]
        times = [ask(bundle, files[:1]) for _ in range(asked.runs)]
        wall, cpu = (statistics.median(each) for each in zip(*times, strict=True))
        print(f"bundle: {bundle.stat().st_size / 1e6:.1f} MB")
        print(f"cold, {files[0].name}: median of {asked.runs} {wall:.2f} s of wall time, {cpu:.2f} s of processor")
        wall, cpu = ask(bundle, files)
        print(f"{len(files)} files: {wall:.1f} s of wall time, {cpu:.1f} s of processor, without torch")


def pieces(source, name):
    """Files of a composer of the larger corpus."""
    return sorted((source / "composers-20" / name).rglob("*.mid"))


def train(asked, folder):
    """A bundle of few pieces and epochs."""
    bundle, parameters = folder / "network.styleprint", folder / "parameters.toml"
    parameters.write_text(
        f'model = "{asked.model}"\n\n[parameters]\nepochs = {asked.epochs}\nnetworks = {asked.networks}\n'
    )
    labels = asked.source / "four-composers.labels.csv"
    command = ["train", str(asked.source / "four-composers"), "--labels", str(labels), "--cap", str(asked.cap)]
    command += ["--model", asked.model, "--parameters", str(parameters), "-o", str(bundle), "--quiet", "--workers", "0"]
    start = time.monotonic()
    subprocess.run([sys.executable, "-m", "styleprint", *command], check=True, stdout=subprocess.DEVNULL)
    print(f"learning {4 * asked.cap} pieces for {asked.epochs} epochs: {time.monotonic() - start:.0f} s", flush=True)
    return bundle


def ask(bundle, files):
    """Wall and processor seconds of a new process that identifies these files, all of which must be answered."""
    command = ["identify", str(bundle), *map(str, files), "--json", "-", "--quiet", "--workers", "0"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    found = subprocess.run([sys.executable, "-c", ASK, *command], check=True, capture_output=True, text=True)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    answers = json.loads(found.stdout)
    if len(answers) != len(files) or any("label" not in answer for answer in answers):
        raise RuntimeError("every file must be answered")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
