"""A graph in the store → files that other tools read, and accounts that people read."""

from kg.publishing.explaining import Explanation, explain
from kg.publishing.exporting import EXPORTERS, Exporter, export, format_of, write_file
from kg.publishing.shards import write_shards
from kg.publishing.statistics import Statistics, stats

__all__ = [
    "EXPORTERS",
    "Explanation",
    "Exporter",
    "Statistics",
    "explain",
    "export",
    "format_of",
    "stats",
    "write_file",
    "write_shards",
]
