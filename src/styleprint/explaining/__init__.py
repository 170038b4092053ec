"""What rows say before a model, and what a model attends to."""
