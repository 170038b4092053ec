"""The base of the networks: which rows each learns from, how it is stored; torch is loaded by learning alone.

In each inner fold one network learns from the other folds; what it says of the rows held out calibrates the model, and
all networks answer together (Breiman's bagging, with whole groups left out; Krogh and Vedelsby, NIPS 1994, on why
networks that differ do better together). After how many epochs a network is taken is chosen by the rows held out in the
other folds, so that no row decides about the network that it is answered by. Without other folds all epochs count.
"""

import functools
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple

import numpy as np

from styleprint.models.base import FloatArray, IndexArray, Inputs, Needs, State, Training
from styleprint.models.held_out import Splits
from styleprint.models.networks.encoding import Encoding, choose_network_views, choose_stream, learn_encoding
from styleprint.models.networks.graph import Graph
from styleprint.models.networks.lessons import Curve, Lessons, Settings
from styleprint.models.networks.level_encoding import LevelEncoding
from styleprint.models.networks.machine import NetworkMachine
from styleprint.models.networks.summary import Summary
from styleprint.models.search_space import Choice, Integer, Real
from styleprint.models.sequence_model import SequenceModel
from styleprint.models.views import choose_views
from styleprint.support.errors import ModelError
from styleprint.support.hashing import hash_bytes, hash_json
from styleprint.support.learning import surroundings

__all__ = ["NETWORK_NEEDS", "NETWORK_SPACE", "NetworkModel", "Own", "need_torch"]

NETWORK_NEEDS = Needs(streams=("frames",))
"""Of a corpus of scores: the stream with the most fields."""


