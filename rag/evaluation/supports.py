"""The support that evaluation judges by: `rag.grounding.support`, fair between languages.

An answer may quote English documents to a Ukrainian or Russian question, whose reference answer is in the language of
the question. Such a pair shares names and figures but no words, so the embedder speaks for it; pairs in one language
are judged by words alone, which is fast.
"""

from collections.abc import Callable
from functools import lru_cache

from index.embedding import Embedder, open_embedder
from index.settings import load_settings
from rag.grounding import differ_in_language, support

Support = Callable[[str, str], float]
"""How well an evidence supports a claim, 0..1."""


def fair_support(embedder: Callable[[], Embedder]) -> Support:
    """`support`, with the embedder for pairs in two languages; it is asked for when the first such pair comes."""

    def score(evidence: str, claim: str) -> float:
        return support(evidence, claim, embedder() if differ_in_language(evidence, claim) else None)

    return score


@lru_cache(maxsize=1)
def configured_embedder() -> Embedder:
    """The embedder of the settings, opened once."""
    settings = load_settings()
    return open_embedder(settings.embedding_model, settings.home)
