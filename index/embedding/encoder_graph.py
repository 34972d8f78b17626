"""An encoder of the BERT family as an ONNX graph in 8 bits, made of its weights in a fraction of a second.

The graph reads one text at a time, which needs no mask and no padding, and the ranges of the 8-bit activations then
depend on that text alone.
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
    """The serialised model of an embedder; in the layers of `full_precision` the second feed-forward matrix is float32.

    Input `embedded`, float32 `(1, tokens, hidden)`, the sum of word, position and type embeddings; output `embedding`,
    `(1, hidden)`, the mean over the tokens, not normalised.
    """
    graph = EncoderGraph(weights, full_precision)
    axes = graph.constant("axes", np.array([1], dtype=np.int64))
    embedding = graph.node("ReduceMean", [graph.encoded("embedded"), axes], keepdims=0)
    hidden = weights.sizes.hidden
    embedded = helper.make_tensor_value_info("embedded", TensorProto.FLOAT, [1, "tokens", hidden])
    return graph.serialised(name, [embedded], embedding, [1, hidden])


class EncoderGraph:
    """The nodes and tensors of a graph while it is built; a tensor goes by its name."""

    def __init__(self, file: Weights, full_precision: Collection[int] = ()) -> None:
        self._file = file
        self._full_precision = full_precision
        self._sizes = file.sizes
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def encoded(self, embedded: str) -> str:
        """The last layer's hidden states, `(1, tokens, hidden)`, of what the embedding layer adds up."""
        hidden = self._layer_norm(embedded, "emb.ln")
        for layer in range(self._sizes.layers):
            hidden = self._encoder_layer(hidden, layer)
        return hidden

    def node(self, operator: str, inputs: list[str], domain: str = "", **attributes: object) -> str:
        """The output of a new node."""
        output = f"{operator}{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def constant(self, name: str, values: np.ndarray) -> str:
        """A new tensor of the file; gives `name` back."""
        self._weights.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def serialised(self, name: str, inputs: list[onnx.ValueInfoProto], output: str, shape: list[int | str]) -> bytes:
        """The model with its one `output`, float32 of `shape`."""
        outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)]
        graph = helper.make_graph(self._nodes, name, inputs, outputs, self._weights)
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()

    def _encoder_layer(self, hidden: str, layer: int) -> str:
        """One post-norm transformer layer."""
        name = f"l{layer}"
        query, key, value = (self._linear(hidden, f"{name}.{part}", self._sizes.hidden) for part in "qkv")
        context = self.node("MultiHeadAttention", [query, key, value], MICROSOFT, num_heads=self._sizes.heads)
        attended = self._linear(context, f"{name}.ao", self._sizes.hidden)
        hidden = self._layer_norm(self.node("Add", [hidden, attended]), f"{name}.aln")
        inner = self.node("Gelu", [self._linear(hidden, f"{name}.fi", self._sizes.hidden)], MICROSOFT)
        outer = self._linear(inner, f"{name}.fo", self._sizes.feed_forward, full=layer in self._full_precision)
        return self._layer_norm(self.node("Add", [hidden, outer]), f"{name}.oln")

    def _linear(self, values: str, name: str, inputs: int, full: bool = False) -> str:
        weights = self._file.matrix(f"{name}.w", inputs)
        bias = self.constant(f"{name}.b", self._file.vector(f"{name}.b"))
        if full:
            return self.node("Add", [self.node("MatMul", [values, self.constant(f"{name}.w", weights.T)]), bias])
        scales = np.abs(weights).max(axis=1) / LARGEST_WEIGHT
        rounded = np.rint(weights / scales[:, None]).astype(np.int8)
        quantised = [self.constant(f"{name}.w", rounded.T), self.constant(f"{name}.s", scales)]
        return self.node("DynamicQuantizeMatMul", [values, *quantised, "", bias], MICROSOFT)

    def _layer_norm(self, values: str, name: str) -> str:
        parameters = [self.constant(f"{name}.{part}", self._file.vector(f"{name}.{part}")) for part in "wb"]
        return self.node("LayerNormalization", [values, *parameters], epsilon=self._sizes.epsilon)
