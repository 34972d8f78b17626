"""Files of several kinds to Documents."""
