"""The help of every command is short, and docs/command-line.md shows it as it is.

Renew the page with ``STYLEPRINT_RENEW=1 ./test.sh tests/commands/test_help_pages.py``.
"""

import contextlib
import io
import os
from pathlib import Path

import pytest

from styleprint.cli import run
from styleprint.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "command-line.md"
COMMANDS = [command.callback.__name__ for command in app.registered_commands]
HEAD = "# The command line\n\nMade from the commands' own help; a test holds it against them.\n"


def help_of(arguments: list[str], monkeypatch) -> str:
    for name, value in {"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 100)
    monkeypatch.setattr("typer.rich_utils.FORCE_TERMINAL", None)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run([*arguments, "--help"]) == 0
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip()


def test_the_page_shows_the_help_as_it_is(monkeypatch):
    """docs/command-line.md is what --help prints."""
    blocks = [help_of([], monkeypatch), *(help_of([name], monkeypatch) for name in COMMANDS)]
    page = HEAD + "".join(f"\n```\n{block}\n```\n" for block in blocks)
    if os.environ.get("STYLEPRINT_RENEW"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_named_in_the_readme(command):
    """A command that the README does not name is not found."""
    assert f"styleprint {command}" in (ROOT / "README.md").read_text()


def test_an_unknown_command_is_usage(capsys):
    """Exit code 2, and the message names what was typed."""
    assert run(["sing"]) == 2
    assert "sing" in capsys.readouterr().err


def test_the_version_is_told(capsys):
    """`--version` prints the name and the version."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("styleprint 0.")
