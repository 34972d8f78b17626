"""Who says what stands between quotation marks, when and where: English, Ukrainian and Russian."""

import datetime as dt

import pytest

from index.text.names import load_names
from index.types import Document
from rag.reading.quotations import Quotation, quotations_of


def document(text: str, *, kind: str = "event", title: str = "A day", places: tuple[str, ...] = ()) -> Document:
    return Document(
        id="d", title=title, date=dt.date(2026, 2, 3), kind=kind, language="en", places=places, sources=(), text=text
    )


def quotations(text: str, **fields) -> list[Quotation]:
    return quotations_of(document(text, **fields), load_names())


def only(text: str, **fields) -> Quotation:
    (quotation,) = quotations(text, **fields)
    return quotation


def speaker(text: str, **fields) -> str | None:
    voice = only(text, **fields).voice
    return voice.label if voice else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Rubio said: "We will sign when it is fair."', "Marco Rubio"),
        ('"We will sign when it is fair," said Rubio in Paris.', "Marco Rubio"),
        ('"We will sign when it is fair," Marco Rubio told Fox News.', "Marco Rubio"),
        ('Sergey Lavrov, speaking in Moscow, also warned that "we will sign when it is fair".', "Sergey Lavrov"),
        ('Ushakov called the talks useful but said "we will sign when it is fair".', "Yuri Ushakov"),
        ('Zelensky said the Americans had proposed a date: "We will sign when it is fair."', "Volodymyr Zelensky"),
        (
            'A senior Ukrainian official told the paper that "we will sign when it is fair".',
            "A senior Ukrainian official",
        ),
        ('"We will sign when it is fair," said harbour master Jane Doe.', "harbour master Jane Doe"),
        ('According to Medinsky, "we will sign when it is fair".', "Vladimir Medinsky"),
        ('The Kremlin said that "we will sign when it is fair".', "Kremlin"),
        ('"We will sign" was Witkoff\'s phrase for it.', "Steve Witkoff"),
        ("«Ми підпишемо, коли буде чесно», — сказав Зеленський у Києві.", "Volodymyr Zelensky"),
        ("Марк Рютте похвалив Трампа, але зауважив, що «ми підпишемо, коли буде чесно».", "Mark Rutte"),
        ("«Мы подпишем, когда будет честно», — заявил Песков журналистам.", "Dmitry Peskov"),
        ("По словам Лаврова, «мы подпишем, когда будет честно».", "Sergey Lavrov"),
    ],
)
def test_the_speaker_is_whom_the_sentence_names(text: str, expected: str) -> None:
    assert speaker(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'Trump was told by an aide that "we will sign when it is fair".',
        'Zelensky said the plan was done; Trump put guarantees at "close to ninety per cent or so".',
        "Путину сказали, что «мы подпишем, когда будет честно».",
        'Zelensky met Trump. Rubio and Vance waited for them. He said that "we will sign when it is fair".',
        'The meeting of Trump and Putin was short. He said that "we will sign when it is fair".',
    ],
)
def test_nobody_is_named_where_the_words_leave_it_open(text: str) -> None:
    assert speaker(text) is None


def test_words_put_to_somebody_are_not_theirs() -> None:
    assert speaker('Lavrov told Zelensky that "we will sign when it is fair".') == "Sergey Lavrov"
    assert speaker("Путин сказал Трампу, что «мы подпишем, когда будет честно».") == "Vladimir Putin"


def test_he_is_whom_the_sentence_before_has_speak_and_that_sentence_is_pointed_at() -> None:
    text = 'On Monday Peskov rejected the date. He added: "We will sign when it is fair."'
    quotation = only(text)
    assert quotation.voice.label == "Dmitry Peskov"
    assert text[quotation.voice.named_at.start : quotation.voice.named_at.end] == "On Monday Peskov rejected the date."


def test_she_is_never_a_man() -> None:
    assert speaker('Olena Zelenska met Lavrov, and she said that "we will sign when it is fair".') == "Olena Zelenska"


def test_he_on_a_page_about_a_person_is_that_person() -> None:
    text = 'Peace came up.\n\nIn Davos he added: "We will sign when it is fair."'
    assert speaker(text, kind="person", title="Mark Rutte") == "Mark Rutte"


def test_a_quotation_goes_on_after_its_speaker() -> None:
    first, second = quotations('"The pilots are tired," said Rubio. "We will wait until they are not."')
    assert first.voice.label == second.voice.label == "Marco Rubio"


def test_a_quotation_of_several_sentences_is_one() -> None:
    text = 'He is tired. Rutte said: "First comes security. Then come politics." The rest was silence.'
    quotation = only(text)
    assert text[quotation.span.start : quotation.span.end] == "First comes security. Then come politics."


def test_terms_and_names_are_no_quotations() -> None:
    assert quotations('The "Anchorage formula" was discussed.') == []
    assert quotations("Песков сообщил, что глава «Росатома» уехал.") == []


def test_what_others_report_is_marked() -> None:
    assert only('US senators said Rubio called it "a list of wishes".').second_hand
    assert only("Сенаторы утверждали, что Рубио назвал документ «списком пожеланий сторон».").second_hand
    assert not only('Rubio called it "a list of wishes".').second_hand


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ('On 30 January Rubio said: "We will sign when it is fair."', dt.date(2026, 1, 30)),
        ('On 9 February Rubio said: "We will sign when it is fair."', dt.date(2026, 2, 9)),
        ('On 28 December Rubio said: "We will sign when it is fair."', dt.date(2025, 12, 28)),
        ('Rubio said: "We will sign on 9 May."', dt.date(2026, 2, 3)),
        ('On 1 and 2 January Rubio said: "We will sign."', None),
    ],
)
def test_the_day_is_the_one_that_the_sentence_names_before_it(text: str, day: dt.date | None) -> None:
    assert only(text).said_on == day


def test_a_page_without_an_event_of_its_own_gives_no_day() -> None:
    assert only('Rubio said: "We will sign when it is fair."', kind="topic").said_on is None


def test_the_place_is_where_the_speaker_is_and_not_what_is_spoken_of() -> None:
    assert only('In Davos Rutte said: "We will sign when it is fair."', places=("Davos",)).place_ids == ("davos",)
    text = 'Peskov said a meeting in Abu Dhabi was impossible "for very obvious reasons".'
    assert only(text, places=("Abu Dhabi",)).place_ids == ()


def test_hostile_text_is_read_in_time() -> None:
    assert quotations('"' * 5001 + " said " * 5000) == []
    (quotation,) = quotations("Rubio said " * 3000 + '"we will sign when it is fair"')
    assert quotation.voice is None
