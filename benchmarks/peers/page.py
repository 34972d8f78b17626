"""The figures as a Markdown page, with what is better elsewhere said in words that the figures choose."""

import datetime as dt
import os
import platform
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers.measure import Measured
from benchmarks.peers.scores import CUTOFFS, Figures, hits_in, mrr_gain
from benchmarks.peers.systems import BASELINE, PARLEY, SYSTEMS
from rag.evaluation.bootstrap import Interval
from rag.evaluation.questions import EvalQuestion

WIDTH = 118  # of a line of the page


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that the page tells. `left_out` counts answerable questions that need a history or a cut-off date."""

    figures: Mapping[str, Figures]
    questions: Sequence[EvalQuestion]
    left_out: int
    file: str
    documents: int
    k: int
    rounds: int
    versions: Mapping[str, str]
    tried_network: Mapping[str, Sequence[str]]
    command: str
    day: dt.date


def collected_versions(measured: Sequence[Measured]) -> dict[str, str]:
    """Every package that was compared, once, by name."""
    return dict(sorted((name, number) for each in measured for name, number in each.versions.items()))


def render(comparison: Comparison) -> str:
    """The page."""
    parts = [
        "# Parley beside other libraries",
        *_introduction(comparison),
        "## What is found",
        _quality_table(comparison),
        _quality_notes(comparison),
        "## What it costs",
        _cost_table(comparison),
        _cost_notes(comparison),
        "## Where another is better",
        *(_wins(comparison.figures, own) for own in PARLEY),
        "## How it was measured",
        _method(comparison),
    ]
    return "\n\n".join(parts) + "\n"


def _introduction(comparison: Comparison) -> list[str]:
    asked = comparison.questions
    return [
        _paragraph(
            f"""Retrieval only: which documents a question brings up, not what is answered from them. Every figure and
            every verdict comes from one run, on {comparison.day.isoformat()}, on a machine with {os.cpu_count()}
            {platform.machine()} cores, without a GPU, with Python {platform.python_version()}:"""
        ),
        f"```\n{comparison.command}\n```",
        _paragraph(
            f"""Asked were {len(asked)} answerable questions ({_language_counts(asked)}) of `{comparison.file}` over
            {comparison.documents} documents. Parley was developed with this collection and with such questions in
            view, the peers were not tuned at all: read it as what each gives out of the box here, not as a ranking of
            libraries."""
        ),
    ]


def _quality_table(comparison: Comparison) -> str:
    languages = list(dict.fromkeys(asked.language for asked in comparison.questions))
    header = ["system", "embedding model", "cut into", *(f"hit@{cutoff}" for cutoff in CUTOFFS), "MRR@10"]
    header += [*(f"hit@1 {language}" for language in languages), "MRR over the tutorial (95%)"]
    rows = []
    for name, found in comparison.figures.items():
        entry = SYSTEMS[name]
        shares = [*(found.hit(cutoff) for cutoff in CUTOFFS), found.mrr]
        shares += [hits_in(found, comparison.questions, 1, language) for language in languages]
        cutting = f"{entry.cutting}: {found.chunks}"
        rows.append([entry.label, entry.embedder, cutting, *(f"{share:.3f}" for share in shares)])
        rows[-1].append("" if name == BASELINE else _signed(_gain(comparison, name)))
    return _table(header, rows, text_columns=3)


def _quality_notes(comparison: Comparison) -> str:
    return _paragraph(
        f"""A document stands where its best chunk stands. hit@k: a relevant document is among the first k (the
        questions name translations as relevant too); MRR@10: the mean of 1 / rank of the first relevant one. Every
        system was asked for {comparison.k} chunks, so that each can show ten documents. The last column is the
        difference in MRR to the first row, with a bootstrap interval over the same questions; one that includes 0
        shows no difference. MiniLM reads English only, which is why the languages stand apart, and at most 256 tokens
        of a chunk (512 the way txtai runs it). Like for like are rows with the same model: what Parley with `e5` gains
        over the first row is both the model's and Parley's, and the tutorial with that model tells them apart."""
    )


def _cost_table(comparison: Comparison) -> str:
    first = comparison.figures[BASELINE]
    rows = [
        [
            SYSTEMS[name].label,
            f"{found.indexing.processor_s / first.indexing.processor_s:.2f}",
            f"{found.question_p50.processor_s / first.question_p50.processor_s:.2f}",
            f"{found.indexing.processor_s:.1f} ({found.indexing.clock_s:.1f})",
            f"{found.question_p50.processor_s * 1000:.1f} ({found.question_p50.clock_s * 1000:.1f})",
            f"{found.opening.processor_s:.1f} ({found.opening.clock_s:.1f})",
            f"{found.peak_mb:.0f}",
        ]
        for name, found in comparison.figures.items()
    ]
    header = ["system", "indexing ×", "question ×", "indexing s", "question p50 ms", "opening s", "peak memory MB"]
    return _table(header, rows, text_columns=1)


def _cost_notes(comparison: Comparison) -> str:
    return _paragraph(
        f"""Times are processor time on one core, which is what one waits for on an idle core; in brackets by the clock,
        with whatever else the machine did meanwhile. × is the processor time over that of the first row: one run on a
        shared machine is good for such ratios, not for absolute figures. Each system ran {_times(comparison.rounds)} in
        a process of its own, one after the other; times are the shortest, memory the largest. Opening is the imports
        and the model. Indexing is from texts to something that can be searched: in memory for the peers, on disk for
        Parley (SQLite and Chroma), which also embeds every sentence so that it need not at each question. A question's
        time is the whole search, Parley's reranking included."""
    )


