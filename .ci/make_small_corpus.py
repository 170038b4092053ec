"""Write a small labelled corpus of generated MIDI files: two composers who differ in how they move.

usage: make_small_corpus.py FOLDER
"""

import random
import sys
from pathlib import Path

PIECES = 20
NOTES = 120
STEPS = {"steps": (-2, -1, 1, 2), "leaps": (-7, -5, 4, 5, 7)}
TICKS_A_QUARTER = 480


def main(folder: Path) -> None:
    """One folder a composer, `PIECES` files each; equal in every run."""
    for label, steps in STEPS.items():
        (folder / label).mkdir(parents=True, exist_ok=True)
        for number in range(PIECES):
            path = folder / label / f"{label} Op. {number + 1}.mid"
            path.write_bytes(midi(melody(random.Random(f"{label}{number}"), steps)))


def melody(source: random.Random, steps: tuple[int, ...]) -> list[int]:
    """MIDI pitches of a walk that prefers some intervals."""
    pitches = [60]
    while len(pitches) < NOTES:
        pitches.append(min(84, max(40, pitches[-1] + source.choice(steps))))
    return pitches


def midi(pitches: list[int]) -> bytes:
    """A MIDI file of one track, one note an eighth."""
    eighth = bytes([0x80 | (TICKS_A_QUARTER // 2) >> 7, (TICKS_A_QUARTER // 2) & 0x7F])
    events = b"".join(bytes([0, 0x90, p, 80]) + eighth + bytes([0x80, p, 0]) for p in pitches)
    track = events + bytes([0, 0xFF, 0x2F, 0])
    header = b"MThd" + (6).to_bytes(4, "big") + bytes([0, 0, 0, 1]) + TICKS_A_QUARTER.to_bytes(2, "big")
    return header + b"MTrk" + len(track).to_bytes(4, "big") + track


if __name__ == "__main__":
    main(Path(sys.argv[1]))
