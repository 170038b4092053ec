"""Graphs that somebody made by hand read no files and take no memory without bound."""

import resource
import sys

import numpy as np
import pytest

from styleprint.models.networks.graph import Graph, check_graph

onnx = pytest.importorskip("onnx", reason="graphs are forged with onnx (extra 'deep')")
pytest.importorskip("onnxruntime", reason="graphs are run by onnxruntime (extra 'deep')")

FLOAT, INT64 = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
make = onnx.helper.make_node


def raw(name, kind, values):
    array = np.array(values, dtype=np.float32 if kind == FLOAT else np.int64)
    return onnx.helper.make_tensor(name, kind, array.shape, array.tobytes(), raw=True)


def model_of(*nodes, tensors=()):
    """Score: sums of the mask; the vector is what the nodes make of it."""
    inputs = [("values", INT64, ["w", 4, 1]), ("mask", FLOAT, ["w", 4])]
    graph = onnx.helper.make_graph(
        [*nodes, make("ReduceSum", ["mask", "axis"], ["score"], keepdims=0)],
        "g",
        [onnx.helper.make_tensor_value_info(*one) for one in inputs],
        [onnx.helper.make_tensor_value_info(name, FLOAT, None) for name in ("vector", "score")],
        [raw("axis", INT64, [1]), *tensors],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 8
    return model


def run(model):
    return Graph(model.SerializeToString()).run(np.zeros((1, 4, 1), np.int64), np.ones((1, 4), np.float32))


def elsewhere(name="v"):
    """A tensor whose number stands in another file."""
    tensor = onnx.TensorProto(data_type=FLOAT, dims=[1], name=name, data_location=onnx.TensorProto.EXTERNAL)
    for key, value in {"location": "secret.bin", "offset": "0", "length": "4"}.items():
        tensor.external_data.add(key=key, value=value)
    return tensor


def attribute(**fields):
    """A constant with fields that no export of ours writes."""
    node = onnx.NodeProto(op_type="Constant", output=["c"])
    node.attribute.append(onnx.AttributeProto(**fields))
    return node


def sparse(values):
    return onnx.SparseTensorProto(values=values, indices=raw("i", INT64, [0]), dims=[1])


def test_a_plain_graph_runs():
    """What is refused below is refused for what it does."""
    vector, score = run(model_of(make("Mul", ["mask", "c"], ["vector"]), tensors=[raw("c", FLOAT, [2.0])]))
    assert vector.tolist() == [[2.0] * 4]
    assert score.tolist() == [4.0]


KINDS = onnx.AttributeProto
READERS = {
    "sparse": attribute(name="sparse_value", type=KINDS.SPARSE_TENSOR, sparse_tensor=sparse(elsewhere())),
    "sparse, many": attribute(name="s", type=KINDS.SPARSE_TENSORS, sparse_tensors=[sparse(elsewhere())]),
    "many": attribute(name="s", type=KINDS.TENSORS, tensors=[elsewhere()]),
    "one": attribute(name="value", type=KINDS.TENSOR, t=elsewhere()),
    "text": attribute(name="value_string", type=KINDS.STRING, s=b"x"),
}


@pytest.mark.parametrize("case", READERS)
def test_no_tensor_is_read_from_another_file(case, tmp_path, monkeypatch):
    """By whichever attribute it is named."""
    (tmp_path / "secret.bin").write_bytes(np.float32(42.5).tobytes())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"a graph's (attributes|tensors)"):
        run(model_of(READERS[case], make("Mul", ["mask", "c"], ["vector"])))


def test_no_field_that_our_export_does_not_write():
    """Of the model, the graph and its nodes; the number of a field may not be hidden beyond 32 bits either."""
    good = make("Mul", ["mask", "mask"], ["vector"])
    odd = {name: model_of(good) for name in ("sparse", "quantised", "node", "training", "function")}
    odd["sparse"].graph.sparse_initializer.append(sparse(elsewhere()))
    odd["quantised"].graph.quantization_annotation.add(tensor_name="x")
    odd["node"].graph.node[0].doc_string = "x"
    odd["training"].training_info.add()
    odd["function"].functions.add(name="f", domain="d")
    hidden = b"\xb2\x81\x80\x80\x10\x00"  # field 22 and a bit that readers of 32 bits drop
    for data in [*(model.SerializeToString() for model in odd.values()), model_of(good).SerializeToString() + hidden]:
        with pytest.raises(ValueError, match="a graph"):
            check_graph(data)


def test_a_tensor_has_the_bytes_of_its_shape():
    """A shape alone takes no memory."""
    tensor = raw("c", FLOAT, [2.0])
    tensor.dims[:] = [2**40]
    with pytest.raises(ValueError, match="as many bytes"):
        run(model_of(make("Mul", ["mask", "c"], ["vector"]), tensors=[tensor]))


def memory():
    """The most that this process has taken, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def filled(shape):
    return [make("ConstantOfShape", ["shape"], ["big"])], [raw("shape", INT64, shape)]


def spread(shape):
    return [make("Expand", ["one", "shape"], ["big"])], [raw("shape", INT64, shape), raw("one", FLOAT, [1.0])]


def counted(last):
    nodes = [make("Cast", ["last"], ["whole"], to=INT64), make("Range", ["zero", "whole", "step"], ["big64"])]
    tensors = [raw("last", FLOAT, last), raw("zero", INT64, 0), raw("step", INT64, 1)]
    return [*nodes, make("Cast", ["big64"], ["big"], to=FLOAT)], tensors


def raised(base):
    """A power as a shape."""
    nodes = [make("Pow", ["base", "four"], ["shape"]), make("ConstantOfShape", ["shape"], ["big"])]
    return nodes, [raw("base", INT64, base), raw("four", INT64, 4)]


def joined(times):
    """A block beside itself many times."""
    nodes = [make("ConstantOfShape", ["shape"], ["block"]), make("Concat", ["block"] * times, ["big"], axis=0)]
    return nodes, [raw("shape", INT64, [2**14, 2**10])]


GREEDY = {
    "a shape": filled([2**28]),
    "two sides": filled([2**15, 2**15]),
    "expansion": spread([2**15, 2**15]),
    "a range": counted(2.0**32),
    "a power": raised([2**8]),
    "a block joined": joined(64),
}


@pytest.mark.parametrize("case", GREEDY)
def test_memory_has_a_bound(case):
    """Refused by what it says or by what it asks for; what is refused was not taken."""
    nodes, tensors = GREEDY[case]
    end = [make("ReduceSum", ["big"], ["sum"], keepdims=0), make("Add", ["mask", "sum"], ["vector"])]
    before = memory()
    with pytest.raises(ValueError, match=r"whole numbers must lie|cannot be (run|read)"):
        run(model_of(*nodes, *end, tensors=tensors))
    assert memory() - before < 5e8
