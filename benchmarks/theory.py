"""Keys, chords, cadences, phrases, spelling and voices against the human analyses of the DCML corpora.

usage: theory.py DATA/harmony [--only TABLES] [--slow N] [--further]

Prints one table a claim, by corpus: what ships, with the durations and the metre of the score and with onsets
alone (as features ask); the baselines of the shared data beside it; and, for what has parameters, the
figures with parameters chosen on one half of the works and reported on the other, both ways. music21 runs on
the first N pieces of each corpus (it is slow) and is compared on those. With --further the folder holds other
corpora, as their repositories hold them: figures for music on which nothing was set.

Durations are shares of the labelled time. A cadence or phrase end is found if one of its kind is told within
one beat of it, each counted once.
"""

import argparse
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np

import harmony_data
from harmony_data import CORPORA, AnnotatedPiece
from styleprint.theory.cadences import CADENCES
from styleprint.theory.key_profiles import KEY_PROFILES
from theory_measures import (
    CHOICES,
    Analysis,
    analyse,
    cadence_counts,
    f_measure,
    global_key_scores,
    harmony_shares,
    phrase_counts,
    spelling_share,
    voice_links,
)
from theory_music21 import music21_scores

SHORT = {"mozart_piano_sonatas": "Mozart", "corelli": "Corelli", "ABC": "ABC"}
BASELINES = {"local key": (0.892, 0.795, 0.781), "root": (0.639, 0.770, 0.676)}
TABLES = ("global_key", "harmony", "voices", "halves", "music21")
HARMONY_ROWS = ("local key", "root", "root and quality", "root and bass", "numeral and key")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path, help="folder of corpora")
    parser.add_argument("--only", default=",".join(TABLES), help=f"of {', '.join(TABLES)}; all without it")
    parser.add_argument("--slow", type=int, default=2, help="pieces of each corpus that music21 analyses")
    parser.add_argument("--further", action="store_true", help="all corpora of the folder, on which nothing was set")
    options = parser.parse_args()
    chosen = options.only.split(",")
    names = sorted(path.name for path in options.data.iterdir() if path.is_dir()) if options.further else CORPORA
    corpora = {name: harmony_data.read_corpus(options.data, name) for name in names}
    if "global_key" in chosen:
        print_global_keys(corpora)
    if "harmony" in chosen:
        print_analyses(corpora)
    if options.further:
        return
    if "voices" in chosen:
        print_voices(corpora)
    if "halves" in chosen:
        print_halves(corpora)
    if "music21" in chosen:
        print_music21(corpora, options.slow)


def print_analyses(corpora: dict[str, list[AnnotatedPiece]]) -> None:
    """Harmony, cadences, phrases, spelling: with what the score says of time, then with onsets alone."""
    written = {corpus: [analyse(piece) for piece in pieces] for corpus, pieces in corpora.items()}
    print_harmony("harmony, durations and metre of the score", written)
    print_cadences("cadences, durations and metre of the score", written)
    print_phrases(written)
    print_spelling(written)
    onsets = {corpus: [analyse(piece, onsets_alone=True) for piece in pieces] for corpus, pieces in corpora.items()}
    print_harmony("harmony, onsets alone and no metre (as features ask)", onsets)
    print_cadences("cadences, onsets alone and no metre (as features ask)", onsets)


def print_global_keys(corpora: dict[str, list[AnnotatedPiece]]) -> None:
    """Exact keys, MIREX-weighted score, minor keys: whole pieces and their first 32 quarters."""
    for title, quarters in (("global key, whole piece", np.inf), ("global key, first 32 quarters", 32.0)):
        head(title, corpora, "all", "exact", "MIREX", "in minor")
        for method in (*KEY_PROFILES, "ours"):
            scores = [global_key_scores(pieces, method, quarters) for pieces in corpora.values()]
            total = np.sum(scores, axis=0)
            cells = [f"{int(s[0])}/{int(s[2])}" for s in scores]
            row(
                method,
                *cells,
                f"{int(total[0])}/{int(total[2])}",
                f"{total[0] / total[2]:.3f}",
                f"{total[1] / total[2]:.3f}",
                " ".join(f"{int(s[3])}/{int(s[4])}" for s in scores),
            )


def print_harmony(title: str, analyses: dict[str, list[Analysis]]) -> None:
    """Shares of the labelled time."""
    head(title, analyses)
    shares = np.array([harmony_shares(of_corpus) for of_corpus in analyses.values()]).T
    for name, values in zip(HARMONY_ROWS, shares, strict=True):
        row(name, *(f"{value:.3f}" for value in values))
        if name in BASELINES and tuple(analyses) == CORPORA:
            row("  baseline", *(f"{value:.3f}" for value in BASELINES[name]))


