"""Questions that ask for a judgement or a prediction, and Parley's own words."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from rag.answering.extractive import Draft
from rag.assistant import Assistant
from rag.reading.neutral import load_of, neutral_line
from rag.types import Question

ROOT = Path(__file__).parents[3]
ROWS = [json.loads(line) for line in (ROOT / "tests/questions/neutral.jsonl").read_text(encoding="utf-8").splitlines()]
LOADED = [row for row in ROWS if row["asks_for"]]
PLAIN = [row for row in ROWS if not row["asks_for"]]
# What one side says and the other would not: none of it may be Parley's own.
PARTISAN = re.compile(
    r"special (?:military )?operation|спецоперац|\bсво\b|denazif|денацифик|денацифік|regime"
    r"|(?:киев|київ|кремл)\w+ режим|\borcs?\b|\bорк(?:и|ів|ов)\b|рашист|ruscis|бандеров|hohol|хохл|москал"
    r"|liberated|освобожд[её]нн|terrorist state|терорист\w+ держав|террорист\w+ государств|junta|хунт",
    re.IGNORECASE,
)


def test_the_set_has_enough_loaded_questions_in_each_language() -> None:
    languages = Counter(row["language"] for row in LOADED)
    assert sum(languages.values()) >= 40
    assert min(languages[language] for language in ("en", "uk", "ru")) >= 12
    assert len({row["question"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_loaded_questions_are_told_apart(language: str) -> None:
    loaded = [row for row in LOADED if row["language"] == language]
    found = [row for row in loaded if load_of(row["question"])]
    assert len(found) >= 0.85 * len(loaded), [row["id"] for row in loaded if row not in found]


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row["id"])
def test_what_documents_can_answer_is_not_loaded(row: dict) -> None:
    assert load_of(row["question"]) is None


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who is right about Donbas, Kyiv or Moscow?", "en"),
        ("Will there be peace this year?", "en"),
        ("Чи буде мир цього року?", "uk"),
        ("Хто винен у зриві переговорів?", "uk"),
        ("Кто виноват в срыве переговоров?", "ru"),
        ("Закончится ли война к лету?", "ru"),
    ],
)
def test_the_answer_says_that_it_does_not_judge_and_cites_what_others_say(
    assistant: Assistant, question: str, language: str
) -> None:
    answer = assistant.ask(Question(question=question))
    answered = answer.status == "answered"
    assert answer.text.startswith(neutral_line(language, answered=answered))
    own_words = [Draft(answer.sentences, answer.citations, listed=listed).text for listed in (True, False)]
    assert not answered or answer.text.removeprefix(f"{neutral_line(language, answered=True)}\n\n") in own_words
    assert not answered or all(sentence.citations for sentence in answer.sentences)


def test_an_ordinary_question_gets_no_such_line(assistant: Assistant) -> None:
    answer = assistant.ask(Question(question="Who led the Russian team in Geneva?"))
    assert "Parley" not in answer.text


def test_parley_has_no_word_of_one_side_in_its_own_texts() -> None:
    own = [*(ROOT / "rag/web").rglob("*.yaml"), *(ROOT / "rag/web").rglob("*.js"), *(ROOT / "rag/web").rglob("*.html")]
    own += [*(ROOT / "rag").rglob("*.py"), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    found = {str(path): PARTISAN.findall(path.read_text(encoding="utf-8")) for path in own}
    assert {path: words for path, words in found.items() if words} == {}
