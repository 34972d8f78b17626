"""What a question takes over from the conversation. The conversations here are about matters that no seed tells of."""

from collections.abc import Sequence

import pytest

from index.text.names import load_names
from rag.followup import resolve_followup

NAMES = load_names()
FIRST = "How many miners were rescued after the second collapse in Geneva?"
LOAN = "Скільки грошей Норвегія виділила на ремонт мосту в Києві?"
STRIKE = "Почему рабочие порта объявили забастовку в Риме?"


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("Why?", FIRST),
        ("How many?", FIRST),
        ("And how long did they wait?", FIRST),
        ("What was his reason?", FIRST),
        ("What did the mayor say that same day?", FIRST),
        ("What happened two days later?", FIRST),
        ("Who signed the shorter of the two papers?", FIRST),
        ("Was it kept?", FIRST),
        ("What did the other two say?", FIRST),
        ("Did Macron comment?", FIRST),
        ("According to whom?", FIRST),
        ("For how many hours on the first day?", FIRST),
        ("Did France accept it?", FIRST),
        ("Did Poland agree too?", FIRST),
        ("How did Germany react?", FIRST),
        ("Which city did Italy propose for the next one?", FIRST),
        ("How long was the third round?", FIRST),
        ("Чому?", LOAN),
        ("Скільки?", LOAN),
        ("А на який строк?", LOAN),
        ("Хто це підтвердив?", LOAN),
        ("Хто заплатить решту суми?", LOAN),
        ("За чиїми словами?", LOAN),
        ("Чи погодилася Польща на це?", LOAN),
        ("Що сталося через два дні?", LOAN),
        ("Почему он отказался?", STRIKE),
        ("Сколько дней она длилась?", STRIKE),
        ("По чьим словам?", STRIKE),
        ("Как ответила Италия?", STRIKE),
        ("Что было в тот же день?", STRIKE),
    ],
)
def test_a_follow_up_takes_over_the_question_before_it(question: str, before: str) -> None:
    standalone = resolve_followup(question, [before], NAMES)
    assert standalone.focus == question
    assert standalone.context == before
    assert standalone.text == f"{before} {question}"


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("Who led the Polish delegation in Vienna?", FIRST),
        ("What did Macron say about his visit to Rome?", FIRST),
        ("Is there a deadline for the German elections?", FIRST),
        ("When did Finland join the alliance?", FIRST),
        ("Which minister resigned over the second collapse in Geneva?", FIRST),
        ("How long does it take to boil a dozen eggs?", FIRST),
        ("Which rivers and lakes froze over this winter?", FIRST),
        ("Did Zubrowka's railwaymen end their strike yesterday?", FIRST),
        ("Хто очолював делегацію Польщі у Відні?", LOAN),
        ("Коли Фінляндія вступила до альянсу?", LOAN),
        ("Кто возглавил делегацию Польши в Вене?", STRIKE),
        ("Сколько стран подписали декларацию в Париже?", STRIKE),
    ],
)
def test_a_fresh_topic_is_not_dragged_back(question: str, before: str) -> None:
    assert resolve_followup(question, [before], NAMES).text == question


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("Who won?", False),
        ("So who won?", False),
        ("And how do I get a passport?", False),
        ("А як варити борщ?", False),
        ("А как варить борщ?", False),
        ("Who else won?", True),
        ("And the ombudsman?", True),
        ("What about a passport?", True),
        ("Why did he win?", True),
        ("А омбудсмен?", True),
        ("А он выиграл?", True),
    ],
)
def test_the_documents_are_asked_only_where_the_words_leave_it_open(question: str, leans: bool) -> None:
    def apart(asked: str, previous: str) -> bool:
        assert (asked, previous) == (question, FIRST)
        return True

    assert (resolve_followup(question, [FIRST], NAMES, apart=apart).text != question) is leans


