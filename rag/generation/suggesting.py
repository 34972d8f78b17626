"""Questions to go on with, proposed by the model and believed only where they bring nothing new.

They are shown to readers as questions of theirs, so they may hold no name, number or date that neither the conversation
nor the passages have, and no address. Whether the documents answer them is asked elsewhere
(`rag.answering.suggestions`).
"""

from collections.abc import Sequence

from index.text.lexical import tokenize
from index.text.names import Names
from index.types import Span
from rag.errors import QuestionError
from rag.generation.budget import newest_that_fit
from rag.generation.checking import ADDRESS
from rag.generation.instructions import speaks_to_model
from rag.generation.material import gather
from rag.generation.model import LanguageModel
from rag.generation.prompts import new_fence, suggest_prompt
from rag.generation.sentences import plain
from rag.grounding import missing_facts
from rag.language import reader_language
from rag.question import clean_question
from rag.retrieval.reranking import Reranked

MOST_PROPOSED = 5  # that are gone on with, so that a talkative model does not keep the reader waiting
LONGEST_WAIT_S = 3.0  # the answer stands by then, and is only completed by these
SLOWEST_ANSWER_S = 10.0  # a model that wrote longer at the answer would not be done with these in time
LONGEST_REPLY_CHARS = 1_000
LONGEST_CHARS = 160
PASSAGE_TOKENS = 1_200  # a short prompt is read sooner
REPEATED_FROM = 0.8  # share of a question's terms that one asked before has


def propose_followups(
    model: LanguageModel,
    asked: Sequence[str],
    answered: Sequence[str],
    reranked: Reranked,
    names: Names,
    limit_s: float = LONGEST_WAIT_S,
) -> list[str]:
    """What may be asked next, [] where the model has nothing to say, nothing sound, or not within `limit_s`.

    `asked` holds the questions of the conversation, oldest first, the last one as it stands by itself; `answered` the
    sentences of its answer.
    """
    language, fence = reader_language(asked[-1]), new_fence()
    materials = gather(reranked, fence, min(PASSAGE_TOKENS, model.window_tokens // 3))
    if not materials or model.status == "away":
        return []
    shown = [material.shown(fence) for material in materials]
    said = [sentence for sentence in answered if not speaks_to_model(sentence)]
    recent = newest_that_fit(asked, model.window_tokens // 6)
    prompt = suggest_prompt(recent, said, shown, language, fence)
    reply = model.complete_within(prompt, LONGEST_REPLY_CHARS, limit_s) or ""
    whole = [Span(material.sentences[0].span.start, material.sentences[-1].span.end) for material in materials]
    told = [material.evidence(span) for material, span in zip(materials, whole, strict=True)]
    held = "\n\n".join((*asked, *told))
    lines = [plain(line) for line in reply[:LONGEST_REPLY_CHARS].splitlines() if line.strip()]
    sound = [line for line in lines if is_sound(line, language, asked, held, names)]
    return list(dict.fromkeys(sound))[:MOST_PROPOSED]


def is_sound(proposed: str, language: str, asked: Sequence[str], held: str, names: Names) -> bool:
    """Whether it is one short question in that language, not asked before, that names only what `held` names."""
    try:
        question = clean_question(proposed)
    except QuestionError:
        return False
    if question != proposed or len(question) > LONGEST_CHARS or not question.endswith("?") or "?" in question[:-1]:
        return False
    if ADDRESS.search(question) or speaks_to_model(question) or reader_language(question) != language:
        return False
    terms = set(tokenize(question, names))
    if any(len(terms & set(tokenize(earlier, names))) >= REPEATED_FROM * len(terms) for earlier in asked):
        return False
    return not missing_facts(question, held, names)
