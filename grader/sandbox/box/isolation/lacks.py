"""What a mode of isolation, or a control group, needs and does not find here."""

from dataclasses import dataclass
from enum import StrEnum


class Lack(StrEnum):
    """What would have to be mended; the words beside it are for people."""

    OTHER = "other"
    ROOT = "root"
    PLAIN_USER = "plain user"
    NAMESPACES = "namespaces"
    READABLE_PYTHON = "readable python"
    OTHER_USERS = "other users"
    LANDLOCK = "landlock"
    GROUPS_OF_V1 = "groups of v1"
    CONTROLLERS = "controllers"


class Unfit(OSError):
    """A mode cannot be entered, or a control group not be made."""

    def __init__(self, lack: Lack, words: str) -> None:
        super().__init__(words)
        self.lack = lack


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not to be had."""

    words: str
    lack: Lack = Lack.OTHER

    @classmethod
    def of(cls, error: OSError) -> "Refusal":
        return cls(str(error), error.lack if isinstance(error, Unfit) else Lack.OTHER)
