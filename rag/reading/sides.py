"""Whose voice a speaker's is: a side at the talks, other capitals, or an outlet."""

from rag.reading.words import table

SIDES = ("kyiv", "moscow", "washington", "brussels", "capitals", "outlets")
PARTIES = frozenset({"kyiv", "moscow", "washington", "brussels", "capitals"})


def side_of(entity_ids: tuple[str, ...]) -> str | None:
    """The side of a speaker; None for one who speaks for no side, and for two of different ones."""
    found = {table().sides.get(entity_id) for entity_id in entity_ids}
    return found.pop() if len(found) == 1 else None
