"""Rows are counted as they are written, in every format, wherever the pieces are cut."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as some

from kg.graph.query import RESULT_FORMATS
from kg.serving.limits import ROW_COUNTERS, LimitedOutput, LimitReached

nasty = some.text(alphabet=some.sampled_from("\"'\\{}[],:<>\n\r\t result é&;"), max_size=12) | some.sampled_from(
    ["}},{", "[{", "<result>", "</result><result>", '"', "\\"]
)


@given(some.lists(some.tuples(nasty, some.none() | nasty), max_size=8), some.integers(1, 40))
def test_rows_are_counted(rows, step):
    store = ox.Store()
    for number, (first, second) in enumerate(rows):
        node = ox.NamedNode(f"urn:{number}")
        store.add(ox.Quad(node, ox.NamedNode("urn:a"), ox.Literal(first)))
        if second is not None:
            store.add(ox.Quad(node, ox.NamedNode("urn:b"), ox.Literal(second)))
    for format, count in ROW_COUNTERS.items():
        result = store.query("SELECT ?x ?y { ?s <urn:a> ?x OPTIONAL { ?s <urn:b> ?y } }")
        content = result.serialize(format=RESULT_FORMATS[format])
        counter = count()
        counted = sum(counter(content[begin : begin + step]) for begin in range(0, len(content), step))
        assert counted == len(rows), (format, content)


class Collected:
    def __init__(self):
        self.content = b""

    def write(self, data):
        self.content += data
        return len(data)

    def flush(self):
        pass


@pytest.mark.parametrize(("rows", "size", "passes"), [(2, 100, True), (1, 100, False), (2, 10, False)])
def test_limits(rows, size, passes):
    output = LimitedOutput(Collected(), max_rows=rows, max_bytes=size, format="tsv")
    content = b"?x\n'a'\n'bcdef'\n"
    if passes:
        assert output.write(content) == len(content)
        assert output.reached is None
    else:
        with pytest.raises(LimitReached, match="add LIMIT"):
            output.write(content)
        assert output.reached is not None
