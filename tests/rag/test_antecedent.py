"""Whom a sentence speaks of, once it stands by itself."""

import pytest

from index.text.names import load_names
from index.types import Document, Span
from rag.answering.antecedent import Shown, with_antecedent

NAMES = load_names()
LONG = "The crowd listened " + "and waited " * 40 + "there."


def show(text: str, opening: str, *, max_words: int = 40, **fields: object) -> tuple[str, Shown] | None:
    """The words shown for the sentence that begins with `opening`."""
    document = Document(id="a", title=fields.pop("title", "A"), text=text, **fields)
    start = text.index(opening)
    shown = with_antecedent(document, Span(start, text.index(".", start) + 1), NAMES, max_words)
    return (text[shown.span.start : shown.span.end], shown) if shown else None


@pytest.mark.parametrize(
    ("text", "opening", "words"),
    [
        ("Macron spoke. He left.", "He", "Macron spoke. He left."),
        ("Macron spoke. It was cold. He left.", "He", "Macron spoke. It was cold. He left."),
        ("The truce held. It ended in May.", "It", "The truce held. It ended in May."),
        ("There were two papers. The second was long.", "The second", "There were two papers. The second was long."),
        ("Макрон виступив. Він поїхав.", "Він", "Макрон виступив. Він поїхав."),
        ("Макрон выступил. Он уехал.", "Он", "Макрон выступил. Он уехал."),
        ("Macron spoke. Merz said he agreed.", "Merz", "Merz said he agreed."),
        ("Macron spoke. Both Kyiv and Moscow agreed.", "Both", "Both Kyiv and Moscow agreed."),
        ("Macron spoke. The second round ended.", "The second", "The second round ended."),
        ('Macron spoke. "He lies", Merz said.', '"He', '"He lies", Merz said.'),
    ],
)
def test_a_sentence_is_shown_with_what_it_leans_on(text: str, opening: str, words: str) -> None:
    assert show(text, opening) is not None
    assert show(text, opening)[0] == words
    assert show(text, opening)[1].subject is None


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        (f"Macron spoke. {LONG} He left.", "He"),
        (f"Macron spoke. {LONG}\n\nHe met Merz.", "He"),
        (f"Macron spoke. {LONG} He met Merz. {LONG} In a speech he spoke of Starmer.", "In a speech"),
    ],
)
def test_where_the_document_leaves_no_choice_the_person_is_named(text: str, opening: str) -> None:
    assert show(text, opening) is not None
    words, shown = show(text, opening)
    assert words.startswith(opening)
    assert shown.subject is NAMES.entity("macron")
    assert text[shown.named_at.start : shown.named_at.end] == "Macron spoke."


@pytest.mark.parametrize(
    "text",
    [
        f"Macron met Merz. {LONG} He left.",
        f"Macron called him a friend. {LONG} He left.",
        f"Macron's plan failed. {LONG} He left.",
        f"Zakharova spoke. {LONG} He left.",
        f"Macron spoke. {LONG} Bob Stranger rose. {LONG} He left.",
        f"Macron met Merz. {LONG} He left Starmer alone. {LONG} He left.",
        f"Nobody knows. {LONG} He left.",
    ],
)
def test_where_it_leaves_a_choice_the_sentence_is_not_shown(text: str) -> None:
    assert show(text, "He left.") is None


def test_another_subject_of_the_sentence_may_be_meant() -> None:
    assert show(f"Macron spoke. {LONG} The mayor answered that he had left.", "The mayor") is None


PAGE = {"title": "Emmanuel Macron, president", "people": ("Emmanuel Macron", "Friedrich Merz"), "kind": "person"}


def test_a_page_about_a_person_means_that_person() -> None:
    text = f"{LONG}\n\nHe thanks Merz. He left."
    assert show(text, "He thanks", **PAGE)[1] == Shown(Span(len(LONG) + 2, len(LONG) + 17), NAMES.entity("macron"))
    assert show(text, "He left", max_words=5, **PAGE)[1].subject is NAMES.entity("macron")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (f"{LONG} Merz spoke. {LONG} He left.", PAGE),
        (f"{LONG}\n\nHe left.", {**PAGE, "title": "Macron and Merz"}),
        (f"{LONG}\n\nHe left.", {**PAGE, "kind": "event"}),
    ],
)
def test_a_page_that_speaks_of_others_too_does_not(text: str, page: dict[str, object]) -> None:
    assert show(text, "He left.", **page) is None


LONG_UK = "Натовп слухав " + "і чекав " * 40 + "там."
LONG_RU = "Толпа слушала " + "и ждала " * 40 + "там."


@pytest.mark.parametrize(
    ("text", "opening", "who"),
    [
        (f"Макрон виступив. {LONG_UK} Він сказав, що поїде.", "Він", "macron"),
        (f"Макрон виступив. {LONG_UK} У вівторок він також наголосив на цьому.", "У вівторок", "macron"),
        (f"Макрон виступив. {LONG_UK} За його словами, угоди немає.", "За його", "macron"),
        (f"Захарова выступила. {LONG_RU} Она добавила, что уедет.", "Она", "zakharova"),
        (f"Макрон выступил. {LONG_RU} По его словам, сделки нет.", "По его", "macron"),
    ],
)
def test_in_ukrainian_and_russian_who_speaks_is_named_too(text: str, opening: str, who: str) -> None:
    words, shown = show(text, opening)
    assert words.startswith(opening)
    assert shown.subject is NAMES.entity(who)


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        (f"Макрон виступив. {LONG_UK} Він тривав годину.", "Він"),  # may be a thing
        (f"Макрон виступив. {LONG_UK} Вона сказала, що поїде.", "Вона"),
        (f"Макрон зустрів Мерца. {LONG_UK} Він сказав, що поїде.", "Він"),
        (f"Макрон выступил. Его поддержал Мерц. {LONG_RU} Он сказал, что уедет.", "Он"),
        (f"Макрон назвал его другом. {LONG_RU} Он сказал, что уедет.", "Он"),
    ],
)
def test_in_ukrainian_and_russian_a_choice_left_open_is_not_shown(text: str, opening: str) -> None:
    assert show(text, opening) is None


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        (f"Макрон виступив. {LONG_UK} Ренкорет обережна: за її словами, угоди немає.", "Ренкорет"),
        (f"Макрон виступив. {LONG_UK} Якщо сніг не розтане, він сказав, що поїде.", "Якщо"),
    ],
)
def test_a_clause_before_the_pronoun_may_say_whom_it_means(text: str, opening: str) -> None:
    assert show(text, opening)[1].subject is None
