"""Breaks a collection in every way that is known here, and prints what came of it.

    python tests/faults/run_faults.py --kills 120

Exit status 1 if anything acknowledged was lost, half there, or not said.
"""

# ruff: noqa: T201 -- a command prints
import argparse
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).resolve().parents[2])]

from fault_kinds import FAULTS  # noqa: E402 -- found by the line above
from fault_worker import loaded_embedder  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--kills", type=int, default=120)
    parser.add_argument("--full", type=int, default=30)
    parser.add_argument("--damages", type=int, default=60)
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--readonly", type=int, default=6)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    arguments = parser.parse_args()
    times = [arguments.kills, arguments.full, arguments.damages, arguments.pairs, arguments.readonly]
    embedder = loaded_embedder()
    print(f"seed {arguments.seed}")
    print(f"{'fault':24} {'times':>6} {'acknowledged':>13} {'refused':>8} {'lost or half there':>19} {'seconds':>8}")
    wrong = []
    for (_, fault), count in zip(FAULTS.items(), times, strict=True):
        started = time.monotonic()
        tally = fault(count, arguments.seed, embedder)
        seconds = time.monotonic() - started
        print(
            f"{tally.fault:24} {tally.times:6} {tally.acknowledged:13} {tally.refused:8} {len(tally.found):19} "
            f"{seconds:8.0f}",
            flush=True,
        )
        wrong += [f"{tally.fault}: {what}" for what in tally.found]
    for what in wrong:
        print(what, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
