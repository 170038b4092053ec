"""Models of language: they continue music, and say how many bits each note costs them."""
