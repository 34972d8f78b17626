"""How far a text supports a claim, and what speaks against it: one measure for both answerers, `python -m rag check`
and evaluation. It compares; it does not reason, and its score is no entailment.
"""

from rag.grounding.checking import SUPPORTED_FROM, Verdict, check, differ_in_language, support
from rag.grounding.facts import missing_facts

__all__ = ["SUPPORTED_FROM", "Verdict", "check", "differ_in_language", "missing_facts", "support"]
