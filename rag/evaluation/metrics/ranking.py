"""From a list of passages to the ranked list of documents that the retrieval metrics read."""

from collections.abc import Iterable


def ranked_documents(document_ids: Iterable[str]) -> list[str]:
    """Each document once, at the rank of its best passage (MaxP: Dai and Callan, 2019, arXiv 1905.09217)."""
    return list(dict.fromkeys(document_ids))
