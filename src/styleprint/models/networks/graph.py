"""A network's encoder as an ONNX graph, read without trust and run by onnxruntime.

A graph in a bundle may have come from anybody. It is looked at as bytes before it is given to onnxruntime: only the
operators that our networks are made of, and of every message only the fields that our export writes, so no branches,
loops or functions, and no tensors in other files (ONNX, IR version 8, ``onnx.proto``; the wire format is that of
Protocol Buffers). A tensor has exactly the bytes that its shape says, whole numbers in it are small, and what a graph
makes while it runs comes from an arena with a limit.
"""

import functools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Graph", "check_graph"]

OPERATORS = frozenset(
    (
        *("Add", "Cast", "Clip", "Concat", "Constant", "ConstantOfShape", "Conv", "Div", "Equal", "Expand", "Gather"),
        *("GatherElements", "Gemm", "Greater", "Identity", "LSTM", "LayerNormalization", "Less", "Log", "MatMul"),
        *(
            "MaxPool",
            "Mul",
            "Pow",
            "Range",
            "ReduceMax",
            "ReduceSum",
            "Relu",
            "Reshape",
            "Shape",
            "Softmax",
            "Squeeze",
            "Sub",
        ),
        *("Sub", "Tanh", "Transpose", "Unsqueeze", "Where"),
    )
)
"""All that an encoder may do: what the export of our networks contains."""

_WINDOWS_AT_ONCE, _TOKENS_AT_ONCE = 64, 8192
_MOST_MEMORY = 2**31
_LARGEST_WHOLE = 2**16
_MODEL_GRAPH = 7
_MODEL_FIELDS = frozenset((1, 2, 3, _MODEL_GRAPH, 8))  # versions, producer, graph, operator sets
_GRAPH_NODE, _GRAPH_INITIALIZER = 1, 5
_GRAPH_FIELDS = frozenset((_GRAPH_NODE, 2, _GRAPH_INITIALIZER, 11, 12))  # nodes, name, tensors, inputs, outputs
_NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_NODE_FIELDS = frozenset((1, 2, 3, _NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN))  # inputs, outputs, name, …
_ATTRIBUTE_TENSOR = 5
_ATTRIBUTE_FIELDS = frozenset((1, 2, 3, _ATTRIBUTE_TENSOR, 8, 20))  # name, float, int, tensor, ints, type
_TENSOR_SHAPE, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_BYTES = 1, 2, 8, 9
_TENSOR_FIELDS = frozenset((_TENSOR_SHAPE, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_BYTES))
_FLOAT, _INT32, _INT64, _BOOL = 1, 6, 7, 9
_TENSOR_SIZES = {_FLOAT: 4, _INT32: 4, _INT64: 8, _BOOL: 1}
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5


class Graph:
    """An encoder: windows of indices or levels and their mask to a vector and a score each.

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
        self, values: npt.NDArray[Any], mask: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Vectors, shape (n_windows, n_dimensions), and scores, shape (n_windows,).

        Raises
        ------
        ValueError
            Where the graph does not fit what it is given.
        """
        session = self._open()
        at_once = min(_WINDOWS_AT_ONCE, max(1, _TOKENS_AT_ONCE // max(1, values.shape[1])))
        vectors, scores = [], []
        for start in range(0, len(values), at_once):
            part = slice(start, start + at_once)
            try:
                vector, score = session.run(None, {"values": values[part], "mask": mask[part]})
            except _failures() as error:
                raise ValueError(f"the graph cannot be run: {str(error)[:200]}") from error
            if vector.ndim != 2 or score.shape != (len(vector),) or len(vector) != len(values[part]):
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
            _limit_memory()
            options.add_session_config_entry("session.use_env_allocators", "1")
            try:
                self._session = onnxruntime.InferenceSession(
                    self.data,
                    options,
                    providers=["CPUExecutionProvider"],
                    disabled_optimizers=["ConstantFolding"],  # it would work outside the arena that has the limit
                )
            except _failures() as error:
                raise ValueError(f"the graph cannot be read: {str(error)[:200]}") from error
        return self._session


@functools.cache
def _limit_memory() -> None:
    """One arena for all graphs of this process, of at most 2 GiB; beyond it onnxruntime raises."""
    import onnxruntime

    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg({"max_mem": _MOST_MEMORY}))


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
        if number not in _MODEL_FIELDS:
            raise ValueError("a graph may have no functions of its own, and nothing that our export does not write")
        if number == _MODEL_GRAPH:
            graphs += 1
            _check_parts(_message(value))
    if graphs != 1:
        raise ValueError("a model must have one graph")


def _check_parts(graph: bytes) -> None:
    for number, value in _fields(graph):
        if number not in _GRAPH_FIELDS:
            raise ValueError("a graph may have nodes, plain tensors, inputs and outputs alone")
        if number == _GRAPH_NODE:
            _check_node(_message(value))
        elif number == _GRAPH_INITIALIZER:
            _check_tensor(_message(value))


def _check_node(node: bytes) -> None:
    operator, domain = b"", b""
    for number, value in _fields(node):
        if number not in _NODE_FIELDS:
            raise ValueError("a graph's nodes may have an operator, names and attributes alone")
        if number == _NODE_OPERATOR:
            operator = _message(value)
        elif number == _NODE_DOMAIN:
            domain = _message(value)
        elif number == _NODE_ATTRIBUTE:
            _check_attribute(_message(value))
    name = operator.decode("ascii", "replace")
    if name not in OPERATORS or domain not in (b"", b"ai.onnx"):
        raise ValueError(f"a graph may not use the operator {name[:40]!r}")


def _check_attribute(attribute: bytes) -> None:
    for number, value in _fields(attribute):
        if number not in _ATTRIBUTE_FIELDS:
            raise ValueError("a graph's attributes may be numbers and plain tensors, no branches and no loops")
        if number == _ATTRIBUTE_TENSOR:
            _check_tensor(_message(value))


def _check_tensor(tensor: bytes) -> None:
    """It stands in the graph, its bytes are as many as its shape says, and its whole numbers are small.

    Whole numbers become shapes and lengths; none of ours is beyond the width of a network or the reach of attention.
    """
    shape: list[int] = []
    kind, content = 0, b""
    for number, value in _fields(tensor):
        if number not in _TENSOR_FIELDS:
            raise ValueError("a graph's tensors must stand in the graph, as plain bytes")
        if number == _TENSOR_SHAPE:
            shape += [value] if isinstance(value, int) else _varints(value)
        elif number == _TENSOR_TYPE and isinstance(value, int):
            kind = value
        elif number == _TENSOR_BYTES:
            content = _message(value)
    if kind not in _TENSOR_SIZES or len(content) != math.prod(shape) * _TENSOR_SIZES[kind]:
        raise ValueError("a graph's tensors must have as many bytes as their shape says")
    if kind in (_INT32, _INT64):
        whole = np.frombuffer(content, dtype="<i4" if kind == _INT32 else "<i8")
        if ((whole > _LARGEST_WHOLE) | (whole < -_LARGEST_WHOLE)).any():
            raise ValueError(f"a graph's whole numbers must lie in −{_LARGEST_WHOLE}…{_LARGEST_WHOLE}")


def _varints(data: bytes) -> list[int]:
    found, place = [], 0
    while place < len(data):
        value, place = _varint(data, place)
        found.append(value)
    return found


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
