"""How every network learns: one loop.

Batches of pieces of like length, each cut to some windows at a place drawn anew; AdamW (Loshchilov and Hutter, ICLR
2019) with clipping, a rate that warms up and falls as a half cosine; cross-entropy with smoothed labels (Szegedy and
others, CVPR 2016), classes weighing alike, and, where asked, less for what is easy (focal loss, Lin and others, ICCV
2017). After each epoch the rows held out are answered and the state is kept: which epoch counts is chosen by whoever
has other rows to choose it by (:func:`choose_epoch`). The same seed gives the same network on a processor.
"""

import contextlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from styleprint.models.base import FloatArray, IndexArray
from styleprint.models.linear import balance
from styleprint.models.networks.encoding import Encoded, cut_windows

__all__ = ["Curve", "Lessons", "Settings", "Trained", "choose_epoch", "train_network"]

_CLIP = 1.0
_WARM = 0.1
_LEAST_SHARE = 0.5
_PIECES_AT_ONCE = 64

Curve = list[dict[str, float]]


@dataclass(frozen=True)
class Settings:
    """How long and how fast.

    Attributes
    ----------
    window : int
        Tokens of a window.
    crop : int
        Windows of a piece that are seen in an epoch, at most.
    epochs, batch : int
    rate, decay, smoothing, focal : float
    seed : int
    """

    window: int
    crop: int
    epochs: int
    batch: int
    rate: float
    decay: float
    smoothing: float
    focal: float
    seed: int


@dataclass(frozen=True, eq=False)
class Lessons:
    """Rows as networks learn from them.

    Attributes
    ----------
    encoded : Encoded
    y : ndarray of int, shape (n_rows,)
    weight : ndarray of float, shape (n_rows,)
        Of the piece.
    piece : ndarray of int, shape (n_rows,)
        The row of the piece that each row is a form of; a piece is its own.
    n_classes : int
    tabular : ndarray, shape (n_rows, n_features)
        Features as normal scores; without columns where only sequences are learnt from.
    """

    encoded: Encoded
    y: IndexArray
    weight: FloatArray
    piece: IndexArray
    n_classes: int
    tabular: FloatArray


@dataclass(frozen=True, eq=False)
class Trained:
    """What a network was after each epoch.

    Attributes
    ----------
    network : Network
        On the processor, in its last state.
    states : list of mappings
        Its weights, one an epoch.
    decisions : list of ndarray, shape (n_held_out, n_classes)
        Log-probabilities of the rows held out.
    curve : list of mappings
        Of each epoch: loss, and loss and accuracy of the rows held out.
    """

    network: Any
    states: list[Any]
    decisions: list[FloatArray]
    curve: Curve

    def at(self, epoch: int) -> tuple[Any, FloatArray]:
        """The network as it was after an epoch, and its decisions about the rows held out."""
        self.network.load_state_dict(self.states[epoch])
        return self.network, self.decisions[epoch]


def train_network(
    make: Callable[[], Any], lessons: Lessons, learn: IndexArray, hold: IndexArray, settings: Settings
) -> Trained:
    """Learn from some rows, and answer others after each epoch.

    Parameters
    ----------
    make : callable
        A new network; drawn by the seed that is set before it is called.
    lessons : Lessons
    learn, hold : ndarray of int
        Rows to learn from, and rows held out. A piece that stands among them in several forms is seen once an epoch, in
        a form that is drawn anew each time.
    settings : Settings
    """
    with _repeatable(settings.seed):
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        network = make().to(device)
        pieces = learn[lessons.piece[learn] == learn]
        steps = settings.epochs * len(_batches(lessons, pieces, settings, np.random.default_rng(0)))
        optimiser = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=settings.decay)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
        balanced = np.zeros(len(lessons.y))
        balanced[pieces] = balance(lessons.y[pieces], lessons.weight[pieces], lessons.n_classes)
        each = balanced[lessons.piece] / balanced[pieces].mean()
        weight = torch.as_tensor(each, dtype=torch.float32, device=device)
        random = np.random.default_rng(settings.seed)
        states, decisions, curve = [], [], []
        for _ in range(settings.epochs):
            shown = _draw_forms(lessons, learn, pieces, random)
            loss = _epoch(network, lessons, shown, weight, settings, optimiser, schedule, random)
            held = _answers(network, lessons, hold, settings)
            curve.append({"loss": loss, **_judge(held, lessons, hold)})
            states.append({name: value.detach().cpu().clone() for name, value in network.state_dict().items()})
            decisions.append(held)
        return Trained(network.cpu().eval(), states, decisions, curve)


def choose_epoch(curves: list[Curve]) -> int:
    """The epoch after which rows held out were answered best, mean of the curves; the last where there are none."""
    losses = [[point["held_out_loss"] for point in curve] for curve in curves]
    return int(np.argmin(np.mean(losses, axis=0))) if losses else -1


