"""What was trained, in one file: no pickle, every byte checked."""
