"""An answer is judged alike in whichever language its reference is; the embedder is opened only where it must be."""

import pytest

from index.embedding import Embedder
from rag.evaluation.scoring import from_threshold
from rag.evaluation.supports import fair_support

QUOTE = "No Ukrainian official took part in the talks in Riyadh on 18 February 2025."


@pytest.mark.parametrize(
    "reference",
    [
        "No Ukrainian official took part in Riyadh.",
        "Жоден український посадовець не брав участі в переговорах в Ер-Ріяді.",
        "Ни один украинский чиновник не участвовал в переговорах в Эр-Рияде.",
    ],
)
def test_an_english_quote_bears_out_a_reference_in_any_language(embedder: Embedder, reference: str) -> None:
    assert from_threshold(fair_support(lambda: embedder), 0.5)(QUOTE, reference)


@pytest.mark.parametrize(
    "reference",
    [
        "Italy opened a new embassy in Tokyo.",
        "Італія відкрила нове посольство в Токіо.",
        "Италия открыла новое посольство в Токио.",
    ],
)
def test_and_does_not_bear_out_what_it_does_not_say(embedder: Embedder, reference: str) -> None:
    assert not from_threshold(fair_support(lambda: embedder), 0.5)(QUOTE, reference)


def test_pairs_in_one_language_open_no_embedder() -> None:
    def never() -> Embedder:
        raise AssertionError("the embedder was opened")

    assert fair_support(never)(QUOTE, QUOTE) == 1.0
