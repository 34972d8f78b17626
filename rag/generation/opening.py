"""From settings to a language model that can be asked, through LangChain's `init_chat_model`.

    PARLEY_LLM=ollama:qwen3:4b
    PARLEY_LLM=openai:gpt-5-mini                 with PARLEY_LLM_API_KEY
    PARLEY_LLM=openai:qwen                       with PARLEY_LLM_BASE_URL=http://127.0.0.1:8080/v1

Nothing is asked of the model here.
"""

from importlib.util import find_spec
from typing import Any

from langchain_core.language_models import BaseChatModel

from index.embedding import Embedder
from index.errors import SettingsError
from index.settings import Settings
from index.text.names import Names
from rag.generation.model import LONGEST_REPLY_TOKENS, LanguageModel
from rag.generation.writing import Writer

# The window of a model whose own is not known: what small servers give when they are not told otherwise.
UNKNOWN_WINDOW_TOKENS = 4096
REASONING_TOKENS = 4096  # more, for a model that thinks before it writes
NO_KEY = "none"  # local servers ask for no key, but the client insists on one

# Providers in requirements-llm.txt. Others that LangChain knows work too once their package is installed.
_PACKAGES = {"anthropic": "langchain_anthropic", "ollama": "langchain_ollama", "openai": "langchain_openai"}


def open_model(settings: Settings) -> LanguageModel | None:
    """The model that PARLEY_LLM names; None where there is none.

    Raises SettingsError, naming the next step, for a name that is none, a missing package or a missing key.
    """
    if not settings.llm:
        return None
    require_package(settings)
    provider, model = split_name(settings)
    chat_model = _chat_model(settings, provider, model)
    window_tokens = _window(settings, provider, chat_model)
    return LanguageModel(f"{provider}:{model}", chat_model, window_tokens, settings.llm_timeout_s)


def open_writer(settings: Settings, names: Names, embedder: Embedder) -> Writer | None:
    """The answerer that writes with that model; raises as `open_model` does."""
    model = open_model(settings)
    return Writer(model, names, embedder, verify=settings.llm_verify) if model else None


def require_package(settings: Settings) -> None:
    """Raises SettingsError for a PARLEY_LLM that names no model, or one whose package is not installed."""
    provider, _ = split_name(settings)
    package = _PACKAGES.get(provider)
    if package and find_spec(package) is None:
        raise SettingsError(
            f"PARLEY_LLM={settings.llm!r} needs the package {package.replace('_', '-')}; "
            "run `pip install -r requirements-llm.txt`, or unset PARLEY_LLM"
        )


def split_name(settings: Settings) -> tuple[str, str]:
    """Provider and model. With a base URL the provider may be left out, and is then `openai`."""
    provider, colon, model = settings.llm.partition(":")
    if settings.llm_base_url and (not colon or provider not in _PACKAGES):
        provider, model = "openai", settings.llm
    if not provider or not model:
        raise SettingsError(
            f"PARLEY_LLM={settings.llm!r} names no model; write provider:model, such as ollama:qwen3:4b"
        )
    return provider, model


def _chat_model(settings: Settings, provider: str, model: str) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    options = _options(settings, provider)
    try:
        chat_model = init_chat_model(model, model_provider=provider, temperature=0, **options)
        profile = chat_model.profile or {}
        if profile.get("temperature") is False or profile.get("reasoning_output"):
            if profile.get("temperature") is not False:
                options["temperature"] = 0
            options = {**options, **_longest_reply(provider, LONGEST_REPLY_TOKENS + REASONING_TOKENS)}
            chat_model = init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        raise SettingsError(
            f"PARLEY_LLM={settings.llm!r} needs the LangChain package of {provider!r}; install it "
            f"(`pip install langchain-{provider.replace('_', '-')}`), or unset PARLEY_LLM"
        ) from error
    except Exception:
        # Every provider has errors of its own; what they say may hold a part of the key.
        raise SettingsError(
            f"PARLEY_LLM={settings.llm!r} cannot be used: the provider is unknown, or it needs a key or an address; "
            "correct it, and set PARLEY_LLM_API_KEY or PARLEY_LLM_BASE_URL"
        ) from None
    return chat_model


def _options(settings: Settings, provider: str) -> dict[str, Any]:
    """What the provider's client is made with. Retries are ours: a reader waits no longer than we decide."""
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    options: dict[str, Any] = _longest_reply(provider, LONGEST_REPLY_TOKENS)
    if settings.llm_base_url:
        options["base_url"] = settings.llm_base_url
    if provider == "ollama":
        # Ollama cuts what is longer than `num_ctx` without a word, and its own default is small.
        window = settings.llm_context or UNKNOWN_WINDOW_TOKENS
        client = {"timeout": settings.llm_timeout_s, **({"headers": {"Authorization": f"Bearer {key}"}} if key else {})}
        return {**options, "num_ctx": window, "client_kwargs": client}
    if settings.llm_base_url and provider == "openai":
        # Given explicitly, so that OPENAI_API_KEY is never sent to another server; such servers have no Responses API.
        options |= {"api_key": key or NO_KEY, "use_responses_api": False}
    elif key:
        options["api_key"] = key
    return {**options, "timeout": settings.llm_timeout_s, "max_retries": 0}


def _longest_reply(provider: str, tokens: int) -> dict[str, int]:
    return {"num_predict" if provider == "ollama" else "max_tokens": tokens}


def _window(settings: Settings, provider: str, chat_model: BaseChatModel) -> int:
    # What Ollama is asked to provide is what there is, however much the model could read.
    profile = {} if provider == "ollama" else chat_model.profile or {}
    return settings.llm_context or profile.get("max_input_tokens") or UNKNOWN_WINDOW_TOKENS
