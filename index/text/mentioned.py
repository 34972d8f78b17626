"""People and places of a document that names none itself: those of the names data that its title and text mention."""

from collections import Counter

from index.text.names import Names
from index.types import Document

MOST_NAMED = 12  # of a kind
MIN_MENTIONS = 2  # in the text, for what the title does not name: one mention is often only an aside


def with_mentioned(document: Document, names: Names) -> Document:
    """The document, `people` and `places` filled where they are empty, with the labels that the names data has.

    Those in the title come first, for they are what the document is about; then the most mentioned.
    """
    if document.people and document.places:
        return document
    in_title = [mention.entity_id for mention in names.find(document.title)]
    in_text = Counter(mention.entity_id for mention in names.find(document.text))
    often = [entity_id for entity_id, count in in_text.most_common() if count >= MIN_MENTIONS]
    entities = [names.entity(entity_id) for entity_id in dict.fromkeys([*in_title, *often])]
    people = tuple(entity.label for entity in entities if entity.kind == "person")[:MOST_NAMED]
    places = tuple(entity.label for entity in entities if entity.kind == "place")[:MOST_NAMED]
    return document.model_copy(update={"people": document.people or people, "places": document.places or places})
