"""The verdict on a claim, and the score alone."""

from dataclasses import dataclass

from index.text.names import Names, load_names
from rag.grounding.wording import borne_out

SUPPORTED_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text supports a claim, how far (0..1), and what speaks against it, in plain words."""

    supported: bool
    support: float
    reasons: tuple[str, ...] = ()


def check(claim: str, evidence: str, names: Names) -> Verdict:
    """What comparing `claim` with `evidence` gives; an empty text supports nothing, and nothing supports one."""
    score, reasons = borne_out(evidence, claim, names)
    return Verdict(score >= SUPPORTED_FROM and not reasons, score, tuple(reasons))


def support(evidence: str, claim: str) -> float:
    """How far `evidence` supports `claim`, 0..1, with the names that ship; a verbatim part of it scores 1."""
    return check(claim, evidence, load_names()).support
