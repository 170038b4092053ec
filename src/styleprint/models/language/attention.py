"""The transformer that continues events, in NumPy: attention to the events before, as far as it reaches.

Each layer attends from an event to itself and the `reach` − 1 events before it (a sliding window, as Beltagy, Peters
and Cohan, *Longformer*, 2020, have it), so that a piece of any length costs as much an event as a short one, and what
is written needs to keep `reach` keys and values a layer and nothing else. Where an event stands is told by how far ago
it was alone: a bias a head by buckets of the distance, exact when near and logarithmic when far (Raffel and others,
*Exploring the limits of transfer learning*, JMLR 2020, section 2.1; here each layer has its own). Layers normalise
before they attend (Xiong and others, ICML 2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from styleprint.models.language.machine import Floats, Weights

__all__ = ["BUCKETS", "AttentiveMachine", "buckets_of"]

BUCKETS = 32
"""Half of them for the nearest distances, one each."""

_EPSILON = 1e-5

Cache = tuple[Floats, Floats]
"""Keys and values of the last events, (heads, events, size); it is never written into."""


def buckets_of(reach: int) -> npt.NDArray[np.int64]:
    """The bucket of each distance 0 … `reach` − 1, in events."""
    near = BUCKETS // 2
    distance = np.arange(reach)
    far = np.log(np.maximum(distance, 1) / near) / np.log(max(reach, near + 1) / near) * (BUCKETS - near)
    return np.where(distance < near, distance, np.minimum(near + np.maximum(far, 0).astype(np.int64), BUCKETS - 1))


@dataclass(frozen=True, eq=False)
class _Layer:
    """The weights of one layer; those of products are (inputs, outputs)."""

    norms: tuple[tuple[Floats, Floats], tuple[Floats, Floats]]
    taken: tuple[Floats, Floats]
    given: tuple[Floats, Floats]
    wide: tuple[Floats, Floats]
    narrow: tuple[Floats, Floats]
    bias: Floats
    """Of each head and distance, (heads, reach)."""


class AttentiveMachine:
    """The transformer of torch.

    Parameters
    ----------
    weights : mapping
    layers, heads, reach : int
    """

    def __init__(self, weights: Weights, layers: int, heads: int, reach: int) -> None:
        self.heads, self.reach = heads, reach

        def pair(name: str, *, is_norm: bool = False) -> tuple[Floats, Floats]:
            weight = weights[f"body.{name}.weight"]
            return (weight if is_norm else weight.T), weights[f"body.{name}.bias"]

        self.enter = pair("enter")
        self.leave = pair("leave", is_norm=True)
        self.layers = [
            _Layer(
                norms=(pair(f"norms.{2 * i}", is_norm=True), pair(f"norms.{2 * i + 1}", is_norm=True)),
                taken=pair(f"taken.{i}"),
                given=pair(f"given.{i}"),
                wide=pair(f"wide.{i}"),
                narrow=pair(f"narrow.{i}"),
                bias=weights[f"body.biases.{i}.weight"][buckets_of(reach)].T,
            )
            for i in range(layers)
        ]
        self.width = len(self.leave[0])

    def run(self, pieces: Sequence[Floats]) -> list[Floats]:
        """The states of whole pieces."""
        return [self._run(self.begin(), piece)[1] for piece in pieces]

    def begin(self) -> list[Cache]:
        """Nothing to attend to."""
        nothing = np.zeros((self.heads, 0, self.width // self.heads), dtype=np.float32)
        return [(nothing, nothing) for _ in self.layers]

    def step(self, memory: list[Cache], seen: Floats) -> tuple[list[Cache], Floats]:
        """Keys and values of each layer, the farthest left out."""
        memory, states = self._run(memory, seen[None])
        return memory, states[0]

    def _run(self, memory: list[Cache], seen: Floats) -> tuple[list[Cache], Floats]:
        """Any number of events after those remembered, each layer all of them, `reach` at a time."""
        state = _product(seen, self.enter)
        after = []
        for layer, cache in zip(self.layers, memory, strict=True):
            found = []
            for start in range(0, len(state), self.reach):
                part = state[start : start + self.reach]
                cache, answer = self._attend(layer, cache, _normal(part, layer.norms[0]))
                part = part + answer
                wide = np.maximum(_product(_normal(part, layer.norms[1]), layer.wide), 0.0)
                found.append(part + _product(wide, layer.narrow))
            state = np.concatenate(found) if found else state
            after.append(cache)
        return after, _normal(state, self.leave)

    def _attend(self, layer: _Layer, cache: Cache, seen: Floats) -> tuple[Cache, Floats]:
        n, size = len(seen), self.width // self.heads
        query, key, value = _product(seen, layer.taken).reshape(n, 3, self.heads, size).transpose(1, 2, 0, 3)
        key, value = np.concatenate([cache[0], key], axis=1), np.concatenate([cache[1], value], axis=1)
        distance = np.arange(key.shape[1] - n, key.shape[1])[:, None] - np.arange(key.shape[1])
        is_near = (distance >= 0) & (distance < self.reach)
        bias = np.where(is_near, layer.bias[:, np.clip(distance, 0, self.reach - 1)], -np.inf)
        share = softmax(query @ key.transpose(0, 2, 1) * np.float32(size**-0.5) + bias, axis=2)
        answer = (share @ value).transpose(1, 0, 2).reshape(n, self.width)
        kept = max(0, key.shape[1] - self.reach + 1)
        return (key[:, kept:], value[:, kept:]), _product(answer, layer.given)


def _product(seen: Floats, by: tuple[Floats, Floats]) -> Floats:
    return seen @ by[0] + by[1]


def _normal(seen: Floats, by: tuple[Floats, Floats]) -> Floats:
    """Layer normalisation (Ba, Kiros and Hinton 2016), as torch has it."""
    centred = seen - seen.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + np.float32(_EPSILON))
    normal: Floats = centred / spread * by[0] + by[1]
    return normal
