"""Checks a question set against the documents it is about.

    python -m tests.questions.validate tests/questions/core.jsonl seeds

It proves that every required word stands in a document and that the documents exist; whether an answer is right, and
whether an unanswerable question really has no answer, is for a reader to judge. How many questions a set needs goes by
what it holds: only translated questions, only unanswerable ones, or all types.
"""

import argparse
import datetime as dt
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.documents.loading import load_paths
from index.types import Document

FIELDS: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "question": (str,),
    "type": (str,),
    "answer": (str,),
    "must_include": (list,),
    "also_accept": (list,),
    "relevant": (list,),
    "answerable": (bool,),
    "history": (list,),
    "as_of": (str, type(None)),
    "language": (str,),
}
OPTIONAL_FIELDS = {"group"}
UNANSWERED_TYPES = {"unanswerable", "false-premise"}
REWORDED_TYPES = {"name-variant", "reworded"}
GROUPED_TYPES = REWORDED_TYPES | {"translated"}
MIXED_TYPES = UNANSWERED_TYPES | REWORDED_TYPES | {
    "who", "when", "where", "what", "why", "how-many", "quote", "comparison", "temporal-latest", "as-of-date",
    "multi-doc", "yes-no", "follow-up", "multilingual",
}  # fmt: skip
TYPES = MIXED_TYPES | GROUPED_TYPES

DOCUMENT_LANGUAGES = {"en", "uk", "ru"}
OTHER_LANGUAGES = {"de", "es", "fr", "tr"}  # no document is in one of these, so no answer could be checked

# The least that a set of all types, one of translated and one of unanswerable questions must hold.
MIN_QUESTIONS = 180
MIN_PER_TYPE = 8
MIN_PER_LANGUAGE = {"en": 30, "uk": 30, "ru": 30}
UNANSWERED_SHARE = (0.30, 0.37)
MIN_TRANSLATED = {"en": 16, "uk": 16, "ru": 16}
MIN_OFF_TOPIC = {"en": 20, "uk": 8, "ru": 8, "de": 1, "es": 1, "fr": 1, "tr": 1}

# What the questions of a group have in common.
SAME_IN_TRANSLATION = ("type", "answerable", "must_include", "also_accept", "relevant", "as_of")
SAME_IN_OTHER_WORDS = (*SAME_IN_TRANSLATION, "language", "answer")

CYRILLIC = re.compile("[а-яёіїєґ]", re.IGNORECASE)
FOREIGN_LETTERS = {
    "uk": re.compile("[ыэъё]", re.IGNORECASE),
    "ru": re.compile("[іїєґ]", re.IGNORECASE),
}
OPEN_ENDED_DATE = re.compile(
    r"(January|February|March|April|May|June|July|August|September|October|November|December) ([1-3]|20)$"
)

Row = dict[str, Any]
Documents = dict[str, Document]


def validate(path: Path, seeds: Path) -> list[str]:
    """Problems of the question set at `path`, each naming the question it is about; empty when there are none."""
    rows, problems = _read_rows(path)
    loaded = load_paths([seeds])
    problems += [f"{refusal.path}: {refusal.message}" for refusal in loaded.refusals]
    documents = {entry.document.id: entry.document for entry in loaded.documents}
    well_formed = []
    for row in rows:
        found = list(_format_problems(row))
        if not found:
            well_formed.append(row)
            found = [*_consistency_problems(row), *_document_problems(row, documents)]
        problems += [f"{row.get('id', '?')}: {problem}" for problem in found]
    return (
        problems
        + list(_duplicate_problems(well_formed))
        + list(_group_problems(well_formed))
        + list(_balance_problems(well_formed))
    )


def _read_rows(path: Path) -> tuple[list[Row], list[str]]:
    rows, problems = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(f"line {number}: not JSON ({error})")
            continue
        if isinstance(row, dict):
            rows.append(row)
        else:
            problems.append(f"line {number}: a JSON object is needed, not {type(row).__name__}")
    return rows, problems


