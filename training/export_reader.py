# ruff: noqa: T201 (commands print)
"""Makes the reader that Parley ships of a trained cross-encoder: python -m training.export_reader FOLDER

Writes `rag/data/reader`: the model as an ONNX graph in 8 bits, its word embeddings too, and the tokenizer.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper
from safetensors import safe_open

from index.embedding.encoder_graph import EncoderGraph
from index.embedding.minilm_file import MiniLMFile
from rag.retrieval.reader import FOLDER, MODEL, TOKENIZER

MOST_TOKENS = 512


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="folder of a cross-encoder that training.train_reader wrote")
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / MODEL).write_bytes(reader_graph(options.model))
    tokenizer = json.loads((options.model / TOKENIZER).read_text(encoding="utf-8"))
    tokenizer |= {"truncation": None, "padding": None}
    (FOLDER / TOKENIZER).write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    print(f"{FOLDER / MODEL}: {(FOLDER / MODEL).stat().st_size / 2**20:.1f} MiB")


def reader_graph(folder: Path) -> bytes:
    """The serialised model of a `BertForSequenceClassification` with one score.

    Inputs `tokens` and `types`, int64 `(1, tokens)`; output `(1, 1)`, a logit.
    """
    file = MiniLMFile(folder, "bert.")
    graph = EncoderGraph(file)
    words = file.embeddings("word")
    scales = np.abs(words).max(axis=1, keepdims=True) / 127
    rounded = np.rint(words / np.maximum(scales, 1e-12)).astype(np.int8)
    row = graph.node("Gather", [graph.constant("words", rounded), "tokens"])
    scale = graph.node("Gather", [graph.constant("words.s", scales.astype(np.float32)), "tokens"])
    word = graph.node("Mul", [graph.node("Cast", [row], to=TensorProto.FLOAT), scale])
    kind = graph.node("Gather", [graph.constant("types.w", file.embeddings("token_type")), "types"])
    count = graph.node("Gather", [graph.node("Shape", ["tokens"]), graph.constant("second", np.array([1]))])
    first, step = graph.constant("first", np.array([0])), graph.constant("step", np.array([1]))
    positions = graph.constant("positions", file.embeddings("position")[:MOST_TOKENS])
    position = graph.node("Slice", [positions, first, count, first, step])
    hidden = graph.encoded(graph.node("Add", [graph.node("Add", [word, kind]), position]))
    whole = graph.node("Gather", [hidden, graph.constant("start", np.array(0))], axis=1)
    pooled = graph.node("Tanh", [_dense(graph, whole, "pooler.dense", file.tensor)])
    with safe_open(folder / "model.safetensors", "np") as tensors:
        verdict = _dense(graph, pooled, "classifier", tensors.get_tensor)
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, [1, "tokens"]) for name in ("tokens", "types")]
    return graph.serialised("reader", inputs, verdict, [1, 1])


def _dense(graph: EncoderGraph, values: str, name: str, tensor: Callable[[str], np.ndarray]) -> str:
    weights = [graph.constant(f"{name}.{part}", tensor(f"{name}.{part}")) for part in ("weight", "bias")]
    return graph.node("Gemm", [values, *weights], transB=1)


if __name__ == "__main__":
    main()
