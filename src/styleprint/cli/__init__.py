"""The command line: parse, call a workflow, print.

Results go to stdout, progress and errors to stderr. Exit codes: 0 done; 1 our fault; 2 usage; 3 input
that cannot serve; 4 a ``--require`` was missed; 130 interrupted, state kept.
"""

import sys
import traceback

__all__ = ["main", "run"]

_INTERRUPTED = 130
_OUR_FAULT = 1


def main() -> None:
    """Run the command that `sys.argv` asks for, and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : list of str
        What follows the program's name.

    Returns
    -------
    int
        The exit code.
    """
    from styleprint.cli.app import app
    from styleprint.support.errors import StyleprintError
    from styleprint.support.text import show_text

    try:
        app(arguments, prog_name="styleprint", standalone_mode=True)
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 0
        if code == _INTERRUPTED:
            print(_interrupted(arguments), file=sys.stderr)  # noqa: T201
        return code
    except StyleprintError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the one place where errors are printed
        return error.exit_code
    except KeyboardInterrupt:
        print(_interrupted(arguments), file=sys.stderr)  # noqa: T201
        return _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; there is nobody to tell
        return 0
    except Exception:  # noqa: BLE001  # the last resort: our fault, told as such
        print(  # noqa: T201
            show_text(traceback.format_exc())
            + "This is a fault of styleprint, not yours. Please report the lines above with the command and the file.",
            file=sys.stderr,
        )
        return _OUR_FAULT
    return 0


def _interrupted(arguments: list[str]) -> str:
    """What is left of a run that was interrupted, and what to do: only what is true of this command."""
    from typer.main import get_command

    from styleprint.cli.app import app

    command = getattr(get_command(app), "commands", {}).get(arguments[0] if arguments else "")
    options = {name for parameter in getattr(command, "params", ()) for name in parameter.opts}
    if "--resume" in options and any(word.startswith(("-o", "--output")) for word in arguments):
        return "Interrupted. What was done is kept: run the same command again with --resume."
    if "--cache" not in options:
        return "Interrupted."
    if any(word.partition("=")[0] == "--cache" for word in arguments):
        return "Interrupted. What is in the cache is kept: run the same command again."
    return "Interrupted. Nothing is kept; with --cache DIR much of the reading would be."
