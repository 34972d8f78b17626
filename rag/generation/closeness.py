"""How far a sentence keeps to the words of what it rests on.

Overlap as a share of everything is blind to the one word that matters: in "the mayor of Corvin took a bribe" half is
borne out by any sentence about the mayor of Corvin. So the words that are new are counted, names, numbers and dates
aside (`rag.grounding` compares those), and few are let through. Who is said to speak is compared once more, since
an exchanged name that is in no list takes next to nothing off the overlap.
"""

import re
from collections.abc import Sequence

from index.text.names import Names
from rag.grounding.reading import Sentence, read
from rag.grounding.speakers import attributions, speaker_differs

WORDS_PER_NEW_ONE = 8  # a sentence may bring in one word for so many that it has; a shorter one may bring in none

# Words that only report, which a sentence about a statement may add.
_REPORTING = re.compile(
    r"(?:sa(?:y|ys|id|ying)|tells?|told|states?|stated|announce[sd]?|reports?|reported|reportedly|according|notes?|noted|"
    r"adds?|added|also|сказа\w*|каж\w+|заяв\w+|повідом\w+|зазнач\w+|дода\w+|слов\w+|згідно|дан\w+|також|"
    r"сообщ\w+|отмет\w+|добав\w+|согласно|такж\w+|говор\w+)"
)


def new_words(claim: str, evidence: str, names: Names) -> list[str]:
    """The words of `claim` that `evidence` has in no form, those aside that only report."""
    source = read(evidence, names).sentences
    terms = frozenset().union(*(sentence.all_terms for sentence in source))
    skeletons = frozenset().union(*(sentence.skeletons for sentence in source))
    return [
        word.folded
        for sentence in read(claim, names).sentences
        for word in sentence.words
        if word.is_free
        and word.term is not None
        and word.term not in terms
        and not (word.is_proper and word.skeleton in skeletons)
        and not _REPORTING.fullmatch(word.folded)
    ]


def keeps_close(claim: str, evidence: str, names: Names) -> bool:
    """Whether so few words are new that the evidence may be taken to say what the claim says."""
    words = sum(len(sentence.all_terms) for sentence in read(claim, names).sentences)
    return len(new_words(claim, evidence, names)) <= words // WORDS_PER_NEW_ONE


def has_other_speaker(claim: str, evidence: str, names: Names) -> bool:
    """Whether a sentence of the claim lets somebody say what somebody else says in the sentence nearest to it.

    Papers and offices may report what others say: only persons, and names in no list, are compared.
    """
    source = read(evidence, names).sentences
    return any(_other_speaker(sentence, source, names) for sentence in read(claim, names).sentences)


def _other_speaker(sentence: Sentence, source: Sequence[Sentence], names: Names) -> bool:
    speakers = frozenset().union(*(each.speakers for each in attributions(sentence, names)))
    if not source or not all(each.startswith("~") or names.entity(each).kind == "person" for each in speakers):
        return False
    nearest = max(range(len(source)), key=lambda index: len(sentence.all_terms & source[index].all_terms))
    return speaker_differs(sentence, source[nearest], source[:nearest], names)
