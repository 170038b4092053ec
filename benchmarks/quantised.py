"""Would encoders of 8 bits be smaller and faster, and lose nothing? Dynamic quantisation by onnxruntime, measured.

    python benchmarks/quantised.py DATA/chords [--cap 60] [--models lstm,convolutions,transformer] [--epochs 6]

Each model learns three quarters of a draw of the chord sequences; its encoders are then quantised (weights to int8,
activations as they come) and asked about the last quarter beside the encoders as they are. Seconds are the least of
several runs, taken in turn.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.quantization import QuantType, quantize_dynamic

from styleprint.corpus.splits import grouped_splits
from styleprint.extraction.foreign import TableOptions, read_foreign
from styleprint.models.base import read_inputs
from styleprint.models.networks.encoding import cut_windows
from styleprint.models.networks.fusion import pool_rows
from styleprint.models.registry import make_with
from styleprint.workflows.training_rows import choose_training_rows

RUNS = 7


def main():
    """Print one line a model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--cap", type=int, default=60)
    parser.add_argument("--models", default="lstm,convolutions,transformer")
    parser.add_argument("--epochs", type=int, default=6)
    asked = parser.parse_args()
    rows = choose_training_rows(read_foreign(asked.source / "chord_sequences.npz", TableOptions(cap=asked.cap)))
    train, test = grouped_splits(rows.labels.tolist(), rows.groups.tolist(), folds=4, seed=0)[0]
    for name in asked.models.split(","):
        model = make_with(name, {"epochs": asked.epochs, "networks": 1}, seed=0)
        model.fit(rows.inputs.iloc[train], rows.labels[train], groups=rows.groups[train])
        measure(name, model, rows.inputs.iloc[test].reset_index(drop=True), rows.labels[test])


def measure(name, model, asked, truth):
    """Size, time and answers of a model's encoder, as it is and quantised."""
    machine = model.machine_
    data = machine.graphs[0].data
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder) / "plain.onnx", Path(folder) / "small.onnx"
        plain.write_bytes(data)
        quantize_dynamic(plain, small, weight_type=QuantType.QInt8)
        less = small.read_bytes()
    inputs = read_inputs(asked, (), model.stream_names_)
    encoded = machine.encoding.encode(inputs)
    offsets = encoded.offsets
    spans = list(zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True))
    windows = cut_windows(encoded, spans, machine.window)
    sessions = [session(one) for one in (data, less)]
    seconds = [[], []]
    for _ in range(RUNS):
        for own, one in zip(seconds, sessions, strict=True):
            start = time.process_time()
            run(one, windows)
            own.append(time.process_time() - start)
    head = machine.heads[0]
    decided = [pool_rows(*run(one, windows), windows.row, len(asked)) @ head[1:] + head[0] for one in sessions]
    chances = [softmax(each) for each in decided]
    answers = [model.classes_[each.argmax(axis=1)] for each in decided]
    apart = np.abs(chances[0] - chances[1])
    right = [float((each == truth).mean()) for each in answers]
    print(
        f"{name}: {len(data) / 1e6:.2f} → {len(less) / 1e6:.2f} MB; {len(windows.row)} windows {min(seconds[0]):.3f} → "
        f"{min(seconds[1]):.3f} s of processor; right {right[0]:.3f} → {right[1]:.3f} of {len(truth)}; answers changed "
        f"{np.mean(answers[0] != answers[1]):.3f}; probabilities differ by {apart.max():.3f} at most, "
        f"{apart.mean():.4f} in the mean",
        flush=True,
    )


def session(data):
    """One thread, as bundles ask."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def run(one, windows):
    """Vectors and scores, 64 windows at a time."""
    parts = [
        one.run(None, {"values": windows.values[i : i + 64], "mask": windows.mask[i : i + 64]})
        for i in range(0, len(windows.row), 64)
    ]
    return tuple(np.concatenate(each).astype(np.float64) for each in zip(*parts, strict=True))


def softmax(values):
    """Rows that sum to 1."""
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


if __name__ == "__main__":
    main()
