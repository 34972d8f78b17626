"""The names, numbers and dates of a text that another one lacks; its other words are not looked at."""

from index.text.names import Mention, Names
from rag.grounding.alignment import Part, align, is_plain
from rag.grounding.reading import Word, read


def missing_facts(text: str, source: str, names: Names) -> list[str]:
    """What `text` names and `source` does not, in words, in any spelling, sentence by sentence."""
    said, held = read(text, names), read(source, names)
    missing: list[str] = []
    for sentence in said.sentences:
        aligned = align(sentence, held, foreign=said.is_cyrillic != held.is_cyrillic)
        if aligned is None:
            continue
        for index, part in enumerate(aligned.parts):
            if not is_plain(part) and index not in aligned.everywhere:
                missing.append(_spelled(part, names))
    return missing


def _spelled(part: Part, names: Names) -> str:
    if isinstance(part, Mention):
        return names.entity(part.entity_id).label
    return part.folded if isinstance(part, Word) else str(part)
