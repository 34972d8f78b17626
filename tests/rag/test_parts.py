import pytest

from rag.answering.parts import question_parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Which country left the drilling project, and which ceiling had Lorra been asking for?",
            ("Which country left the drilling project", "which ceiling had Lorra been asking for?"),
        ),
        (
            "Why did the ferries stop in Aldermouth? And with whose help was the strike settled?",
            ("Why did the ferries stop in Aldermouth?", "And with whose help was the strike settled?"),
        ),
        (
            "What did the minister promise the port, and did the dockers believe him?",
            ("What did the minister promise the port", "did the dockers believe him?"),
        ),
        (
            "Яка держава відмовилася підписати декларацію і скільки днів не працювали машиністи?",
            ("Яка держава відмовилася підписати декларацію", "скільки днів не працювали машиністи?"),
        ),
        (
            "Сколько человек погибло по версии газеты и кто успел вывезти жителей посёлка?",
            ("Сколько человек погибло по версии газеты", "кто успел вывезти жителей посёлка?"),
        ),
    ],
)
def test_what_plainly_asks_two_things_has_two_parts(question: str, parts: tuple[str, ...]) -> None:
    assert question_parts(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "When and where did the second session begin?",
        "Which of the two pauses was longer, that of March or that of May, and by how much?",
        "Who are the ministers of Tarnova and Ilvesia?",
        "The spokesman and the minister described the evening differently. What is the difference between the two?",
        "Які міста назвали посередники і сторони?",
        "Продолжаются ли переговоры и поставки газа?",
        "tarnova ilvesia river talks result",
    ],
)
def test_what_asks_one_thing_stays_whole(question: str) -> None:
    assert question_parts(question) == (question,)
