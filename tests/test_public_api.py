"""`import kg`: the calls that notebooks and programs use, on a small graph made by hand."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.lib.pretty import pretty

import kg
from kg.errors import KGError, QueryError
from kg.publishing.rows import Rows

ROOT = Path(__file__).resolve().parents[1]
SVG = "{http://www.w3.org/2000/svg}"


def test_the_surface_is_small_and_documented() -> None:
    assert kg.__all__ == sorted(kg.__all__, key=lambda name: (name != "KGError", name))
    for name in kg.__all__:
        assert inspect.getdoc(getattr(kg, name)), f"kg.{name} says what it does"


def test_rows_are_dictionaries(story_dir: Path) -> None:
    rows = kg.query("SELECT ?who ?what { ?who kg:hosts ?what }", story_dir)
    assert rows == [{"who": "ent:Peru", "what": "ent:ConferenceOfDefenseMinisters"}]
    assert rows.columns == ("who", "what")
    assert json.loads(json.dumps(rows)) == rows


def test_labels_are_what_people_read(story_dir: Path) -> None:
    text = """SELECT ?who ?does ?what ?status ?document { GRAPH ?document {
        ?st rdf:subject ?who ; rdf:predicate ?does ; rdf:object ?what ; kg:status ?status } }
        ORDER BY ?document ?who ?does"""
    rows = kg.query(text, story_dir, labels=True)
    assert ["China", "threatens", "peace", "claimed", "seeds/peru.txt"] in [list(row.values()) for row in rows]
    assert {"complain about", "role in"} <= set(rows.column("does"))
    assert kg.query("SELECT ?x { VALUES ?x { <urn:nothing> 7 } }", story_dir, labels=True).column("x") == [
        "urn:nothing",
        "7",
    ]


def test_columns_stand_without_rows(story_dir: Path) -> None:
    rows = kg.query("SELECT ?a ?b { ?a kg:sues ?b }", story_dir)
    assert (list(rows), rows.columns, rows.column("a")) == ([], ("a", "b"), [])
    assert "<th" in rows._repr_html_()
    with pytest.raises(KeyError):
        rows.column("c")


def test_parts_of_rows() -> None:
    rows = Rows([{"a": "1", "b": "x"}, {"a": "2", "b": "x"}])
    assert rows.first(1).titled("One") == [{"a": "1", "b": "x"}]
    assert rows.only("b") == [{"b": "x"}]
    assert rows.where(a="2", b="x") == [{"a": "2", "b": "x"}]
    with pytest.raises(KeyError):
        rows.only("c")


@given(st.lists(st.fixed_dictionaries({"a": st.one_of(st.none(), st.text())}), max_size=80))
def test_a_table_escapes_everything(values: list[dict[str, str | None]]) -> None:
    shown = Rows(values, ("a",))._repr_html_()
    assert shown.count("<tr>") == 1 + min(len(values), 60)
    assert "<script" not in Rows([{"a": "<script>"}], caption="<script>")._repr_html_()


def test_a_table_as_text() -> None:
    shown = pretty(Rows([{"name": "Peru", "more": None}, {"name": "x" * 60, "more": "y"}]))
    assert shown.splitlines()[0].split() == ["name", "more"]
    assert shown.splitlines()[2] == "Peru"
    assert shown.endswith("2 rows")


def test_questions_are_asked_by_name(story_dir: Path) -> None:
    assert set(kg.questions()) >= {"between", "said-about", "single-source"}
    rows = kg.ask("said-about", story_dir, speaker="Ruiz", about="China")
    assert [(row["property"], row["object"], row["denier"]) for row in rows] == [("threatens", "peace", "Li Wei")]
    steps = kg.ask("between", story_dir, from_="Peru", to="Li Wei", labels=False)
    assert {row["to"] for row in steps} == {"ent:LiWei"}
    with pytest.raises(QueryError, match="choose one of"):
        kg.ask("why", story_dir)
    with pytest.raises(QueryError, match="no parameter"):
        kg.ask("said-about", story_dir, topic="China")
    with pytest.raises(QueryError, match="Nobody"):
        kg.ask("said-about", story_dir, speaker="Nobody")


def test_statements_are_the_rows_of_the_table(story_dir: Path) -> None:
    rows = kg.statements(story_dir)
    assert len(rows) == 12
    facts = kg.statements(story_dir, facts_only=True)
    assert {row["fact"] for row in facts} == {"true"}
    assert len(facts) == 9
    assert rows[0]["sentence"] and rows[0]["attributed_to"] is None


def test_the_network_is_one_of_facts(story_dir: Path) -> None:
    graph = kg.network(story_dir)
    assert graph.nodes["ent:Peru"] == {"label": "Peru", "type": "Country"}
    hosting = graph.edges["ent:Peru", "ent:ConferenceOfDefenseMinisters", "kg:hosts"]
    assert hosting["documents"] == ("seeds/china.txt", "seeds/peru.txt")
    assert hosting["dates"] == ("2025-05-06",)
    assert graph.edges["ent:AnaRuiz", "ent:LiWei", "kg:meetsWith"]["dates"] == ("2025-05-05",)
    assert "ent:Peace" not in graph
    claims = kg.network(story_dir, facts_only=False)
    by = {data["by"]: data["polarity"] for _, _, data in claims.out_edges("ent:China", data=True)}
    assert by == {"Ana Ruiz": "Positive", "Li Wei": "Negative"}


def test_ties_are_one_for_each_pair(story_dir: Path) -> None:
    graph = kg.network(story_dir, facts_only=False)
    whole = kg.ties(graph)
    assert whole.edges["ent:China", "ent:Peace"]["weight"] == 2
    assert not whole.edges["ent:China", "ent:Peace"]["fact"]
    people = kg.ties(graph, types=["Person"])
    assert list(people.edges(data="label")) == [("ent:AnaRuiz", "ent:LiWei", "meets with")]
    assert people.edges["ent:AnaRuiz", "ent:LiWei"]["dates"] == ("2025-05-05",)
    assert set(people) == {"ent:AnaRuiz", "ent:LiWei"}
    assert people.nodes["ent:AnaRuiz"]["label"] == "Ana Ruiz"


def test_pictures_are_drawings_of_every_node(story_dir: Path) -> None:
    graph = kg.network(story_dir, facts_only=False)
    path = nx.shortest_path(graph.to_undirected(), "ent:Peru", "ent:LiWei")
    picture = kg.draw(graph, title="A <story>", path=path, edge_labels=True)
    root = ET.fromstring(picture._repr_svg_())  # noqa: S314 - our own
    circles = [circle for circle in root.iter(f"{SVG}circle") if circle.find(f"{SVG}title") is not None]
    assert len(circles) == len(graph)
    assert "A <story>" in {text.text for text in root.iter(f"{SVG}text")}
    assert any("stroke-dasharray" in line.attrib for line in root.iter(f"{SVG}line"))
    part = kg.draw(graph.subgraph(["ent:Peru", "ent:Lima"]), positions=picture.positions)
    assert part.positions == {node: picture.positions[node] for node in ("ent:Peru", "ent:Lima")}


def test_a_picture_does_not_depend_on_the_order_of_sets(story_dir: Path) -> None:
    code = f"""import kg, networkx as nx
