"""A score becomes annotations: slices, outer voices, keys."""
