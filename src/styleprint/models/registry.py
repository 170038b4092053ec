"""The models that can be trained, by name."""

from collections.abc import Mapping
from typing import Any

from styleprint.support.errors import UsageError
from styleprint.support.registry import Registry

__all__ = ["MODELS", "load_model", "make_model", "make_with", "usual_models"]

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
        "ngrams": "styleprint.models.ngram_model:NgramModel",
        "relative_ngrams": "styleprint.models.ngram_model:RelativeNgramModel",
        "lstm": "styleprint.models.networks.lstm:LstmModel",
        "convolutions": "styleprint.models.networks.convolutions:ConvolutionsModel",
        "transformer": "styleprint.models.networks.transformer:TransformerModel",
        "hybrid": "styleprint.models.networks.hybrid:HybridModel",
        "mel_convolutions": "styleprint.models.networks.mel_convolutions:MelConvolutionsModel",
        "sequence_stack": "styleprint.models.sequence_stack:SequenceStackModel",
        "recording_stack": "styleprint.models.recording_stack:RecordingStackModel",
        "score_stack": "styleprint.models.score_stack:ScoreStackModel",
        "hierarchical": "styleprint.models.hierarchical:HierarchicalModel",
    },
)

_STACKS_OF_NETWORKS = ("sequence_stack", "recording_stack", "score_stack")


def load_model(name: str) -> Any:
    """The class of that name.

    Raises
    ------
    UsageError
        U101, where there is no such model.
    """
    return MODELS.load(name)


def usual_models(*, features: bool, streams: bool) -> tuple[str, ...]:
    """Models to compare where none is named: all that such rows serve, but for networks, which take long to learn.

    Parameters
    ----------
    features, streams : bool
        What the rows hold.
    """
    there = {"features": features, "streams": streams, "either": features or streams}
    found = []
    for name, place in MODELS.table.items():
        is_long = place.startswith("styleprint.models.networks.") or name in _STACKS_OF_NETWORKS
        if not is_long and there[getattr(load_model(name), "reads", "either")]:
            found.append(name)
    return tuple(found)


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


def make_with(name: str, parameters: Mapping[str, Any], *, seed: int, optimise: str = "accuracy") -> Any:
    """A new estimator of that name, with these parameters, the others as :func:`make_model` sets them.

    Raises
    ------
    UsageError
        U134, where the model has no such parameter.
    """
    kind = load_model(name)
    known = kind._get_param_names()
    unknown = [each for each in parameters if each not in known]
    if unknown:
        raise UsageError(
            "U134",
            f"model {name!r} has no parameter named {', '.join(unknown)}.",
            remedy=f"It has: {', '.join(known)}.",
        )
    return kind(**{"random_state": seed, "optimise": optimise, **parameters})
