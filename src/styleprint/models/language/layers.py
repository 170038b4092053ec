"""The networks that learn to continue events, in torch: embeddings, a body that sees the past, a chain of heads.

:mod:`styleprint.models.language.machine` has the same networks in NumPy, which answer; a test holds the two against
each other.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from styleprint.models.language.rows import FIELDS, SIZES

__all__ = ["LanguageNetwork", "RecurrentBody"]


class LanguageNetwork(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Events before → scores of each field of the next, given its fields before.

    Parameters
    ----------
    widths : sequence of int
        Of the embedding of each field; each has one row more, for what stands before a piece.
    body : nn.Module
        (pieces, length, sum of widths) → (pieces, length, width); sees nothing later.
    width, head : int
        Of the body's output, and of each head's hidden layer.
    dropout : float
    """

    def __init__(self, widths: Sequence[int], body: nn.Module, width: int, head: int, dropout: float) -> None:
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(n + 1, w) for n, w in zip(SIZES, widths, strict=True)])
        for embedding in self.embeddings:
            nn.init.normal_(embedding.weight, std=0.3)
        self.body = body
        self.drop = nn.Dropout(dropout)
        self.hidden = nn.ModuleList([nn.Linear(width + sum(widths[:i]), head) for i in range(len(FIELDS))])
        self.scores = nn.ModuleList([nn.Linear(head, n) for n in SIZES])

    def forward(self, before: Any, after: Any) -> list[Any]:
        """Scores of each field, (pieces, length, vocabulary).

        Parameters
        ----------
        before, after : tensors of int, shape (pieces, length, 4)
            The event before each event (the sizes of the vocabularies where there is none), and the event itself.
        """
        seen = torch.cat([embed(before[:, :, i]) for i, embed in enumerate(self.embeddings)], dim=2)
        state = self.drop(self.body(self.drop(seen)))
        known, found = [state], []
        for i, embed in enumerate(self.embeddings):
            hidden = torch.tanh(self.hidden[i](torch.cat(known, dim=2)))
            found.append(self.scores[i](self.drop(hidden)))
            known.append(embed(after[:, :, i]))
        return found


class RecurrentBody(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Long short-term memory (Hochreiter and Schmidhuber, Neural Computation 9, 1997), layer upon layer."""

    def __init__(self, inputs: int, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.lstm = nn.LSTM(inputs, width, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0)

    def forward(self, seen: Any) -> Any:
        """Its state after each event."""
        return self.lstm(seen)[0]
