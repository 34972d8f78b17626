"""Fits passages into a model's window.

Tokens are estimated, never counted: the tokenizers of local models are not at hand, and OpenAI's is downloaded when it
is first used. The estimate is meant to be too high; a large window never notices.
"""

from collections.abc import Iterable, Sequence

from langchain_core.messages import BaseMessage

# Bytes of UTF-8. English has more than four a token; Cyrillic, the worst case here, about four in small vocabularies.
BYTES_PER_TOKEN = 3
TOKENS_PER_MESSAGE = 12  # roles and separators of the chat template


def estimate_tokens(text: str) -> int:
    """At least as many tokens as `text` has for the usual tokenizers."""
    return len(text.encode()) // BYTES_PER_TOKEN + 1


def estimate_prompt(messages: Iterable[BaseMessage]) -> int:
    """At least as many tokens as the whole prompt has."""
    return sum(estimate_tokens(message.text) + TOKENS_PER_MESSAGE for message in messages)


def newest_that_fit(texts: Sequence[str], tokens: int) -> list[str]:
    """The last of `texts` that fit together, in their order."""
    kept: list[str] = []
    for text in reversed(texts):
        tokens -= estimate_tokens(text)
        if tokens < 0:
            break
        kept.insert(0, text)
    return kept


def run_that_fits(lengths: Sequence[int], focus: int, tokens: int) -> range | None:
    """Which of consecutive sentences fit, the one at `focus` among them: those after it first, then those before.

    `lengths` are in tokens. None where not even that one fits.
    """
    left = tokens - lengths[focus]
    if left < 0:
        return None
    first, last = focus, focus + 1
    while last < len(lengths) and lengths[last] <= left:
        left -= lengths[last]
        last += 1
    while first > 0 and lengths[first - 1] <= left:
        first -= 1
        left -= lengths[first]
    return range(first, last)
