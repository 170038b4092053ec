"""The catalogue as a page: what ``docs/features.md`` holds.

``python -m styleprint.features.page > docs/features.md`` renews it, and with ``recording`` as its argument
``docs/features-of-recordings.md``.
"""

import math
import sys

from styleprint.features.feature import USUAL_CHANGES, Entry, Kind
from styleprint.features.registry import FAMILIES, catalogue, family_names

__all__ = ["render_catalogue"]

_HEAD = """# The catalogue of features

{features} features in {columns} columns; {safe} of them are *safe*: the composer decides them, not the encoder,
and identification uses no others. Unchanged by names the changes that a feature does not notice: *all* are
{changes}.
What is unchanged by transposition is so by an octave; *repeats* says that it makes no difference whether the whole
piece is played once or twice. Where a feature does not apply to a piece it is missing (NaN), never a default.

This page is generated from the registry: see [adding a feature](adding-a-feature.md).
"""


_HEAD_OF_RECORDINGS = """# The catalogue of features of recordings

{features} features in {columns} columns. Unchanged by names the changes that a feature does not notice: *all* are
{changes}
(6 dB softer, channels reversed, four seconds of silence after the end). The first two leave {safe} of them alone, which
are *safe*; identification uses all, since level and timbre belong to what is heard. *In the table* is the column of the
GTZAN table that holds the same number. Where a feature does not apply to a recording it is missing (NaN), never a
default.

This page is generated from the registry: see [adding a feature](adding-a-feature.md).
"""


def render_catalogue(kind: Kind = "score") -> str:
    """The page, in Markdown: a table for each family."""
    entries = catalogue(kind).values()
    head = (_HEAD if kind == "score" else _HEAD_OF_RECORDINGS).format(
        features=len(entries),
        columns=sum(len(entry.feature.columns) for entry in entries),
        safe=sum(entry.feature.encoding_safe for entry in entries),
        changes=", ".join(USUAL_CHANGES[kind]).replace("_", " "),
    )
    return "\n".join([head, *(_section(name) for name in family_names(kind))])


def _section(name: str) -> str:
    module = sys.modules[FAMILIES.load(name).module]
    about = (module.__doc__ or "").strip()
    rows = [_row(entry) for entry in FAMILIES.load(name)]
    more = " In the table |" if FAMILIES.load(name).kind == "recording" else ""
    table = [
        f"| Feature | What it is | Unit | Range | Columns | Safe | Unchanged by | Source |{more}",
        f"|---|---|---|---|---|---|---|---|{'---|' if more else ''}",
        *rows,
    ]
    return f"## {name.capitalize()}\n\n{about}\n\n" + "\n".join(table) + "\n"


def _row(entry: Entry) -> str:
    feature = entry.feature
    suffixes = [column.removeprefix(f"{feature.name}_") for column in feature.columns]
    columns = "" if feature.columns == (feature.name,) else ", ".join(f"`{suffix}`" for suffix in suffixes)
    low, high = (_number(value) for value in feature.range)
    missing = f" Missing for {feature.missing}." if feature.missing else ""
    cells: tuple[str, ...] = (
        f"`{feature.name}`",
        entry.description + missing,
        feature.unit,
        f"{low} to {high}",
        columns,
        "yes" if feature.encoding_safe else "no",
        _changes(feature.unchanged_by, USUAL_CHANGES[feature.kind]),
        feature.source,
    )
    if feature.kind == "recording":
        shown = feature.aliases if len(feature.aliases) < 3 else (feature.aliases[0], "…", feature.aliases[-1])
        cells = (*cells, " ".join(alias if alias == "…" else f"`{alias}`" for alias in shown))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _changes(names: tuple[str, ...], usual: tuple[str, ...]) -> str:
    told = [name for name in names if name != "octave" or "transposition" not in names]
    if set(usual) <= set(told):
        told = ["all", *(name for name in told if name not in usual)]
    return ", ".join(told).replace("_", " ")


def _number(value: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:g}".replace("-", "−")


if __name__ == "__main__":
    sys.stdout.write(render_catalogue("recording" if sys.argv[1:] == ["recording"] else "score"))
