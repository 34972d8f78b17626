"""An encoder of the BERT family as an ONNX graph in 8 bits, made of its weights in a fraction of a second.

The graph reads one text: input `embedded`, float32 `(1, tokens, hidden)`, the sum of word, position and type
embeddings; output `embedding`, `(1, hidden)`, the mean over the tokens, not normalised. One text at a time needs no
mask and no padding, and the ranges of the 8-bit activations then depend on that text alone.
"""

from collections.abc import Collection

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from index.embedding.encoder_weights import Weights

# Changes with anything below that changes the embeddings.
RECIPE = "int8"
MICROSOFT = "com.microsoft"
# 7 bits: products of 8-bit weights saturate on processors with AVX2 but without VNNI, and lose nothing measurable here.
LARGEST_WEIGHT = 64


def build_graph(weights: Weights, name: str, full_precision: Collection[int] = ()) -> bytes:
    """The serialised model; in the layers of `full_precision` the second feed-forward matrix stays float32."""
    return _Graph(weights, name, full_precision).build()


class _Graph:
    def __init__(self, file: Weights, name: str, full_precision: Collection[int]) -> None:
        self._file = file
        self._name = name
        self._full_precision = full_precision
        self._sizes = file.sizes
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def build(self) -> bytes:
        sizes = self._sizes
        hidden = self._layer_norm("embedded", "emb.ln")
        for layer in range(sizes.layers):
            hidden = self._encoder_layer(hidden, layer)
        axes = self._weight("axes", np.array([1], dtype=np.int64))
        self._nodes.append(helper.make_node("ReduceMean", [hidden, axes], ["embedding"], keepdims=0))
        graph = helper.make_graph(
            self._nodes,
            self._name,
            [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, [1, "tokens", sizes.hidden])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, sizes.hidden])],
            self._weights,
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()

    def _encoder_layer(self, hidden: str, layer: int) -> str:
        """One post-norm transformer layer."""
        name = f"l{layer}"
        query, key, value = (self._linear(hidden, f"{name}.{part}", self._sizes.hidden) for part in "qkv")
        context = self._node("MultiHeadAttention", [query, key, value], MICROSOFT, num_heads=self._sizes.heads)
        attended = self._linear(context, f"{name}.ao", self._sizes.hidden)
        hidden = self._layer_norm(self._node("Add", [hidden, attended]), f"{name}.aln")
        inner = self._node("Gelu", [self._linear(hidden, f"{name}.fi", self._sizes.hidden)], MICROSOFT)
        outer = self._linear(inner, f"{name}.fo", self._sizes.feed_forward, full=layer in self._full_precision)
        return self._layer_norm(self._node("Add", [hidden, outer]), f"{name}.oln")

    def _linear(self, values: str, name: str, inputs: int, full: bool = False) -> str:
        weights = self._file.matrix(f"{name}.w", inputs)
        bias = self._weight(f"{name}.b", self._file.vector(f"{name}.b"))
        if full:
            return self._node("Add", [self._node("MatMul", [values, self._weight(f"{name}.w", weights.T)]), bias])
        scales = np.abs(weights).max(axis=1) / LARGEST_WEIGHT
        rounded = np.rint(weights / scales[:, None]).astype(np.int8)
        quantised = [self._weight(f"{name}.w", rounded.T), self._weight(f"{name}.s", scales)]
        return self._node("DynamicQuantizeMatMul", [values, *quantised, "", bias], MICROSOFT)

    def _layer_norm(self, values: str, name: str) -> str:
        parameters = [self._weight(f"{name}.{part}", self._file.vector(f"{name}.{part}")) for part in "wb"]
        return self._node("LayerNormalization", [values, *parameters], epsilon=self._sizes.epsilon)

    def _node(self, operator: str, inputs: list[str], domain: str = "", **attributes: object) -> str:
        output = f"{operator}{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def _weight(self, name: str, values: np.ndarray) -> str:
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
