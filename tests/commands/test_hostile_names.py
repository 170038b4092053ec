"""Names that come from an enemy, or from another system, reach no output as they are."""

import json
import os

import pytest

from bundle_cases import forged
from styleprint.support.errors import ReadError
from styleprint.support.text import show_json, show_name, show_text

ESCAPE = "\x1b]0;pwned\x07"


@pytest.fixture
def asked(tmp_path, unseen):
    """A folder with a good file and damaged ones, of which one name is no UTF-8 and one commands terminals."""
    folder = tmp_path / "asked"
    folder.mkdir()
    (folder / "good.mid").write_bytes(unseen.read_bytes())
    (folder / f"a{ESCAPE}.mid").write_bytes(b"not music")
    with open(os.fsencode(folder) + b"/bad\xff.mid", "wb") as file:  # noqa: PTH123  # no Path holds such a name
        file.write(b"not music")
    return folder


def harmless(text):
    text.encode("utf-8")
    return not set(text) & {chr(code) for code in (*range(9), *range(11, 32), *range(127, 160))}


def test_identify_answers_all_files(styleprint, bundle, asked, tmp_path):
    """The run goes on to the end, and nothing raw is printed or written."""
    results, told = tmp_path / "r.csv", tmp_path / "r.json"
    answer = styleprint("identify", bundle, asked, "-o", results, "--json", told, "--workers", 0, "--quiet")
    assert answer.code == 0, answer.err
    written = [results.read_text(encoding="utf-8"), told.read_text(encoding="utf-8")]
    assert all(map(harmless, (answer.out, answer.err, *written)))
    found = {row["path"].rpartition("/")[2]: row["status"] for row in json.loads(written[1])}
    assert found == {
        r"a\x1b]0;pwned\x07.mid": "unreadable",
        r"bad\xff.mid": "unreadable",
        "good.mid": "ok",
    }


@pytest.mark.parametrize("command", ["scan", "evaluate", "identify", "convert"])
def test_errors_of_every_command(styleprint, command, bundle, tmp_path):
    """A place that does not exist is told harmlessly."""
    missing = str(tmp_path / f"{ESCAPE}\udcff")
    arguments = {"identify": [bundle, missing, "--workers", 0, "--quiet"], "convert": [missing, tmp_path / "x.mid"]}
    answer = styleprint(command, *arguments.get(command, [missing]))
    assert answer.code in (2, 3)
    assert harmless(answer.out + answer.err)
    assert r"\x1b]0;pwned\x07\xff" in answer.out + answer.err


def test_the_card_of_a_forged_bundle_commands_no_terminal(styleprint, bundle, tmp_path):
    """Its card is text from anywhere."""

    def change(members):
        members["card.md"] = f"{ESCAPE}# A card\nof two lines".encode()

    answer = styleprint("card", forged(bundle, tmp_path, change))
    assert answer.code == 0, answer.err
    assert harmless(answer.out)
    assert "# A card\nof two lines" in answer.out


def test_errors_are_shown_by_one_rule():
    """Place, message and remedy; what is attached to the error stays as it was."""
    error = ReadError("R100", f"a\n{ESCAPE}", remedy="\u202eb", place="c\udcff\n")
    assert str(error) == "ReadError [R100] c\\xff\\n:\na\n\\x1b]0;pwned\\x07\n\\u202eb"
    assert error.place == "c\udcff\n"


def test_json_keeps_values_and_shows_no_control_character():
    """What is read back is what was written."""
    value = {f"{ESCAPE}\x9b\u202e": ["\udcff", "é\n"]}
    text = show_json(value)
    assert harmless(text)
    assert json.loads(text) == value


def test_names_are_one_line_and_texts_may_be_several():
    assert show_name("a\nb\t\x85") == "a\\nb\\t\\x85"
    assert show_text("a\nb\t\x85") == "a\nb\t\\x85"
