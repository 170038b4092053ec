"""More rows of rare classes, made from training rows: SMOTE, and noise.

``smote=N``
    Rows between a row and one of its five nearest of the class (Chawla, Bowyer, Hall and Kegelmeyer, *SMOTE*, JAIR
    16, 2002; imbalanced-learn, extra ``tables``), until the class has N rows.
``noise=N``
    Copies of rows, drawn in turn, each feature moved by up to ±5 % of its deviation among the training rows, until
    the class has N rows.

Without N the commonest class sets it. Classes with more rows are left as they are, and so is a class with a single
row under SMOTE. A made row weighs as much as the mean row of its class, and belongs to no group of its own: what is
made inside a fold never leaves it.
"""

import numpy as np

from styleprint.models.lesson import Lesson
from styleprint.support.errors import ModelError

__all__ = ["RESAMPLINGS", "resample"]

RESAMPLINGS = ("smote", "noise")
_NOISE = 0.05
_NEIGHBOURS = 5


def resample(name: str, target: int | None, lesson: Lesson, seed: int) -> Lesson:
    """The lesson with rows made for rare classes, after its own.

    Parameters
    ----------
    name : str
        One of :data:`RESAMPLINGS`.
    target : int or None
        N of the module's text.
    lesson : Lesson
        Rows without NaN.
    seed : int

    Raises
    ------
    ModelError
        M120, where SMOTE is asked for and imbalanced-learn is not installed.
    """
    counts = np.bincount(lesson.y, minlength=lesson.n_classes)
    wanted = int(counts.max()) if target is None else target
    least = 2 if name == "smote" else 1
    rare = [k for k in range(lesson.n_classes) if least <= counts[k] < wanted]
    if not rare:
        return lesson
    if name == "smote":
        made, y = _smote(lesson, dict.fromkeys(rare, wanted), seed)
    else:
        made, y = _noise(lesson, {k: wanted - int(counts[k]) for k in rare}, seed)
    mean = np.array([lesson.weight[lesson.y == k].mean() if counts[k] else 1.0 for k in range(lesson.n_classes)])
    return Lesson(
        rows=np.concatenate([lesson.rows, made]),
        y=np.concatenate([lesson.y, y]).astype(np.intp),
        weight=np.concatenate([lesson.weight, mean[y]]),
        groups=np.concatenate([lesson.groups, np.full(len(y), "made")]),
        classes=lesson.classes,
    )


def _noise(lesson: Lesson, more: dict[int, int], seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    width = _NOISE * lesson.rows.std(axis=0)
    made, y = [], []
    for k, count in more.items():
        own = random.permutation(np.flatnonzero(lesson.y == k))
        sources = lesson.rows[np.resize(own, count)]
        made.append(sources + random.uniform(-1.0, 1.0, sources.shape) * width)
        y.append(np.full(count, k))
    return np.concatenate(made), np.concatenate(y)


def _smote(lesson: Lesson, totals: dict[int, int], seed: int) -> tuple[np.ndarray, np.ndarray]:
    try:
        from imblearn.over_sampling import SMOTE
    except ImportError as error:
        raise ModelError(
            "M120",
            "SMOTE needs imbalanced-learn, which is not installed.",
            remedy="Install it: pip install 'styleprint[tables]'.",
        ) from error
    made, y = [], []
    for k, total in totals.items():
        own = lesson.rows[lesson.y == k]
        # SMOTE makes rows of the class with fewer rows: zeros, as many as wanted, stand for the other
        rows = np.concatenate([own, np.zeros((total, own.shape[1]))])
        marks = np.repeat([1, 0], [len(own), total])
        smote = SMOTE(sampling_strategy={1: total}, k_neighbors=min(_NEIGHBOURS, len(own) - 1), random_state=seed)
        grown, labels = smote.fit_resample(rows, marks)
        new = grown[len(rows) :]
        if not (labels[len(rows) :] == 1).all():
            raise RuntimeError("SMOTE must append the rows that it makes")
        made.append(new)
        y.append(np.full(len(new), k))
    return np.concatenate(made), np.concatenate(y)
