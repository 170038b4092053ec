"""Does the model of four composers notice that a piece is by none of them?

usage: open_set.py FOLDER-WITH-four-composers-AND-composers-20 [BUNDLE]

A bundle of the four is asked about the 17 other composers of composers-20. The control are the files of the
four in that set that the bundle calls no copy of a piece that it knows. AUROC of the largest typicality and of
the largest probability: the chance that a control file scores above a file of an unknown composer.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

FOUR = ("Bach", "Beethoven", "Chopin", "Mozart")


def area(known: list[float], unknown: list[float]) -> float:
    """Chance that a known file scores above an unknown one, equal scores counting one half."""
    a, b = np.array(known)[:, None], np.array(unknown)[None, :]
    return float((a > b).mean() + (a == b).mean() / 2)


def main(data: Path, bundle: Path | None) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        if bundle is None:
            bundle = Path(folder) / "four.styleprint"
            labels = data / "four-composers.labels.csv"
            command = ["train", str(data / "four-composers"), "--labels", str(labels), "-o", str(bundle), "--quiet"]
            subprocess.run([sys.executable, "-m", "styleprint", *command], check=True)
        out = Path(folder) / "answers.json"
        command = ["identify", str(bundle), str(data / "composers-20"), "--json", str(out), "--quiet"]
        subprocess.run([sys.executable, "-m", "styleprint", *command], check=True, stdout=subprocess.DEVNULL)
        answers = [a for a in json.loads(out.read_text()) if a["status"] == "ok"]
    composer = {a["path"]: Path(a["path"]).relative_to(data / "composers-20").parts[0] for a in answers}
    of_four = [a for a in answers if composer[a["path"]] in FOUR]
    copies = [a for a in of_four if a["copy_of"]]
    control = [a for a in of_four if not a["copy_of"]]
    unknown = [a for a in answers if composer[a["path"]] not in FOUR]
    print(f"control: {len(control)} files of the four that are no copies ({len(copies)} called copies)")
    print(f"unknown: {len(unknown)} files of {len({composer[a['path']] for a in unknown})} others, "
          f"{sum(bool(a['copy_of']) for a in unknown)} of them called copies")  # fmt: skip
    for name, score in (("largest typicality", _typicality), ("largest probability", _probability)):
        print(f"AUROC of the {name}: {area([score(a) for a in control], [score(a) for a in unknown]):.3f}")
    right = np.mean([a["label"] == composer[a["path"]] for a in control])
    print(f"accuracy on the control: {right:.3f}")
    for name, group in (("unknown", unknown), ("control", control)):
        share = np.mean([a["verdict"] == "none_of_these" for a in group])
        print(f"'none of these' for {100 * share:.1f} % of the {name} files")


def _typicality(answer: dict[str, dict[str, float]]) -> float:
    return max(answer["typicality"].values())


def _probability(answer: dict[str, dict[str, float]]) -> float:
    return max(answer["probabilities"].values())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
