"""Networks answer without torch as with it, see no padding, and learn what can be learnt."""

import functools
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from model_cases import rows, small_model
from sequence_cases import sequences, table_of
from styleprint.bundle.bundle import Bundle, load_bundle, save_bundle
from styleprint.evaluation.evaluate import Settings as EvaluationSettings
from styleprint.evaluation.evaluate import evaluate_table
from styleprint.extraction.recipe import Recipe
from styleprint.models.base import check_training, read_inputs
from styleprint.models.held_out import inner_pairs
from styleprint.models.networks import machine
from styleprint.models.networks.encoding import Encoded, cut_windows
from styleprint.models.networks.fusion import Fusion, pool_rows
from styleprint.models.networks.graph import Graph, check_graph
from styleprint.models.registry import make_model
from styleprint.support.errors import ModelError

torch = pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")

NETWORKS = ("lstm", "convolutions", "transformer", "hybrid")
WINDOW = 8


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return table_of(tmp_path_factory.mktemp("chords"), *sequences(pieces=8, length=30))


@pytest.fixture(scope="module")
def fitted(table):
    """Each network, having learnt to tell the composers apart."""
    X, y = table.inputs(), table.frame["label"].to_numpy(dtype=str)
    settings = {"epochs": 12, "rate": 0.02, "window": 16, "networks": 0}
    return {name: small_model(name, **settings).fit(X, y) for name in NETWORKS}


def untrained(name):
    from styleprint.models.networks.layers import Embeddings, Network

    torch.manual_seed(1)
    model = small_model(name, window=WINDOW, layers=2)
    body = model.make_body()
    for share in getattr(body, "shares", ()):
        torch.nn.init.constant_(share, 0.7)  # as if it had learnt
    return Network(Embeddings((9, 5), model.width), body, model.width, 3, 0.3).eval()


def tokens(random, count):
    """Tokens of two columns, one row after another."""
    indices = np.stack([random.integers(0, n, count) for n in (9, 5)], axis=1).astype(np.int32)
    return Encoded(indices, np.array([0, count]), np.ones(count, dtype=bool))


@pytest.mark.parametrize("name", NETWORKS)
def test_onnx_answers_as_torch_does_at_every_length(name):
    """From no token to three windows, one piece at a time and all at once: within 1e-4."""
    from styleprint.models.networks.export import export_graph

    network = untrained(name)
    graph = Graph(export_graph(network, WINDOW, 2))
    random = np.random.default_rng(0)
    indices = tokens(random, 400)
    spans = [(length, 2 * length) for length in range(3 * WINDOW + 1)]
    for chosen in ([span] for span in spans):
        windows = cut_windows(indices, chosen, WINDOW)
        place = torch.arange(len(windows.row)).unsqueeze(0)
        with torch.no_grad():
            tensors = torch.as_tensor(windows.values), torch.as_tensor(windows.mask)
            every = torch.ones_like(place, dtype=torch.bool)
            expected = network.answer(*tensors, place, every, torch.zeros(1, 0)).numpy()
        pooled = pool_rows(*graph.run(windows.values, windows.mask), windows.row, 1)
        decided = pooled @ network.head.weight.detach().numpy().T + network.head.bias.detach().numpy()
        assert np.abs(decided - expected).max() < 1e-4
    every = cut_windows(indices, spans, WINDOW)
    together = pool_rows(*graph.run(every.values, every.mask), every.row, len(spans))
    alone = [cut_windows(indices, [span], WINDOW) for span in spans]
    apart = [pool_rows(*graph.run(one.values, one.mask), one.row, 1)[0] for one in alone]
    assert np.abs(together - np.array(apart)).max() < 1e-4


