"""Estimators over Tables, with scikit-learn's interface."""
