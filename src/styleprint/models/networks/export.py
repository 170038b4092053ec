"""An encoder learnt in torch becomes an ONNX graph.

Windows have one length, and any number of them may be asked about at once: torch's export would bake a length into
recurrence and attention, so the length is fixed and shorter windows are masked; what belongs to a piece is pooled
outside the graph.
"""

import io
import warnings
from typing import Any

import numpy as np
import torch

from styleprint.models.base import FloatArray
from styleprint.models.networks.fusion import Branch, Fusion

__all__ = ["export_fusion", "export_graph", "export_head"]

_OPSET = 17


def export_graph(network: Any, window: int, n_columns: int, kind: torch.dtype = torch.int64) -> bytes:
    """The encoder as ONNX.

    Parameters
    ----------
    network : Network
        On the processor.
    window, n_columns : int
    kind : torch.dtype
        Of what stands in the columns.
    """
    values = torch.zeros((2, window, n_columns), dtype=kind)
    mask = torch.ones((2, window))
    buffer = io.BytesIO()
    free = {name: {0: "windows"} for name in ("values", "mask", "vector", "score")}
    with warnings.catch_warnings():
        # it says that another exporter is newer (that one needs onnxscript), and that a free batch of an LSTM wants
        # its first state given, as it is here
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(),
            (values, mask),
            buffer,
            input_names=["values", "mask"],
            output_names=["vector", "score"],
            dynamic_axes=free,
            opset_version=_OPSET,
            dynamo=False,
        )
    return buffer.getvalue()


def export_head(network: Any) -> FloatArray:
    """The head as an array, shape (1 + n_dimensions, n_classes); the first row is the bias."""
    return _layer(network.head)


def export_fusion(network: Any) -> Fusion:
    """The branches of a hybrid network as arrays."""
    layers = zip(network.columns, network.first, network.second, network.question, strict=True)
    return Fusion(
        tuple(
            Branch(np.array(columns, dtype=np.intp), _layer(first), _layer(second), _layer(question))
            for columns, first, second, question in layers
        )
    )


def _layer(layer: Any) -> FloatArray:
    weight = layer.weight.detach().numpy().astype(np.float64)
    return np.concatenate([layer.bias.detach().numpy().astype(np.float64)[None], weight.T])
