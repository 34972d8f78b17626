"""The interface in the reader's language, and answers in the question's."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from serving import type_question
from test_page import QUESTION, serious_violations

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


def test_a_language_is_chosen_with_a_link_and_is_remembered(open_page: Open) -> None:
    page = open_page()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Українська").click()
    page.wait_for_selector("#question textarea:enabled")
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    expect(page.get_by_role("tab")).to_have_text(
        ["Запитати", "Документи", "Хронологія", "Цитати", "Довідка", "Про Parley"]
    )
    expect(page.locator("#ask")).to_have_text("Запитати")
    expect(page.locator("#question textarea")).to_have_attribute("placeholder", "Запитайте про переговори")
    expect(page.locator("#coverage")).to_contain_text("3 документи, від 10 січ. 2026 до 20 лют. 2026")
    assert serious_violations(page) == []
    page.goto(page.url.split("?")[0])
    expect(page.locator("#ask")).to_have_text("Запитати")
    page.goto(page.url + "documents")
    expect(page.locator("h1")).to_have_text("Документи")


def test_the_answer_follows_the_question_and_the_conversation_follows_the_language(open_page: Open) -> None:
    page = open_page(locale="ru-RU")
    expect(page.locator("#ask")).to_have_text("Спросить")
    type_question(page, QUESTION)
    expect(page.locator("#current .answer")).to_contain_text("3 February 2026: The mediator Ilse Brandt said")
    expect(page.locator("#current .standing")).to_contain_text("Собрание доходит до 20 февр. 2026.")
    expect(page.locator("#current .byline").first).to_have_text("Corvin Gazette · 3 февр. 2026 · на английском")
    page.wait_for_url("**/?conversation=*")
    page.get_by_role("link", name="English").click()
    expect(page.locator("#current .question")).to_have_text(QUESTION)
    expect(page.locator("#current .standing")).to_contain_text("The collection ends 20 Feb 2026.")


def test_what_cannot_be_asked_is_explained_in_the_language_of_the_interface(open_page: Open) -> None:
    page = open_page("/?lang=uk")
    type_question(page, "?!")
    expect(page.locator("#current .notice")).to_have_text("У запитанні немає ні літер, ні цифр; запитайте словами.")


def test_about_says_what_is_covered_until_when_and_who_answers(open_page: Open) -> None:
    page = open_page()
    page.wait_for_selector("#question textarea:enabled")
    page.get_by_role("tab", name="About").click()
    about = page.locator("#about")
    expect(about).to_contain_text("3 documents dated from 10 Jan 2026 to 20 Feb 2026")
    expect(about).to_contain_text("No language model is in use")
    expect(about.get_by_role("heading")).to_have_text(
        ["What it covers", "How it answers", "What it will not do", "What is kept"]
    )
    assert serious_violations(page) == []
