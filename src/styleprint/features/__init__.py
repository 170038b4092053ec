"""The catalogue: a score becomes the numbers and sequences of a row."""
