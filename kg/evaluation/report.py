"""Scores → text for a terminal, Markdown for the documentation, lists of what to look at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from kg.evaluation.scores import Bin, DocumentScores, Rates, Scores

_COLUMNS = (
    ("core_triple", "coreT", "core facts found as triple"),
    ("core_strict", "coreS", "core facts found strictly"),
    ("all_triple", "allT", "all facts found as triple"),
    ("all_strict", "allS", "all facts found strictly"),
    ("entity_recall", "ent", "entities found"),
    ("core_entity_recall", "entC", "entities of core facts found"),
    ("named_recall", "named", "named entities found"),
    ("type_exact", "type", "entities with the right type"),
    ("fragmentation", "frag", "entities split in several"),
    ("conflation", "confl", "entities that are several"),
    ("precision_lower", "prec>=", "precision of core facts, lower bound"),
    ("precision_judged", "precJ", "precision of core facts, judged only"),
    ("evidence_ok", "evid", "statements whose evidence stands in the text"),
)
"""Measure, its column head, its name in words."""

_NAME_WIDTH = 28


def to_text(scores: Scores) -> str:
    """A table of documents and their sum, in per cent, with contract, calibration and violations below."""
    micro = scores.micro
    heads = "".join(f"{head:>7}" for _, head, _ in _COLUMNS)
    lines = [f"{'document':{_NAME_WIDTH}}{heads}  must_not  unjudged"]
    for name, row in [*((d.gold.id, d.rates) for d in scores.documents), ("MICRO", micro)]:
        cells = "".join(f"  {_percent(row[key]):>5}" for key, _, _ in _COLUMNS)
        forbidden = f"{row['must_not_violations']:6}/{row['must_not']:<3}"
        lines.append(f"{name[:_NAME_WIDTH]:{_NAME_WIDTH}}{cells}{forbidden}{row['unjudged']:8}")
    kinds = (f"{kind} {t}/{n} triple, {s}/{n} strict" for kind, (n, t, s) in sorted(scores.by_kind.items()))
    lines += ["", "recall by kind: " + "; ".join(kinds), *_contract_lines(micro)]
    if calibration := scores.calibration:
        bins = ", ".join(f"{_range(b)}: {_percent(b.right)} % of {b.count}" for b in calibration.bins)
        lines.append(f"confidence of {calibration.count} core plain triples: Brier {calibration.brier:.3f}; {bins}")
    errors: Counter[str] = sum((document.evidence_errors for document in scores.documents), Counter())
    if errors:
        lines.append("evidence errors: " + ", ".join(f"{fault} {count}" for fault, count in errors.most_common()))
    if scores.missing_documents:
        lines.append("NO DOCUMENT NODE FOR: " + ", ".join(scores.missing_documents))
    for violation in scores.violations:
        stated = "; ".join(violation.predicted)
        lines.append(f"must_not VIOLATED  {violation.document}: {violation.triple}  ({violation.why})  <- {stated}")
    return "\n".join(lines)


def to_markdown(scores: Scores) -> str:
    """The measures over all documents as Markdown tables: overall, by kind of fact, confidence."""
    micro = scores.micro
    rows = [(words, f"{_percent(micro[key])} %") for key, _, words in _COLUMNS]
    rows.append(("forbidden triples stated as facts", f"{micro['must_not_violations']} of {micro['must_not']}"))
    rows.append(("facts without any statement", str(micro["unsupported_facts"])))
    parts = [_table(("measure", f"{len(scores.documents)} documents"), rows)]
    kinds = [
        (kind, str(n), f"{_percent(t / n)} %", f"{_percent(s / n)} %")
        for kind, (n, t, s) in sorted(scores.by_kind.items())
    ]
    parts.append(_table(("kind of fact", "in the gold", "found as triple", "found strictly"), kinds))
    if calibration := scores.calibration:
        bins = [(_range(b), str(b.count), f"{_percent(b.right)} %") for b in calibration.bins]
        parts.append(_table(("confidence", "core facts", f"right (Brier score {calibration.brier:.3f})"), bins))
    return "\n\n".join(parts) + "\n"


def missed_lines(scores: Scores) -> Iterator[str]:
    """One line a fact or entity that is missed or in another shape, with the sentence of the fact."""
    for document in scores.documents:
        for row in document.missed:
            got = f"   got: {', '.join(row.got)}" if row.got else ""
            near = f"   near: {'; '.join(row.near)}" if row.near else ""
            state, core = "STATUS" if row.triple else "MISSED", "core" if row.core else "    "
            sentence = " ".join(row.evidence.split())
            yield f"{state} {core} {row.document} {row.id:4} {row.fact}{got}{near}   <- {sentence}"
        yield from _entity_lines(document)


def spurious_lines(scores: Scores) -> Iterator[str]:
    """One JSON object a line: plain triples that the gold does not have, their sentences, and `correct` to fill in."""
    for row in scores.spurious:
        yield json.dumps(row.to_json(), ensure_ascii=False)


def _entity_lines(document: DocumentScores) -> Iterator[str]:
    names, found, identifier = document.gold.entity_names(), document.entities, document.gold.id
    for missed in found.missed:
        yield f"ENTITY missed {identifier}: {names[missed]}"
    for entity, wanted, types in found.type:
        yield f"ENTITY type {identifier}: {names[entity]} is {'/'.join(wanted)}, got {'/'.join(types) or 'none'}"
    for entity, nodes in found.fragmented:
        yield f"ENTITY fragmented {identifier}: {names[entity]} = {', '.join(nodes)}"
    for node, entities in found.conflated:
        yield f"ENTITY conflated {identifier}: {node} = {', '.join(names[entity] for entity in entities)}"


def _contract_lines(micro: Rates) -> tuple[str, str]:
    return (
        f"contract: {micro['statements']} statements ({micro['incomplete_statements']} incomplete, "
        f"{micro['claimed_sourceless']} claimed without a source, {micro['asserted_sourced']} asserted with one), "
        f"{micro['plain']} plain triples ({micro['unjustified_plain']} unjustified), "
        f"{micro['asserted_not_plain']} asserted but not plain; text equal: {_percent(micro['text_equal'])} %; "
        f"kg:time right: {_percent(micro['time_right'])} %; sameAs right: {_percent(micro['sameas_right'])} %",
        f"default graph: {micro['facts']} facts, {micro['unsupported_facts']} unsupported by any statement; "
        f"{micro['misplaced_facts']} facts in document graphs only, "
        f"{micro['statements_in_default_graph']} statements in the default graph",
    )


def _range(row: Bin) -> str:
    return f"{row.begin:.1f}-{row.end:.1f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
