"""Bytes become records: readers by content, limits before memory is spent, writing MIDI."""
