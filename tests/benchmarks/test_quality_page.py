"""The page of quality figures: every set has its part, and a plot where there is one."""

from benchmarks.quality import QUALITY_SETS, page
from kg.evaluation.scores import Scores

NOTHING = Scores(documents=(), contract={"unsupported_facts": 0}, unsupported=())


def test_every_set_has_its_heading_note_and_tables() -> None:
    text = page({of.name: NOTHING for of in QUALITY_SETS}, "images")
    for of in QUALITY_SETS:
        assert f"## {of.heading}\n\n{of.note}\n\n| measure | 0 documents |" in text
    assert "reliability-" not in text, "no confidence, no plot"
    assert max(map(len, text.split("\n|")[0].splitlines())) <= 120
