"""Reading question sets: our own layout, BEIR folders, and rows as question-answering sets have them.

BEIR (Thakur et al., 2021): a folder with `corpus.jsonl`, `queries.jsonl` and `qrels/NAME.tsv`. Give the folder
(then `test.tsv` is read, else `dev.tsv`, else the only one) or the qrels file of the split that is meant.

Rows with `answers`, `relevant_ids` and perhaps `lang` and `asked_on`: short answers become alternatives of one slot,
`answer_parts` slots of their own, and `asked_on` the cut-off date, since the asker could not know more.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rag.evaluation.errors import QuestionSetError
from rag.evaluation.questions import EvalQuestion, parse_question

SHORT_ANSWER_WORDS = 6
"""Longer reference answers are scored by their words only: nobody gives them word for word."""


def load_questions(path: Path) -> list[EvalQuestion]:
    """The questions of a `.jsonl` file, or of a folder or file in another layout; never empty.

    Raises QuestionSetError with the file, the line and what is wrong.
    """
    if not path.exists():
        raise QuestionSetError(f"no questions at {path}; give a .jsonl file or a BEIR folder")
    if _is_beir(path):
        questions = _beir_questions(path)
    else:
        source = path / "queries.jsonl" if path.is_dir() else path
        questions = [_as_question(row, where) for where, row in _read_rows(source)]
    if not questions:
        raise QuestionSetError(f"{path} holds no questions")
    _check_ids(questions, path)
    return questions


def _read_rows(path: Path) -> Iterator[tuple[str, dict]]:
    """Each line's place (`file, line 3`) and object; blank lines are passed over."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"cannot read {path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise QuestionSetError(f"{where}: not JSON ({error})") from error
        if not isinstance(row, dict):
            raise QuestionSetError(f"{where}: a question is an object, but this is a {type(row).__name__}")
        yield where, row


def _is_beir(path: Path) -> bool:
    """Whether `path` is a BEIR folder or one of its qrels files."""
    return (path / "qrels").is_dir() or (path.suffix == ".tsv" and path.parent.name == "qrels")


def _beir_questions(path: Path) -> list[EvalQuestion]:
    """The judged queries of a BEIR folder; they have relevant documents but no answers."""
    folder = path if path.is_dir() else path.parent.parent
    judged = _read_qrels(_chosen_qrels(folder) if path.is_dir() else path)
    questions = []
    for where, row in _read_rows(folder / "queries.jsonl"):
        query_id = str(row.get("_id", row.get("id", "")))
        if query_id in judged:
            fields = {"id": query_id, "question": row.get("text", ""), "type": "query", "relevant": judged[query_id]}
            questions.append(parse_question(fields, where))
    return questions


def _as_question(row: Mapping, where: str) -> EvalQuestion:
    """A row in Parley's own layout, or in that of a question-answering set."""
    if "answers" in row or "relevant_ids" in row:
        return parse_question(_from_answers(row), where)
    return parse_question(dict(row), where)


def _from_answers(row: Mapping) -> dict:
    answers = [str(answer) for answer in row.get("answers") or []]
    parts = [[str(part)] for part in row.get("answer_parts") or []]
    slots = parts if len(parts) > 1 else [answers] if answers else []
    if not all(len(alternative.split()) <= SHORT_ANSWER_WORDS for slot in slots for alternative in slot):
        slots = []
    return {
        "id": str(row.get("id", "")),
        "question": row.get("question", ""),
        "type": row.get("type", "question"),
        "answer": answers[0] if answers else None,
        "other_answers": answers[1:],
        "must_include": [[alternative.strip(" \"'“”‘’«».") for alternative in slot] for slot in slots],
        "relevant": list(row.get("relevant_ids") or []),
        "answerable": row.get("answerable", True),
        "history": row.get("history", []),
        "as_of": row.get("as_of") or row.get("asked_on"),
        "language": row.get("language") or row.get("lang") or "",
    }


def _chosen_qrels(folder: Path) -> Path:
    files = sorted((folder / "qrels").glob("*.tsv"))
    preferred = [file for name in ("test.tsv", "dev.tsv") for file in files if file.name == name]
    if preferred:
        return preferred[0]
    if len(files) != 1:
        names = ", ".join(file.name for file in files) or "none"
        raise QuestionSetError(f"{folder}/qrels holds {names}; give the file of the split that is meant")
    return files[0]


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, fields in enumerate(csv.reader(file, delimiter="\t"), start=1):
            if number == 1 and fields[:1] == ["query-id"]:
                continue
            try:
                query_id, document_id, grade = fields[0], fields[1], int(fields[2])
            except (IndexError, ValueError) as error:
                raise QuestionSetError(f"{path}, line {number}: not `query-id, corpus-id, score`: {fields}") from error
            if grade > 0:
                judged.setdefault(query_id, {})[document_id] = grade
    return judged


def _check_ids(questions: Sequence[EvalQuestion], path: Path) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise QuestionSetError(f"{path}: two questions have the id {question.id!r}")
        seen.add(question.id)
