"""What is left of a network once it has learnt: encoders as ONNX, heads as arrays. Asking it needs no torch.

A row is cut into windows; each encoder makes a vector and a score of each; the vectors of a row are averaged by the
softmax of their scores, and the head decides. Where there are several networks, each on other inner folds, the
logarithms of their probabilities are averaged. Rows are answered some at a time, so memory does not grow with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax

from styleprint.models.base import FloatArray, IndexArray, Inputs, Lists, State, read_count
from styleprint.models.contributions import Pattern, describe_feature
from styleprint.models.lesson import nest, nested
from styleprint.models.networks.encoding import Encoding, Windows, cut_windows
from styleprint.models.networks.fusion import Fusion, pool_rows
from styleprint.models.networks.graph import Graph
from styleprint.models.networks.level_encoding import LevelEncoding
from styleprint.models.networks.summary import Summary
from styleprint.models.passages import follow_borders

__all__ = ["NetworkMachine"]

_MOST_NETWORKS = 8
_MOST_WINDOW = 4096
_PASSAGE = 16
_MOST_ROWS = 3
_MOST_PASSAGES = 32
_MOMENTS_AT_ONCE = 1 << 16
"""Of as many rows as have so many together, or of one row that has more; 17 MB of levels, and as much in windows."""


@dataclass(frozen=True, eq=False)
class NetworkMachine:
    """Encoders and heads over one encoding.

    Attributes
    ----------
    encoding : Encoding or LevelEncoding
    window : int
        Moments of a window.
    graphs : tuple of Graph
    heads : tuple of ndarray, shape (1 + n_dimensions, n_classes)
    summary : Summary or None
        Of a hybrid: what it reads of whole pieces.
    fusions : tuple of Fusion
        Of a hybrid: one a network.
    """

    encoding: Encoding | LevelEncoding
    window: int
    graphs: tuple[Graph, ...]
    heads: tuple[FloatArray, ...]
    summary: Summary | None = None
    fusions: tuple[Fusion, ...] = ()

    def answer(self, inputs: Inputs) -> tuple[FloatArray, list[npt.NDArray[Any]]]:
        """Mean logarithms of the networks' probabilities, shape (n_rows, n_classes), and rows as each sees them."""
        parts = [self._see(_take_rows(inputs, start, stop)) for start, stop in self._batches(inputs)]
        pooled = [np.concatenate(seen) for seen in zip(*parts, strict=True)]
        return self._judge(pooled), list(pooled)

    def _batches(self, inputs: Inputs) -> Iterator[tuple[int, int]]:
        """First row of each batch, and the first after it."""
        moments = np.maximum(np.diff(inputs.streams[self.encoding.first_column].offsets), self.window).tolist()
        start, held = 0, 0
        for row, count in enumerate(moments):
            if row > start and held + count > _MOMENTS_AT_ONCE:
                yield start, row
                start, held = row, 0
            held += count
        yield start, len(moments)

    def _see(self, inputs: Inputs) -> list[FloatArray]:
        """Rows as the head of each network sees them."""
        encoded = self.encoding.encode(inputs)
        spans = list(zip(encoded.offsets[:-1].tolist(), encoded.offsets[1:].tolist(), strict=True))
        windows = cut_windows(encoded, spans, self.window)
        tabular = self._tabular(inputs)
        return [
            self._combine(i, *graph.run(windows.values, windows.mask), windows.row, tabular)
            for i, graph in enumerate(self.graphs)
        ]

    def patterns(
        self, inputs: Inputs, rows: IndexArray | range, direction: FloatArray, count: int, n_against: int
    ) -> list[Pattern]:
        """Passages of the first few of these rows without which decisions change most along a direction.

        A passage of 16 tokens, or of a thirty-second of a long piece, is masked where it stands (an occlusion, Zeiler
        and Fergus, ECCV 2014), one at a time.
        """
        found: list[Pattern] = []
        for row in list(rows)[:_MOST_ROWS]:
            own = _take_rows(inputs, int(row), int(row) + 1)
            found += self._occlude(own, direction) + self._occlude_features(own, direction)
        speaking = sorted((one for one in found if one.weight > 0), key=lambda one: -one.weight)
        opposing = sorted((one for one in found if one.weight < 0), key=lambda one: one.weight)
        return [*speaking[: count - n_against], *opposing[:n_against]]

    def _occlude(self, inputs: Inputs, direction: FloatArray) -> list[Pattern]:
        """Of a single row."""
        n_tokens = len(self.encoding.encode(inputs).values)
        length = _PASSAGE * max(1, -(-n_tokens // (_PASSAGE * _MOST_PASSAGES)))
        starts = range(0, n_tokens, length)
        if not starts:
            return []
        weights = self._hide(inputs, self._align(inputs, np.array([*starts, n_tokens])), direction)
        found = []
        for i, start in enumerate(starts):
            name, moments = self.encoding.describe(inputs, start, length)
            found.append(Pattern(name, float(weights[i]), **moments))
        return found

    def weigh_passages(
        self, inputs: Inputs, borders: Mapping[str, npt.NDArray[np.int64]], direction: FloatArray
    ) -> FloatArray:
        """How much each passage of a single row speaks for a direction of decisions: the fall where it is masked.

        Parameters
        ----------
        inputs : Inputs
            One row.
        borders : mapping of str to ndarray of int, shape (n_passages + 1,)
            Stream → where its passages begin, and the end.
        direction : ndarray, shape (n_classes,)
        """
        return self._hide(inputs, borders, direction)

    def _align(self, inputs: Inputs, cuts: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.int64]]:
        """Where every stream that is read is cut, where the windows' own is cut like this."""
        lead = self.encoding.stream
        views = () if self.summary is None or self.summary.runs is None else self.summary.runs.space.views
        lengths = {view.stream: len(inputs.streams[view.columns[0]].row(0)) for view in views if view.stream != lead}
        others = {stream: follow_borders(inputs, 0, lead, cuts, stream, n) for stream, n in lengths.items()}
        return {lead: cuts} | others

    def _hide(self, inputs: Inputs, borders: Mapping[str, npt.NDArray[np.int64]], direction: FloatArray) -> FloatArray:
        own = self.encoding.encode(inputs)
        whole = cut_windows(own, [(0, len(own.values))], self.window)
        starts, ends = borders[self.encoding.stream][:-1], borders[self.encoding.stream][1:]
        hit = [
            (i, window)
            for i, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True))
            for window in range(start // self.window, (end - 1) // self.window + 1)
            if end > start
        ]
        passage, window = np.array(hit, dtype=np.intp).reshape(-1, 2).T
        mask = whole.mask[window]
        position = window[:, None] * self.window + np.arange(self.window)
        mask[(position >= starts[passage][:, None]) & (position < ends[passage][:, None])] = 0.0
        tabular = np.zeros((1 + len(starts), 0)) if self.summary is None else self.summary.without(inputs, borders)
        vectors = self._without(tabular, whole, mask, passage, window)
        along = self._judge(vectors) @ direction
        fall: FloatArray = along[0] - along[1:]
        return fall

    def _without(
        self,
        tabular: FloatArray,
        whole: Windows,
        mask: npt.NDArray[np.float32],
        passage: IndexArray,
        window: IndexArray,
    ) -> list[FloatArray]:
        """The row as it is, and without each passage, as each network sees it; other windows stay as they are."""
        n_windows, copies = len(whole.row), len(tabular)
        row = np.repeat(np.arange(copies), n_windows)
        values, masks = np.concatenate([whole.values, whole.values[window]]), np.concatenate([whole.mask, mask])
        found = []
        for k, graph in enumerate(self.graphs):
            vector, score = graph.run(values, masks)
            vectors, scores = np.tile(vector[:n_windows], (copies, 1)), np.tile(score[:n_windows], copies)
            place = (1 + passage) * n_windows + window
            vectors[place], scores[place] = vector[n_windows:], score[n_windows:]
            found.append(self._combine(k, vectors, scores, row, tabular))
        return found

    def _occlude_features(self, inputs: Inputs, direction: FloatArray) -> list[Pattern]:
        """Features of a single row without which, as in the median row, decisions change; of a hybrid alone."""
        if self.summary is None:
            return []
        tabular, feature_names = self.summary.apply(inputs), self.summary.feature_names
        moved = np.flatnonzero(tabular[0, : len(feature_names)])
        if not len(moved):
            return []
        own = self.encoding.encode(inputs)
        whole = cut_windows(own, [(0, len(own.values))], self.window)
        copies, n_windows = len(moved) + 1, len(whole.row)
        changed = np.repeat(tabular, copies, axis=0)
        changed[np.arange(1, copies), moved] = 0.0
        row = np.repeat(np.arange(copies), n_windows)
        seen = []
        for k, graph in enumerate(self.graphs):
            vector, score = graph.run(whole.values, whole.mask)
            seen.append(self._combine(k, np.tile(vector, (copies, 1)), np.tile(score, copies), row, changed))
        along = self._judge(seen) @ direction
        names = [describe_feature(feature_names[j], float(tabular[0, j])) for j in moved]
        return [Pattern(name, float(along[0] - along[1 + i])) for i, name in enumerate(names)]

    def _tabular(self, inputs: Inputs) -> FloatArray:
        """What branches read, without columns where there is no hybrid."""
        return np.zeros((inputs.n_rows, 0)) if self.summary is None else self.summary.apply(inputs)

    def _combine(
        self, network: int, vectors: FloatArray, scores: FloatArray, row: IndexArray, tabular: FloatArray
    ) -> FloatArray:
        """Rows as the head of a network sees them."""
        if self.fusions:
            return self.fusions[network].combine(vectors, scores, row, len(tabular), tabular)
        return pool_rows(vectors, scores, row, len(tabular))

    def _judge(self, vectors: Sequence[FloatArray]) -> FloatArray:
        found = [
            log_softmax(vector @ head[1:] + head[0], axis=1) for vector, head in zip(vectors, self.heads, strict=True)
        ]
        mean: FloatArray = np.mean(found, axis=0)
        return mean

    def to_state(self) -> dict[str, Any]:
        """Arrays, bytes and values."""
        state: dict[str, Any] = self.encoding.to_state() | {"window": self.window, "networks": len(self.graphs)}
        for i, (graph, head) in enumerate(zip(self.graphs, self.heads, strict=True)):
            state |= {f"encoder_{i}": graph.data, f"head_{i}": head}
        if self.summary is not None:
            state |= nest("summary", self.summary.to_state())
            for i, fusion in enumerate(self.fusions):
                state |= nest(f"fusion_{i}", fusion.to_state())
        return state

    @classmethod
    def from_state(
        cls, state: State, n_classes: int, encoding: type[Encoding] | type[LevelEncoding] = Encoding
    ) -> "NetworkMachine":
        """The machine that :meth:`to_state` described, of that kind of encoding."""
        count = read_count(state["networks"], "networks", least=1, most=_MOST_NETWORKS)
        window = read_count(state["window"], "tokens of a window", least=1, most=_MOST_WINDOW)
        graphs = tuple(Graph(bytes(state[f"encoder_{i}"])) for i in range(count))
        heads = tuple(np.asarray(state[f"head_{i}"], np.float64) for i in range(count))
        told = nested("summary", state)
        summary = Summary.from_state(told) if told else None
        fusions = tuple(
            Fusion.from_state(nested(f"fusion_{i}", state), summary.n_numbers) for i in range(count) if summary
        )
        machine = cls(encoding.from_state(state), window, graphs, heads, summary, fusions)
        if any(head.ndim != 2 or head.shape[1] != n_classes for head in heads):
            raise ValueError("each head must know the classes")
        return machine


def _take_rows(inputs: Inputs, start: int, stop: int) -> Inputs:
    """Rows from `start` up to `stop`, without a copy."""
    streams = {}
    for name, lists in inputs.streams.items():
        offsets = lists.offsets[start : stop + 1]
        streams[name] = Lists(lists.values[offsets[0] : offsets[-1]], offsets - offsets[0])
    return Inputs(inputs.features[start:stop], inputs.feature_names, streams, stop - start)
