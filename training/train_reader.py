# ruff: noqa: T201 (commands print)
"""Trains the reader: READER_BENCH=FOLDER python -m training.train_reader --epochs 4 --out FOLDER

Writes `reader.pt` (the best weights so far on the validation passages) every few minutes, and the int8 file at the
end (`python -m training.export_reader` makes it from `reader.pt` at any time). The learning rate follows the epochs, or
the minutes if they run out first.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score
from torch.nn import functional

from index.embedding.e5_file import E5File, published_file
from index.embedding.e5_tokens import E5Tokenizer
from training.reader.encoding import CLAIM, QUESTION, EncodedPair, PairEncoder
from training.reader_examples import (
    Item,
    SourcePassage,
    View,
    bench_items,
    draw_view,
    holds,
    own_items,
    whole_view,
)
from training.reader_model import Embedding, ReaderModel

SEED = 20
TOKENS_A_BATCH = 3072
NEIGHBOURS = 6
XQUAD_SHARE = 0.5  # its questions come in four pairings of languages
CLAIM_WEIGHT, BOUNDS_WEIGHT = 1.4, 0.5
SMOOTHING = 0.05
WARM_UP = 0.06
NEW_PARTS, NEW_RATE = ("inner", "outer", "bounds", "marks"), 4.0  # what starts from nothing learns this much faster
AVERAGING, AVERAGING_STEPS = 0.95, 5  # the running average that is kept, and how often it is updated


class Trainer:
    """Holds the model, its running average, and what encodes the input."""

    def __init__(self, learning_rate: float) -> None:
        file = E5File(published_file().path)
        vocabulary = file.vocabulary
        self.encoder = PairEncoder(E5Tokenizer(vocabulary), vocabulary.begin, vocabulary.end)
        self.embedding = Embedding(file)
        self.model = ReaderModel(file)
        self.average = ReaderModel(file)
        self.average.eval()
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        new = {id(p) for part in NEW_PARTS for p in getattr(self.model, part).parameters()}
        decayed = [p for p in self.trained if p.ndim > 1 and id(p) not in new]
        others = [p for p in self.trained if p.ndim == 1 and id(p) not in new]
        groups = [
            {"params": decayed, "weight_decay": 0.01, "share": 1.0},
            {"params": others, "weight_decay": 0.0, "share": 1.0},
            {"params": [p for p in self.trained if id(p) in new], "weight_decay": 0.01, "share": NEW_RATE},
        ]
        self.optimiser = torch.optim.AdamW(groups, lr=learning_rate, betas=(0.9, 0.98), fused=True)
        self.rate = learning_rate
        self.steps = 0

    def step(self, views: Sequence[View], pairs: Sequence[EncodedPair], progress: float) -> float:
        scale = min(1.0, progress / WARM_UP) * (1 - progress) if progress < 1 else 0.0
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * scale * group["share"]
        embedded, marks, mask = self.embedding.batch(pairs)
        with torch.autocast("cpu", torch.bfloat16):
            verdict, bounds = self.model(embedded, marks, mask)
        loss = _loss(views, pairs, verdict.float(), bounds.float(), mask)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.steps += 1
        if self.steps % AVERAGING_STEPS == 0:
            self._update_average()
        return loss.item()

    @torch.no_grad()
    def _update_average(self) -> None:
        kept = min(AVERAGING, self.steps / (self.steps + 20 * AVERAGING_STEPS))
        for averaged, parameter in zip(self.average.parameters(), self.model.parameters(), strict=True):
            if parameter.requires_grad:
                averaged.lerp_(parameter, 1 - kept)

    def encode(self, view: View) -> EncodedPair:
        prefix = CLAIM if view.is_claim else QUESTION
        return self.encoder.pair(view.asked, view.head, self.encoder.text(view.text), prefix)

    @torch.no_grad()
    def read(self, views: Sequence[View]) -> list[tuple[float, np.ndarray, EncodedPair]]:
        """For each view the verdict's logit, the bounds' logits `(tokens, 2)` and the input."""
        pairs = [self.encode(view) for view in views]
        results: list = [None] * len(views)
        for batch in _batches([len(pair.ids) for pair in pairs], 4 * TOKENS_A_BATCH, None):
            embedded, marks, mask = self.embedding.batch([pairs[index] for index in batch])
            with torch.autocast("cpu", torch.bfloat16):
                verdict, bounds = self.average(embedded, marks, mask)
            for row, index in enumerate(batch):
                tokens = len(pairs[index].ids)
                results[index] = (verdict[row].item(), bounds[row, :tokens].float().numpy(), pairs[index])
        return results


def _loss(
    views: Sequence[View], pairs: Sequence[EncodedPair], verdict: torch.Tensor, bounds: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    wanted = torch.tensor([float(view.positive) for view in views])
    weights = torch.tensor([CLAIM_WEIGHT if view.is_claim else 1.0 for view in views])
    smoothed = wanted * (1 - SMOOTHING) + (1 - wanted) * SMOOTHING
    decision = (functional.binary_cross_entropy_with_logits(verdict, smoothed, reduction="none") * weights).mean()
    allowed = torch.stack([_allowed(view, pair, mask.shape[1]) for view, pair in zip(views, pairs, strict=True)])
    reads = torch.tensor([not view.is_claim for view in views]) & allowed.any(1).all(1)
    if not reads.any():
        return decision
    logits = bounds.masked_fill(~mask[..., None], -1e4).log_softmax(1)
    found = logits.masked_fill(~allowed, -1e4).logsumexp(1).mean(1)
    return decision - BOUNDS_WEIGHT * found[reads].mean()


def _allowed(view: View, pair: EncodedPair, tokens: int) -> torch.Tensor:
    """Where an answer may start and end, `(tokens, 2)`; the first token when there is none."""
    allowed = torch.zeros(tokens, 2, dtype=torch.bool)
    if not view.positive:
        allowed[0] = True
        return allowed
    for answer in view.answers:
        held = [i for i, span in enumerate(pair.spans) if span.start < answer.end and answer.start < span.end]
        if held:
            long = answer.end - answer.start > 100
            allowed[pair.first + held[0] : pair.first + (held[-1] if long else held[0]) + 1, 0] = True
            allowed[pair.first + (held[0] if long else held[-1]) : pair.first + held[-1] + 1, 1] = True
    return allowed


def _batches(lengths: Sequence[int], tokens: int, chance: random.Random | None) -> list[list[int]]:
    """Indices in batches of like length, each of about `tokens` tokens with its padding; shuffled by `chance`."""
    noise = (lambda: chance.uniform(0.9, 1.1)) if chance else (lambda: 1.0)
    order = sorted(range(len(lengths)), key=lambda index: lengths[index] * noise())
    batches: list[list[int]] = [[]]
    longest = 0
    for index in order:
        longest = max(longest, lengths[index])
        if batches[-1] and longest * (len(batches[-1]) + 1) > tokens:
            batches.append([])
            longest = lengths[index]
        batches[-1].append(index)
    if chance:
        chance.shuffle(batches)
    return batches


def find_neighbours(passages: Sequence[SourcePassage]) -> dict[str, list[SourcePassage]]:
    """For each passage those most like it by their words, its translation left out."""
    words = TfidfVectorizer(sublinear_tf=True).fit_transform([f"{p.head}\n{p.text}" for p in passages])
    nearness = (words @ words.T).toarray()
    found = {}
    for index, passage in enumerate(passages):
        order = [passages[i] for i in np.argsort(-nearness[index])[: NEIGHBOURS + 2] if i != index]
        found[passage.id] = [p for p in order if p.source != "xquad" or p.id[3:] != passage.id[3:]][:NEIGHBOURS]
    return found


def validate(trainer: Trainer, items: Sequence[Item]) -> dict[str, float]:
    """AUROC of answerable and of supported on whole passages, and how often the best sentence is the answer's."""
    results = trainer.read([whole_view(item) for item in items])
    measures = {}
    for kind in ("question", "claim"):
        chosen = [i for i, item in enumerate(items) if item.kind == kind]
        truth = [items[i].positive for i in chosen]
        if len(set(truth)) == 2:
            measures[f"auroc_{kind}"] = roc_auc_score(truth, [results[i][0] for i in chosen])
    hits = []
    for item, (_, bounds, pair) in zip(items, results, strict=True):
        if item.kind == "question" and item.positive and item.answers:
            mass = np.exp(bounds[pair.first : pair.first + len(pair.spans)])
            best = max(item.passage.sentences, key=lambda s: _mass(mass, pair, s))
            hits.append(holds(best, item.answers))
    measures["sentence"] = float(np.mean(hits))
    return measures


