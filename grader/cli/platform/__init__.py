"""`grade platform`: grade one submission where a learning platform runs us.

A command writes its platform's result file whatever happens, by rename.  A first version stands
there from the start, so that even one that is killed has said that it was not the student's fault.
"""

import click

from grader.cli.platform import containers, github, pulling


@click.group("platform")
def command() -> None:
    """Grade one submission where a learning platform runs us.

    The platform's result file is written whatever happens, and the exit code is the one that the
    platform expects.
    """


command.add_command(containers.gradescope_command)
command.add_command(containers.prairielearn_command)
command.add_command(containers.coursera_command)
command.add_command(containers.junit_command)
command.add_command(github.classroom50_command)
command.add_command(github.actions_command)
command.add_command(pulling.xqueue_command)
