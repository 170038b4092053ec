"""Is what a model points at what it answers by? Without it, the answer must fall.

A piece is cut into passages; the tenth of them that speaks most for the answer is taken out, and the piece is asked
about again; and once more with as many passages taken out at random, several times over (the deletion check of Samek,
Binder, Montavon, Lapuschkin and Müller, *IEEE Transactions on Neural Networks and Learning Systems* 28, 2017). An
attribution that says nothing has a difference of zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from styleprint.evaluation.intervals import GroupBootstrap

__all__ = ["Deletion", "check_deletion", "take_out"]

PASSAGES = 20
SHARE = 0.1
DRAWS = 8


@dataclass(frozen=True, eq=False)
class Deletion:
    """How much the probability of the answer fell, one entry a piece.

    Attributes
    ----------
    rows : ndarray of int
        Pieces that were long enough.
    top : ndarray
        Without the passages that speak most for the answer.
    random : ndarray
        Without as many drawn at random, mean of the draws.
    """

    rows: npt.NDArray[np.intp]
    top: npt.NDArray[np.float64]
    random: npt.NDArray[np.float64]

    def difference(self, groups: Sequence[Any], *, seed: int = 0) -> dict[str, float]:
        """Mean of top less random, with its interval over whole groups: ``value``, ``low``, ``high``."""
        group = np.unique(np.asarray(groups).astype(str)[self.rows], return_inverse=True)[1].astype(np.intp)
        bootstrap = GroupBootstrap.of(np.zeros(len(group), dtype=np.intp), group, seed=seed)
        gain = self.top - self.random
        sums = np.bincount(bootstrap.unit, weights=gain)
        counts = np.bincount(bootstrap.unit).astype(np.float64)
        draws = np.concatenate([(times @ sums) / (times @ counts) for times in bootstrap.blocks(2)])
        low, high = np.quantile(draws, [0.025, 0.975])
        return {"value": float(gain.mean()), "low": float(low), "high": float(high)}


def check_deletion(
    model: Any, X: pd.DataFrame, *, passages: int = PASSAGES, share: float = SHARE, draws: int = DRAWS, seed: int = 0
) -> Deletion:
    """Take passages out of pieces and ask again.

    Parameters
    ----------
    model : SequenceModel
        Fitted, on other pieces than these.
    X : DataFrame
        Pieces, their streams without padding; those that cannot be cut into so many passages are left out.
    passages : int
        Of a piece.
    share : float
        Of the passages, to take out.
    draws : int
        Of passages at random.
    seed : int
    """
    random = np.random.default_rng(seed)
    rows, top, other = [], [], []
    probabilities = model.predict_proba(X)
    for row, answer in enumerate(probabilities.argmax(axis=1).tolist()):
        one = X.iloc[[row]]
        borders, weights = model.weigh_passages(one, str(model.classes_[answer]), passages)
        if len(weights) < passages:
            continue
        count = max(1, round(share * len(weights)))
        chosen = [np.argsort(-weights, kind="stable")[:count]]
        chosen += [random.permutation(len(weights))[:count] for _ in range(draws)]
        less = pd.concat([take_out(one, borders, gone) for gone in chosen], ignore_index=True)
        fall = probabilities[row, answer] - model.predict_proba(less)[:, answer]
        rows.append(row)
        top.append(fall[0])
        other.append(fall[1:].mean())
    return Deletion(np.array(rows, dtype=np.intp), np.array(top), np.array(other))


def take_out(
    one: pd.DataFrame, borders: Mapping[str, npt.NDArray[np.int64]], gone: npt.NDArray[np.intp]
) -> pd.DataFrame:
    """A row without some of its passages; what came after them follows at once.

    Parameters
    ----------
    one : DataFrame, one row
    borders : mapping of str to ndarray of int, shape (n_passages + 1,)
        Stream → where its passages begin, and the end.
    gone : ndarray of int
        Which passages.
    """
    changed = one.copy()
    for stream, own in borders.items():
        keep = np.ones(int(own[-1]), dtype=bool)
        for passage in gone:
            keep[own[passage] : own[passage + 1]] = False
        for name in [column for column in one if str(column).rpartition(".")[0] == stream]:
            array = pa.array(one[name].array)
            kind = array.type
            left = array[0].values.to_numpy(zero_copy_only=False)[keep]
            changed[name] = pd.Series(pa.array([left], kind), dtype=pd.ArrowDtype(kind), index=one.index)
    return changed
