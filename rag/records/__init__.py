"""What readers asked, were answered and thought of it, kept in the one SQLite file beside the documents.

Leaves out who they were: no address, no key and no browser is stored.
"""

from rag.records.records import Records
from rag.records.types import Feedback, Rating, StoredAnswer, UnknownAnswerError

__all__ = ["Feedback", "Rating", "Records", "StoredAnswer", "UnknownAnswerError"]
