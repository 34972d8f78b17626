"""How a reader of our own, a small cross-encoder, is trained and measured. Not needed to run Parley."""