def _format_problems(row: Row) -> Iterator[str]:
    yield from (f"field {name} is missing" for name in FIELDS.keys() - row.keys())
    yield from (f"field {name} is not known" for name in row.keys() - FIELDS.keys() - OPTIONAL_FIELDS)
    yield from (
        f"field {name} is a {type(row[name]).__name__}"
        for name, types in FIELDS.items()
        if name in row and not isinstance(row[name], types)
    )
    yield from (
        f"field {name} is empty" for name in ("id", "question", "answer") if not str(row.get(name, "-")).strip()
    )
    for name in ("relevant", "history"):
        if not _is_list_of_strings(row.get(name, [])):
            yield f"field {name} holds something other than text"
    for name in ("must_include", "also_accept"):
        slots = row.get(name, [])
        if not isinstance(slots, list) or not all(_is_list_of_strings(slot) for slot in slots):
            yield f"field {name} is not a list of lists of text"


def _is_list_of_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _consistency_problems(row: Row) -> Iterator[str]:
    """What one row must hold, given its type."""
    kind, slots = row["type"], row["must_include"]
    if kind not in TYPES:
        yield f"type {kind!r} is not one of {sorted(TYPES)}"
    allowed = DOCUMENT_LANGUAGES | OTHER_LANGUAGES if kind == "unanswerable" else DOCUMENT_LANGUAGES
    if row["language"] not in allowed:
        yield f"language {row['language']!r} is not one of {sorted(allowed)}, those of type {kind}"
    else:
        yield from _language_problems(row)
    if row["answerable"] == (kind in UNANSWERED_TYPES):
        yield f"answerable is {row['answerable']} but the type is {kind}"
    if row["answerable"] != bool(slots):
        yield "must_include is needed exactly when the question is answerable"
    if bool(row["relevant"]) == (kind == "unanswerable"):
        yield "relevant is empty exactly when the type is unanswerable"
    if row["also_accept"] and len(row["also_accept"]) != len(slots):
        yield f"also_accept has {len(row['also_accept'])} slots but must_include has {len(slots)}"
    yield from (f"must_include has an empty slot: {slots}" for slot in slots if not slot)
    if kind == "as-of-date" and row["as_of"] is None:
        yield "as_of is needed for this type"
    if (kind == "follow-up") != bool(row["history"]):
        yield "history is needed exactly when the type is follow-up"
    if (kind in GROUPED_TYPES) != ("group" in row):
        yield f"group is needed exactly when the type is one of {sorted(GROUPED_TYPES)}"
    yield from _ambiguous_number_problems(row)


def _language_problems(row: Row) -> Iterator[str]:
    language = row["language"]
    foreign = FOREIGN_LETTERS.get(language, CYRILLIC)
    for text in [row["question"], *row["history"]]:
        if found := foreign.search(text):
            yield f"the letter {found.group()!r} does not belong to language {language}: {text}"
        if foreign is not CYRILLIC and not CYRILLIC.search(text):
            yield f"language {language} needs Cyrillic letters: {text}"


def _ambiguous_number_problems(row: Row) -> Iterator[str]:
    """Numbers up to 31 are also days of the month and parts of years, so that alone they prove nothing.

    In the same way "October 2" begins both "October 2025" and "October 22".
    """
    for alternative in _alternatives(row):
        if alternative.isdigit() and int(alternative) <= 31:
            yield f"{alternative!r} alone would match within a date; add the word it counts"
        if OPEN_ENDED_DATE.search(alternative):
            yield f"{alternative!r} also begins other dates; close it with a comma"


def _alternatives(row: Row) -> list[str]:
    return [text for slots in (row["must_include"], row["also_accept"]) for slot in slots for text in slot]


def _document_problems(row: Row, documents: Documents) -> Iterator[str]:
    unknown = [name for name in row["relevant"] if name not in documents]
    yield from (f"relevant document {name} does not exist" for name in unknown)
    if len(set(row["relevant"])) != len(row["relevant"]):
        yield "relevant names a document twice"
    known = [documents[name] for name in row["relevant"] if name in documents]
    yield from _date_problems(row, known)
    if row["answerable"] and not unknown:
        yield from _evidence_problems(row, known)


