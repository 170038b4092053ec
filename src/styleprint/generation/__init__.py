"""Music from a language model, how much of it is copied, how far it sounds like music, and what the model knows."""
