"""Recordings become one spectrum, and everything that is heard in it: levels, pitches, rhythm."""
