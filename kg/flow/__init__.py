"""The flow: documents → extractions → resolution → store → files. `building` has it on one page."""

from kg.flow.building import BuildReport, Withdrawal, build, withdraw
from kg.flow.documents import (
    CHARACTERS_A_WORKER,
    Failed,
    Progress,
    annotate_documents,
    check_extractors,
    checked_minter,
    extract_documents,
    read_documents,
    within_shapes,
)
from kg.flow.files import publish_files

__all__ = [
    "CHARACTERS_A_WORKER",
    "BuildReport",
    "Failed",
    "Progress",
    "Withdrawal",
    "annotate_documents",
    "build",
    "check_extractors",
    "checked_minter",
    "extract_documents",
    "publish_files",
    "read_documents",
    "withdraw",
    "within_shapes",
]
