"""The models of language that can be trained, and the baselines that they are held against."""

from collections.abc import Mapping
from typing import Any

from styleprint.support.errors import UsageError
from styleprint.support.registry import Registry

__all__ = ["LANGUAGE_BASELINES", "LANGUAGE_MODELS", "make_language_model"]

LANGUAGE_MODELS = Registry(
    "model of language",
    {
        "language-lstm": "styleprint.models.language.lstm:LanguageLstmModel",
        "language-transformer": "styleprint.models.language.transformer:LanguageTransformerModel",
    },
)

LANGUAGE_BASELINES = Registry(
    "baseline of language",
    {
        "unigram": "styleprint.models.language.ngrams:UnigramModel",
        "bigram": "styleprint.models.language.ngrams:BigramModel",
        "n-gram": "styleprint.models.language.ngrams:BackoffModel",
    },
)


def make_language_model(name: str, parameters: Mapping[str, Any], *, seed: int) -> Any:
    """A new model of that name, with these parameters.

    Raises
    ------
    UsageError
        U101, where there is no such model; U134, where it has no such parameter.
    """
    kind = LANGUAGE_MODELS.load(name)
    known = kind._get_param_names()
    if unknown := [each for each in parameters if each not in known]:
        raise UsageError(
            "U134",
            f"model {name!r} has no parameter named {', '.join(unknown)}.",
            remedy=f"It has: {', '.join(known)}.",
        )
    return kind(**{"random_state": seed, **parameters})
