"""`grade`: by the background grader if there is one, else here."""

import os
import sys

from grader.cli import background


def main() -> None:
    """Raises SystemExit with the command's exit code."""
    _open_closed_streams()
    arguments = sys.argv[1:]
    if background.may_ask(arguments, os.environ):
        status = background.asked(arguments)
        if status is not None:
            raise SystemExit(status)
    from grader.cli.commands import main as command  # noqa: PLC0415  (slow)

    command(prog_name="grade")


def _open_closed_streams() -> None:
    """Or the next file that is opened would be taken for one."""
    while (fd := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(fd)
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115


if __name__ == "__main__":
    main()
