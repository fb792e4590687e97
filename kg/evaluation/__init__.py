"""A built graph and gold files → scores. Nothing else of the project needs it."""

from kg.evaluation.comparison import Comparison, compare, comparison_text
from kg.evaluation.reliability import reliability_svg
from kg.evaluation.report import missed_lines, spurious_lines, to_markdown, to_text
from kg.evaluation.scores import Scores, evaluate

__all__ = [
    "Comparison",
    "Scores",
    "compare",
    "comparison_text",
    "evaluate",
    "missed_lines",
    "reliability_svg",
    "spurious_lines",
    "to_markdown",
    "to_text",
]