def _mass(mass: np.ndarray, pair: EncodedPair, sentence: object) -> float:
    inside = [i for i, span in enumerate(pair.spans) if sentence.start <= span.start < sentence.end]
    return float(np.log(mass[inside].sum(0) + 1e-9).sum()) if inside else -1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("reports/reader"), help="folder for the weights")
    parser.add_argument("--epochs", type=float, default=4, help="how often everything is seen (default 4)")
    parser.add_argument("--minutes", type=float, default=240, help="stop after this long at the latest (default 240)")
    parser.add_argument("--learning-rate", type=float, default=2e-4)
    parser.add_argument("--check-minutes", type=float, default=8, help="how often to validate and save (default 8)")
    parser.add_argument("--start", type=Path, help="go on from these weights")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    items = [*own_items(), *bench_items()]
    training = [item for item in items if item.passage.split == "train"]
    held_out = [item for item in items if item.passage.split == "validation" and item.passage.source == "own"]
    print(Counter((i.passage.source, i.passage.split, i.kind, i.positive) for i in items), file=sys.stderr)
    neighbours = find_neighbours(list({i.passage.id: i.passage for i in training}.values()))
    trainer = Trainer(arguments.learning_rate)
    if arguments.start:
        state = torch.load(arguments.start)
        trainer.model.load_state_dict(state)
        trainer.average.load_state_dict(state)
    _train(trainer, training, held_out, neighbours, chance, arguments)