graph = kg.network({str(story_dir)!r}, facts_only=False)
print(kg.draw(nx.ego_graph(graph, "ent:Peru", undirected=True, radius=2), edge_labels=True).svg)"""
    drawn = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(drawn) == 1


@given(st.dictionaries(st.text(), st.integers(0, 10**9), max_size=6), st.text(max_size=30))
def test_any_text_makes_a_picture(values: dict[str, int], title: str) -> None:
    ET.fromstring(kg.bars(values, title=title).svg)  # noqa: S314 - our own
    ET.fromstring(kg.draw(nx.complete_graph(list(values)), title=title, groups=values).svg)  # noqa: S314 - our own


def test_a_picture_is_saved(tmp_path: Path) -> None:
    kg.bars({"a": 1}).save(tmp_path / "bars.svg")
    assert (tmp_path / "bars.svg").read_text("utf-8").startswith("<svg")
    with pytest.raises(KGError, match="give a file"):
        kg.bars({}).save(tmp_path / "none" / "bars.svg")


def test_counts_and_checks(story_dir: Path) -> None:
    assert kg.stats(story_dir, top=2).documents == 2
    assert len(kg.stats(story_dir, top=2).degree) == 2
    assert kg.validate(story_dir).conforms


def test_a_file_will_do_for_a_store(story_store: pyoxigraph.Store, story_dir: Path, tmp_path: Path) -> None:
    kg.export(tmp_path / "graph.trig", story_dir)
    assert kg.statements(tmp_path / "graph.trig") == kg.statements(story_dir)


def test_what_was_gained_and_lost(story_dir: Path, tmp_path: Path) -> None:
    kg.export(tmp_path / "before.trig", story_dir)
    same = kg.diff(tmp_path / "before.trig", story_dir)
    assert (same.facts_gained, same.facts_lost, same.claims_gained, same.claims_lost) == ((), (), (), ())


@pytest.mark.model
def test_extracts_without_a_store(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("Peru hosts the Harbour Forum. Ana Ruiz leads Harbour Watch.", encoding="utf-8")
    found = {(row["subject"]["label"], row["predicate"]["property"]) for row in kg.extract([file])}
    assert ("Ana Ruiz", "kg:leads") in found
    (seen,) = kg.annotate([file])
    assert [sentence["begin"] for sentence in seen["sentences"]] == [0, 30]
    file.write_text("", encoding="utf-8")
    with pytest.raises(KGError, match=r"note\.txt"):
        kg.extract([file])
