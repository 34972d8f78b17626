"""Question sets that bring their own corpus, in the layout of many sets: corpus.jsonl and queries.jsonl.

A query has `relevant_ids`, `lang`, `answerable`, `answers`, perhaps `asked_on` (taken as cut-off date) and
`xling_relevant_ids`, the same documents in another language. The answers' side is measured on the whole corpus.
Where there are translations, retrieval is measured within one language and across: the documents of each language are
a corpus of their own. On the whole corpus a document and its translation count as one.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.asking import WORD_LIMIT, Asked, ask_all, drawn
from benchmarks.quality.baselines import baseline_lines
from benchmarks.quality.homes import Homes
from benchmarks.quality.progress import bar
from benchmarks.quality.question_files import TIMES, times
from benchmarks.quality.retrieval import COLUMNS, Ranking, retrieval_line
from benchmarks.quality.tables import NOTHING, Column, Line, Table, without_empty_columns
from rag.assistant import Assistant
from rag.chain import CANDIDATES
from rag.evaluation.layouts import SHORT_ANSWER_WORDS, load_questions
from rag.evaluation.metrics.ranking import ranked_documents
from rag.evaluation.questions import EvalQuestion
from rag.evaluation.targets import LibraryTarget
from rag.retrieval.reader import Reader

ANSWER_MEASURES = {
    f"answer contained in {WORD_LIMIT} words": "correct",
    "the same, of those answered": "correct_answered",
    "token F1, of those answered": "token_f1",
    "cites a right document": "cited_hit",
    "speaks: answerable": "answered_answerable",
    "silent: unanswerable": "abstained_unanswerable",
    "quotes verbatim": "quote_exactness",
}
WHOLE_MEASURES = {"AUROC support": "auroc_support", "AUROC passage": "auroc_passage"}
ANSWER_COLUMNS = (*map(Column, ANSWER_MEASURES), *map(Column, WHOLE_MEASURES), *TIMES)

UNKNOWN_LANGUAGE = "und"

RETRIEVAL_NOTES = (
    f"Documents in the order of their best passage among the first {CANDIDATES} of `Assistant.search`, as many as are "
    "reranked for an answer; what lies beyond counts as not found. Where a question says when it was asked, later "
    "documents are left out, which other systems' figures may not do.",
)
ANSWER_NOTES = (
    f"Only reference answers of at most {SHORT_ANSWER_WORDS} words are looked for in the answer. AUROC is of telling "
    "answerable questions from others, by the support of the answer and by the score of the best passage.",
)


@dataclass(frozen=True, slots=True)
class CorpusSet:
    """A set as it was read. A question's relevant documents are those of all languages.

    `twins` holds for each document that is known to have a translation the one that stands for both.
    """

    name: str
    documents: Sequence[Mapping]
    questions: Sequence[EvalQuestion]
    twins: Mapping[str, str]

    def languages(self) -> list[str]:
        """Those of the documents, where there are translations; else none."""
        return sorted({_language(document) for document in self.documents}) if self.twins else []


def corpus_tables(folder: Path, homes: Homes, sample: int | None, seed: int) -> Iterator[Table]:
    """What is retrieved, then what is answered, in the set of this folder."""
    asked_set = read_set(folder, sample, seed)
    with homes.of_corpus(asked_set.documents) as collection:
        assistant = Assistant(collection, homes.embedder, cross_encoder=Reader())
        assistant.warm_up()
        asked = ask_all(asked_set.name, asked_set.questions, LibraryTarget(assistant, collection), CANDIDATES)
    lines = [*_whole_corpus_lines(asked_set, asked), *_language_lines(asked_set, homes)]
    yield Table(
        f"{folder.name}: retrieval out of {len(asked_set.documents)} documents",
        COLUMNS,
        (*lines, *baseline_lines(folder, COLUMNS)),
        (*RETRIEVAL_NOTES, *asked.errors),
    )
    if any(not question.answerable or question.references for question in asked_set.questions):
        yield _answer_table(folder.name, asked)


def read_set(folder: Path, sample: int | None, seed: int) -> CorpusSet:
    """The set in the folder, or a sample of its questions. Raises QuestionSetError where a question cannot be read."""
    questions = load_questions(folder)
    translations = {
        str(row["id"]): dict.fromkeys(row["xling_relevant_ids"], 1)
        for row in _json_lines(folder / "queries.jsonl")
        if row.get("xling_relevant_ids")
    }
    pairs = [
        sorted(pair)
        for question in questions
        for pair in zip(question.relevant, translations.get(question.id, ()), strict=False)
    ]
    everywhere = [
        question.model_copy(update={"relevant": question.relevant | translations.get(question.id, {})})
        for question in drawn(questions, sample, seed)
    ]
    twins = {document: first for first, second in pairs for document in (first, second)}
    return CorpusSet(folder.name, list(_json_lines(folder / "corpus.jsonl")), everywhere, twins)


def _whole_corpus_lines(asked_set: CorpusSet, asked: Asked) -> Iterator[Line]:
    """By language of the question, over the whole corpus."""
    twins = asked_set.twins
    rankings: dict[str, list[Ranking]] = {}
    for row in asked.rows:
        if row.answer is None:
            continue
        documents = (twins.get(passage.document_id, passage.document_id) for passage in row.passages)
        relevant = {twins.get(document, document): grade for document, grade in row.question.relevant.items()}
        ranking = Ranking(ranked_documents(documents), relevant, row.question.family)
        rankings.setdefault(row.question.language, []).append(ranking)
    where = " → all, translations as one" if twins else ""
    for language, found in sorted(rankings.items()):
        yield retrieval_line(f"Parley, {language}{where}", found)


def _language_lines(asked_set: CorpusSet, homes: Homes) -> Iterator[Line]:
    """By language of question and documents, each over the documents of one language."""
    for language in asked_set.languages():
        documents = [document for document in asked_set.documents if _language(document) == language]
        with homes.of_corpus(documents) as collection:
            assistant = Assistant(collection, homes.embedder, cross_encoder=Reader())
            rankings = _rankings(assistant, asked_set, language, {document["id"] for document in documents})
        for asked_in, found in sorted(rankings.items()):
            yield retrieval_line(f"Parley, {asked_in} → {language}", found)


def _rankings(
    assistant: Assistant, asked_set: CorpusSet, language: str, known: Collection[str]
) -> dict[str, list[Ranking]]:
    """By language of the question, for those that have anything relevant among the `known` documents."""
    rankings: dict[str, list[Ranking]] = {}
    for question in bar(asked_set.questions, f"{asked_set.name} → {language}", "question"):
        relevant = {document: grade for document, grade in question.relevant.items() if document in known}
        if relevant:
            passages = assistant.search(question.question, CANDIDATES, question.as_of)
            documents = ranked_documents(passage.document.id for passage in passages)
            rankings.setdefault(question.language, []).append(Ranking(documents, relevant, question.family))
    return rankings


def _answer_table(name: str, asked: Asked) -> Table:
    names = (*ANSWER_MEASURES.values(), *WHOLE_MEASURES.values())
    lines = tuple(
        Line(group.label, (*(group.figures.get(measure, NOTHING) for measure in names), *times(group.rows)))
        for group in asked.groups()
    )
    return without_empty_columns(Table(f"{name}: answers", ANSWER_COLUMNS, lines, ANSWER_NOTES))


def _language(document: Mapping) -> str:
    return document.get("lang") or document.get("language") or UNKNOWN_LANGUAGE


def _json_lines(file: Path) -> Iterator[dict]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
