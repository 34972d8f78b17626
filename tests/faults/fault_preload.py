"""What the fork server has in memory before it forks: imported by it alone, this module loads the embedder.

The embedder has embedded nothing yet, so it has no threads that a fork would lose.
"""

from fault_worker import loaded_embedder

EMBEDDER = loaded_embedder()
EMBEDDER.count_tokens("loads what is loaded late")
