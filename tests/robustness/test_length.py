"""Texts of any length and shape: linear time, bounded memory, nothing lost."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from kg.model import Document, Extraction
from kg.processes import Process

pytestmark = pytest.mark.model

WORDS = "the minister of Peru met Ana Ruiz in Lima and said that farmers support the new law while China opposes it "
SHAPES = {
    "words without a full stop": WORDS,
    "sentences on one line": "Peru hosts the talks in Lima. Ana Ruiz said that China opposes the plan. ",
    "emoji": "\N{GRINNING FACE}\N{REGIONAL INDICATOR SYMBOL LETTER P}\N{REGIONAL INDICATOR SYMBOL LETTER E}",
    "zero-width characters": "\u200b\u200d\ufeff",
    "brackets": "([{",
    "quotes": "\"'“‘",
    "full stops": ". ",
    "line ends": "\n",
    "paragraphs of one word": "Peru\n\n",
    "letters": "a",
    "digits": "1",
    "hyphens": "well-known-",
    "list bullets": "- \u2022 ",
}
SCRIPT = """
import sys
from pathlib import Path
from kg.model import Document
from kg.processes import Process
text = (sys.argv[1] * int(sys.argv[2]))[: int(sys.argv[2])]
Process().extract(Document(path="x", text=text, source="x"))
# not getrusage: its maximum is inherited from the process that started this one
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024)
"""


@pytest.fixture(scope="module")
def process() -> Process:
    """A process that has loaded its model."""
    ready = Process()
    ready.extract(Document(path="x", text="Peru hosts the talks.", source="x"))
    return ready


def seconds(process: Process, unit: str, size: int) -> float:
    """Processor time for a text of so many characters."""
    text = (unit * size)[:size]
    started = time.process_time()
    outcome = process.extract(Document(path="x", text=text, source="x"))
    ended = time.process_time()
    assert isinstance(outcome, Extraction), outcome
    assert outcome.document.text == text
    assert all(span.end <= size for span in outcome.sentences)
    return ended - started


@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_as_the_text_does(process: Process, shape: str) -> None:
    small, large = 300, 1_500
    least = min(seconds(process, SHAPES[shape], small) for _ in range(2))
    assert seconds(process, SHAPES[shape], large) < 12 * least + 0.3


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "size"), [(WORDS, 100_000), ("a", 5_000_000), ("\n", 1_000_000)], ids=ascii)
def test_memory_is_bounded(unit: str, size: int) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT, unit, str(size)], capture_output=True, check=True)
    assert int(done.stdout) < 700  # MiB


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ufeff", "\u200b", "\U0001f600", ".", "\x00", "a", "\u0301"])
def test_next_to_nothing_is_a_text_as_well(process: Process, text: str) -> None:
    outcome = process.extract(Document(path="x", text=text, source="x"))
    assert isinstance(outcome, Extraction)
    assert outcome.relations == ()
