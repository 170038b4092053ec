"""Tables and models that cannot be evaluated: each is told why, and what to do."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from styleprint.evaluation.evaluate import Extras, Settings, evaluate_table
from styleprint.evaluation.folds import DataHandle, FoldJob, SharedData, run_fold
from styleprint.extraction.table import Column, Table
from styleprint.support.errors import EvaluationError, StyleprintError, UsageError


def make_table(**columns):
    """Ten pieces of A and B in works of one; columns replace those given."""
    frame = pd.DataFrame(
        {
            "path": [f"p{k}" for k in range(10)],
            "label": ["A", "B"] * 5,
            "group": [f"g{k}" for k in range(10)],
            "x": np.arange(10.0),
        }
    ).assign(**columns)
    return Table(frame, {name: Column("feature" if name == "x" else "identity") for name in frame})


class Liar(LogisticRegression):
    """Gives what is no probability."""

    def predict_proba(self, X):
        """Twice what is true."""
        return 2 * super().predict_proba(X)


CASES = {
    "one label": ("E103", {"label": "A"}, {}, {}),
    "no label": ("E103", {"label": ""}, {}, {}),
    "a label with one work": ("E104", {"group": ["g0", "same"] * 5}, {}, {}),
    "fewer works than folds": ("E101", {}, {"folds": 11}, {}),
    "no split": ("E105", {}, {"protocols": ("given",)}, {}),
    "a split without test": ("E106", {"split": "train"}, {"protocols": ("given",)}, {}),
    "an unknown protocol": ("U101", {}, {"protocols": ("lucky",)}, {}),
    "no protocol": ("U123", {}, {"protocols": ()}, {}),
    "one fold": ("U123", {}, {"folds": 1}, {}),
    "a probe of nothing": ("E108", {}, {}, {"probes": {"make": ("tempo",)}}),
    "changed rows of another number": ("E109", {}, {}, {"variants": {"slow": np.zeros((9, 1))}}),
    "no such column": ("E110", {}, {}, {"breakdowns": ("opus",)}),
}


@pytest.mark.parametrize("case", CASES)
def test_refusals(case):
    """Code and remedy, before any time is spent."""
    code, columns, settings, extras = CASES[case]
    with pytest.raises(StyleprintError) as caught:
        evaluate_table(
            make_table(**columns),
            LogisticRegression,
            model="logistic",
            settings=Settings(**settings),
            extras=Extras(**extras),
        )
    assert caught.value.code == code
    assert isinstance(caught.value, UsageError if code.startswith("U") else EvaluationError)
    assert caught.value.message.endswith(".")


def test_a_table_without_labels():
    table = make_table()
    frame = table.frame.drop(columns="label")
    bare = Table(frame, {name: table.columns[name] for name in frame})
    with pytest.raises(EvaluationError, match=r"E102.*\n.*\n.*--target"):
        evaluate_table(bare, LogisticRegression, model="logistic")


def test_a_fold_that_learns_one_label():
    """What scikit-learn would say of it in many ways is said once."""
    data = SharedData(np.zeros((3, 1)), np.array(["A", "A", "B"]), ("A", "B"))
    rows = np.array([0, 1])
    job = FoldJob(DataHandle(data=data), LogisticRegression, rows, np.array([2]), None, rows)
    with pytest.raises(EvaluationError, match="E111"):
        run_fold(job)


def test_probabilities_that_are_none():
    with pytest.raises(EvaluationError, match=r"(?s)E107.*Liar"):
        evaluate_table(make_table(), Liar, model="liar", settings=Settings(folds=2))


def test_a_given_split_is_kept():
    """Validation rows teach, rows without a side are left out, test rows are tested once."""
    split = ["train"] * 4 + ["Valid", "validation"] + ["test"] * 2 + ["", "elsewhere"]
    found = evaluate_table(
        make_table(split=split), LogisticRegression, model="logistic", settings=Settings(protocols=("given",))
    )
    assert found.predictions["path"].tolist() == ["p6", "p7"]
    assert found.protocols["given"]["folds"] == 1
    assert found.audit["quote"]["protocol"] == "given"
