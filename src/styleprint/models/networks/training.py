"""How every network learns: one loop.

Batches of pieces of like length, each cut to some windows at a place drawn anew; AdamW (Loshchilov and Hutter, ICLR
2019) with clipping, a rate that warms up and falls as a half cosine; cross-entropy with smoothed labels (Szegedy and
others, CVPR 2016), classes weighing alike, and, where asked, less for what is easy (focal loss, Lin and others, ICCV
2017). After each epoch the rows held out are answered and the state is kept: which epoch counts is chosen by whoever
has other rows to choose it by (:func:`choose_epoch`). That state is a running mean of the weights after this epoch and
after those before (Polyak and Juditsky 1992; Izmailov and others, UAI 2018), which errs less than the last of them. The
same seed gives the same network on a processor, also where learning was killed and has gone on
(:mod:`styleprint.models.networks.checkpoints`). The branches of a hybrid learn by themselves before the first epoch;
what they are then is answered and kept as an epoch is, before the others.

With a curriculum (Bengio, Louradour, Collobert and Weston, ICML 2009) a network begins with what is clear: in the
second epoch it sees the half of each class's pieces whose loss was least when they were last seen (self-paced: Kumar,
Packer and Koller, NIPS 2010), and more and more of them until, from the middle on, it sees all.
"""

import contextlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from styleprint.models.base import FloatArray, IndexArray
from styleprint.models.linear import balance
from styleprint.models.networks.checkpoints import Checkpoint, Course, fingerprint
from styleprint.models.networks.encoding import cut_windows
from styleprint.models.networks.lessons import Curve, Lessons, Settings
from styleprint.support.learning import surroundings

__all__ = ["Trained", "choose_epoch", "train_network"]

_CLIP = 1.0
_WARM = 0.1
_LEAST_SHARE = 0.5
_PIECES_AT_ONCE = 64
_CLEAREST = 0.5
_KEPT = 0.7


@dataclass(frozen=True, eq=False)
class Trained:
    """What a network was after each epoch."""

    course: Course
    checkpoint: Checkpoint
    answer: Callable[[Any], FloatArray]

    @property
    def curve(self) -> Curve:
        """Of each epoch: loss, and loss and accuracy of the rows held out."""
        return self.course.curve

    def at(self, epoch: int) -> tuple[Any, FloatArray]:
        """The network as it was after an epoch, the one that counts, and its decisions about the rows held out."""
        epoch %= len(self.curve)
        self.checkpoint.finish(self.course, epoch)
        self.course.network.load_state_dict(self.course.states[epoch])
        decisions = self.answer(self.course.network)
        return self.course.network.cpu().eval(), decisions


def train_network(
    make: Callable[[], Any],
    lessons: Lessons,
    learn: IndexArray,
    hold: IndexArray,
    settings: Settings,
    *,
    of: str = "",
    report: Callable[[int], None] = lambda done: None,  # noqa: ARG005  # nobody listens
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
    of : str
        What the choice of the epoch hangs on beside this network: others of the same model.
    report : callable
        Hears the number of epochs done.
    """
    with _repeatable(settings.seed):
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        network = make().to(device)
        pieces = learn[lessons.piece[learn] == learn]
        counts = [len(_clear(lessons, pieces, None, epoch, settings)) for epoch in range(settings.epochs)]
        steps = sum(-(-count // settings.batch) for count in counts)
        balanced = np.zeros(len(lessons.y))
        balanced[pieces] = balance(lessons.y[pieces], lessons.weight[pieces], lessons.n_classes)
        each = balanced[lessons.piece] / balanced[pieces].mean()
        weight = torch.as_tensor(each, dtype=torch.float32, device=device)
        random, losses = np.random.default_rng(settings.seed), np.full(len(lessons.y), np.nan)
        course = Course(network, *_optimiser(network, steps, settings.rate, settings), random, losses, {}, [])
        checkpoint = Checkpoint(surroundings().states, _hash(network, lessons, learn, hold, settings, of))
        checkpoint.read(course)
        before = min(settings.rounds, 1)
        for point in range(len(course.curve), before + settings.epochs):
            report(max(0, point - before))
            if point < before:
                loss = _begin(course, lessons, learn, pieces, weight, settings)
            else:
                shown = _clear(lessons, pieces, losses, point - before, settings)
                loss = _epoch(course, lessons, _draw_forms(lessons, learn, shown, random), weight, settings)
            own = {name: one.detach().cpu().clone() for name, one in network.state_dict().items()}
            course.states[point] = _average(course.states[point - 1] if point > before else None, own)
            network.load_state_dict(course.states[point])
            held = _answers(network, lessons, hold, settings, settings.held_windows)
            network.load_state_dict(own)
            alone = {"rounds": float(settings.rounds)} if point < before else {}
            course.curve.append({"loss": loss, **_judge(held, lessons, hold), **alone})
            checkpoint.write(course)
        report(settings.epochs)
        return Trained(course, checkpoint, lambda chosen: _answers_alone(chosen, lessons, hold, settings))


def _optimiser(network: Any, steps: int, rate: float, settings: Settings) -> tuple[Any, Any]:
    """What changes weights, in so many steps, and the schedule of its rate."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=settings.decay)
    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))


