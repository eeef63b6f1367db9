"""How the house says no."""

from collections.abc import Sequence


class Refusal(ValueError):
    """A wish that the facts do not allow, in one clear sentence that a form or a command can show as it is.

    `field` names the argument of the action that has to change, or is empty where no single one does.
    """

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class Conflict(Refusal):
    """Somebody else changed the same `fields` since the writer looked; nothing is written."""

    def __init__(self, sentence: str, *, fields: Sequence[str]) -> None:
        super().__init__(sentence, field=fields[0])
        self.fields = tuple(fields)
