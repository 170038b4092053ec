"""A model of language that attends."""

from typing import Any

from styleprint.models.language.attention import AttentiveMachine
from styleprint.models.language.machine import Body, Weights
from styleprint.models.language.network import LanguageNetworkModel
from styleprint.support.errors import ModelError

__all__ = ["LanguageTransformerModel"]

_MOST_HEADS, _MOST_REACH = 64, 1 << 14


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

        self._check()
        return AttentiveBody(inputs, self.width, self.layers, self.heads, self.reach, self.dropout)

    def make_machine(self, weights: Weights) -> Body:
        """The same in NumPy."""
        self._check()
        return AttentiveMachine(weights, self.layers, self.heads, self.reach)

    def _check(self) -> None:
        heads, reach = self.heads, self.reach
        if not all(type(value) is int for value in (heads, reach)) or not 1 <= heads <= _MOST_HEADS:
            raise ModelError("M132", f"heads (1 to {_MOST_HEADS}) and reach must be whole numbers: {heads}, {reach}.")
        if not 1 <= reach <= _MOST_REACH or self.width % heads:
            raise ModelError(
                "M132",
                f"a transformer must reach 1 to {_MOST_REACH} events, and its width must be a multiple of its heads, "
                f"but these are {reach}, {self.width} and {heads}.",
            )
