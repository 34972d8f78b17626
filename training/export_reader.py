"""Weights of the reader as they ship: python -m training.export_reader reader.pt reader-int8.npz

Prints the checksum that belongs into `training/reader/reader.py`.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch

from index.embedding.e5_file import E5File, published_file
from index.embedding.weights import file_sha256
from training.reader_model import ReaderModel


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, help="reader.pt, as training writes it")
    parser.add_argument("out", type=Path, help="the .npz file to write")
    arguments = parser.parse_args()
    model = ReaderModel(E5File(published_file().path))
    model.load_state_dict(torch.load(arguments.weights))
    np.savez(arguments.out, **model.export())
    sys.stdout.write(f"{file_sha256(arguments.out)}  {arguments.out.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