def test_the_hybrid_joins_windows_and_features_as_torch_does():
    """Two branches, pieces of one to three windows: within 1e-4, and each row has its own features."""
    from styleprint.models.networks.export import export_fusion, export_graph, export_head
    from styleprint.models.networks.layers import Embeddings, HybridNetwork

    torch.manual_seed(2)
    model = small_model("hybrid", window=WINDOW, layers=1)
    front = Embeddings((9, 5), model.width)
    network = HybridNetwork(front, model.make_body(), model.width, 3, 0.3, [[0, 2], [1]]).eval()
    torch.nn.init.normal_(network.head.weight)  # as if it had learnt to hear windows
    random = np.random.default_rng(0)
    indices = tokens(random, 100)
    windows = cut_windows(indices, [(0, 5), (10, 34), (40, 55)], WINDOW)
    place, there = np.zeros((3, 3), np.int64), np.arange(3) < np.array([[1], [3], [2]])
    place[there] = np.arange(6)
    tabular = random.normal(size=(3, 3))
    arrays = (windows.values, windows.mask, place, there, tabular.astype(np.float32))
    with torch.no_grad():
        expected = network.answer(*map(torch.as_tensor, arrays)).numpy()
    graph, head = Graph(export_graph(network, WINDOW, 2)), export_head(network)
    fused = export_fusion(network).combine(*graph.run(windows.values, windows.mask), windows.row, 3, tabular)
    assert np.abs(fused @ head[1:] + head[0] - expected).max() < 1e-4
    again = Fusion.from_state(export_fusion(network).to_state(), 3)
    other = again.combine(*graph.run(windows.values, windows.mask), windows.row, 3, tabular[::-1])
    assert np.abs(other - fused).max() > 1e-3
    vectors, scores = graph.run(windows.values, windows.mask)
    louder = again.combine(2 * vectors, scores, windows.row, 3, tabular)
    assert np.abs((louder - fused) @ head[1:]).max() > 1e-2


