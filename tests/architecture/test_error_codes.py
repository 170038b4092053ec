"""A code of an error is stable and stands for one thing, so that it can be searched for."""

import ast
import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "styleprint"
CODE = re.compile(r"[A-Z]\d{3}")

ONE_THING_IN_SEVERAL = {
    "B107": "another format of bundle",
    "B120": "a bundle whose model or facts are damaged",
    "B121": "a bundle whose self-check comes out otherwise",
    "C103": "a folder without music",
    "C104": "a corpus of which nothing can serve",
    "C113": "a file of labels or a corpus without its columns",
    "M101": "fewer than two labels",
    "M102": "rows and groups of other numbers",
    "M104": "a model that is asked before it was fitted",
    "M105": "a label that a model does not know",
    "M111": "an array of another shape",
    "M112": "rows without features",
    "M131": "no events to learn from",
    "M132": "a parameter of a model of language that cannot be",
    "R102": "a limit of reading",
    "R193": "a worker that died",
    "S107": "a service with no place for one more request",
    "T110": "a recipe that is none",
    "T124": "a table beyond the memory",
    "U101": "a name that is not in a registry",
    "U110": "an output whose name says another format",
    "U114": "a model that reads other music",
    "U134": "a parameter that a model lacks",
    "U194": "a prior that does not fit",
    "W101": "an output that cannot be written",
    "X101": "a fault of ours",
}
"""What several modules say by one code: what the thing is, in words."""


def raised() -> dict[str, set[str]]:
    """Code → modules that name it as the first word of an error."""
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                for argument in node.args[:3]:
                    value = getattr(argument, "value", None)
                    if isinstance(value, str) and CODE.fullmatch(value):
                        found.setdefault(value, set()).add(str(path.relative_to(SOURCE)))
    return found


def test_a_code_stands_for_one_thing():
    """It is raised in one module; where in several, they say the same, and it stands in the list above."""
    codes = raised()
    assert len(codes) > 100
    assert {code for code, places in codes.items() if len(places) > 1} == set(ONE_THING_IN_SEVERAL)
