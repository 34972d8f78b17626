"""Question in, cited answer out: retrieval, answering, grounding, citations."""
