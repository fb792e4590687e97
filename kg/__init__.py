"""`kg`: text in, a knowledge graph you can trust out."""

__version__ = "0.1.0"
