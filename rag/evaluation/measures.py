"""What is measured: each measure's name, meaning and good direction, in the order in which reports list them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

FIXED_CUTOFFS = (1, 5)
"""Reports show hit@k for these besides the k of the run."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure with one score a question (`each`) or one a run (`whole`)."""

    name: str
    section: str
    definition: str
    better: Literal["higher", "lower", "neither"] = "higher"
    unit: Literal["share", "ms", "words"] = "share"
    level: Literal["each", "whole"] = "each"


def measures(k: int) -> list[Measure]:
    """All measures of a run that retrieves `k` passages."""
    return [*_retrieval(k), *_answers(), *_citations(), *_abstention(), *_fairness(), *_latency()]


def measure_names(k: int, level: Literal["each", "whole"]) -> list[str]:
    """The names of the measures that have one score a question, or one a run."""
    return [measure.name for measure in measures(k) if measure.level == level]


def _retrieval(k: int) -> Iterable[Measure]:
    section = "Retrieval"
    for cutoff in sorted({*(cutoff for cutoff in FIXED_CUTOFFS if cutoff < k), k}):
        yield Measure(f"hit@{cutoff}", section, f"a relevant document is among the first {cutoff} documents found")
    yield Measure(f"recall@{k}", section, f"share of the relevant documents among the first {k} found")
    yield Measure(f"mrr@{k}", section, "1 / rank of the first relevant document")
    yield Measure(f"ndcg@{k}", section, "discounted gain of the ranking over the best possible one")
    yield Measure("cited_hit", section, "an answer cites at least one relevant document (answered, answerable)")


def _answers() -> Iterable[Measure]:
    section = "Correctness"
    yield Measure("right", section, "right outcome: a correct answer, or an abstention or correction where that is due")
    yield Measure("correct", section, "answerable questions answered with everything to include; abstaining is wrong")
    yield Measure("correct_answered", section, "the same, of those that were answered at all")
    yield Measure("token_f1", section, "word overlap with the reference answer (answered, answerable)")
    yield Measure("exact_match", section, "equal to the reference answer (answered, answerable)")
    yield Measure("within_limit", section, "answers no longer than the word limit")
    yield Measure("answer_words", section, "length of an answer", better="neither", unit="words")


def _citations() -> Iterable[Measure]:
    section = "Citations"
    yield Measure("citation_recall", section, "answer sentences that their citations support (ALCE)")
    yield Measure("citation_precision", section, "citations that are of use to their sentence (ALCE)")
    yield Measure("judge_citation_recall", section, "citation recall with a language model as judge")
    yield Measure("judge_citation_precision", section, "citation precision with a language model as judge")
    yield Measure("quote_exactness", section, "quotes that equal their span of the document")
    yield Measure("quotation_exactness", section, "quotations in the answer's own sentences found in what it cites")
    yield Measure("faithfulness", section, "answer sentences that the retrieved passages support")


def _abstention() -> Iterable[Measure]:
    section = "Abstention"
    yield Measure("answered_answerable", section, "answerable questions that were answered, rightly or wrongly")
    yield Measure("abstained_unanswerable", section, "unanswerable questions that were not answered")
    yield Measure("false_premise_abstained", section, "false premises not answered", better="neither")
    yield Measure(
        "false_premise_corrected",
        section,
        "false premises answered out of a relevant document, in words of any language that bear out the reference",
        better="neither",
    )
    yield Measure(
        "false_premise_cited",
        section,
        "false premises answered out of a relevant document, with whatever words",
        better="neither",
    )
    yield Measure("false_premise_handled", section, "false premises not answered, or corrected")
    yield Measure(
        "auroc_support", section, "support of the answer tells answerable questions from others", level="whole"
    )
    yield Measure(
        "auroc_passage", section, "best passage's score tells answerable questions from others", level="whole"
    )
    yield Measure(
        "aurc", section, "share wrong, over the risk-coverage curve by support", better="lower", level="whole"
    )
    yield Measure(
        "calibration_error", section, "distance between support and share right", better="lower", level="whole"
    )


def _fairness() -> Iterable[Measure]:
    section = "Parity and time"
    yield Measure("asof_leak", section, "with a cut-off date: shows or retrieves something later", better="lower")
    yield Measure("name_parity", section, "other spellings of names end as the question does")
    yield Measure("language_parity", section, "the question in another language ends as the question does")
    yield Measure("wording_parity", section, "the question reworded ends as the question does")
    yield Measure("wording_stability", section, "word overlap of the answers to a question and its rewording")
    yield Measure("citation_stability", section, "overlap of the documents cited for a question put in two ways")
    yield Measure(
        "language_gap", section, "largest difference of `right` between languages", better="lower", level="whole"
    )


def _latency() -> Iterable[Measure]:
    section = "Latency"
    yield Measure("latency_ms", section, "mean time from question to answer", better="lower", unit="ms")
    yield Measure(
        "latency_p50_ms", section, "half of the answers took no longer", better="lower", unit="ms", level="whole"
    )
    yield Measure("latency_p95_ms", section, "95 in 100 took no longer", better="lower", unit="ms", level="whole")
