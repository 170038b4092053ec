"""The models that can be trained, by name."""

from typing import Any

from styleprint.support.registry import Registry

__all__ = ["MODELS", "load_model", "make_model"]

MODELS = Registry(
    "model",
    {
        "standard": "styleprint.models.standard:StandardModel",
        "dummy": "styleprint.models.dummy:DummyModel",
        "knn": "styleprint.models.knn:KnnModel",
        "linear_svm": "styleprint.models.svm:LinearSvmModel",
        "rbf_svm": "styleprint.models.svm:RbfSvmModel",
        "polynomial_svm": "styleprint.models.svm:PolynomialSvmModel",
        "kernel_ridge": "styleprint.models.kernel_ridge:KernelRidgeModel",
        "laplace_ridge": "styleprint.models.kernel_ridge:LaplaceRidgeModel",
        "tree": "styleprint.models.trees:TreeModel",
        "forest": "styleprint.models.trees:ForestModel",
        "extra_trees": "styleprint.models.trees:ExtraTreesModel",
        "naive_bayes": "styleprint.models.naive_bayes:NaiveBayesModel",
        "logistic": "styleprint.models.logistic:LogisticModel",
        "discriminant": "styleprint.models.discriminant:DiscriminantModel",
        "mlp": "styleprint.models.mlp:MlpModel",
        "lightgbm": "styleprint.models.boosting:LightgbmModel",
        "vote": "styleprint.models.vote:VoteModel",
        "stack": "styleprint.models.stack:StackModel",
        "hierarchical": "styleprint.models.hierarchical:HierarchicalModel",
    },
)


def load_model(name: str) -> Any:
    """The class of that name.

    Raises
    ------
    UsageError
        U101, where there is no such model.
    """
    return MODELS.load(name)


def make_model(name: str, *, seed: int, optimise: str = "accuracy") -> Any:
    """A new estimator of that name, with its defaults.

    Parameters
    ----------
    name : str
    seed : int
    optimise : str
        What inner choices maximise (:mod:`styleprint.models.inner_score`).
    """
    return load_model(name)(random_state=seed, optimise=optimise)
