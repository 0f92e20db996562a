"""`grade`: by the background grader if there is one, else here."""

import sys

from grader import background


def main() -> None:
    """Raises SystemExit with the command's exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] and arguments[0] in background.COMMANDS:
        status = background.asked(arguments)
        if status is not None:
            raise SystemExit(status)
    from grader.cli import main as command  # noqa: PLC0415  (slow)

    command(prog_name="grade")


if __name__ == "__main__":
    main()
