"""Write a small labelled corpus of generated MIDI files: two composers who differ in how they move.

usage: make_small_corpus.py FOLDER
"""

import random
import sys
from pathlib import Path

from styleprint.reading import write_midi
from tests.strategies import score_from_notes

PIECES = 20
NOTES = 120
STEPS = {"steps": (-2, -1, 1, 2), "leaps": (-7, -5, 4, 5, 7)}


def main(folder: Path) -> None:
    """One folder a composer, `PIECES` files each; equal in every run."""
    for label, steps in STEPS.items():
        (folder / label).mkdir(parents=True, exist_ok=True)
        for number in range(PIECES):
            random_ = random.Random(f"{label}{number}")
            pitch, notes = 60, []
            for index in range(NOTES):
                pitch = min(84, max(40, pitch + random_.choice(steps)))
                notes.append((index / 2, 0.5, pitch))
            write_midi(score_from_notes(notes), folder / label / f"{label}-{number:02d}.mid")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