class Own(NamedTuple):
    """What each network has its own of."""

    layers: int
    epochs: int
    rate: float
    longest: int = 1


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

    Parameters
    ----------
    width : int
        Of all layers.
    layers : int or None
        None: as the network has them (`own`); so with `longest`, `epochs` and `rate`.
    dropout : float
    longest : int or None
        Runs of 1 to so many tokens have embeddings of their own.
    window : int
        Tokens of a window.
    epochs : int or None
        At most; the best is chosen by the other folds.
    networks : int
        At most so many inner folds have a network; 0 for all.
    rate : float or None
        Largest step.
    decay, smoothing, focal : float
        Weight decay, smoothing of labels, exponent of the focal loss (0 for plain cross-entropy).
    curriculum : bool
        Whether to begin with what is clear (:mod:`styleprint.models.networks.training`).
    mixed_precision : bool
        Whether to compute in bfloat16 where a CUDA device can; on a processor it changes nothing.
    transposition_free, optimise, inner_folds, random_state : as every model of sequences has them
        See :class:`styleprint.models.sequence_model.SequenceModel`.

    Attributes
    ----------
    curves_ : list of lists of mappings
        Of each network and epoch: loss, and loss and accuracy of the rows held out.
    """

    own: ClassVar[Own]
    batch: ClassVar = 24
    crop: ClassVar = 4
    held_windows: ClassVar = 0
    rounds: ClassVar = 0
    round_rate: ClassVar = 0.0
    choose_views: ClassVar = staticmethod(choose_network_views)
    encoding_type: ClassVar[type[Encoding] | type[LevelEncoding]] = Encoding
    search_space: ClassVar[Mapping[str, Real | Integer | Choice]] = NETWORK_SPACE

    def __init__(
        self,
        width: int = 64,
        layers: int | None = None,
        dropout: float = 0.3,
        longest: int | None = None,
        window: int = 128,
        epochs: int | None = None,
        networks: int = 0,
        rate: float | None = None,
        decay: float = 0.1,
        smoothing: float = 0.05,
        focal: float = 0.0,
        curriculum: bool = False,
        mixed_precision: bool = False,
        transposition_free: bool = False,
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.width = width
        self.layers = layers
        self.dropout = dropout
        self.longest = longest
        self.window = window
        self.epochs = epochs
        self.networks = networks
        self.rate = rate
        self.decay = decay
        self.smoothing = smoothing
        self.focal = focal
        self.curriculum = curriculum
        self.mixed_precision = mixed_precision
        self.transposition_free = transposition_free
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    @property
    def chosen(self) -> Own:
        """Layers, runs, epochs and rate: those asked for, else the network's own."""
        asked = {name: getattr(self, name) for name in Own._fields}
        return self.own._replace(**{name: value for name, value in asked.items() if value is not None})

    @abstractmethod
    def make_body(self) -> Any:
        """The part of the network that sees tokens in their window; torch is there when it is called."""

    def choose_columns(self, inputs: Inputs) -> tuple[str, ...]:
        """Those of one stream."""
        return choose_stream(super().choose_columns(inputs))

    def learn_encoding(self, inputs: Inputs, training: Training) -> Any:
        """How rows become numbers: an :class:`Encoding` of tokens; learnt from training rows without their labels."""
        views = self.choose_views(self.choose_columns(inputs), self.chosen.longest)
        return learn_encoding(inputs, views, training.piece)

    def learn_summary(self, inputs: Inputs, training: Training, splits: Splits) -> tuple[Summary | None, FloatArray]:
        """What is read of whole pieces beside windows, and the rows' scores: nothing where features are not taken."""
        views = choose_views(self.choose_columns(inputs))
        learnt = Summary.learn(inputs, views, training, splits, seed=self.random_state) if self.takes_features else None
        return learnt or (None, np.zeros((inputs.n_rows, 0)))

    def make_front(self, encoding: Any) -> Any:
        """The part of the network that the numbers of an encoding meet first."""
        from styleprint.models.networks.layers import Embeddings

        return Embeddings(encoding.sizes, self.width)

    def learn(self, inputs: Inputs, training: Training, splits: Splits) -> tuple[FloatArray, NetworkMachine]:
        """One network a fold, or a single one from all rows.

        Raises
        ------
        ModelError
            M117, without torch.
        """
        need_torch()
        import torch

        from styleprint.models.networks.export import export_fusion, export_graph, export_head
        from styleprint.models.networks.training import choose_epoch, train_network

        decisions = np.full((inputs.n_rows, len(training.classes)), np.nan)
        every: IndexArray = np.arange(inputs.n_rows, dtype=np.intp)
        encoding = self.learn_encoding(inputs, training)
        summary, tabular = self.learn_summary(inputs, training, splits)
        forms = None if training.variant_of is None else training.piece
        n_classes = len(training.classes)
        lessons = Lessons(encoding.encode(inputs), training.y, training.weight, n_classes, tabular, forms)
        folds = (splits or [(every, every[:0])])[: self.networks or None]
        make = functools.partial(self.make_network, encoding, n_classes, summary)
        trained, epochs = [], self.chosen.epochs
        sides = hash_json([[hash_bytes(side.tobytes()) for side in pair] for pair in folds])
        for i, (learn, hold) in enumerate(folds):
            settings = replace(self._settings(summary), seed=_derive(self.random_state, i))
            report = functools.partial(_report, i * epochs, len(folds) * epochs)
            trained.append(train_network(make, lessons, learn, hold, settings, of=sides, report=report))
        self.curves_: list[Curve] = [one.curve for one in trained]
        graphs, heads, fusions = [], [], []
        for i, (_, hold) in enumerate(folds):
            epoch = choose_epoch([curve for j, curve in enumerate(self.curves_) if j != i])
            network, decisions[hold] = trained[i].at(epoch)
            kind = torch.int64 if isinstance(encoding, Encoding) else torch.float32
            graphs.append(Graph(export_graph(network, self.window, encoding.n_columns, kind)))
            heads.append(export_head(network))
            fusions += [export_fusion(network)] if summary is not None else []
        machine = NetworkMachine(encoding, self.window, tuple(graphs), tuple(heads), summary, tuple(fusions))
        return decisions, machine

    def make_network(self, encoding: Any, n_classes: int, summary: Summary | None) -> Any:  # noqa: ARG002  # the hybrid's
        """A network that has learnt nothing yet; torch is there when it is called."""
        from styleprint.models.networks.layers import Network

        return Network(*self.make_parts(encoding), self.width, n_classes, self.dropout)

    def make_parts(self, encoding: Any) -> tuple[Any, Any]:
        """Front and body."""
        body = self.make_body()
        return self.make_front(encoding), body

    def _settings(self, summary: Summary | None) -> Settings:
        return Settings(
            window=self.window,
            crop=self.crop,
            epochs=self.chosen.epochs,
            batch=self.batch,
            rate=self.chosen.rate,
            decay=self.decay,
            smoothing=self.smoothing,
            focal=self.focal,
            seed=self.random_state,
            curriculum=self.curriculum,
            mixed_precision=self.mixed_precision,
            held_windows=self.held_windows,
            rounds=0 if summary is None else self.rounds,
            round_rate=self.round_rate,
        )

    def to_state(self) -> dict[str, Any]:
        """The fitted model as arrays, text, bytes and values that JSON can hold."""
        return super().to_state() | {"curves": self.curves_}

    @classmethod
    def from_state(cls, state: State) -> Any:
        """The model that :meth:`to_state` described."""
        model = super().from_state(state)
        model.curves_ = state["curves"]
        summary = getattr(model.machine_, "summary", None)
        if summary is not None and not summary.fits(model.feature_names_, model.stream_names_):
            raise ValueError("features and runs must be those that the model reads")
        return model

    @classmethod
    def restore_machine(cls, state: State, n_classes: int) -> NetworkMachine:
        """The machine of a state."""
        return NetworkMachine.from_state(state, n_classes, cls.encoding_type)


def _report(before: int, total: int, done: int) -> None:
    surroundings().progress("epochs", before + done, total)


def _derive(seed: int, i: int) -> int:
    return int(np.random.SeedSequence((seed, i)).generate_state(1)[0])


def need_torch() -> None:
    """Refuse to learn without the libraries of the extra.

    Raises
    ------
    ModelError
        M117.
    """
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
