"""What of our own files an import leaves aside: columns that follow from the others, and the sheet of explanations.

The mark stands in the heading itself, so that a person sees it too, and no heading of anybody else is taken for ours.
"""

from django.utils.translation import gettext as _

MARK = "(calculated)"
#: The sheet of the template that explains the columns of the first.
EXPLAINED = "What the columns mean"


def calculated(words: str) -> str:
    """Return the heading of such a column: "Next reminder (calculated)"."""
    return f"{words} {_(MARK)}"


def is_calculated(heading: str) -> bool:
    """Whether a heading is one of these."""
    return heading.rstrip().endswith((MARK, _(MARK)))
