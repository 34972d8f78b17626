import importlib.util
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from scripted_model import ScriptedModel

from index.errors import SettingsError
from index.settings import Settings
from rag.generation import opening
from rag.generation.opening import open_model, split_name

ROOT = Path(__file__).parents[2]
ONE_LINE = "\n"


def settings_of(**changes: object) -> Settings:
    return Settings(_env_file=None, **changes)


def test_without_a_name_there_is_no_model() -> None:
    assert open_model(settings_of(llm=None)) is None
    assert open_model(settings_of(llm="")) is None


@pytest.mark.parametrize(
    ("llm", "base_url", "expected"),
    [
        ("ollama:qwen3:4b", None, ("ollama", "qwen3:4b")),
        ("openai:gpt-5-mini", None, ("openai", "gpt-5-mini")),
        ("openai:qwen", "http://x/v1", ("openai", "qwen")),
        ("qwen", "http://x/v1", ("openai", "qwen")),
        ("qwen2.5:7b", "http://x/v1", ("openai", "qwen2.5:7b")),
        ("ollama:qwen3:4b", "http://x", ("ollama", "qwen3:4b")),
    ],
)
def test_a_base_url_makes_the_provider_openai_where_none_is_named(
    llm: str, base_url: str | None, expected: tuple[str, str]
) -> None:
    assert split_name(settings_of(llm=llm, llm_base_url=base_url)) == expected


@pytest.mark.parametrize(
    ("llm", "advice"),
    [
        ("qwen", "provider:model"),
        ("openai:", "provider:model"),
        ("nobody:x", "unknown"),
        ("mistralai:x", "pip install"),
    ],
)
def test_a_name_that_cannot_be_opened_says_what_to_do(llm: str, advice: str) -> None:
    with pytest.raises(SettingsError, match=advice) as error:
        open_model(settings_of(llm=llm))
    assert llm in str(error.value)
    assert ONE_LINE not in str(error.value)


def test_a_missing_package_is_named_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        opening, "find_spec", lambda name: None if name == "langchain_ollama" else importlib.util.find_spec(name)
    )
    with pytest.raises(SettingsError, match=r"langchain-ollama.*requirements-llm\.txt"):
        open_model(settings_of(llm="ollama:qwen3:4b"))


def test_the_server_does_not_start_with_a_model_that_cannot_be_opened(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={"PARLEY_LLM": "qwen", "PARLEY_HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: PARLEY_LLM='qwen' names no model")


def test_a_missing_key_is_asked_for_and_a_key_is_in_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError, match="PARLEY_LLM_API_KEY"):
        open_model(settings_of(llm="openai:gpt-5-mini"))
    with pytest.raises(SettingsError) as error:
        open_model(settings_of(llm="nobody:x", llm_api_key=SecretStr("sk-secret")))
    assert "sk-secret" not in str(error.value)
    assert "sk-secret" not in repr(settings_of(llm_api_key=SecretStr("sk-secret")))


def test_the_key_of_one_provider_is_not_sent_to_another_server(
    monkeypatch: pytest.MonkeyPatch, model: ScriptedModel
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-openai-alone")
    opened = open_model(settings_of(llm="openai:scripted", llm_base_url=model.url))
    opened.look_in_background()
    list(opened.stream([("human", "Hello")]))
    assert set(model.keys) == {"Bearer none"}


def test_the_window_is_the_setting_or_the_models_own_or_a_small_one() -> None:
    key = SecretStr("sk-x")
    assert open_model(settings_of(llm="openai:gpt-5-mini", llm_api_key=key)).window_tokens > 100_000
    assert open_model(settings_of(llm="openai:gpt-5-mini", llm_api_key=key, llm_context=2000)).window_tokens == 2000
    assert open_model(settings_of(llm="qwen", llm_base_url="http://x/v1")).window_tokens == 4096
    assert open_model(settings_of(llm="ollama:llama3.1")).window_tokens == 4096


def test_nothing_of_a_refused_key_is_logged(model: ScriptedModel, caplog: pytest.LogCaptureFixture) -> None:
    from scripted_model import Refusal

    from rag.generation.errors import ModelAwayError

    model.says([Refusal(401, "Incorrect API key provided: sk-secret")])
    opened = open_model(settings_of(llm="openai:scripted", llm_base_url=model.url, llm_api_key=SecretStr("sk-secret")))
    with caplog.at_level(logging.INFO), pytest.raises(ModelAwayError) as error:
        list(opened.stream([("human", "Hello")]))
    assert "401" in str(error.value)
    assert "sk-secret" not in str(error.value)
    assert "sk-secret" not in caplog.text
