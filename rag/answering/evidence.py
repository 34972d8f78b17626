"""The sentences that answer, out of the passages that were found.

Each sentence is scored by how near it is to the question, how good its passage is, how much of the question's wording
it holds (rare words counting more), and whether it carries the kind of thing that was asked for.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.text.language import guess_language
from index.text.lexical import tokenize
from index.text.names import Names
from rag.answering.answer_type import AnswerType, holds_answer
from rag.retrieval.reranking import Reranked, Sentence
from rag.retrieval.retriever import Query
from rag.retrieval.zscores import standardised


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """What each feature counts; `answer_type` and `same_language` are yes or no, the others are standardised."""

    similarity: float = 1.5
    passage: float = 0.6
    coverage: float = 0.25
    answer_type: float = 0.75
    same_language: float = 0.25
    verdict: float = 0.6


WEIGHTS = EvidenceWeights()
FEWEST_WORDS = 3

_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence with its standing as an answer: larger `score` is better; `tokens` are its lexical terms.

    `question_terms` are those that the question has too, each with its share of the question, which add up to 1.
    `differs` marks an account that does not agree with the best one.
    """

    sentence: Sentence
    score: float
    tokens: frozenset[str]
    question_terms: Mapping[str, float] = field(default_factory=dict)
    differs: bool = False


def find_evidence(
    query: Query, expects: AnswerType, reranked: Reranked, names: Names, weights: EvidenceWeights = WEIGHTS
) -> list[Evidence]:
    """Every sentence of the passages, best first."""
    sentences = [sentence for sentence in reranked.sentences if says_something(sentence.text)]
    if not sentences:
        return []
    tokens = [frozenset(tokenize(sentence.text, names)) for sentence in sentences]
    shared = _question_terms(query.tokens, tokens)
    language = guess_language(query.text)
    scores = (
        weights.similarity * standardised([sentence.similarity for sentence in sentences])
        + weights.passage * standardised([sentence.passage.score for sentence in sentences])
        + weights.coverage * standardised([sum(shares.values()) for shares in shared])
        + weights.answer_type * _flags(holds_answer(expects, s.text, query.text, names) for s in sentences)
        + weights.same_language * _flags(s.passage.document.language == language for s in sentences)
        + weights.verdict * np.array([sentence.verdict for sentence in sentences])
    )
    found = map(Evidence, sentences, scores.tolist(), tokens, shared)
    return sorted(found, key=lambda evidence: -evidence.score)


def says_something(text: str) -> bool:
    """Whether a sentence could answer at all: not a heading, a rule or a scrap such as "2026." """
    return not text.startswith("#") and len(_WORD.findall(text)) >= FEWEST_WORDS


def _flags(values: Iterable[bool]) -> np.ndarray:
    return np.fromiter(values, dtype=np.float64)


def _question_terms(asked: Sequence[str], sentences: Sequence[frozenset[str]]) -> list[dict[str, float]]:
    """The terms of the question in each sentence, each with its share of the question.

    The shares of a question add up to 1; a term weighs more the fewer sentences hold it.
    """
    holding = Counter(token for tokens in sentences for token in tokens)
    weight = {token: math.log(1 + len(sentences) / holding[token]) for token in set(asked) if holding[token]}
    total = sum(weight.values()) or 1.0
    return [{token: weight[token] / total for token in weight.keys() & tokens} for tokens in sentences]
