"""One use case a file: typed arguments in, a record out."""
