"""What a bundle says of itself."""

from pathlib import Path

from styleprint.bundle.bundle import Bundle, load_bundle
from styleprint.bundle.language import LanguageBundle, holds_language, load_language_bundle
from styleprint.workflows.result import TextResult

__all__ = ["describe_bundle", "read_card"]


def read_card(path: Path) -> TextResult:
    """The card of a bundle.

    Raises
    ------
    BundleError
        Where the file is no bundle that can be used here.
    """
    if holds_language(path):
        return _describe_language(load_language_bundle(path))
    return describe_bundle(load_bundle(path))


def _describe_language(bundle: LanguageBundle) -> TextResult:
    as_json = {
        "model": bundle.model,
        "styleprint": bundle.version,
        "pieces": len(bundle.pieces),
        "recipe": bundle.recipe.to_json(),
        "card": bundle.card,
    }
    return TextResult(bundle.card, as_json)


def describe_bundle(bundle: Bundle) -> TextResult:
    """The card of a bundle that is loaded."""
    as_json = {
        "model": bundle.model,
        "styleprint": bundle.version,
        "classes": list(bundle.classes),
        "shares": dict(bundle.shares),
        "pieces": len(bundle.pieces),
        "recipe": bundle.recipe.to_json(),
        "evaluation": bundle.evaluation,
        "card": bundle.card,
    }
    return TextResult(bundle.card, as_json)
