"""Files → documents. `read_paths` reads what a user names; `discover` and `read` do it in two steps, for workers."""

from kg.reading.documents import read, read_paths, unique
from kg.reading.language import foreign_language
from kg.reading.sources import discover, folder_names
from kg.reading.values import ReadFailure, Source

__all__ = ["ReadFailure", "Source", "discover", "folder_names", "foreign_language", "read", "read_paths", "unique"]
