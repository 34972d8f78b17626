"""What text is made of: sentences, words, names, chunks."""