def _draw_forms(lessons: Lessons, learn: IndexArray, pieces: IndexArray, random: np.random.Generator) -> IndexArray:
    """One row of each piece: the piece itself or one of its variants."""
    if len(pieces) == len(learn):
        return pieces
    order = learn[np.argsort(lessons.piece[learn], kind="stable")]
    first = np.searchsorted(lessons.piece[order], pieces)
    forms = np.searchsorted(lessons.piece[order], pieces, side="right") - first
    drawn: IndexArray = order[first + random.integers(0, forms)]
    return drawn


def _epoch(
    network: Any,
    lessons: Lessons,
    learn: IndexArray,
    weight: Any,
    settings: Settings,
    optimiser: Any,
    schedule: Any,
    random: np.random.Generator,
) -> float:
    network.train()
    total = 0.0
    for rows in _batches(lessons, learn, settings, random):
        decided = network.answer(*_tensors(lessons, rows, settings, weight.device, random))
        truth = torch.as_tensor(lessons.y[rows], device=weight.device)
        loss = _loss(decided, truth, weight[torch.as_tensor(rows, device=weight.device)], settings)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
        optimiser.step()
        schedule.step()
        total += float(loss.detach()) * len(rows)
    return total / len(learn)


def _loss(decided: Any, truth: Any, weight: Any, settings: Settings) -> Any:
    each = functional.cross_entropy(decided, truth, reduction="none", label_smoothing=settings.smoothing)
    if settings.focal:
        chance = torch.softmax(decided, dim=1).gather(1, truth.unsqueeze(1)).squeeze(1)
        each = each * (1.0 - chance) ** settings.focal
    return (each * weight).mean()


def _answers(network: Any, lessons: Lessons, rows: IndexArray, settings: Settings) -> FloatArray:
    """Log-probabilities of whole rows, shape (len(rows), n_classes)."""
    network.eval()
    device = next(network.parameters()).device
    found = np.empty((len(rows), lessons.n_classes))
    order = np.argsort(np.diff(lessons.encoded.offsets)[rows], kind="stable")
    with torch.no_grad():
        for start in range(0, len(rows), _PIECES_AT_ONCE):
            chosen = order[start : start + _PIECES_AT_ONCE]
            decided = network.answer(*_tensors(lessons, rows[chosen], settings, device, None))
            found[chosen] = torch.log_softmax(decided, dim=1).cpu().numpy()
    return found


def _judge(held: FloatArray, lessons: Lessons, hold: IndexArray) -> dict[str, float]:
    """Balanced loss and accuracy of the rows held out."""
    if not len(hold):
        return {}
    y, share = lessons.y[hold], balance(lessons.y[hold], lessons.weight[hold], lessons.n_classes)
    share = share / share.sum()
    loss = float(-(share * held[np.arange(len(y)), y]).sum())
    return {"held_out_loss": loss, "held_out_accuracy": float((held.argmax(axis=1) == y).mean())}


def _batches(lessons: Lessons, learn: IndexArray, settings: Settings, random: np.random.Generator) -> list[IndexArray]:
    """Rows of like length together, the batches in an order drawn anew."""
    lengths = np.minimum(np.diff(lessons.encoded.offsets)[learn], settings.window * settings.crop)
    noisy = lengths * np.exp(random.normal(0, 0.1, len(learn)))
    order = learn[np.argsort(noisy, kind="stable")]
    cut = [order[start : start + settings.batch] for start in range(0, len(order), settings.batch)]
    return [cut[i] for i in random.permutation(len(cut))]


def _tensors(
    lessons: Lessons, rows: IndexArray, settings: Settings, device: Any, random: np.random.Generator | None
) -> tuple[Any, ...]:
    """Windows of rows, and which belong to which; with a generator some windows of each, from a place that it draws."""
    spans = []
    for row in rows:
        start, end = lessons.encoded.offsets[row : row + 2].tolist()
        if random is not None:
            most = min(end - start, settings.window * settings.crop)
            most = math.ceil(most * random.uniform(_LEAST_SHARE, 1.0))
            start = int(random.integers(start, end - most + 1))
            end = start + most
        spans.append((start, end))
    windows = cut_windows(lessons.encoded, spans, settings.window)
    counts = np.bincount(windows.row, minlength=len(rows))
    place = np.zeros((len(rows), counts.max()), dtype=np.int64)
    is_window = np.arange(counts.max()) < counts[:, None]
    place[is_window] = np.arange(len(windows.row))
    arrays = (windows.values, windows.mask, place, is_window, lessons.tabular[rows].astype(np.float32))
    return tuple(torch.as_tensor(array, device=device) for array in arrays)


def _rate(step: int, steps: int) -> float:
    warm = max(1, round(_WARM * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


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