def print_cadences(title: str, analyses: dict[str, list[Analysis]]) -> None:
    """Precision, recall and F of cadences; ABC has no labels."""
    head(title, analyses)
    for kind in CADENCES:
        counts = [cadence_counts(of_corpus, kind) for of_corpus in analyses.values()]
        row(kind, *(prf(c) if c[2] else f"- ({int(c[1])}/0)" for c in counts))


def print_phrases(analyses: dict[str, list[Analysis]]) -> None:
    """Ends of phrases."""
    head("phrase ends, durations and metre of the score", analyses)
    row("phrase ends", *(prf(phrase_counts(of_corpus)) for of_corpus in analyses.values()))


def print_spelling(analyses: dict[str, list[Analysis]]) -> None:
    """Notes spelled as in the score, whole pieces shifted enharmonically allowed."""
    head("spelling", analyses)
    row("notes", *(f"{spelling_share(of_corpus):.4f}" for of_corpus in analyses.values()))


def print_voices(corpora: dict[str, list[AnnotatedPiece]]) -> None:
    """Voices of quartets and trios merged into one track: links between successive notes of a voice."""
    head("voices of scores merged into one track: links between successive notes of a part", corpora)
    for method in ("skyline", "ours"):
        counts = [voice_links(pieces, method) for pieces in corpora.values()]
        row(method, *(prf(c) if c is not None else "-" for c in counts))


def print_halves(corpora: dict[str, list[AnnotatedPiece]]) -> None:
    """Parameters chosen on one half of the works, reported on the other, both ways; beside what ships."""
    parts = [{c: [p for p in pieces if half(p) == side] for c, pieces in corpora.items()} for side in (0, 1)]
    for name, choices, default, measure in CHOICES:
        head(f"{name}: parameters chosen on one half of the works, reported on the other", corpora)
        grid = [replace(default, **dict(zip(choices, v, strict=True))) for v in itertools.product(*choices.values())]
        values = [[measure(part, parameters) for parameters in grid] for part in parts]
        for chosen_on in (0, 1):
            best = int(np.argmax([np.mean(v) for v in values[chosen_on]]))
            picked = {key: getattr(grid[best], key) for key in choices}
            other = values[1 - chosen_on][best]
            shipped = measure(parts[1 - chosen_on], default)
            row(f"chosen on {'AB'[chosen_on]}", *(f"{v:.3f}" for v in other), str(picked))
            row(f"  shipped, on {'BA'[chosen_on]}", *(f"{v:.3f}" for v in shipped))


def print_music21(corpora: dict[str, list[AnnotatedPiece]], count: int) -> None:
    """music21's keys and roots on the same slices of the first pieces, beside ours."""
    head(f"music21 on the same slices, {count} pieces of each corpus", corpora)
    theirs = np.array([music21_scores(corpora[corpus][:count]) for corpus in CORPORA]).T
    ours = np.array([harmony_shares([analyse(piece) for piece in corpora[corpus][:count]]) for corpus in CORPORA]).T
    for name, values in zip(("music21 local key", "music21 root"), theirs, strict=True):
        row(name, *(f"{value:.3f}" for value in values))
    for name, values in zip(("our local key", "our root"), ours, strict=False):
        row(name, *(f"{value:.3f}" for value in values))


def half(piece: AnnotatedPiece) -> int:
    """Works fall into two halves by turns: Köchel number, opus and number, quartet."""
    work = piece.name[:7] if piece.corpus == "corelli" else piece.name.replace("_", "-").split("-")[0]
    digits = "".join(ch for ch in work if ch.isdigit())
    return int(digits) % 2


def prf(counts: np.ndarray) -> str:
    """Precision, recall, F."""
    hits, told, true = counts
    return (
        f"P {hits / max(told, 1):.2f} R {hits / max(true, 1):.2f} F {f_measure(counts):.3f} ({int(told)}/{int(true)})"
    )


def head(title: str, corpora: dict, *columns: str) -> None:
    """A heading and the names of the columns."""
    print(f"\n{title}")
    row("", *(SHORT.get(c, c[:14]) for c in corpora), *columns)


def row(name: str, *cells: str) -> None:
    """One line."""
    print(f"  {name:28}" + "  ".join(f"{cell:>14}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
