"""The reader at work: question and passage in, how surely it answers and where out."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime

from index.embedding.e5_file import E5File, dequantised, published_file
from index.embedding.e5_tokens import E5Tokenizer
from index.embedding.interface import clean_text
from index.embedding.weights import check_published, file_sha256
from index.types import Span
from training.reader.encoding import CLAIM, QUESTION, EncodedPair, PairEncoder
from training.reader.errors import ReaderError
from training.reader.graph import build_graph, frozen_tensors

WEIGHTS_FILE = Path(__file__).with_name("reader-int8.npz")
WEIGHTS_SHA256 = "ca09e13c9f0848270d1608e777f3d42761a00deb7cd404db7121086f67b00c71"
# Longest answer that is looked for, in tokens.
LONGEST_ANSWER = 40


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is read: `text`, and before it `head`, such as a document's title and date (`passage_head`)."""

    text: str
    head: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of one pair.

    `score` is the probability that the evidence answers the question, or supports the claim. `starts` and `ends` say
    for each token how likely the answer, if there is one, starts or ends there, `(tokens,)` each with the sum 1;
    `spans` are the words of the evidence that the tokens stand for.
    """

    score: float
    spans: tuple[Span, ...]
    starts: np.ndarray
    ends: np.ndarray

    def share(self, span: Span) -> float:
        """How much of the answer, if there is one, lies in a span of the evidence, such as a sentence, 0..1."""
        inside = [span.start <= word.start < span.end for word in self.spans]
        return float((self.starts[inside].sum() + self.ends[inside].sum()) / 2) if any(inside) else 0.0

    def answer(self, within: Span | None = None) -> Span | None:
        """The likeliest answer, whole words; None where the evidence, or `within`, holds no word."""
        best, found = 0.0, None
        for first, start in enumerate(self.spans):
            if within and not within.start <= start.start < within.end:
                continue
            for last in range(first, min(first + LONGEST_ANSWER, len(self.spans))):
                if within and self.spans[last].end > within.end:
                    break
                likelihood = float(self.starts[first] * self.ends[last])
                if likelihood > best:
                    best, found = likelihood, Span(start.start, self.spans[last].end)
        return found


class Reader:
    """Opened weights; safe to use from several threads."""

    def __init__(self, weights: Path) -> None:
        published = published_file()
        check_published(published)
        file = E5File(published.path)
        vocabulary = file.vocabulary
        self._encoder = PairEncoder(E5Tokenizer(vocabulary), vocabulary.begin, vocabulary.end)
        self._hidden = file.sizes.hidden
        self._words = file.blocks("emb.word").reshape(-1, self._hidden // 32)
        self._positions = file.vector("emb.pos").reshape(-1, self._hidden) + file.vector("emb.type")[: self._hidden]
        with np.load(weights) as stored:
            tensors = frozen_tensors(file) | {name: stored[name] for name in stored.files}
        options = onnxruntime.SessionOptions()
        # As for the embedder: one pair a core, and no fusions that are slower.
        options.intra_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        self._session = onnxruntime.InferenceSession(
            build_graph(file.sizes, tensors), options, providers=["CPUExecutionProvider"]
        )
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(cores, thread_name_prefix="read")

    @classmethod
    def open(cls, weights: Path = WEIGHTS_FILE) -> Self:
        """The reader that ships with Parley. Raises ReaderError when its file is missing or damaged."""
        if not weights.is_file():
            raise ReaderError(f"the reader's weights are missing: {weights}; restore the file from the repository")
        if weights == WEIGHTS_FILE and (actual := file_sha256(weights)) != WEIGHTS_SHA256:
            raise ReaderError(
                f"the reader's weights {weights} are damaged: sha256 {actual}, expected {WEIGHTS_SHA256}; "
                "restore the file from the repository"
            )
        return cls(weights)

    def score(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """For each pair of question and evidence the probability that it answers, float64 `(len(pairs),)`."""
        encoded = [self._encoded(question, Evidence(text), QUESTION) for question, text in pairs]
        return np.array([reading.score for reading in self._pool.map(self._read, encoded)])

    def support(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """For each pair of claim and evidence the probability that it is supported, float64 `(len(pairs),)`."""
        encoded = [self._encoded(claim, Evidence(text), CLAIM) for claim, text in pairs]
        return np.array([reading.score for reading in self._pool.map(self._read, encoded)])

    def read(self, question: str, evidence: Sequence[Evidence]) -> list[Reading]:
        """Each piece of evidence read for the question, in order."""
        return list(self._pool.map(self._read, [self._encoded(question, one, QUESTION) for one in evidence]))

    def check(self, claim: str, evidence: Sequence[Evidence]) -> list[Reading]:
        """Each piece of evidence read for the claim, in order; only the scores mean anything."""
        return list(self._pool.map(self._read, [self._encoded(claim, one, CLAIM) for one in evidence]))

    def _encoded(self, asked: str, evidence: Evidence, prefix: str) -> EncodedPair:
        # The evidence is not cleaned: the spans count its own characters.
        return self._encoder.pair(
            clean_text(asked), clean_text(evidence.head), self._encoder.text(evidence.text), prefix
        )

    def _read(self, pair: EncodedPair) -> Reading:
        ids = list(pair.ids)
        words = dequantised(self._words[ids]).reshape(len(ids), self._hidden)
        embedded = (words + self._positions[: len(ids)])[None]
        verdict, bounds = self._session.run(["verdict", "bounds"], {"embedded": embedded, "marks": pair.marks[None]})
        starts, ends = _softmax(bounds[0, pair.first : pair.first + len(pair.spans)]).T
        return Reading(float(1 / (1 + np.exp(-verdict.item()))), pair.spans, starts, ends)


def _softmax(logits: np.ndarray) -> np.ndarray:
    if not len(logits):
        return logits
    powers = np.exp(logits - logits.max(axis=0))
    return powers / powers.sum(axis=0)