def _begin(
    course: Course, lessons: Lessons, learn: IndexArray, pieces: IndexArray, weight: Any, settings: Settings
) -> float:
    """The branches of a hybrid learn by themselves, with a schedule of their own; the loss of the last round."""
    steps = settings.rounds * -(-len(pieces) // settings.batch)
    first = replace(
        course,
        **dict(
            zip(
                ("optimiser", "schedule"), _optimiser(course.network, steps, settings.round_rate, settings), strict=True
            )
        ),
    )
    tabular = torch.as_tensor(lessons.tabular, dtype=torch.float32, device=weight.device)
    loss = math.nan
    for _ in range(settings.rounds):
        shown = _draw_forms(lessons, learn, pieces, course.random)
        loss = _epoch(first, lessons, shown, weight, settings, lambda rows: course.network.answer_alone(tabular[rows]))
    return loss


def _hash(network: Any, lessons: Lessons, learn: IndexArray, hold: IndexArray, settings: Settings, of: str) -> str:
    if surroundings().states is None:
        return ""
    encoded = lessons.encoded
    arrays: dict[str, Any] = {"values": encoded.values, "offsets": encoded.offsets, "there": encoded.there}
    arrays |= {"y": lessons.y, "weight": lessons.weight}
    arrays |= {"piece": lessons.piece, "tabular": lessons.tabular, "learn": learn, "hold": hold}
    return fingerprint(network, arrays, settings, of)


def _average(before: Any, own: Any) -> Any:
    """The running mean of weights: what was before counts seven tenths, in the first epoch nothing."""
    if before is None:
        return own
    return {name: _KEPT * before[name] + (1.0 - _KEPT) * value for name, value in own.items()}


def choose_epoch(curves: list[Curve]) -> int:
    """The epoch after which rows held out were answered best, mean of the curves; the last where there are none."""
    losses = [[point["held_out_loss"] for point in curve] for curve in curves]
    return int(np.argmin(np.mean(losses, axis=0))) if losses else -1


def _clear(
    lessons: Lessons, pieces: IndexArray, losses: FloatArray | None, epoch: int, settings: Settings
) -> IndexArray:
    """The pieces of an epoch: all, or, of each class, those of least loss; without losses any, as many."""
    share = min(1.0, _CLEAREST + (1.0 - _CLEAREST) * (epoch - 1) / max(1.0, settings.epochs / 2 - 1))
    if not settings.curriculum or epoch == 0 or share >= 1.0:
        return pieces
    chosen = []
    for k in np.unique(lessons.y[pieces]):
        own = pieces[lessons.y[pieces] == k]
        order = own if losses is None else own[np.argsort(losses[own], kind="stable")]
        chosen.append(order[: math.ceil(share * len(own))])
    return np.sort(np.concatenate(chosen))


def _draw_forms(lessons: Lessons, learn: IndexArray, pieces: IndexArray, random: np.random.Generator) -> IndexArray:
    """One row of each of these pieces: the piece itself or one of its variants among the rows to learn from."""
    if lessons.forms_of is None:
        return pieces
    order = learn[np.argsort(lessons.piece[learn], kind="stable")]
    first = np.searchsorted(lessons.piece[order], pieces)
    forms = np.searchsorted(lessons.piece[order], pieces, side="right") - first
    drawn: IndexArray = order[first + random.integers(0, forms)]
    return drawn


def _epoch(
    course: Course,
    lessons: Lessons,
    shown: IndexArray,
    weight: Any,
    settings: Settings,
    answer: Callable[[IndexArray], Any] | None = None,
) -> float:
    """Show each of these rows once, by default as windows; the mean loss."""
    network, optimiser, random = course.network, course.optimiser, course.random
    network.train()
    total = 0.0
    for rows in _batches(lessons, shown, settings, random):
        if answer is None:
            decided = _decide(network, _tensors(lessons, rows, settings, weight.device, random), settings)
        else:
            decided = answer(rows)
        truth = torch.as_tensor(lessons.y[rows], device=weight.device)
        each = functional.cross_entropy(decided, truth, reduction="none", label_smoothing=settings.smoothing)
        course.losses[lessons.piece[rows]] = each.detach().cpu().numpy()
        loss = _weigh(each, decided, truth, weight[torch.as_tensor(rows, device=weight.device)], settings)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
        optimiser.step()
        course.schedule.step()
        total += float(loss.detach()) * len(rows)
    return total / len(shown)


def _decide(network: Any, tensors: tuple[Any, ...], settings: Settings) -> Any:
    """Decisions about pieces, in single precision; in between, where asked, in bfloat16 on a CUDA device that can."""
    is_mixed = settings.mixed_precision and tensors[0].is_cuda and torch.cuda.is_bf16_supported()
    with torch.autocast("cuda", dtype=torch.bfloat16) if is_mixed else contextlib.nullcontext():
        decided = network.answer(*tensors)
    return decided.float()


def _weigh(each: Any, decided: Any, truth: Any, weight: Any, settings: Settings) -> Any:
    if settings.focal:
        chance = torch.softmax(decided, dim=1).gather(1, truth.unsqueeze(1)).squeeze(1)
        each = each * (1.0 - chance) ** settings.focal
    return (each * weight).mean()


def _answers_alone(network: Any, lessons: Lessons, rows: IndexArray, settings: Settings) -> FloatArray:
    """Log-probabilities of whole rows, once a network has learnt."""
    with _repeatable(settings.seed):
        return _answers(network, lessons, rows, settings)


def _answers(network: Any, lessons: Lessons, rows: IndexArray, settings: Settings, look: int = 0) -> FloatArray:
    """Log-probabilities of rows by their first so many windows, or by all, shape (len(rows), n_classes)."""
    network.eval()
    device = next(network.parameters()).device
    found = np.empty((len(rows), lessons.n_classes))
    order = np.argsort(np.diff(lessons.encoded.offsets)[rows], kind="stable")
    with torch.no_grad():
        for start in range(0, len(rows), _PIECES_AT_ONCE):
            chosen = order[start : start + _PIECES_AT_ONCE]
            decided = _decide(network, _tensors(lessons, rows[chosen], settings, device, None, look), settings)
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
    lessons: Lessons,
    rows: IndexArray,
    settings: Settings,
    device: Any,
    random: np.random.Generator | None,
    look: int = 0,
) -> tuple[Any, ...]:
    """Windows of rows, and which belong to which.

    With a generator some windows of each row, from a place that it draws; without, the first so many, or all.
    """
    spans = []
    for row in rows:
        start, end = lessons.encoded.offsets[row : row + 2].tolist()
        if random is not None:
            most = min(end - start, settings.window * settings.crop)
            most = math.ceil(most * random.uniform(_LEAST_SHARE, 1.0))
            start = int(random.integers(start, end - most + 1))
            end = start + most
        elif look:
            end = min(end, start + look * settings.window)
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
    filled = torch.utils.deterministic.fill_uninitialized_memory
    devices = list(range(torch.cuda.device_count())) if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices):
        torch.manual_seed(seed)
        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(not devices)
        torch.utils.deterministic.fill_uninitialized_memory = False  # a seventh of the time, and none of it is read
        try:
            yield
        finally:
            torch.set_num_threads(threads)
            torch.use_deterministic_algorithms(strict)
            torch.utils.deterministic.fill_uninitialized_memory = filled
