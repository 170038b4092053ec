"""Tables from elsewhere, made for tests."""

import numpy as np
import pandas as pd


def songs(n=90, labels=("jazz", "pop", "rock"), seed=0):
    """Songs by artists of three each, with what a table of audio features tends to have."""
    random = np.random.default_rng(seed)
    y = np.arange(n) % len(labels)
    frame = pd.DataFrame({"file": [f"song {i:03d}.mp3" for i in range(n)], "genre": [labels[k] for k in y]})
    frame["artist"] = [f"artist {labels[k]} {i // (3 * len(labels))}" for i, k in enumerate(y)]
    for j in range(8):
        frame[f"mfcc{j}"] = random.normal(size=n) + (1.5 * (y == j % len(labels)) if j < 4 else 0.0)
    return frame


def write(frame, folder, name="songs.csv"):
    """The table as a file."""
    path = folder / name
    if name.endswith(".parquet"):
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    return path
