"""What a reader gives: the text of one document and the fields that were found with it.

Leaf module of the readers. Fields are those of front matter: title, author, publisher, date, language, url, id; what is
unknown is left out.
"""

from dataclasses import dataclass, field
from typing import Any

MAX_CHARACTERS = 5_000_000  # of the text of one document: the Bible has four million


@dataclass(frozen=True, slots=True)
class Extract:
    """One document as it was read; `text` may be empty."""

    text: str
    fields: dict[str, Any] = field(default_factory=dict)


class UnreadableError(ValueError):
    """The document cannot be read; the message says why and what to do, as part of a sentence."""
