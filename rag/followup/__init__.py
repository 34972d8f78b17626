"""Follow-ups without a language model: what an elliptical question takes over from the conversation before it.

leaning.py        whether a question can be understood by itself, as far as its words tell
neighbourhood.py  where they don't: whether the documents know it for another topic
substitution.py   "And in Moscow?" asks the question before it, of another place
subject.py        whom or what a pronoun means, from the answer to the question before
resolution.py     the standalone question made of these
cues.py           the words that tell, in three languages
"""

from rag.followup.neighbourhood import Neighbourhood
from rag.followup.resolution import Standalone, resolve_followup

__all__ = ["Neighbourhood", "Standalone", "resolve_followup"]
