"""The catalogue as a page: what ``docs/features.md`` holds.

``python -m styleprint.features.page > docs/features.md`` renews it.
"""

import math
import sys

from styleprint.features.feature import CHANGE_NAMES, Entry
from styleprint.features.registry import FAMILIES, catalogue

__all__ = ["render_catalogue"]

_HEAD = """# The catalogue of features

{features} features in {columns} columns; {safe} of them are *safe*: the composer decides them, not the encoder,
and identification uses no others. Unchanged by names the changes that a feature does not notice: *all* are
{changes}.
What is unchanged by transposition is so by an octave; *repeats* says that it makes no difference whether the whole
piece is played once or twice. Where a feature does not apply to a piece it is missing (NaN), never a default.

This page is generated from the registry: see [adding a feature](adding-a-feature.md).
"""


def render_catalogue() -> str:
    """The page, in Markdown: a table for each family."""
    entries = catalogue().values()
    head = _HEAD.format(
        features=len(entries),
        columns=sum(len(entry.feature.columns) for entry in entries),
        safe=sum(entry.feature.encoding_safe for entry in entries),
        changes=", ".join(CHANGE_NAMES).replace("_", " "),
    )
    return "\n".join([head, *(_section(name) for name in FAMILIES)])


def _section(name: str) -> str:
    module = sys.modules[FAMILIES.load(name).module]
    about = (module.__doc__ or "").strip()
    rows = [_row(entry) for entry in FAMILIES.load(name)]
    table = [
        "| Feature | What it is | Unit | Range | Columns | Safe | Unchanged by | Source |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
    ]
    return f"## {name.capitalize()}\n\n{about}\n\n" + "\n".join(table) + "\n"


def _row(entry: Entry) -> str:
    feature = entry.feature
    suffixes = [column.removeprefix(f"{feature.name}_") for column in feature.columns]
    columns = "" if feature.columns == (feature.name,) else ", ".join(f"`{suffix}`" for suffix in suffixes)
    low, high = (_number(value) for value in feature.range)
    missing = f" Missing for {feature.missing}." if feature.missing else ""
    cells = (
        f"`{feature.name}`",
        entry.description + missing,
        feature.unit,
        f"{low} to {high}",
        columns,
        "yes" if feature.encoding_safe else "no",
        _changes(feature.unchanged_by),
        feature.source,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _changes(names: tuple[str, ...]) -> str:
    told = [name for name in names if name != "octave" or "transposition" not in names]
    if set(CHANGE_NAMES) <= set(told):
        told = ["all", *(name for name in told if name not in CHANGE_NAMES)]
    return ", ".join(told).replace("_", " ")


def _number(value: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:g}".replace("-", "−")


if __name__ == "__main__":
    sys.stdout.write(render_catalogue())
