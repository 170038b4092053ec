"""A neural network with dropout, in NumPy.

Layers of rectified linear units, dropout after each (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov,
JMLR 15, 2014: units are dropped with a chance while learning, the others divided by what remains), softmax and
cross-entropy, AdamW (Loshchilov and Hutter, ICLR 2019) with a rate that falls as a half cosine. Several networks
that differ in their seed are averaged. scikit-learn's network has no dropout.
"""

import itertools
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy.special import log_softmax, softmax

from styleprint.models.base import FloatArray, State, read_count
from styleprint.models.lesson import Lesson
from styleprint.models.search_space import Integer, Real
from styleprint.models.table_model import PREPARATIONS, TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["MlpModel", "Networks", "gradients"]

_BATCH = 64
_MOST_STEPS = 20_000
_MOMENTS = (0.9, 0.999)
_TINY = 1e-8
_MOST_LAYERS = 64

Layers = list[FloatArray]


@dataclass(frozen=True, eq=False)
class Networks:
    """Weights of several networks of one shape.

    Attributes
    ----------
    layers : tuple of ndarray, shape (n_networks, 1 + n_in, n_out)
        The first row of each is the bias.
    """

    layers: tuple[FloatArray, ...]

    def decide(self, rows: FloatArray) -> FloatArray:
        """Mean over the networks of the logarithms of their probabilities, shape (n_rows, n_classes)."""
        found = [log_softmax(_forward(rows, [layer[i] for layer in self.layers])[-1], axis=1) for i in range(len(self))]
        mean: FloatArray = np.mean(found, axis=0)
        return mean

    def __len__(self) -> int:
        return len(self.layers[0])

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {"n_layers": len(self.layers)} | {f"layer_{i}": layer for i, layer in enumerate(self.layers)}

    @classmethod
    def from_state(cls, state: State) -> "Networks":
        """What :meth:`to_state` described."""
        n_layers = read_count(state["n_layers"], "layers", least=1, most=_MOST_LAYERS)
        layers = tuple(np.asarray(state[f"layer_{i}"], np.float64) for i in range(n_layers))
        fits = all(layer.ndim == 3 and len(layer) == len(layers[0]) > 0 for layer in layers)
        pairs = itertools.pairwise(layers)
        if not fits or any(a.shape[2] + 1 != b.shape[1] for a, b in pairs):
            raise ValueError("the layers of a network must fit together")
        return cls(layers)


class MlpModel(TableModel):
    """A neural network with dropout (multilayer perceptron), averaged over a few seeds.

    Parameters
    ----------
    units : int
        Of each hidden layer.
    hidden : int
        Hidden layers.
    dropout : float
        Chance with which a hidden unit is left out of a step.
    rate : float
        Largest step of AdamW.
    decay : float
        Weight decay.
    epochs : int
        How often each row is seen; with many rows fewer, at most 20,000 steps.
    networks : int
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {
        "units": Integer(32, 256, log=True),
        "hidden": Integer(1, 3),
        "dropout": Real(0.0, 0.7),
        "rate": Real(1e-4, 1e-2, log=True),
        "decay": Real(1e-4, 1.0, log=True),
        "epochs": Integer(20, 200, log=True),
        "preparation": PREPARATIONS,
    }
    machine_type: ClassVar = Networks

    def __init__(
        self,
        units: int = 128,
        hidden: int = 1,
        dropout: float = 0.4,
        rate: float = 3e-3,
        decay: float = 0.05,
        epochs: int = 60,
        networks: int = 3,
        preparation: str = "quantile",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.units = units
        self.hidden = hidden
        self.dropout = dropout
        self.rate = rate
        self.decay = decay
        self.epochs = epochs
        self.networks = networks
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> Networks:
        found = [self._train(lesson, np.random.default_rng([self.random_state, i])) for i in range(self.networks)]
        return Networks(tuple(np.stack(same) for same in zip(*found, strict=True)))

    def _train(self, lesson: Lesson, random: np.random.Generator) -> Layers:
        layers = _start((lesson.rows.shape[1], *[self.units] * self.hidden, lesson.n_classes), random)
        target = np.eye(lesson.n_classes)[lesson.y]
        weight = lesson.weight / lesson.weight.mean()
        batches = -(-len(lesson) // _BATCH)
        steps = min(self.epochs * batches, _MOST_STEPS)
        first, second = [np.zeros_like(w) for w in layers], [np.zeros_like(w) for w in layers]
        order: np.ndarray[Any, Any] = np.empty(0, dtype=np.intp)
        for step in range(steps):
            if len(order) == 0:
                order = random.permutation(len(lesson))
            chosen, order = order[:_BATCH], order[_BATCH:]
            keep = [
                (random.random((len(chosen), w.shape[1])) >= self.dropout) / (1 - self.dropout) for w in layers[:-1]
            ]
            slopes = gradients(lesson.rows[chosen], target[chosen], weight[chosen], layers, keep)
            rate = self.rate * 0.5 * (1 + np.cos(np.pi * step / steps))
            _adamw(layers, slopes, first, second, step=step, rate=rate, decay=self.decay)
        return layers


def _start(sizes: tuple[int, ...], random: np.random.Generator) -> Layers:
    """Weights by He, Zhang, Ren and Sun (ICCV 2015), biases 0."""
    pairs = itertools.pairwise(sizes)
    return [np.concatenate([np.zeros((1, n)), random.normal(0, np.sqrt(2 / m), (m, n))]) for m, n in pairs]


def _forward(rows: FloatArray, layers: Layers, keep: Layers | None = None) -> Layers:
    """What each layer gives; the last one's are the decisions."""
    outputs, seen = [], rows
    for i, layer in enumerate(layers):
        seen = seen @ layer[1:] + layer[0]
        if i + 1 < len(layers):
            seen = np.maximum(seen, 0.0)
            if keep is not None:
                seen = seen * keep[i]
        outputs.append(seen)
    return outputs


def gradients(rows: FloatArray, target: FloatArray, weight: FloatArray, layers: Layers, keep: Layers) -> Layers:
    """Slopes of the mean weighted cross-entropy, one array a layer.

    Parameters
    ----------
    rows : ndarray, shape (n, n_features)
    target : ndarray, shape (n, n_classes)
        1 for the class of each row.
    weight : ndarray, shape (n,)
    layers : list of ndarray, shape (1 + n_in, n_out)
    keep : list of ndarray, shape (n, n_hidden)
        0 for a dropped unit, else what it is multiplied by; one array a hidden layer.
    """
    outputs = _forward(rows, layers, keep)
    slope = (softmax(outputs[-1], axis=1) - target) * (weight / len(rows))[:, None]
    found: Layers = []
    for i in range(len(layers) - 1, -1, -1):
        seen = outputs[i - 1] if i else rows
        found.append(np.concatenate([slope.sum(axis=0, keepdims=True), seen.T @ slope]))
        if i:
            slope = (slope @ layers[i][1:].T) * keep[i - 1] * (outputs[i - 1] > 0)
    return found[::-1]


def _adamw(
    layers: Layers, slopes: Layers, first: Layers, second: Layers, *, step: int, rate: float, decay: float
) -> None:
    """One step, in place; biases do not decay."""
    a, b = _MOMENTS
    for layer, slope, m, v in zip(layers, slopes, first, second, strict=True):
        m += (1 - a) * (slope - m)
        v += (1 - b) * (slope**2 - v)
        layer[1:] *= 1 - rate * decay
        layer -= rate * (m / (1 - a ** (step + 1))) / (np.sqrt(v / (1 - b ** (step + 1))) + _TINY)
