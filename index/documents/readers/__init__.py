"""One module for each format; those that parse what others made run in a child process."""
