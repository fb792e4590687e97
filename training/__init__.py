"""Trains the language model that `kg.annotation` runs: corpora → weights (see README.md). Needs the `train` extra."""
