"""The page when a language model writes: what is checked stands, what is not is set apart, and a model may be away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from scripted_model import Refusal, ScriptedModel, Silence
from serving import STARTUP_S, library_settings

from rag.service import Ready, Service

pytestmark = pytest.mark.browser

QUESTION = "What did the mediator Ilse Brandt say about the exchange of prisoners?"
AGREED = "The mediator Ilse Brandt said the sides had agreed to exchange 120 prisoners [1]. "


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with ScriptedModel() as scripted:
        yield scripted


@pytest.fixture
def model_url(tmp_path: Path, model: ScriptedModel, serve: Callable[[Service], str]) -> Iterator[Callable[..., str]]:
    """Serves with the model, once it has been looked for."""
    services: list[Service] = []

    def served(*scripts: object) -> str:
        model.says(*scripts)
        named = {"llm": "openai:scripted", "llm_base_url": model.url}
        service = Service(library_settings(tmp_path).model_copy(update=named))
        services.append(service)
        service.start()
        assert isinstance(service.wait(STARTUP_S), Ready), service.state
        return serve(service)

    yield served
    for service in services:
        service.close()


def asked(page: Page) -> None:
    page.wait_for_selector("#question textarea:enabled")
    page.fill("#question textarea", QUESTION)
    page.press("#question textarea", "Enter")


def test_checked_sentences_are_shown_while_the_next_is_visibly_pending(
    model: ScriptedModel, model_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    url = model_url(["yes"], [AGREED, "The moon is made ", Silence(), "of cheese [1]."])
    page = open_page(url=url)
    asked(page)
    expect(page.locator("#current .answer")).to_contain_text("120 prisoners", timeout=STARTUP_S * 1000)
    expect(page.locator("#current .pending")).to_be_visible()
    expect(page.locator("#current")).not_to_contain_text("The moon")
    model.over.set()
    expect(page.locator("#current .standing")).to_be_visible(timeout=STARTUP_S * 1000)
    expect(page.locator("#current .pending")).to_have_count(0)
    expect(page.locator("#current .answer .cite")).to_have_count(1)
    expect(page.locator("#current")).not_to_contain_text("cheese")


def test_where_the_model_is_away_the_page_says_so_and_answers(
    model_url: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    page = open_page(url=model_url([Refusal(401)]))
    asked(page)
    expect(page.locator("#current .standing")).to_be_visible(timeout=STARTUP_S * 1000)
    expect(page.locator("#current .notice")).to_contain_text("openai:scripted")
    expect(page.locator("#current .answer")).to_contain_text("120 prisoners")
