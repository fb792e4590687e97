"""A built graph and gold files → scores. Nothing else of the project needs it."""

from kg.evaluation.report import missed_lines, spurious_lines, to_markdown, to_text
from kg.evaluation.scores import Scores, evaluate

__all__ = ["Scores", "evaluate", "missed_lines", "spurious_lines", "to_markdown", "to_text"]
