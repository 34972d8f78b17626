"""Opens a dense index where a crash of its engine takes nothing else down.

    python -m index.storage.probe FOLDER

Exits with 0 when the index opens, lists its entries and finds one of them.
"""

import sys
from pathlib import Path

from index.offline import silence_telemetry


def main() -> int:
    silence_telemetry()
    from index.storage.generations import open_folder

    index = open_folder(Path(sys.argv[1]))
    ids = list(index.keys())
    for vector in index.stored_embeddings(ids[:1]).values():
        if not index.search(vector, k=1):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
