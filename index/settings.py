"""Settings: environment, then `.env`, then default; every one is in the README's table."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import SettingsError

LogFormat = Literal["auto", "json", "text"]


class Settings(BaseSettings):
    """What a user can set. Field `home` is the variable PARLEY_HOME, and so on."""

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Path = Field(Path(".parley"), description="the folder that holds everything Parley writes")
    seeds: Path = Field(Path("seeds"), description="the folder of documents that is read at start")
    host: str = Field("127.0.0.1", description="the address that the server listens on")
    port: int = Field(7860, ge=1, le=65535, description="the port that the server listens on")
    embedding_model: str = Field(
        "e5", min_length=1, description="`e5`, `minilm`, or a sentence-transformers model by name or path"
    )
    reranker_model: str | None = Field(
        None, description="a sentence-transformers CrossEncoder by name or path, to order passages and sentences"
    )
    chroma_url: str | None = Field(None, description="a Chroma server to use instead of the embedded index")
    admin_token: SecretStr | None = Field(
        None, description="who sends it may add and remove documents; without one nobody can over HTTP"
    )
    allow_private_urls: bool = Field(
        False, description="read web addresses on this machine and in private networks too, for tests and intranets"
    )
    allowed_origins: str | None = Field(
        None, description="the web sites that may embed the widget, comma-separated: https://news.example"
    )
    site_questions_a_day: int = Field(2_000, ge=1, description="how many questions one embedding site may ask in a day")
    site_questions_a_conversation: int = Field(
        50, ge=1, description="how many questions one conversation on an embedding site may have"
    )
    api_keys: SecretStr | None = Field(None, description="comma-separated keys; with any, programs need one")
    question_limit: str = Field("3000/minute", description="how many questions one client may ask")
    request_limit: str = Field("6000/minute", description="how many other requests one client may send")
    redis_url: SecretStr | None = Field(
        None, description="a Redis in which several servers count limits together; else each counts in memory"
    )
    trusted_proxies: str | None = Field(
        None, description="comma-separated addresses or networks of proxies whose X-Forwarded-For is believed"
    )
    concurrent_questions: int = Field(4, ge=1, description="how many questions are worked on at the same time")
    queue_length: int = Field(100, ge=0, description="how many questions may wait; one more is refused with 429")
    allowed_hosts: str | None = Field(
        None, description="comma-separated host names under which /mcp may be called beside this machine's own"
    )
    log_questions: bool = Field(False, description="write the text of questions to the log")
    log_format: LogFormat = Field("auto", description="`json`, `text`, or `auto`: text in a terminal, else JSON")
    llm: str | None = Field(None, description="`provider:model` that writes the answers")
    llm_base_url: str | None = Field(None, description="the OpenAI-compatible server, or the provider's own, to ask")
    llm_api_key: SecretStr | None = Field(None, description="the key for that model; never logged or shown")
    llm_verify: bool = Field(False, description="ask the model a second time whether each sentence is borne out")
    llm_context: int | None = Field(None, ge=1024, description="the model's window in tokens, where it is not known")
    llm_timeout_s: float = Field(60.0, gt=0, description="seconds of silence after which the model counts as away")

    @cached_property
    def database(self) -> Path:
        """The SQLite file that holds the truth."""
        return self.home / "parley.sqlite3"

    @cached_property
    def names(self) -> Path:
        """The user's own spellings of names, if there are any."""
        return self.home / "names.yaml"


def load_settings(**overrides: object) -> Settings:
    """The settings in force; `overrides` are those given on the command line.

    Raises SettingsError naming the variable, its value and what would be accepted.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = "PARLEY_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}={first['input']!r} cannot be used: {first['msg']}; correct or unset it") from error
