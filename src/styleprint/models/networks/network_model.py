"""The base of the networks: which rows each learns from, how it is stored; torch is loaded by learning alone.

In each inner fold one network learns from the other folds and stops early by that one; what it says of the rows held
out calibrates the model, and all networks answer together (Breiman's bagging, with whole groups left out; Krogh and
Vedelsby, NIPS 1994, on why networks that differ do better together). Without inner folds one network learns from all
rows for all epochs.
"""

import functools
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from styleprint.models.base import FloatArray, IndexArray, Inputs, Needs, State, Training
from styleprint.models.kernel import RankNormal
from styleprint.models.networks.encoding import Encoding, choose_network_views, choose_stream, learn_encoding
from styleprint.models.networks.graph import Graph
from styleprint.models.networks.machine import NetworkMachine
from styleprint.models.search_space import Choice, Integer, Real
from styleprint.models.sequence_model import SequenceModel, Splits, token_columns
from styleprint.support.errors import ModelError

if TYPE_CHECKING:
    from styleprint.models.networks.training import Curve, Settings

__all__ = ["NETWORK_NEEDS", "NETWORK_SPACE", "NetworkModel"]

NETWORK_NEEDS = Needs(streams=("frames",))
"""Of a corpus of scores: the stream with the most fields."""

_BATCH = 24
_CROP = 4

NETWORK_SPACE: Mapping[str, Real | Integer | Choice] = {
    "width": Choice((32, 64, 96, 128)),
    "layers": Integer(1, 5),
    "dropout": Real(0.0, 0.6),
    "longest": Integer(1, 3),
    "rate": Real(5e-4, 1e-2, log=True),
    "smoothing": Real(0.0, 0.2),
    "focal": Real(0.0, 2.0),
}
"""What a search may try of every network."""


class NetworkModel(SequenceModel):
    """A network over windows of one stream, pooled by attention over the piece.

    Every network has the parameters `width`, `layers`, `dropout`, `longest` (runs of so many tokens have embeddings),
    `window` (tokens of a window), `epochs`, `patience` (epochs without gain that end learning), `networks` (at most so
    many inner folds have one; 0 for all), `rate`, `decay`, `smoothing` of labels, `focal` (0 for plain cross-entropy),
    beside those of :class:`styleprint.models.sequence_model.SequenceModel`.

    Attributes
    ----------
    curves_ : list of lists of mappings
        Of each network and epoch: loss, and loss and accuracy of the rows held out.
    """

    width: int
    layers: int
    dropout: float
    longest: int
    window: int
    epochs: int
    patience: int
    networks: int
    rate: float
    decay: float
    smoothing: float
    focal: float

    search_space: ClassVar[Mapping[str, Real | Integer | Choice]] = NETWORK_SPACE

    @abstractmethod
    def make_body(self) -> Any:
        """The part of the network that sees tokens in their window; torch is there when it is called."""

    def choose_columns(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Those of one stream."""
        return choose_stream(columns)

    def learn(self, inputs: Inputs, training: Training, splits: Splits) -> tuple[FloatArray, NetworkMachine]:
        """One network a fold, or a single one from all rows.

        Raises
        ------
        ModelError
            M117, without torch.
        """
        _need_torch()
        from styleprint.models.networks.export import export_fusion, export_graph, export_head
        from styleprint.models.networks.training import Lessons, train_network

        views = choose_network_views(token_columns(inputs.streams, transposition_free=self.transposition_free))
        decisions = np.full((inputs.n_rows, len(training.classes)), np.nan)
        every: IndexArray = np.arange(inputs.n_rows, dtype=np.intp)
        encoding = learn_encoding(inputs, views, self.longest)
        ranks = RankNormal.learn(inputs.features, training.weight) if inputs.feature_names else None
        tabular = np.zeros((inputs.n_rows, 0)) if ranks is None else ranks.apply(inputs.features)
        lessons = Lessons(*encoding.encode(inputs), training.y, training.weight, len(training.classes), tabular)
        graphs, heads, fusions = [], [], []
        self.curves_: list[Curve] = []
        for i, (learn, hold) in enumerate((splits or [(every, every[:0])])[: self.networks or None]):
            make = functools.partial(self.make_network, encoding, len(training.classes), inputs.feature_names)
            settings = replace(self._settings(), seed=_derive(self.random_state, i))
            network, decisions[hold], curve = train_network(make, lessons, learn, hold, settings)
            graphs.append(Graph(export_graph(network, self.window, len(encoding.sizes))))
            heads.append(export_head(network))
            fusions += [export_fusion(network)] if ranks is not None else []
            self.curves_.append(curve)
        machine = NetworkMachine(
            encoding, self.window, tuple(graphs), tuple(heads), inputs.feature_names, ranks, tuple(fusions)
        )
        return decisions, machine

    def make_network(self, encoding: Encoding, n_classes: int, feature_names: tuple[str, ...]) -> Any:  # noqa: ARG002  # the hybrid's
        """A network that has learnt nothing yet; torch is there when it is called."""
        from styleprint.models.networks.layers import Network

        return Network(encoding.sizes, self.make_body(), self.width, n_classes, self.dropout)

    def _settings(self) -> "Settings":
        from styleprint.models.networks.training import Settings

        return Settings(
            window=self.window,
            crop=_CROP,
            epochs=self.epochs,
            patience=self.patience,
            batch=_BATCH,
            rate=self.rate,
            decay=self.decay,
            smoothing=self.smoothing,
            focal=self.focal,
            seed=self.random_state,
        )

    def to_state(self) -> dict[str, Any]:
        """The fitted model as arrays, text, bytes and values that JSON can hold."""
        return super().to_state() | {"curves": self.curves_}

    @classmethod
    def from_state(cls, state: State) -> Any:
        """The model that :meth:`to_state` described."""
        model = super().from_state(state)
        model.curves_ = state["curves"]
        return model

    @classmethod
    def restore_machine(cls, state: State, n_classes: int) -> NetworkMachine:
        """The machine of a state."""
        return NetworkMachine.from_state(state, n_classes)


def _derive(seed: int, i: int) -> int:
    return int(np.random.SeedSequence((seed, i)).generate_state(1)[0])


def _need_torch() -> None:
    try:
        import onnx  # noqa: F401  # torch's export needs it
        import onnxruntime  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise ModelError(
            "M117",
            f"a network learns with torch, onnx and onnxruntime, but {error.name} is not installed.",
            remedy="pip install 'styleprint[deep]'; asking a trained bundle needs onnxruntime alone.",
        ) from error
