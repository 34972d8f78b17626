"""How much of a claim's words, names and numbers a text holds."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.text.lexical import tokenize
from index.text.names import Names
from index.text.sentences import split_sentences
from index.text.words import find_words, fold, is_number

_NEGATION = re.compile(
    r"\b(not|no|never|none|neither|nor|nobody|nothing|without|cannot|\w+n['’]t|не|ні|жоден|жодного|жодної|без|нет|ни|"
    r"никогда|ніколи|никто|ніхто|ничего|нічого)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SupportWeights:
    """What the parts of a claim count, and what is left of the score when one of them is not borne out."""

    word: float = 1.0
    name: float = 2.0
    number: float = 2.0
    window_sentences: int = 3
    missing_number: float = 0.5
    missing_name: float = 0.75
    other_negation: float = 0.6


WEIGHTS = SupportWeights()


def borne_out(evidence: str, claim: str, names: Names, weights: SupportWeights = WEIGHTS) -> tuple[float, list[str]]:
    """How much of `claim` the words of `evidence` bear out, 0..1, and what speaks against it.

    The share of the claim's terms found in the best few consecutive sentences, averaged with the share found anywhere,
    and lowered for a number or name found nowhere and for a negation on one side only. A verbatim part scores 1.
    """
    wanted = _terms(claim, names)
    if not wanted:
        return 0.0, []
    if _folded(claim) in _folded(evidence):
        return 1.0, []
    sentences = [evidence[span.start : span.end] for span in split_sentences(evidence)]
    held = [_terms(sentence, names) for sentence in sentences]
    best, best_share = _best_window(wanted, held, weights)
    everywhere = set().union(*held) if held else set()
    score = (best_share + _share(wanted, everywhere, weights)) / 2
    missing = wanted - everywhere
    numbers, absent = sorted(filter(is_number, missing)), sorted(filter(_is_name, missing))
    reasons = [f"number {number} is not in the evidence" for number in numbers]
    reasons += [f"name {names.entity(name[1:]).label} is not in the evidence" for name in absent]
    score *= weights.missing_number ** bool(numbers)
    score *= weights.missing_name ** bool(absent)
    window = " ".join(sentences[best : best + weights.window_sentences])
    if bool(_NEGATION.search(claim)) != bool(_NEGATION.search(window)):
        score *= weights.other_negation
        reasons.append("negation differs")
    return score, reasons


def _best_window(wanted: set[str], sentences: Sequence[set[str]], weights: SupportWeights) -> tuple[int, float]:
    """Where the best run of `window_sentences` sentences starts, and its share of the claim."""
    windows = (
        set().union(*sentences[start : start + weights.window_sentences])
        for start in range(max(1, len(sentences) - weights.window_sentences + 1))
    )
    shares = [_share(wanted, window, weights) for window in windows]
    best = max(range(len(shares)), key=shares.__getitem__)
    return best, shares[best]


def _share(wanted: set[str], held: set[str], weights: SupportWeights) -> float:
    return _weigh(wanted & held, weights) / _weigh(wanted, weights)


def _weigh(terms: Iterable[str], weights: SupportWeights) -> float:
    return sum(
        weights.name if _is_name(term) else weights.number if is_number(term) else weights.word for term in terms
    )


def _terms(text: str, names: Names) -> set[str]:
    """The lexical terms, a name being its entity alone: another spelling of it is no other word."""
    mentions = names.find(text)
    for mention in reversed(mentions):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return {f"@{mention.entity_id}" for mention in mentions}.union(tokenize(text, names))


def _is_name(term: str) -> bool:
    return term.startswith("@")


def _folded(text: str) -> str:
    return " ".join(fold(text[word.start : word.end]) for word in find_words(text))