def _train(
    trainer: Trainer,
    training: list[Item],
    held_out: list[Item],
    neighbours: dict[str, list[SourcePassage]],
    chance: random.Random,
    arguments: argparse.Namespace,
) -> None:
    start = checked = time.monotonic()
    epoch, best, progress = 0, 0.0, 0.0
    while progress < 1:
        seen = [item for item in training if item.passage.source != "xquad" or chance.random() < XQUAD_SHARE]
        views = [draw_view(item, neighbours[item.passage.id], chance) for item in seen]
        pairs = [trainer.encode(view) for view in views]
        batches = _batches([len(pair.ids) for pair in pairs], TOKENS_A_BATCH, chance)
        losses = []
        trainer.model.train()
        for number, batch in enumerate(batches):
            minutes = (time.monotonic() - start) / 60
            progress = max((epoch + number / len(batches)) / arguments.epochs, minutes / arguments.minutes)
            if progress >= 1:
                break
            losses.append(trainer.step([views[i] for i in batch], [pairs[i] for i in batch], progress))
            if trainer.steps % 50 == 0:
                print(
                    f"{minutes:.1f} min, epoch {epoch + number / len(batches):.2f}, step {trainer.steps}, "
                    f"loss {np.mean(losses[-50:]):.3f}",
                    file=sys.stderr,
                    flush=True,
                )
            if time.monotonic() - checked > 60 * arguments.check_minutes:
                best = _check(trainer, held_out, best, arguments.out)
                checked = time.monotonic()
        epoch += 1
    _check(trainer, held_out, best, arguments.out)


def _check(trainer: Trainer, held_out: list[Item], best: float, out: Path) -> float:
    """Validate, and save where the sum of the measures is the best so far."""
    measures = validate(trainer, held_out)
    total = sum(measures.values())
    print({name: round(value, 4) for name, value in measures.items()}, file=sys.stderr, flush=True)
    if total > best:
        torch.save(trainer.average.state_dict(), out / "reader.pt")
    return max(total, best)


if __name__ == "__main__":
    main()
