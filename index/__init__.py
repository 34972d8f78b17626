"""Documents in, passages stored: loading, chunking, embedding, storing, syncing."""
