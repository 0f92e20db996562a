"""Kinds of parts: one file each, and the union of them that the course format reads."""

from typing import Annotated

from pydantic import Discriminator

from grader.course.parts.code import CodePart
from grader.course.parts.predict import PredictPart
from grader.course.parts.script import ScriptPart

Part = Annotated[
    CodePart | ScriptPart | PredictPart,
    Discriminator("kind"),
]
