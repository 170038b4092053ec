"""Token sequences with fixed vocabularies, one stream a file."""