@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_masked_changes_nothing(name):
    """A window may be filled up with anything."""
    network = untrained(name)
    random = np.random.default_rng(0)
    indices = torch.as_tensor(random.integers(0, 5, (4, WINDOW, 2)))
    mask = torch.as_tensor(np.arange(WINDOW) < np.array([[0], [3], [7], [8]])).float()
    other = torch.where(mask.unsqueeze(2) > 0, indices, torch.as_tensor(random.integers(0, 5, (4, WINDOW, 2))))
    with torch.no_grad():
        for before, after in zip(network(indices, mask), network(other, mask), strict=True):
            assert torch.allclose(before, after, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_it_learns(name, fitted, table, tmp_path):
    """Composers who move by habits of their own are told apart in pieces that were not learnt."""
    new = table_of(tmp_path, *sequences(pieces=6, length=40, seed=3))
    assert (fitted[name].predict(new.inputs()) == new.frame["label"].to_numpy()).mean() > 0.8


@pytest.mark.parametrize("name", NETWORKS)
def test_learning_is_on_record(name, fitted):
    """A curve a network, with what the rows held out said after each epoch; the loss falls."""
    for curve in fitted[name].curves_:
        assert len(curve) == 12 + (name == "hybrid")  # its branches come first
        assert set(curve[-1]) == {"loss", "held_out_loss", "held_out_accuracy"}
        assert ("rounds" in curve[0]) == (name == "hybrid")
        first, *others = curve[name == "hybrid" :]
        assert min(epoch["loss"] for epoch in others) < first["loss"]


def test_any_number_of_workers_learns_the_same(table):
    """Folds here, or in two processes: the same probabilities, and the same curves."""
    make = functools.partial(small_model, "convolutions")
    found = [
        evaluate_table(
            table,
            make,
            model="convolutions",
            settings=EvaluationSettings(protocols=("work",), folds=2, workers=workers),
        )
        for workers in (0, 2)
    ]
    assert found[0].predictions.equals(found[1].predictions)
    assert found[0].sections["epochs"] == found[1].sections["epochs"]


@pytest.mark.parametrize("name", NETWORKS)
def test_answers_do_not_know_how_many_rows_are_asked_about_at_once(name, fitted, table, monkeypatch):
    """Row by row, some at a time or all at once: the same decisions, and rows are alike to the same rows."""
    X = table.inputs()
    decisions, nearest = fitted[name].look(X).decisions, fitted[name].nearest(X, 3)[0]
    for most in (1, 70):
        monkeypatch.setattr(machine, "_MOMENTS_AT_ONCE", most)
        assert np.allclose(fitted[name].look(X).decisions, decisions, atol=1e-6)
        assert np.array_equal(fitted[name].nearest(X, 3)[0], nearest)


def test_a_member_of_a_stack_learns_as_it_does_alone(table):
    """The same folds and the same seed: the same decisions; the stack weighs them by one number each."""
    X, y = table.inputs(), table.frame["label"].to_numpy(dtype=str)
    stack = make_model("sequence_stack", seed=3).set_params(members="ngrams,relative_ngrams").fit(X, y)
    looked = stack.look(X)
    total = np.zeros_like(looked.decisions)
    for name, member, scale in zip(stack.machine_.names, stack.machine_.members, stack.machine_.scales, strict=True):
        alone = make_model(name, seed=3).fit(X, y).look(X).decisions
        assert np.allclose(member.answer(looked.inputs)[0], alone)
        total += scale * alone
    assert np.allclose(total, looked.decisions)
    with pytest.raises(ModelError, match="M118"):
        make_model("sequence_stack", seed=0).set_params(members="ngrams,hybrid").fit(X, y)


def test_scales_come_from_other_folds(table, monkeypatch):
    """What a fold's rows are decided with was fitted on rows of the other folds; the machine's scales on all."""
    X, y = table.inputs(), table.frame["label"].to_numpy(dtype=str)
    stack = make_model("sequence_stack", seed=3).set_params(members="ngrams,relative_ngrams")
    training = check_training(y, None, None, len(X))
    splits = inner_pairs(training, 3, 3)
    asked = []
    own = type(stack).weigh_members

    def record(self, decisions, training, answered):
        asked.append(np.sort(answered))
        return own(self, decisions, training, answered)

    monkeypatch.setattr(type(stack), "weigh_members", record)
    decisions, _ = stack.learn(stack.restrict(read_inputs(X, ())), training, splits)
    assert np.isfinite(decisions).all()
    expected = [np.setdiff1d(np.arange(len(X)), test) for _, test in splits] + [np.arange(len(X))]
    assert [rows.tolist() for rows in asked] == [rows.tolist() for rows in expected]


@pytest.mark.parametrize("length", [5, 8, 12])
def test_a_coarse_body_sees_the_means_of_runs(length):
    """Each token gets what the body adds to the mean of its run, masked tokens left out; last runs may be shorter."""
    from styleprint.models.networks.layers import Coarse

    class Doubled(torch.nn.Module):
        def forward(self, seen, mask):
            return 2 * seen * mask.unsqueeze(2)

    random = np.random.default_rng(0)
    seen, mask = random.normal(size=(2, length, 3)), np.ones((2, length))
    mask[1, 3:] = 0
    found = Coarse(Doubled(), 4)(torch.tensor(seen), torch.tensor(mask)).numpy()
    for window in range(2):
        for start in range(0, length, 4):
            run = slice(start, start + 4)
            own = seen[window, run][mask[window, run] > 0]
            mean = own.mean(axis=0) if len(own) else np.zeros(3)
            expected = seen[window, run] + (mean if len(own) else 0)
            assert np.allclose(found[window, run], expected)


def hybrid_network(branches=([0, 1], [2])):
    from styleprint.models.networks.layers import Chain, Embeddings, HybridNetwork

    torch.manual_seed(0)
    return HybridNetwork(Embeddings((9, 5), 8), Chain(), 8, 3, 0.0, branches)


def asked_pieces(random, pieces=4):
    """Windows of pieces of one to some windows, and three numbers of each piece."""
    windows = cut_windows(tokens(random, 100), [(10 * i, 10 * i + 6 * i + 5) for i in range(pieces)], WINDOW)
    counts = np.bincount(windows.row)
    place, there = np.zeros((pieces, counts.max()), np.int64), np.arange(counts.max()) < counts[:, None]
    place[there] = np.arange(len(windows.row))
    tabular = random.normal(size=(pieces, 3)).astype(np.float32)
    return tuple(map(torch.as_tensor, (windows.values, windows.mask, place, there, tabular)))


def test_half_of_the_pieces_are_told_without_windows():
    """While it learns; once it has learnt all are heard."""
    network = hybrid_network()
    heard = network.train()._hear(400, "cpu")
    assert set(heard.unique().tolist()) == {0.0, 1.0}
    assert 0.4 < heard.mean() < 0.6
    assert network.eval()._hear(400, "cpu") == 1.0


def test_a_hybrid_begins_with_what_its_branches_say():
    """Before windows have been learnt they change nothing; what they teach changes no branch."""
    network = hybrid_network().eval()
    arrays = asked_pieces(np.random.default_rng(1))
    alone = network.answer_alone(arrays[-1])
    assert torch.allclose(network.answer(*arrays), alone, atol=1e-6)
    torch.nn.functional.cross_entropy(network.answer(*arrays), torch.tensor([0, 1, 2, 0])).backward()
    branch = [*network.first.parameters(), *network.second.parameters()]
    assert all(one.grad is None for one in branch)
    of_windows = sorted(set(range(network.head.in_features)) - set(network.own))
    assert (network.head.weight[:, of_windows] == 0).all()
    assert network.head.weight.grad[:, of_windows].abs().sum() > 0
    torch.nn.functional.cross_entropy(network.answer_alone(arrays[-1]), torch.tensor([0, 1, 2, 0])).backward()
    assert all(one.grad is not None for one in branch)


def test_longer_windows_count_more_for_branches_that_ask():
    """A window of one token beside a full one: by cross-attention too it has the weight of its length."""
    network = hybrid_network(([0, 1, 2],)).eval()
    with torch.no_grad():
        network.question[0].weight.zero_()
        network.question[0].bias.zero_()
        network.score.weight.zero_()
    indices = tokens(np.random.default_rng(0), WINDOW + 1)
    windows = cut_windows(indices, [(0, WINDOW + 1)], WINDOW)
    vector, score = (one.detach().numpy() for one in network(*map(torch.as_tensor, (windows.values, windows.mask))))
    from styleprint.models.networks.export import export_fusion

    seen = export_fusion(network).combine(vector, score, windows.row, 1, np.zeros((1, 3)))
    wanted = (WINDOW * vector[0] + vector[1]) / (WINDOW + 1)
    assert np.allclose(seen[0, 16:32], wanted, atol=1e-3)


def test_branches_learn_first_and_stay(monkeypatch):
    """At each point of the curve they are what they were at the first; what windows say begins at nothing."""
    from styleprint.models.networks import training

    seen = []
    own = training.train_network
    monkeypatch.setattr(training, "train_network", lambda *a, **k: seen.append(own(*a, **k)) or seen[-1])
    X, y, groups = rows(("Anna", "Bruno"), 6)
    model = small_model("hybrid", epochs=2, networks=1).fit(X, y, groups=groups)
    states, network = seen[0].course.states, seen[0].course.network
    assert [len(curve) for curve in model.curves_] == [3]
    branch = [name for name in states[0] if name.startswith(("first", "second"))]
    assert all(torch.allclose(states[0][name], states[2][name], atol=1e-6) for name in branch)
    of_windows = sorted(set(range(network.head.in_features)) - set(network.own))
    assert (states[0]["head.weight"][:, of_windows] == 0).all()
    assert (states[1]["head.weight"][:, of_windows] != 0).any()


def test_rows_held_out_of_a_small_table_are_answered_as_new_ones(tmp_path):
    """Runs place them alike: what calibrates is what is asked about."""
    table = table_of(tmp_path, *sequences(pieces=10, length=30))
    y = table.frame["label"].to_numpy(dtype=str)
    model = small_model("hybrid", epochs=1, networks=0, inner_folds=3).fit(table.inputs(), y)
    assert np.mean([curve[0]["held_out_accuracy"] for curve in model.curves_]) > 0.65
    (tmp_path / "new").mkdir()
    new = table_of(tmp_path / "new", *sequences(pieces=20, length=30, seed=7))
    assert (model.predict(new.inputs()) == new.frame["label"].to_numpy(dtype=str)).mean() > 0.65


def test_a_hybrid_of_rows_that_share_nothing_learns(tmp_path):
    """No features, and no run that two rows have: windows alone, as any network."""
    numbers = [[16 * (i % 12) + q for q in (2 * (i // 12), 2 * (i // 12) + 1)] for i in range(12)]
    table = table_of(tmp_path, numbers, ["Anna", "Bruno"] * 6)
    model = small_model("hybrid", epochs=1, networks=1, longest=1)
    model.fit(table.inputs()[["chords.root"]].iloc[:12], table.frame["label"].to_numpy(dtype=str))
    assert np.isfinite(model.predict_proba(table.inputs())).all()


def test_the_hybrid_hears_features_of_its_own_piece():
    """Other features, other answers; evidence names features as well as passages."""
    X, y, groups = rows(("Anna", "Bruno"), 6)
    model = small_model("hybrid", epochs=6, rate=0.02).fit(X, y, groups=groups)
    exchanged = X.copy()
    numbers = [name for name in X if not isinstance(X[name].dtype, pd.ArrowDtype)]
    exchanged[numbers] = X[numbers].to_numpy()[::-1]
    assert not np.allclose(model.predict_proba(X), model.predict_proba(exchanged))
    named = [pattern["name"] for pattern in model.evidence(X.iloc[[0]], "Anna", 400)]
    assert any("of pieces" in name for name in named)
    assert any(name.startswith("frames ") for name in named)


def test_no_fold_chooses_after_how_many_epochs_it_is_answered(table, monkeypatch):
    """The epoch of a network comes from the curves of the others, and its answers are those of that epoch."""
    from styleprint.models.networks import training

    asked = []

    def choose(curves):
        asked.append(curves)
        return len(asked) - 1

    monkeypatch.setattr(training, "choose_epoch", choose)
    X, y = table.inputs(), table.frame["label"].to_numpy(dtype=str)
    model = small_model("convolutions", epochs=3, networks=0)
    inputs = model.restrict(read_inputs(X, ()))
    lessons = check_training(y, None, None, len(X))
    splits = inner_pairs(lessons, 3, 0)
    decisions, _ = model.learn(inputs, lessons, splits)
    assert asked == [[curve for j, curve in enumerate(model.curves_) if j != i] for i in range(3)]
    for i, (_, hold) in enumerate(splits):
        right = (decisions[hold].argmax(axis=1) == lessons.y[hold]).mean()
        assert right == pytest.approx(model.curves_[i][i]["held_out_accuracy"])


def test_the_epoch_is_the_best_of_the_curves_together():
    from styleprint.models.networks.training import choose_epoch

    curves = [[{"held_out_loss": loss} for loss in losses] for losses in ((3.0, 1.0, 2.0), (3.0, 2.5, 1.0))]
    assert choose_epoch(curves) == 2
    assert choose_epoch(curves[:1]) == 1
    assert choose_epoch([]) == -1


def test_focal_loss_is_another_loss(table):
    """It learns, and not the same."""
    X, y = table.inputs(), table.frame["label"].to_numpy(dtype=str)
    plain, focal = (small_model("convolutions", focal=gamma).fit(X, y) for gamma in (0.0, 2.0))
    assert np.isfinite(focal.predict_proba(X)).all()
    assert not np.allclose(plain.predict_proba(X), focal.predict_proba(X))


def test_evidence_names_passages(fitted, table):
    """Where in the piece, and which chords begin there."""
    found = fitted["convolutions"].evidence(table.inputs().iloc[[0]], "Anna", 8)
    assert found
    assert found[0]["name"].startswith("chords ")
    assert "–" in found[0]["name"]


BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "onnx"):
            raise ModuleNotFoundError(f"{name} is blocked", name=name)
sys.meta_path.insert(0, Blocked())
from pathlib import Path
from styleprint.bundle.bundle import load_bundle
from styleprint.extraction.foreign import read_inputs_of
bundle = load_bundle(Path(sys.argv[1]))
inputs, names = read_inputs_of(Path(sys.argv[2]), bundle.recipe)
print(",".join(bundle.estimator.predict(inputs)))
"""


@pytest.mark.parametrize("name", NETWORKS)
def test_a_bundle_answers_where_torch_is_not(name, fitted, table, tmp_path):
    """Saved, loaded in a process that can import neither torch nor onnx, asked: the same answers."""
    rows, labels = sequences(pieces=2, length=30, seed=9)
    new = table_of(tmp_path, rows, labels)
    model, n_rows = fitted[name], len(table)
    pieces = tuple({"path": str(i), "label": str(label), "work": ""} for i, label in enumerate(table.frame["label"]))
    shares = dict.fromkeys(model.classes_.tolist(), 1 / 3)
    path = tmp_path / "model.styleprint"
    recipe = Recipe.from_json(table.recipe)
    save_bundle(Bundle(name, model, recipe, pieces, None, shares, None, "A card."), path, table.inputs())
    assert load_bundle(path).estimator.n_rows_ == n_rows
    answer = subprocess.run(
        [sys.executable, "-c", BLOCKED, str(path), str(tmp_path / "chords.npz")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip().split(",") == model.predict(new.inputs()).tolist()


def test_learning_without_torch_says_what_to_install(monkeypatch, table):
    """And that asking needs none of it."""
    import onnx  # noqa: F401  # what is missing is torch

    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelError, match=r"M117[\s\S]*styleprint\[deep\]"):
        small_model("lstm").fit(table.inputs(), table.frame["label"].to_numpy(dtype=str))


def forged(node, initializer=()):
    onnx = pytest.importorskip("onnx")
    value = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])
    graph = onnx.helper.make_graph([node], "g", [value], [value], list(initializer))
    return onnx.helper.make_model(graph)


def test_a_graph_may_do_nothing_but_what_networks_do(fitted):
    """Loops, branches, operators of others, tensors in files, functions, bytes that are no graph."""
    onnx = pytest.importorskip("onnx")
    make = onnx.helper.make_node
    body = forged(make("Relu", ["x"], ["x"])).graph
    far = onnx.helper.make_tensor("t", onnx.TensorProto.FLOAT, [1], [1.0])
    far.data_location = onnx.TensorProto.EXTERNAL
    far.external_data.add(key="location", value="/etc/passwd")
    function = forged(make("Relu", ["x"], ["x"]))
    function.functions.add(name="f", domain="d")
    bad = {
        "operator 'Loop'": forged(make("Loop", ["x", "x"], ["y"])),
        "operator 'Relu'": forged(make("Relu", ["x"], ["y"], domain="com.else")),
        "no branches": forged(make("Relu", ["x"], ["y"], body=body)),
        "must stand in the graph": forged(make("Relu", ["x"], ["y"]), [far]),
        "no functions": function,
    }
    for match, model in bad.items():
        with pytest.raises(ValueError, match=match):
            check_graph(model.SerializeToString())
    good = fitted["lstm"].machine_.graphs[0].data
    check_graph(good)
    for data in (b"", b"hello", good[: len(good) // 2], b"\xff" * 40):
        with pytest.raises(ValueError, match="graph"):
            Graph(data)


def test_changed_bytes_of_a_graph_are_a_damaged_state(fitted):
    """Whatever onnxruntime says of it is a ValueError, or the answer has the shape that it must have."""
    good = fitted["convolutions"].machine_.graphs[0].data
    random = np.random.default_rng(0)
    indices, mask = np.zeros((1, 16, 10), np.int64), np.ones((1, 16), np.float32)
    for _ in range(20):
        data = bytearray(good)
        data[random.integers(len(data) // 4)] ^= 1 << int(random.integers(8))
        try:
            vector, score = Graph(bytes(data)).run(indices, mask)
        except ValueError:
            continue
        assert vector.shape[0] == score.shape[0] == 1


def test_what_is_hidden_leaves_both_directions_alike():
    """A recurrent layer that hears a window with a hole backwards, its directions exchanged, says the same backwards.

    Holes are what attribution makes: the end of a window must not be scrambled by what is hidden before it.
    """
    from styleprint.models.networks.layers import Recurrent

    torch.manual_seed(0)
    one, other = Recurrent(8, 1, 0.0).eval(), Recurrent(8, 1, 0.0).eval()
    other.load_state_dict(one.state_dict())
    other.forwards, other.backwards = other.backwards, other.forwards
    mask = torch.ones(1, 10)
    mask[0, 2:5] = 0.0
    seen = torch.randn(1, 10, 8) * mask.unsqueeze(2)
    with torch.no_grad():
        found = one(seen, mask) - seen
        mirrored = (other(seen.flip(1), mask.flip(1)) - seen.flip(1)).flip(1)
    assert torch.allclose(torch.cat([found[..., 4:], found[..., :4]], dim=2), mirrored, atol=1e-6)
