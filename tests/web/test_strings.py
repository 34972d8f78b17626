"""The interface's words: complete in three languages, and chosen as the reader wants."""

import datetime as dt
import string

import pytest

from rag.web.strings import INTERFACE_LANGUAGES, Strings, interface_strings, read_strings

EVERY = [(section, name) for section, names in read_strings().items() for name in names]


@pytest.mark.parametrize(("section", "name"), EVERY)
def test_each_string_is_there_in_each_language_with_the_same_gaps(section: str, name: str) -> None:
    texts = read_strings()[section][name]
    assert set(texts) == set(INTERFACE_LANGUAGES)
    assert all(text.strip() for text in texts.values())
    gaps = {
        tuple(sorted(field for _, field, _, _ in string.Formatter().parse(text) if field)) for text in texts.values()
    }
    assert len(gaps) == 1


@pytest.mark.parametrize(
    ("query", "cookies", "accept", "language"),
    [
        ({}, {}, "", "en"),
        ({}, {}, "uk-UA,uk;q=0.9,en;q=0.8", "uk"),
        ({}, {}, "de;q=0.9, en;q=0.3, ru;q=0.7", "ru"),
        ({}, {}, "de,fr", "en"),
        ({}, {}, "uk;q=..., ;;;, en;q=x", "en"),
        ({}, {"parley-language": "ru"}, "uk", "ru"),
        ({"lang": "en"}, {"parley-language": "ru"}, "uk", "en"),
        ({"lang": "<script>"}, {"parley-language": "xx"}, "uk", "uk"),
    ],
)
def test_the_address_comes_before_the_cookie_and_that_before_the_browser(
    query: dict[str, str], cookies: dict[str, str], accept: str, language: str
) -> None:
    assert interface_strings(query, cookies, accept).language == language


@pytest.mark.parametrize(
    ("count", "english", "ukrainian", "russian"),
    [
        (1, "document", "документ", "документ"),
        (3, "documents", "документи", "документа"),
        (11, "documents", "документів", "документов"),
        (21, "documents", "документ", "документ"),
        (112, "documents", "документів", "документов"),
        (92, "documents", "документи", "документа"),
    ],
)
def test_a_number_takes_the_plural_of_its_language(count: int, english: str, ukrainian: str, russian: str) -> None:
    counted = [Strings(language).documents(count) for language in ("en", "uk", "ru")]
    assert counted == [f"{count} {noun}" for noun in (english, ukrainian, russian)]


def test_a_date_is_written_as_the_language_does() -> None:
    day = dt.date(2026, 1, 22)
    assert [Strings(code).date(day) for code in ("en", "uk", "ru")] == ["22 Jan 2026", "22 січ. 2026", "22 янв. 2026"]
    assert Strings("en").date(None) == "undated"
