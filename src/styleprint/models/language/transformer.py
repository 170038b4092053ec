"""A model of language that attends."""

from typing import Any

from styleprint.models.language.attention import AttentiveMachine
from styleprint.models.language.machine import Body, Weights
from styleprint.models.language.network import LanguageNetworkModel
from styleprint.support.errors import ModelError

__all__ = ["LanguageTransformerModel"]

_MOST_REACH = 1 << 14


class LanguageTransformerModel(LanguageNetworkModel):
    """Continues music by attention with relative positions.

    Parameters
    ----------
    heads : int
        Of attention; they share the width.
    reach : int
        Each layer attends to so many events, the last one among them.
    width, layers, head, dropout, window, batch, epochs, patience, rate, decay, semitones, inner_folds, random_state
        As :class:`styleprint.models.language.network.LanguageNetworkModel` has them.
    """

    kind = "transformer"
    counts = (*LanguageNetworkModel.counts, "heads", "reach")

    def __init__(
        self,
        width: int = 160,
        layers: int = 3,
        heads: int = 4,
        reach: int = 64,
        head: int = 128,
        dropout: float = 0.2,
        window: int = 128,
        batch: int = 4,
        epochs: int = 20,
        patience: int = 4,
        rate: float = 1e-3,
        decay: float = 0.01,
        semitones: int = 5,
        inner_folds: int = 7,
        random_state: int = 0,
    ) -> None:
        super().__init__(
            width=width,
            layers=layers,
            head=head,
            dropout=dropout,
            window=window,
            batch=batch,
            epochs=epochs,
            patience=patience,
            rate=rate,
            decay=decay,
            semitones=semitones,
            inner_folds=inner_folds,
            random_state=random_state,
        )
        self.heads = heads
        self.reach = reach

    def make_body(self, inputs: int) -> Any:
        """Layer upon layer."""
        from styleprint.models.language.layers import AttentiveBody

        return AttentiveBody(inputs, self.width, self.layers, self.heads, self.reach, self.dropout)

    def make_machine(self, weights: Weights) -> Body:
        """The same in NumPy."""
        self._check_parameters()
        return AttentiveMachine(weights, self.layers, self.heads, self.reach)

    def _check_parameters(self) -> None:
        super()._check_parameters()
        if self.reach > _MOST_REACH or self.width % self.heads:
            raise ModelError(
                "M132",
                f"a transformer must reach no more than {_MOST_REACH} events, and its width must be a multiple of its "
                f"heads, but these are {self.reach}, {self.width} and {self.heads}.",
            )
