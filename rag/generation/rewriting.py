"""Follow-ups rewritten by the model, and believed only where they bring nothing new.

A rewrite decides what is searched and is shown to the reader, so it may hold no name and no number that neither the
question nor the conversation has, must keep those of the question, and may add few other words.
"""

from collections.abc import Sequence

from index.text.lexical import tokenize
from index.text.names import Names
from index.text.words import find_words, fold, is_number, plain_number
from rag.errors import QuestionError
from rag.generation.budget import estimate_prompt, newest_that_fit
from rag.generation.errors import ModelAwayError
from rag.generation.instructions import speaks_to_model
from rag.generation.model import LanguageModel
from rag.generation.prompts import new_fence, rewrite_prompt
from rag.language import reader_language
from rag.question import clean_question

LONGEST_REWRITE_CHARS = 400
LONGEST_REWRITE_TOKENS = 200
MOST_NEW_TERMS = 3  # words of the model's own, such as a noun for "that"
_QUOTES = "\"'“”«»`* "


def rewrite_followup(
    model: LanguageModel, question: str, history: Sequence[str], answered: Sequence[str], names: Names
) -> str | None:
    """The question as it stands by itself; None where the model is away or its rewrite is not to be believed.

    `history` is oldest first, and what is too old for the model's window is left out; `answered` is what the documents
    say to the last of it.
    """
    if model.status == "away":
        return None
    language, fence = reader_language(question), new_fence()
    said = [sentence for sentence in answered if not speaks_to_model(sentence)]
    frame = estimate_prompt(rewrite_prompt(question, (), said, language, fence))
    recent = newest_that_fit(history, model.window_tokens - frame - LONGEST_REWRITE_TOKENS)
    try:
        reply = model.complete(rewrite_prompt(question, recent, said, language, fence), LONGEST_REWRITE_CHARS)
        lines = [line.strip(_QUOTES) for line in reply.splitlines() if line.strip(_QUOTES)]
        rewritten = clean_question(lines[0]) if len(lines) == 1 else ""
    except (ModelAwayError, QuestionError):
        return None
    return rewritten if is_faithful(rewritten, question, [*recent, *said], names) else None


def is_faithful(rewritten: str, question: str, earlier: Sequence[str], names: Names) -> bool:
    """Whether a rewrite asks the same question and brings in nothing that the conversation doesn't hold."""
    if not rewritten or len(rewritten) > LONGEST_REWRITE_CHARS or ("?" in question and "?" not in rewritten):
        return False
    conversation = "\n".join((*earlier, question))
    told, asked, held = _facts(rewritten, names), _facts(question, names), _facts(conversation, names)
    if not asked <= told <= held:
        return False
    return len(set(tokenize(rewritten, names)) - set(tokenize(conversation, names))) <= MOST_NEW_TERMS


def _facts(text: str, names: Names) -> set[str]:
    """The names and the numbers of a text."""
    words = (fold(text[word.start : word.end]) for word in find_words(text))
    numbers = {plain_number(word) for word in words if is_number(word)}
    return numbers | {f"@{mention.entity_id}" for mention in names.find(text)}