@pytest.mark.parametrize(
    ("fragment", "before", "standalone"),
    [
        ("And in Moscow?", "Who met the envoy in Geneva?", "Who met the envoy in Moscow?"),
        ("What about Macron?", "How long did Merz speak?", "How long did Macron speak?"),
        ("and in 2024?", "How many ships were built in 2025?", "How many ships were built in 2024?"),
        ("And the one in June?", "Who chaired the session of 16 May 2025?", "Who chaired the session of June 2025?"),
        ("And the third?", "Where was the second round?", "Where was the third round?"),
        ("And about Merz?", "What did Macron say about Starmer?", "What did Macron say about Merz?"),
        ("А в Москві?", "Хто зустрів посланця в Женеві?", "Хто зустрів посланця в Москві?"),
        ("А Макрон?", "Скільки говорив Мерц?", "Скільки говорив Макрон?"),
        ("А в Москве?", "Кто встретил посланника в Женеве?", "Кто встретил посланника в Москве?"),
        ("А в 2024 году?", "Сколько судов построили в 2025 году?", "Сколько судов построили в 2024 году?"),
    ],
)
def test_a_fragment_asks_the_question_before_of_another(fragment: str, before: str, standalone: str) -> None:
    resolved = resolve_followup(fragment, [before], NAMES)
    assert resolved.text == standalone
    assert resolved.asks == standalone


@pytest.mark.parametrize(
    ("fragment", "before"),
    [
        ("And Merz?", "What did Macron say about Starmer?"),  # either of them could be meant
        ("And in Rome?", "Who won the race?"),  # nothing to replace
        ("And how many in Rome?", "Who met the envoy in Geneva?"),  # asks something else
        ("And in Geneva?", "Who met the envoy in Geneva?"),
    ],
)
def test_where_the_contrast_is_not_clear_nothing_is_replaced(fragment: str, before: str) -> None:
    assert resolve_followup(fragment, [before], NAMES).text == f"{before} {fragment}"


def test_fragments_follow_one_another() -> None:
    history = ["Who met the envoy in Geneva?", "And in Moscow?"]
    assert resolve_followup("And in Rome?", history, NAMES).text == "Who met the envoy in Rome?"


def test_a_chain_of_follow_ups_reaches_back_to_the_question_that_stands_alone() -> None:
    standalone = resolve_followup("Why?", ["Who hosted the Berlin talks?", FIRST, "Was it kept?"], NAMES)
    assert standalone.context == f"{FIRST} Was it kept?"


def test_without_history_nothing_is_added() -> None:
    assert resolve_followup("Why?", [], NAMES).text == "Why?"


WHO = "Who opened the bridge in Vienna?"


@pytest.mark.parametrize(
    ("question", "before", "answer", "subject"),
    [
        ("Why did he leave early?", WHO, ["Macron opened the bridge in Vienna on Monday."], "Emmanuel Macron"),
        ("Why did he leave early?", WHO, ["Macron and Merz opened the bridge in Vienna."], ""),
        ("Why did he leave early?", WHO, ["Merz likes cheese."], ""),
        ("Why did he leave early?", WHO, [], ""),
        ("Why did it close again?", WHO, ["Macron opened the bridge in Vienna on Monday."], ""),
        ("Who else was there?", "Where did the bridge builders meet?", ["The bridge builders met in Oslo."], "Oslo"),
        (
            "Чому він пішов раніше?",
            "Хто відкрив міст у Відні?",
            ["Макрон відкрив міст у Відні."],
            "Еммануель Макрон",
        ),
        (
            "Почему его не пустили?",
            "Кто открыл мост в Вене?",
            ["Macron opened the bridge in Vienna."],
            "Эммануэль Макрон",
        ),
        ("Почему он ушёл?", "Кто открыл мост в Вене?", ["Macron likes cheese."], ""),
        ("Почему он ушёл?", "Кто открыл мост?", ["Macron opened the bridge."], ""),
        ("Коли її призначили?", "Хто відкрив міст у Відні?", ["Захарова відкрила міст у Відні."], "Марія Захарова"),
    ],
)
def test_a_pronoun_means_the_one_whom_the_answer_before_names(
    question: str, before: str, answer: list[str], subject: str
) -> None:
    asked: list[Sequence[str]] = []

    def recall(history: Sequence[str]) -> list[str]:
        asked.append(history)
        return answer

    standalone = resolve_followup(question, [before], NAMES, recall)
    assert standalone.subject == subject
    assert standalone.text == " ".join(filter(None, [before, f"{subject}." if subject else "", question]))
    assert all(history == [before] for history in asked)
