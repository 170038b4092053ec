"""How a network learns to continue events.

In each epoch every piece is moved by semitones drawn anew and cut into windows from a place drawn anew; AdamW
(Loshchilov and Hutter, ICLR 2019) with clipping and a rate that warms up and falls as a half cosine. After each epoch
the pieces held out are scored; the weights of the best epoch count, and learning ends where none was better for some
epochs. Where nothing is held out, all epochs count. The same seed gives the same network on a processor.
"""

import contextlib
import copy
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from styleprint.models.base import IndexArray
from styleprint.models.language.rows import SIZES, EventRows, Events, transposed
from styleprint.support.progress import Progress, silent

__all__ = ["Curve", "Settings", "learn_network"]

Curve = list[dict[str, float]]

_CLIP = 1.0
_WARM = 0.1
_MOST_AT_ONCE = 16


@dataclass(frozen=True)
class Settings:
    """How long and how fast.

    Attributes
    ----------
    window, batch : int
        Events of a window, windows of a step.
    epochs, patience : int
        At most so many; ended after so many without a better one.
    rate, decay : float
    semitones : int
        Furthest transposition.
    seed : int
    """

    window: int
    batch: int
    epochs: int
    patience: int
    rate: float
    decay: float
    semitones: int
    seed: int


def learn_network(
    make: Callable[[], Any],
    rows: EventRows,
    learn: IndexArray,
    hold: IndexArray,
    settings: Settings,
    progress: Progress = silent,
) -> tuple[Any, Curve]:
    """A network as it was after its best epoch, on the processor, and bits an event of each epoch.

    Parameters
    ----------
    make : callable
        A new network, drawn by the seed that is set before it is called.
    rows : EventRows
    learn, hold : ndarray of int
        Pieces to learn from, and pieces to choose the epoch by.
    settings : Settings
    progress : Progress
    """
    with _repeatable(settings.seed):
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        network = make().to(device)
        random = np.random.default_rng(settings.seed)
        optimiser = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
        a_epoch = -(-sum(-(-len(rows.row(int(i))) // settings.window) + 1 for i in learn) // settings.batch)
        steps = settings.epochs * a_epoch
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
        held = _windows([rows.row(int(i)) for i in hold], settings.window, None)
        best: tuple[float, int, Any] = (math.inf, -1, None)
        curve: Curve = []
        for epoch in range(settings.epochs):
            progress("learning", epoch, settings.epochs)
            bits = _epoch(network, rows, learn, settings, (optimiser, schedule), random)
            curve.append({"bits": bits})
            if not held:
                continue
            curve[-1]["held_out_bits"] = held_bits = _score(network, held)
            if held_bits < best[0]:
                best = (held_bits, epoch, copy.deepcopy(network.state_dict()))
            if epoch - best[1] >= settings.patience:
                break
        progress("learning", settings.epochs, settings.epochs)
        if best[2] is not None:
            network.load_state_dict(best[2])
        return network.cpu().eval(), curve


def _epoch(
    network: Any, rows: EventRows, learn: IndexArray, settings: Settings, steps: tuple[Any, Any], random: Any
) -> float:
    network.train()
    optimiser, schedule = steps
    moves = random.integers(-settings.semitones, settings.semitones + 1, len(learn))
    pieces = [transposed(rows.row(int(i)), int(by)) for i, by in zip(learn, moves, strict=True)]
    windows = _windows(pieces, settings.window, random)
    order = random.permutation(len(windows))
    total = count = 0.0
    for start in range(0, len(order), settings.batch):
        loss, n = _loss(network, [windows[i] for i in order[start : start + settings.batch]])
        optimiser.zero_grad()
        (loss / n).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
        optimiser.step()
        schedule.step()
        total, count = total + float(loss.detach()), count + n
    return total / max(count, 1.0) / math.log(2)


def _score(network: Any, windows: list[tuple[Events, Events]]) -> float:
    """Mean bits an event of windows, each begun without a past."""
    network.eval()
    total = count = 0.0
    with torch.no_grad():
        for start in range(0, len(windows), _MOST_AT_ONCE):
            loss, n = _loss(network, windows[start : start + _MOST_AT_ONCE])
            total, count = total + float(loss), count + n
    return total / count / math.log(2) if count else math.inf


def _loss(network: Any, windows: list[tuple[Events, Events]]) -> tuple[Any, int]:
    """Sum of the natural logarithms, and of how many events."""
    longest = max(len(after) for _, after in windows)
    before = np.zeros((len(windows), longest, len(SIZES)), dtype=np.int64)
    after = np.full((len(windows), longest, len(SIZES)), -1, dtype=np.int64)
    for i, (own_before, own_after) in enumerate(windows):
        before[i, : len(own_after)], after[i, : len(own_after)] = own_before, own_after
    device = next(network.parameters()).device
    truth = torch.as_tensor(after, device=device)
    found = network(torch.as_tensor(before, device=device), truth.clamp(min=0))
    losses = [
        functional.cross_entropy(scores.flatten(0, 1), truth[:, :, i].flatten(), ignore_index=-1, reduction="sum")
        for i, scores in enumerate(found)
    ]
    return sum(losses), sum(len(own) for _, own in windows)


def _windows(pieces: list[Events], window: int, random: Any) -> list[tuple[Events, Events]]:
    """Each event with the one before it, in windows; with a generator the first of each piece has a drawn length."""
    found = []
    for after in pieces:
        before = np.concatenate([np.array([SIZES], dtype=np.int32), after[:-1]])
        first = int(random.integers(1, window + 1)) if random is not None else window
        cuts = [0, *range(first, len(after), window), len(after)]
        found += [(before[a:b], after[a:b]) for a, b in itertools.pairwise(cuts) if b > a]
    return found


def _rate(step: int, steps: int) -> float:
    warm = max(1, round(_WARM * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warm) / max(1, steps - warm))))


@contextlib.contextmanager
def _repeatable(seed: int) -> Iterator[None]:
    """One thread, deterministic, drawn by seed; what was set before is put back."""
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    devices = list(range(torch.cuda.device_count())) if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices):
        torch.manual_seed(seed)
        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(not devices)
        try:
            yield
        finally:
            torch.set_num_threads(threads)
            torch.use_deterministic_algorithms(strict)
