# ruff: noqa: T201 (commands print)
"""Trains a cross-encoder from MiniLM: python -m training.train_reader --minutes 120 --public FOLDER --out FOLDER

The folder that it writes is a sentence-transformers CrossEncoder: `PARLEY_RERANKER_MODEL=FOLDER make run` answers with
it. The weights are saved every few minutes. Seeded, but how far it comes in the time depends on the machine.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from training.measure_reader import held_out_lines
from training.pairs import Pair, all_pairs

SEED = 20
BATCH, POOL = 64, 40  # pairs a step; batches that are sorted by length together
MOST_TOKENS = 128
LEARNING_RATE, WARM_UP = 6e-5, 150
SMOOTHING = 0.03
QAMR_SHARE = 0.2  # it is most of the pairs and the easiest
CHECK_MINUTES, MOST_CHECKED = 8, 4000  # pairs that are looked at while it learns: measure_reader looks at all


def main() -> None:
    options = _options()
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    pairs = all_pairs(options.public)
    training = [pair for pair in pairs if not pair.held_out]
    held_out = [pair for pair in pairs if pair.held_out]
    print(f"{len(training)} pairs to train on, {len(held_out)} held out", file=sys.stderr)
    checked_on = [pair for pair in held_out if pair.source != "qamr"][:MOST_CHECKED]
    model = new_cross_encoder(options.start)
    optimiser = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01, fused=True)
    start = checked = time.monotonic()
    lengths = _lengths(model, training)
    for step, batch in enumerate(_batches(training, lengths, chance)):
        progress = (time.monotonic() - start) / 60 / options.minutes
        if progress >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * min(1, (step + 1) / WARM_UP) * (1 - progress)
        loss = _step(model, optimiser, batch)
        if step % 50 == 0:
            print(f"{progress:.0%}, step {step}, loss {loss:.3f}", file=sys.stderr, flush=True)
        if time.monotonic() - checked > 60 * CHECK_MINUTES:
            _save(model, options.out, checked_on)
            checked = time.monotonic()
    _save(model, options.out, checked_on)


def new_cross_encoder(start: Path | None) -> "torch.nn.Module":
    """The cross-encoder in the folder `start`, or MiniLM out of its package with a fresh head of one score.

    Without dropout: on a processor it takes two fifths of a step, and the time is better spent on more of them.
    """
    from sentence_transformers import CrossEncoder

    from index.embedding.minilm_file import published_folder

    model = CrossEncoder(str(start or published_folder()), num_labels=1, max_length=MOST_TOKENS, device="cpu")
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return model


def _step(model: "torch.nn.Module", optimiser: torch.optim.Optimizer, batch: Sequence[Pair]) -> float:
    model.train()
    wanted = torch.tensor([abs(float(pair.answers) - SMOOTHING) for pair in batch])
    features = model.tokenizer(
        [pair.question for pair in batch],
        [pair.evidence for pair in batch],
        padding=True,
        truncation=True,
        max_length=MOST_TOKENS,
        return_tensors="pt",
    )
    with torch.autocast("cpu", torch.bfloat16):
        verdicts = model.model(**features).logits.squeeze(-1)
    loss = functional.binary_cross_entropy_with_logits(verdicts.float(), wanted)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return loss.item()


def _lengths(model: "torch.nn.Module", pairs: Sequence[Pair]) -> dict[Pair, int]:
    """In tokens."""
    encoded = model.tokenizer([pair.question for pair in pairs], [pair.evidence for pair in pairs])["input_ids"]
    return {pair: len(tokens) for pair, tokens in zip(pairs, encoded, strict=True)}


def _batches(pairs: Sequence[Pair], lengths: Mapping[Pair, int], chance: random.Random) -> Iterator[list[Pair]]:
    """Epoch after epoch, pairs of like length together, in random order."""
    while True:
        seen = [pair for pair in pairs if pair.source != "qamr" or chance.random() < QAMR_SHARE]
        chance.shuffle(seen)
        for first in range(0, len(seen), BATCH * POOL):
            pool = sorted(seen[first : first + BATCH * POOL], key=lengths.__getitem__)
            batches = [pool[index : index + BATCH] for index in range(0, len(pool), BATCH)]
            chance.shuffle(batches)
            yield from batches


def _save(model: "torch.nn.Module", folder: Path, held_out: Sequence[Pair]) -> None:
    model.eval()
    model.save_pretrained(str(folder))
    scores = model.predict([(pair.question, pair.evidence) for pair in held_out], batch_size=BATCH)
    print("\n".join(held_out_lines(held_out, np.asarray(scores))), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=120, help="how long to train (default 120)")
    parser.add_argument("--start", type=Path, help="folder of a cross-encoder to go on from (default: MiniLM)")
    parser.add_argument("--public", type=Path, help="folder with the public sets named in training/README.md")
    parser.add_argument("--out", type=Path, default=Path("reports/reader"), help="where the model goes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
