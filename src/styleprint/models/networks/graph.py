"""A network's encoder as an ONNX graph, read without trust and run by onnxruntime.

A graph in a bundle may have come from anybody. It is looked at as bytes before it is given to onnxruntime: only the
operators that our networks are made of, no branches, loops or functions, no tensors in other files (ONNX, IR version 8,
``onnx.proto``; the wire format is that of Protocol Buffers).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Graph", "check_graph"]

OPERATORS = frozenset(
    (
        *(
            "Add",
            "And",
            "Cast",
            "Clip",
            "Concat",
            "Constant",
            "ConstantOfShape",
            "Conv",
            "Div",
            "Equal",
            "Exp",
            "Expand",
        ),
        *("Gather", "GatherElements", "Gemm", "Identity", "LSTM", "LayerNormalization", "Less", "Log", "MatMul", "Max"),
        *("Min", "Mul", "Neg", "Not", "Pow", "Range", "ReduceMax", "ReduceMean", "ReduceSum", "Relu", "Reshape"),
        *("Shape", "Sigmoid", "Slice", "Softmax", "Split", "Sqrt", "Squeeze", "Sub", "Tanh", "Transpose", "Unsqueeze"),
        *("Where", "Greater"),
    )
)
"""All that an encoder may do."""

_WINDOWS_AT_ONCE = 64
_MODEL_GRAPH, _MODEL_TRAINING, _MODEL_FUNCTIONS = 7, 20, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE = 1, 5, 15
_NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS = 5, 6, 11
_TENSOR_ELSEWHERE, _TENSOR_PLACE = 13, 14
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5


class Graph:
    """An encoder: windows of indices and their mask to a vector and a score each.

    Parameters
    ----------
    data : bytes
        ONNX.

    Raises
    ------
    ValueError
        Where the bytes are no graph of ours.
    """

    def __init__(self, data: bytes) -> None:
        check_graph(data)
        self.data = data
        self._session: Any = None

    def __getstate__(self) -> dict[str, Any]:
        """Without the session, which belongs to this process."""
        return {"data": self.data, "_session": None}

    def run(
        self, indices: npt.NDArray[np.int64], mask: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Vectors, shape (n_windows, n_dimensions), and scores, shape (n_windows,).

        Raises
        ------
        ValueError
            Where the graph does not fit what it is given.
        """
        session = self._open()
        vectors, scores = [], []
        for start in range(0, len(indices), _WINDOWS_AT_ONCE):
            part = slice(start, start + _WINDOWS_AT_ONCE)
            try:
                vector, score = session.run(None, {"indices": indices[part], "mask": mask[part]})
            except _failures() as error:
                raise ValueError(f"the graph cannot be run: {str(error)[:200]}") from error
            if vector.ndim != 2 or score.shape != (len(vector),) or len(vector) != len(indices[part]):
                raise ValueError("a graph must give a vector and a score for each window")
            vectors.append(vector)
            scores.append(score)
        return np.concatenate(vectors).astype(np.float64), np.concatenate(scores).astype(np.float64)

    def _open(self) -> Any:
        if self._session is None:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1  # the same sums for any number of workers
            options.log_severity_level = 3
            try:
                self._session = onnxruntime.InferenceSession(self.data, options, providers=["CPUExecutionProvider"])
            except _failures() as error:
                raise ValueError(f"the graph cannot be read: {str(error)[:200]}") from error
        return self._session


def _failures() -> tuple[type[Exception], ...]:
    """What onnxruntime raises, which has no common root of its own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    own = [found for found in vars(state).values() if isinstance(found, type) and issubclass(found, Exception)]
    return (*own, RuntimeError, TypeError)


def check_graph(data: bytes) -> None:
    """Refuse what no encoder of ours has.

    Raises
    ------
    ValueError
    """
    graphs = 0
    for number, value in _fields(data):
        if number in (_MODEL_TRAINING, _MODEL_FUNCTIONS):
            raise ValueError("a graph may have no functions of its own")
        if number == _MODEL_GRAPH:
            graphs += 1
            _check_parts(_message(value))
    if graphs != 1:
        raise ValueError("a model must have one graph")


def _check_parts(graph: bytes) -> None:
    for number, value in _fields(graph):
        if number == _GRAPH_NODE:
            _check_node(_message(value))
        elif number == _GRAPH_INITIALIZER:
            _check_tensor(_message(value))
        elif number == _GRAPH_SPARSE:
            raise ValueError("a graph may have no sparse tensors")


def _check_node(node: bytes) -> None:
    operator, domain = b"", b""
    for number, value in _fields(node):
        if number == _NODE_OPERATOR:
            operator = _message(value)
        elif number == _NODE_DOMAIN:
            domain = _message(value)
        elif number == _NODE_ATTRIBUTE:
            for part, inner in _fields(_message(value)):
                if part in (_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS):
                    raise ValueError("a graph may have no branches and no loops")
                if part == _ATTRIBUTE_TENSOR:
                    _check_tensor(_message(inner))
    name = operator.decode("ascii", "replace")
    if name not in OPERATORS or domain not in (b"", b"ai.onnx"):
        raise ValueError(f"a graph may not use the operator {name[:40]!r}")


def _check_tensor(tensor: bytes) -> None:
    if any(number in (_TENSOR_ELSEWHERE, _TENSOR_PLACE) for number, _ in _fields(tensor)):
        raise ValueError("a graph's tensors must stand in the graph")


def _message(value: int | bytes) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("a part of the graph must be bytes")  # noqa: TRY004  # a damaged state is a ValueError
    return value


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Numbers and values of the fields of a message of Protocol Buffers."""
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, place = _varint(data, place)
            yield number, value
            continue
        if kind == _BYTES:
            length, place = _varint(data, place)
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            length = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise ValueError("the graph is no message of Protocol Buffers")
        if place + length > len(data):
            raise ValueError("the graph ends in the middle of a field")
        yield number, data[place : place + length]
        place += length


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for i in range(10):
        if place + i >= len(data):
            break
        byte = data[place + i]
        value |= (byte & 0x7F) << (7 * i)
        if byte < 0x80:
            return value, place + i + 1
    raise ValueError("the graph has a number that does not end")
