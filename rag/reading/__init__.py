"""What a reader of moving negotiations asks besides questions: timelines, what changed. Built on a snapshot of the
collection and never on a language model; whatever is shown is a span of a document."""
