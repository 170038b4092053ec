"""A recurrent model of language."""

from typing import Any

from styleprint.models.language.machine import Body, RecurrentMachine, Weights
from styleprint.models.language.network import LanguageNetworkModel

__all__ = ["LanguageLstmModel"]


class LanguageLstmModel(LanguageNetworkModel):
    """Continues music by long short-term memory."""

    kind = "lstm"

    def make_body(self, inputs: int) -> Any:
        """Layer upon layer."""
        from styleprint.models.language.layers import RecurrentBody

        return RecurrentBody(inputs, self.width, self.layers, self.dropout)

    def make_machine(self, weights: Weights) -> Body:
        """The same in NumPy."""
        return RecurrentMachine(weights, self.layers)
