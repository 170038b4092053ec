"""The base of the networks that continue events: what they are given and keep. Learning alone loads torch."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from styleprint.models.base import FloatArray, IndexArray, State, read_count
from styleprint.models.estimator import Estimator
from styleprint.models.language.machine import Body, Continuation, Floats, LanguageMachine, Weights, Widths
from styleprint.models.language.ngrams import inner_groups
from styleprint.models.language.rows import FIELDS, SIZES, EventRows
from styleprint.models.networks.network_model import need_torch
from styleprint.support.errors import ModelError

if TYPE_CHECKING:
    from styleprint.models.language.training import Settings

__all__ = ["LanguageNetworkModel"]

_WIDTHS = Widths()

_MOST_WIDTH, _MOST_LAYERS = 4096, 16


class LanguageNetworkModel(Estimator):
    """A network over the events before, with a chain of heads: shift, part, pitch, duration.

    Events are heard against those around them (:mod:`styleprint.models.language.hearing`); a pitch is scored by itself
    and by its intervals from two references.

    Parameters
    ----------
    width : int
        Of the states.
    layers : int
    head : int
        Of the hidden layer of each head.
    dropout : float
    window, batch : int
        Events of a window, windows of a step.
    epochs, patience : int
        At most so many; learning ends after so many without a better one on the groups held out.
    rate, decay : float
        Largest step, weight decay.
    semitones : int
        In each epoch each piece is moved by −`semitones` … `semitones`, drawn anew.
    inner_folds : int
        One of so many parts of the groups is held out.
    random_state : int

    Attributes
    ----------
    curve_ : list of mappings
        Of each epoch: bits an event of what was learnt from and of what was held out.
    n_rows_, n_events_, n_parameters_ : int
    """

    kind: ClassVar[str]
    counts: ClassVar[tuple[str, ...]] = ("width", "layers", "head", "window", "batch", "epochs", "patience")
    """Parameters that must be whole numbers from 1."""

    def __init__(
        self,
        width: int = 256,
        layers: int = 1,
        head: int = 128,
        dropout: float = 0.3,
        window: int = 96,
        batch: int = 8,
        epochs: int = 20,
        patience: int = 4,
        rate: float = 3e-3,
        decay: float = 0.01,
        semitones: int = 5,
        inner_folds: int = 7,
        random_state: int = 0,
    ) -> None:
        self.width = width
        self.layers = layers
        self.head = head
        self.dropout = dropout
        self.window = window
        self.batch = batch
        self.epochs = epochs
        self.patience = patience
        self.rate = rate
        self.decay = decay
        self.semitones = semitones
        self.inner_folds = inner_folds
        self.random_state = random_state

    @abstractmethod
    def make_body(self, inputs: int) -> Any:
        """The part of the network that sees the past; torch is there when it is called."""

    @abstractmethod
    def make_machine(self, weights: Weights) -> Body:
        """The same in NumPy."""

    def fit(self, X: Any, y: Any = None, groups: Any = None) -> Self:  # noqa: ARG002  # labels are not looked at
        """Learn from rows of events; surroundings (:mod:`styleprint.support.learning`) hear of it and keep its state.

        Raises
        ------
        ModelError
            M117, without torch; M131, without events; M132, where a parameter cannot be.
        """
        need_torch()
        self._check_parameters()
        from styleprint.models.language.training import learn_network

        rows = X if isinstance(X, EventRows) else EventRows.read(X)
        if not len(rows.events):
            raise ModelError("M131", "a model of language must have events to learn from, but there are none.")
        learn, hold = inner_groups(rows, groups, folds=self.inner_folds, seed=self.random_state)[0]
        network, self.curve_ = learn_network(
            self._make_network, rows, learn, _hold(learn, hold), self._settings(), of=repr(self)
        )
        return self._keep(
            {name: value.detach().numpy() for name, value in network.state_dict().items()},
            n_rows=len(rows),
            n_events=len(rows.events),
        )

    def untrained(self) -> Self:
        """The same network before it has learnt anything: what a test of knowledge is held against."""
        need_torch()
        import torch

        with torch.random.fork_rng([]):
            torch.manual_seed(self.random_state)
            network = self._make_network()
        fresh = type(self)(**self.get_params())
        fresh.curve_ = []
        weights = {name: value.detach().numpy() for name, value in network.state_dict().items()}
        return fresh._keep(weights, n_rows=0, n_events=0)

    def bits(self, X: Any) -> FloatArray:
        """What each field of each event costs, in bits, shape (n_events, 4)."""
        return self.machine.bits(X if isinstance(X, EventRows) else EventRows.read(X))

    def begin(self) -> Continuation:
        """A piece to be written."""
        return self.machine.begin()

    @property
    def machine(self) -> LanguageMachine:
        """What answers.

        Raises
        ------
        ModelError
            M104, where it is not fitted.
        """
        if not hasattr(self, "machine_"):
            raise ModelError("M104", "the model must be fitted before it is asked.")
        return self.machine_

    @property
    def embeddings(self) -> dict[str, Floats]:
        """Field → a vector for each token."""
        tables = self.machine.embeddings
        return {field: tables[i][: SIZES[i]] for i, field in enumerate(FIELDS)}

    def to_state(self) -> dict[str, Any]:
        """The fitted model as arrays and values that JSON can hold."""
        counts = {"n_rows": self.n_rows_, "n_events": self.n_events_}
        return {"parameters": self.get_params(), "curve": self.curve_, **counts, **self.machine.weights}

    @classmethod
    def from_state(cls, state: State) -> Self:
        """The model that :meth:`to_state` described.

        Raises
        ------
        ValueError
            Where the state is damaged.
        """
        given: Mapping[str, Any] = state["parameters"]
        read_count(given["width"], "the width of a network", least=1, most=_MOST_WIDTH)
        read_count(given["layers"], "the layers of a network", least=1, most=_MOST_LAYERS)
        model = cls(**{name: given[name] for name in cls._get_param_names()})
        model.curve_ = [{str(name): float(value) for name, value in point.items()} for point in state["curve"]]
        weights = {name: value for name, value in state.items() if isinstance(value, np.ndarray)}
        if any(value.dtype != np.float32 for value in weights.values()):
            raise ValueError("the weights of a network must be 32-bit numbers")
        n_rows = read_count(state["n_rows"], "rows", most=1 << 24)
        model._keep(weights, n_rows=n_rows, n_events=read_count(state["n_events"], "events", most=1 << 32))
        model.begin().probabilities(())
        return model

    def _check_parameters(self) -> None:
        for name in self.counts:
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                raise ModelError("M132", f"{name} of a model of language must be a whole number from 1: {value!r}.")

    def _keep(self, weights: Weights, *, n_rows: int, n_events: int) -> Self:
        self.machine_ = LanguageMachine(weights, self.make_machine(weights))
        self.n_rows_, self.n_events_ = n_rows, n_events
        self.n_parameters_ = int(sum(value.size for value in weights.values()))
        return self

    def _make_network(self) -> Any:
        from styleprint.models.language.layers import LanguageNetwork

        return LanguageNetwork(_WIDTHS, self.make_body(_WIDTHS.seen), self.width, self.head, self.dropout)

    def _settings(self) -> "Settings":
        from styleprint.models.language.training import Settings

        names = ("window", "batch", "epochs", "patience", "rate", "decay", "semitones")
        return Settings(**{name: getattr(self, name) for name in names}, seed=self.random_state)


def _hold(learn: IndexArray, hold: IndexArray) -> IndexArray:
    """With a single group nothing is held out: the last epoch counts, and not that which it has learnt by heart."""
    return hold[:0] if np.array_equal(learn, hold) else hold
