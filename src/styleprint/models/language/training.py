"""How a network learns to continue events.

In each epoch every piece is moved by semitones drawn anew and cut into windows from a place drawn anew; AdamW
(Loshchilov and Hutter, ICLR 2019) with clipping and a rate that warms up and falls as a half cosine. After each epoch
the pieces held out are scored; the weights of the best epoch count, and learning ends where none was better for some
epochs. Where nothing is held out, all epochs count. The same seed gives the same network on a processor, also where
learning was killed and has gone on (:mod:`styleprint.models.networks.checkpoints`).
"""

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from styleprint.models.base import IndexArray
from styleprint.models.language.hearing import BEFORE, Heard, hear
from styleprint.models.language.rows import SIZES, EventRows, transposed
from styleprint.models.networks.checkpoints import Checkpoint, Course, fingerprint
from styleprint.support.learning import surroundings

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
    *,
    of: str = "",
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
    of : str
        What else the network is made of, so that it goes on from its own state alone.
    """
    with _repeatable(settings.seed):
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        network = make().to(device)
        optimiser = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
        a_epoch = -(-sum(-(-len(rows.row(int(i))) // settings.window) + 1 for i in learn) // settings.batch)
        steps = settings.epochs * a_epoch
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
        random = np.random.default_rng(settings.seed)
        course = Course(network, optimiser, schedule, random, np.empty(0), {}, [])
        arrays: dict[str, Any] = {"events": rows.events, "offsets": rows.offsets, "learn": learn, "hold": hold}
        states = surroundings().states
        checkpoint = Checkpoint(states, fingerprint(network, arrays, settings, of) if states else "")
        checkpoint.read(course)
        _go_on(course, checkpoint, rows, learn, _windows([hear(rows.row(int(i))) for i in hold], settings), settings)
        best = _best(course.curve)
        checkpoint.finish(course, best)
        network.load_state_dict(course.states[best])
        return network.cpu().eval(), course.curve


def _go_on(
    course: Course,
    checkpoint: Checkpoint,
    rows: EventRows,
    learn: IndexArray,
    held: list[tuple[Heard, Heard]],
    settings: Settings,
) -> None:
    """Epoch after epoch, until there were enough or none was better for too long."""
    progress = surroundings().progress
    while len(course.curve) < settings.epochs and len(course.curve) - 1 - _best(course.curve) < settings.patience:
        epoch = len(course.curve)
        progress("learning", epoch, settings.epochs)
        point = {"bits": _epoch(course, rows, learn, settings)}
        if held:
            point["held_out_bits"] = _score(course.network, held)
        course.curve.append(point)
        best = _best(course.curve)
        own = {name: value.detach().cpu().clone() for name, value in course.network.state_dict().items()}
        course.states = {k: state for k, state in course.states.items() if k == best} | {epoch: own}
        checkpoint.write(course)
    progress("learning", settings.epochs, settings.epochs)


def _best(curve: Curve) -> int:
    """The epoch that counts: the first of those that cost least held out, or the last where nothing is."""
    if not curve or "held_out_bits" not in curve[-1]:
        return len(curve) - 1
    return int(np.argmin([point["held_out_bits"] for point in curve]))


def _epoch(course: Course, rows: EventRows, learn: IndexArray, settings: Settings) -> float:
    """Hear each piece once, moved and cut anew; bits an event."""
    network, optimiser, random = course.network, course.optimiser, course.random
    network.train()
    moves = random.integers(-settings.semitones, settings.semitones + 1, len(learn))
    pieces = [hear(transposed(rows.row(int(i)), int(by))) for i, by in zip(learn, moves, strict=True)]
    windows = _windows(pieces, settings, random)
    order = random.permutation(len(windows))
    total = count = 0.0
    for start in range(0, len(order), settings.batch):
        loss, n = _loss(network, [windows[i] for i in order[start : start + settings.batch]])
        optimiser.zero_grad()
        (loss / n).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
        optimiser.step()
        course.schedule.step()
        total, count = total + float(loss.detach()), count + n
    return total / max(count, 1.0) / math.log(2)


def _score(network: Any, windows: list[tuple[Heard, Heard]]) -> float:
    """Mean bits an event of windows, each begun without a past."""
    network.eval()
    total = count = 0.0
    with torch.no_grad():
        for start in range(0, len(windows), _MOST_AT_ONCE):
            loss, n = _loss(network, windows[start : start + _MOST_AT_ONCE])
            total, count = total + float(loss), count + n
    return total / count / math.log(2) if count else math.inf


def _loss(network: Any, windows: list[tuple[Heard, Heard]]) -> tuple[Any, int]:
    """Sum of the natural logarithms, and of how many events."""
    longest = max(len(after) for _, after in windows)
    before = np.zeros((len(windows), longest, len(BEFORE)), dtype=np.int64)
    after = np.zeros((len(windows), longest, len(BEFORE)), dtype=np.int64)
    truth = np.full((len(windows), longest, len(SIZES)), -1, dtype=np.int64)
    for i, (own_before, own_after) in enumerate(windows):
        n = len(own_after)
        before[i, :n], after[i, :n], truth[i, :n] = own_before, own_after, own_after[:, : len(SIZES)]
    device = next(network.parameters()).device
    before, after, truth = (torch.as_tensor(one, device=device) for one in (before, after, truth))
    found = network(before, after)
    losses = [
        functional.cross_entropy(scores.flatten(0, 1), truth[:, :, i].flatten(), ignore_index=-1, reduction="sum")
        for i, scores in enumerate(found)
    ]
    return sum(losses), sum(len(own) for _, own in windows)


def _windows(pieces: list[Heard], settings: Settings, random: Any = None) -> list[tuple[Heard, Heard]]:
    """Each event with the one before it, in windows; with a generator the first of each piece has a drawn length."""
    found, window = [], settings.window
    for after in pieces:
        before = np.concatenate([BEFORE[None], after[:-1]])
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