def _date_problems(row: Row, documents: Sequence[Document]) -> Iterator[str]:
    if row["as_of"] is None:
        return
    try:
        as_of = dt.date.fromisoformat(row["as_of"])
    except ValueError:
        yield f"as_of {row['as_of']!r} is not an ISO date"
        return
    yield from (
        f"relevant document {document.id} is dated after {as_of}"
        for document in documents
        if document.date and document.date > as_of
    )


def _evidence_problems(row: Row, documents: Sequence[Document]) -> Iterator[str]:
    """Each slot needs an alternative in a relevant document, each document must hold a slot.

    English questions are held to English documents; the others may rest on a document in any language.
    """
    readable = [document for document in documents if row["language"] != "en" or document.language == "en"]
    for slot in row["must_include"]:
        if not any(_holds(document, slot) for document in readable):
            yield f"no relevant document holds any of {slot}"
    words = [alternative for slot in row["must_include"] for alternative in slot]
    yield from (
        f"relevant document {document.id} holds no required word at all"
        for document in readable
        if not _holds(document, words)
    )


def _holds(document: Document, alternatives: Sequence[str]) -> bool:
    text = document.text.casefold()
    return any(alternative.casefold() in text for alternative in alternatives)


def _duplicate_problems(rows: Sequence[Row]) -> Iterator[str]:
    ids = Counter(row["id"] for row in rows)
    yield from (f"{name}: the id stands {count} times" for name, count in ids.items() if count > 1)
    asked = Counter((row["question"].casefold(), tuple(row["history"]), row["as_of"]) for row in rows)
    yield from (f"asked {count} times: {question}" for (question, *_), count in asked.items() if count > 1)


def _group_problems(rows: Sequence[Row]) -> Iterator[str]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if "group" in row:
            groups[row["group"]].append(row)
    for name, members in groups.items():
        if len(members) < 2:
            yield f"group {name} has one question only"
        translated = any(member["type"] == "translated" for member in members)
        if translated and sorted(member["language"] for member in members) != sorted(DOCUMENT_LANGUAGES):
            yield f"group {name} needs one question in each of {sorted(DOCUMENT_LANGUAGES)}"
        for field in SAME_IN_TRANSLATION if translated else SAME_IN_OTHER_WORDS:
            if any(member[field] != members[0][field] for member in members):
                yield f"group {name} differs in {field}"


def _balance_problems(rows: Sequence[Row]) -> Iterator[str]:
    kinds = {row["type"] for row in rows}
    if kinds == {"translated"}:
        yield from _language_balance_problems(rows, MIN_TRANSLATED)
    elif kinds == {"unanswerable"}:
        yield from _language_balance_problems(rows, MIN_OFF_TOPIC)
    elif len(rows) < MIN_QUESTIONS:
        yield f"{len(rows)} questions, at least {MIN_QUESTIONS} are needed"
    else:
        yield from _type_balance_problems(rows)
        yield from _language_balance_problems(rows, MIN_PER_LANGUAGE)


def _type_balance_problems(rows: Sequence[Row]) -> Iterator[str]:
    types = Counter(row["type"] for row in rows)
    yield from (
        f"{types[kind]} questions of type {kind}, at least {MIN_PER_TYPE} are needed"
        for kind in sorted(MIXED_TYPES)
        if types[kind] < MIN_PER_TYPE
    )
    share = sum(not row["answerable"] for row in rows) / len(rows)
    low, high = UNANSWERED_SHARE
    if not low <= share <= high:
        yield f"{share:.0%} of the questions have no answer, between {low:.0%} and {high:.0%} are wanted"


def _language_balance_problems(rows: Sequence[Row], minimums: Mapping[str, int]) -> Iterator[str]:
    languages = Counter(row["language"] for row in rows)
    yield from (
        f"{languages[language]} questions in {language}, at least {minimum} are needed"
        for language, minimum in minimums.items()
        if languages[language] < minimum
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a question set against the documents it is about.")
    parser.add_argument("questions", type=Path, help="a JSONL file, one question a line")
    parser.add_argument("seeds", type=Path, help="the folder with the Markdown documents")
    options = parser.parse_args(arguments)
    problems = validate(options.questions, options.seeds)
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    sys.stderr.write(f"{len(problems)} problems in {options.questions}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
