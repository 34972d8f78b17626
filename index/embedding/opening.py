"""Which embedder a name stands for."""

import logging
from pathlib import Path

from index.embedding.e5_engine import E5Engine
from index.embedding.interface import Embedder, UnavailableError

log = logging.getLogger(__name__)


def open_embedder(name: str, home: Path) -> Embedder:
    """The embedder called `name`, loaded and checked: `e5`, `e5-engine`, `minilm`, or a sentence-transformers model.

    Raises EmbedderError. Where `e5` cannot run at all, the log says so and MiniLM, which reads English only, takes its
    place; `model_id` tells which one it is. `home` is where a model that must be downloaded goes.
    """
    if name == "e5":
        try:
            return _open_e5()
        except UnavailableError as error:
            log.warning("the embedder `e5` cannot run here (%s); using `minilm`, which reads English only", error)
            name = "minilm"
    if name == "e5-engine":
        return E5Engine()
    if name == "minilm":
        return _open_minilm()
    # sentence-transformers takes seconds to import, which the default does without.
    from index.embedding.sentence_transformer import open_sentence_transformer

    return open_sentence_transformer(name, home / "models")


def _open_e5() -> Embedder:
    """multilingual-e5-small through onnxruntime, or through its package's engine, which is several times slower."""
    try:
        from index.embedding.e5 import E5

        return E5()
    except (ImportError, UnavailableError) as error:
        log.warning("the embedder `e5` cannot run through onnxruntime (%s); trying the slower `e5-engine`", error)
        return E5Engine()


def _open_minilm() -> Embedder:
    """all-MiniLM-L6-v2 through onnxruntime, or through sentence-transformers, which is slower."""
    try:
        from index.embedding.minilm import MiniLM

        return MiniLM()
    except (ImportError, UnavailableError) as error:
        log.warning("the embedder `minilm` cannot run through onnxruntime (%s); trying sentence-transformers", error)
    from index.embedding.sentence_transformer import open_minilm

    return open_minilm()
