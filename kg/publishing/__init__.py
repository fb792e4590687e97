"""A graph in the store → files that other tools read."""

from kg.publishing.exporting import EXPORTERS, Exporter, export, format_of, write_file

__all__ = ["EXPORTERS", "Exporter", "export", "format_of", "write_file"]
