"""The two pieces of docs/language-models.md: written by a model of Bach's chorales, of the first seeds (issue 13).

    python benchmarks/written_out.py [--model language-lstm] [--seeds 0,1] [--out FOLDER] [--to docs/pictures]

The game music may not be passed on, so the model learns from music21's chorales, of four of five folds by tune. It
writes 30 s at each seed, with nothing asked for, and each is drawn as a piano roll and kept as MIDI, whatever it is
like. Beside the figures stand those of the chorales held out, cut to the same length.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np

from language_data import learnt_of_fold, read_corpus, splits_of
from styleprint.bundle.language import LanguageBundle
from styleprint.features.context import ScoreContext
from styleprint.features.row import feature_row
from styleprint.features.streams.events import score_of_events
from styleprint.generation.composing import Request, compose
from styleprint.generation.drawing import Sampling
from styleprint.generation.memorisation import check_memorisation
from styleprint.generation.writer import NetworkWriter
from styleprint.music.changes import cut_span
from styleprint.music.score import Score
from styleprint.reading import write_midi
from styleprint.reports.composition_page import rolls_of

QUARTERS, TEMPO = 60.0, 120.0
FEATURES = ("notes_a_quarter", "key_correlation", "cadence_rate", "pattern_density")
STYLE = (
    ":root{--ink:#1d2128;--soft:#545b66;--faint:#c9c6bd}text{font:13px system-ui,sans-serif;fill:#1d2128}"
    ".small{font-size:11px;fill:#545b66}"
)
WIDTH, HEIGHT = 602, 246


def main() -> None:
    """Write, draw, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="language-lstm")
    parser.add_argument("--seeds", default="0,1")
    parser.add_argument("--out", type=Path, default=Path("language-benchmark"))
    parser.add_argument("--to", type=Path, default=Path("docs/pictures"))
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)
    rows, groups = read_corpus("chorales", Path(), asked.out)
    bundle = learnt_of_fold("chorales", asked.out, rows, groups, 0, model=asked.model)
    for seed in map(int, asked.seeds.split(",")):
        request = Request(QUARTERS, sampling=Sampling(seed=seed), tempo_qpm=TEMPO)
        score = compose(NetworkWriter(bundle.estimator), request, bundle.passages, bundle.counts["part"])[0].score
        write_midi(score, asked.to / f"written-{seed}.mid")
        (asked.to / f"written-{seed}.svg").write_text(drawn(score, f"Written by {asked.model}, seed {seed}"))
        print(f"seed {seed}: {told(score, bundle)}")
    held = [cut_span(score_of_events(rows.row(int(i))), 0.0, QUARTERS) for i in splits_of(rows, groups)[0][1]]
    found = [check_memorisation(score, bundle.passages) for score in held]
    print(
        f"{len(held)} chorales held out: copied {np.mean([one.copied_share for one in found]):.1%} of the notes, "
        f"longest passage {max(one.longest for one in found)}, median {np.median([one.longest for one in found]):.0f}; "
        + numbers(np.nanmean([values(score) for score in held], axis=0))
    )


def told(score: Score, bundle: LanguageBundle) -> str:
    """The figures of a piece."""
    found = check_memorisation(score, bundle.passages)
    commonest = max(Counter(score.midi_pitch.tolist()).values()) / len(score)
    return (
        f"{len(score)} notes in {len(np.unique(score.part))} parts, {len(np.unique(score.midi_pitch))} pitches, the "
        f"commonest {commonest:.0%}; copied {found.copied_share:.1%} of the notes, longest passage {found.longest}; "
        + numbers(values(score))
    )


def values(score: Score) -> np.ndarray:
    """Features by name."""
    row = feature_row(ScoreContext(score), FEATURES)
    return np.array([row[name] for name in FEATURES])


def numbers(found: np.ndarray) -> str:
    """Features in words."""
    return ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in zip(FEATURES, found, strict=True))


def drawn(score: Score, title: str) -> str:
    """The rolls of a piece one under another, as a picture of its own."""
    rolls = rolls_of(score, title)
    placed = [
        str(roll).replace("<svg ", f'<svg y="{HEIGHT * number}" width="{WIDTH}" height="{HEIGHT}" ', 1)
        for number, roll in enumerate(rolls)
    ]
    tall = HEIGHT * len(rolls)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" width="{WIDTH}" height="{tall}">'
        f'<style>{STYLE}</style><rect width="{WIDTH}" height="{tall}" fill="#fdfcf9"/>{"".join(placed)}</svg>\n'
    )


if __name__ == "__main__":
    main()