def _wins(found: Mapping[str, Figures], own: str) -> str:
    measures: list[tuple[str, Callable[[Figures], float], str]] = [
        *((f"hit@{cutoff}", lambda each, k=cutoff: each.hit(k), ".3f") for cutoff in CUTOFFS),
        ("MRR@10", lambda each: each.mrr, ".3f"),
        ("indexing, s", lambda each: -each.indexing.processor_s, ".1f"),
        ("question, ms", lambda each: -each.question_p50.processor_s * 1000, ".1f"),
        ("memory, MB", lambda each: -each.peak_mb, ".0f"),
    ]
    lines = []
    for title, value, shown in measures:
        better = [f"{SYSTEMS[name].label} {abs(value(found[name])):{shown}}" for name in _better(found, own, value)]
        if better:
            lines.append(
                _paragraph(f"{title} (Parley {abs(value(found[own])):{shown}}): {'; '.join(better)}", bullet="- ")
            )
    return "\n".join([f"Than {SYSTEMS[own].label}:\n", *(lines or ["- in none of these measures"])])


def _better(found: Mapping[str, Figures], own: str, value: Callable[[Figures], float]) -> list[str]:
    """The peers for which `value`, larger being better, is larger than Parley's; the best first."""
    better = [name for name in found if name not in PARLEY and value(found[name]) > value(found[own])]
    return sorted(better, key=lambda name: -value(found[name]))


def _method(comparison: Comparison) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in comparison.versions.items())
    points = [
        """Every peer keeps its own defaults for cutting, storing and searching; only the model and the number of chunks
        are set. Each adapter is one short file under `benchmarks/peers/`.""",
        """The same text for all: title and date on the first two lines, then the document. Peers that take metadata get
        title and date as metadata too. Parley reads the files themselves.""",
        f"""{comparison.left_out} more answerable questions need the conversation before them or a cut-off date, which
        the peers have no notion of; they are left out.""",
        _network_line(comparison.tried_network),
        f"Versions: {packages}.",
    ]
    return "\n".join(_paragraph(point, bullet="- ") for point in points)


def _network_line(tried: Mapping[str, Sequence[str]]) -> str:
    calls = [f"{SYSTEMS[name].label} tried {', '.join(sorted(set(hosts)))}" for name, hosts in tried.items() if hosts]
    kept = "Telemetry and model hubs were switched off and Python's sockets refused any other machine"
    return f"{kept}; {'; '.join(calls)}." if calls else f"{kept}; none was asked for."


def _gain(comparison: Comparison, name: str) -> Interval:
    return mrr_gain(comparison.figures[BASELINE], comparison.figures[name], comparison.questions)


def _signed(gain: Interval) -> str:
    return f"{gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"


def _language_counts(questions: Sequence[EvalQuestion]) -> str:
    languages = [asked.language for asked in questions]
    return ", ".join(f"{languages.count(language)} {language}" for language in dict.fromkeys(languages))


def _times(rounds: int) -> str:
    return {1: "once", 2: "twice"}.get(rounds, f"{rounds} times")


def _paragraph(text: str, bullet: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()),
        width=WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], *, text_columns: int) -> str:
    rule = ["---"] * text_columns + ["---:"] * (len(header) - text_columns)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, rule, *rows])
