"""Any sentence-transformers model by name or path, and all-MiniLM-L6-v2 where onnxruntime cannot run it."""

import hashlib
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embedding.interface import Embedder, clean_text
from index.embedding.minilm_file import SHA256, published_folder
from index.errors import EmbedderError
from index.hub import Kind, load_local, load_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# e5 models were trained with these and lose much without them, but few of them ship their prompts.
E5_PROMPTS = {"query": "query: ", "document": "passage: "}
E5_NAME = re.compile(r"(?:^|[-_])e5[-_](?!.*instruct)", re.IGNORECASE)
# What sentence-transformers itself takes for a passage, in its order.
PASSAGE_PROMPTS = ("document", "passage", "corpus")
# A model that states no limit, or one that no passage needs, is held to these.
DEFAULT_TOKENS, MOST_TOKENS = 512, 8192

KIND = Kind("SentenceTransformer", "embedding model", "set PARLEY_EMBEDDING_MODEL to `e5` or `minilm`", EmbedderError)


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
    return SentenceTransformerEmbedder(load_local(KIND, str(published_folder())), f"all-MiniLM-L6-v2@{SHA256[:8]}")


def open_sentence_transformer(name: str, cache: Path) -> SentenceTransformerEmbedder:
    """The model in the folder `name`, or the one of that name on the Hugging Face hub, kept in `cache`."""
    model = load_model(KIND, name, cache)
    if E5_NAME.search(Path(name).name) and not any(model.prompts.values()):
        model.prompts = dict(E5_PROMPTS)
    # The fingerprint tells weights apart, so that a folder may be moved.
    label = Path(name).name if Path(name).exists() else name
    return SentenceTransformerEmbedder(model, f"{label}@{_fingerprint(model)}")


def _fingerprint(model: "SentenceTransformer") -> str:
    """Eight digits that change with the weights, the layers' configuration or the prompts."""
    import torch

    digest = hashlib.sha256(f"{model} {sorted(model.prompts.items())}".encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()[:8]
