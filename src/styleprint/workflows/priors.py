"""How likely each class is before the music is seen, as a user states it."""

from pathlib import Path

from styleprint.corpus.corpus_csv import read_cells
from styleprint.support.errors import UsageError

__all__ = ["read_prior"]


def read_prior(prior: str, classes: tuple[str, ...]) -> dict[str, float] | None:
    """Shares by class; None keeps those of the corpus.

    Raises
    ------
    UsageError
        U194, where a file states no prior for these classes.
    """
    if prior == "corpus":
        return None
    if prior == "equal":
        return dict.fromkeys(classes, 1.0 / len(classes))
    if not Path(prior).is_file():
        raise UsageError(
            "U194",
            f"a prior must be 'corpus', 'equal' or a CSV file, and there is no file {prior!r}.",
            remedy="A CSV has the columns 'label' and 'probability'.",
        )
    header, rows = read_cells(Path(prior))
    if not {"label", "probability"} <= set(header):
        raise UsageError("U194", "a prior must have the columns 'label' and 'probability'.", place=prior)
    label, probability = header.index("label"), header.index("probability")
    try:
        stated = {row[label]: float(row[probability]) for row in rows}
    except ValueError as error:
        raise UsageError("U194", f"a prior's probabilities must be numbers: {error}.", place=prior) from error
    missing = sorted(set(classes) - set(stated))
    if missing or not all(0 <= value < float("inf") for value in stated.values()):
        why = f"it lacks {', '.join(missing)}" if missing else "some are negative or not finite"
        raise UsageError("U194", f"a prior must state a probability for each class, but {why}.", place=prior)
    return {name: stated[name] for name in classes}
