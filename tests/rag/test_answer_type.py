import pytest

from index.text.names import load_names
from rag.answering.answer_type import AnswerType, expected_answer, holds_answer


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who led the team?", AnswerType.PERSON),
        ("Which two officials signed the paper?", AnswerType.PERSON),
        ("Хто очолював делегацію?", AnswerType.PERSON),
        ("Кто возглавлял делегацию?", AnswerType.PERSON),
        ("When did they meet?", AnswerType.DATE),
        ("What day was the swap?", AnswerType.DATE),
        ("Коли відбувся обмін?", AnswerType.DATE),
        ("Когда состоялся обмен?", AnswerType.DATE),
        ("Where were the talks held?", AnswerType.PLACE),
        ("In what palace did they sit?", AnswerType.PLACE),
        ("Де відбувся раунд?", AnswerType.PLACE),
        ("How many drones were there?", AnswerType.NUMBER),
        ("Скільки полонених повернули?", AnswerType.NUMBER),
        ("Why was the round postponed?", AnswerType.REASON),
        ("Почему встречу отложили?", AnswerType.REASON),
        ("What did Rutte say about the ball?", AnswerType.SPEECH),
        ("Did the summit agree to a loan?", AnswerType.VERDICT),
        ("Чи підписано угоду?", AnswerType.VERDICT),
        ("What is in the plan?", AnswerType.OTHER),
    ],
)
def test_the_question_words_tell_what_is_asked_for(question: str, expected: AnswerType) -> None:
    assert expected_answer(question) is expected


@pytest.mark.parametrize(
    ("kind", "question", "holding", "lacking"),
    [
        (AnswerType.PERSON, "Who met Putin?", "Witkoff met Putin.", "Putin met an envoy."),
        (AnswerType.PLACE, "Where did the Kyiv team go?", "They went to Geneva.", "They left Kyiv."),
        (AnswerType.DATE, "When in 2026?", "On 4 June 2026.", "In 2026 he spoke."),
        (AnswerType.NUMBER, "How many of the 20 points?", "Some 18 of 20.", "Most of the 20 points."),
        (AnswerType.SPEECH, "What did he say?", 'He said: "No."', "He left."),
        (AnswerType.REASON, "Why?", "It was dropped because of the war.", "It was dropped."),
    ],
)
def test_a_sentence_holds_what_the_question_lacks(kind: AnswerType, question: str, holding: str, lacking: str) -> None:
    assert holds_answer(kind, holding, question, load_names())
    assert not holds_answer(kind, lacking, question, load_names())
