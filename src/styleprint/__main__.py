"""``python -m styleprint`` is the command line."""

from styleprint.cli import main

if __name__ == "__main__":
    main()
