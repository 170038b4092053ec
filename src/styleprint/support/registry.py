"""A registry is a literal table, name → ``"module:object"``, imported when used.

Each room that can be extended (readers, features, streams, models, protocols, report sections)
keeps one such table in its ``registry.py``. A test holds folder and table against each other.
"""

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

from styleprint.support.errors import UsageError

__all__ = ["Registry"]


class Registry:
    """Names and the objects that they stand for, loaded when first asked for.

    Parameters
    ----------
    kind : str
        What the names name, in the singular, for messages: ``"model"``.
    table : mapping of str to str
        Name → ``"package.module:object"``.
    """

    def __init__(self, kind: str, table: Mapping[str, str]) -> None:
        self.kind = kind
        self.table = dict(table)

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)

    def __contains__(self, name: object) -> bool:
        return name in self.table

    def load(self, name: str) -> Any:
        """The object of that name.

        Raises
        ------
        UsageError
            U101, where the table has no such name; the message lists those it has.
        """
        if name not in self.table:
            raise UsageError(
                "U101",
                f"there is no {self.kind} named {name!r}.",
                remedy=f"Choose one of: {', '.join(self.table)}.",
            )
        module, _, attribute = self.table[name].partition(":")
        return getattr(importlib.import_module(module), attribute)
