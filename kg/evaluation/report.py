"""Scores → text for a terminal, Markdown for the documentation, lists of what to look at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from kg.evaluation.outcomes import Tally, by_extractor, by_kind, by_property
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
    if reliability := scores.reliability:
        known = f"of {reliability.count} that gold or people judged"
        lines.append(f"confidence {known}: Brier {reliability.brier:.3f}")
    lines += ["", *_tally_lines("extractor", by_extractor(scores.facts, scores.triples))]
    lines += ["", *_tally_lines("property", by_property(scores.facts, scores.triples))]
    lines += ["", *_kind_lines(scores)]
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
    kinds = []
    for kind, (tally, stated, rightly) in by_kind(scores.facts, scores.statements).items():
        facts, found, strict, *_ = _tally_row(tally)
        right = _percent(rightly / stated if stated else None)
        kinds.append((kind, facts, f"{found} %", f"{strict} %", str(stated), f"{right} %"))
    head = (
        "kind of fact",
        "in the gold",
        "found as triple",
        "found strictly",
        "statements of them",
        "of the right kind",
    )
    parts.append(_table(head, kinds))
    if calibration := scores.calibration:
        bins = [(_range(b), str(b.count), f"{_percent(b.right)} %") for b in calibration.bins]
        parts.append(_table(("confidence", "core facts", f"right (Brier score {calibration.brier:.3f})"), bins))
    if reliability := scores.reliability:
        shown = [(_range(b), str(b.count), f"{_percent(b.right)} %") for b in reliability.bins if b.count]
        right = f"right (Brier score {reliability.brier:.3f})"
        parts.append(_table(("confidence of judged facts", "core facts", right), shown))
    parts.append(_tally_table("extractor", by_extractor(scores.facts, scores.triples)))
    parts.append(_tally_table("property", by_property(scores.facts, scores.triples)))
    return "\n\n".join(parts) + "\n"


_TALLY_HEAD = ("facts", "found", "strictly", "triples", "matched", "judged right")


def _tally_row(tally: Tally) -> tuple[str, ...]:
    """Facts in the gold, shares of them found; triples in the graph, shares of them matched and judged right."""
    judged = tally.right + tally.wrong
    return (
        str(tally.facts),
        _percent(tally.found / tally.facts if tally.facts else None),
        _percent(tally.strict / tally.facts if tally.facts else None),
        str(tally.triples),
        _percent(tally.matched / tally.triples if tally.triples else None),
        _percent(tally.right / judged if judged else None),
    )


def _tally_lines(title: str, tallies: Mapping[str, Tally]) -> Iterator[str]:
    heads = ("facts", "found", "strict", "triples", "match", "judged")
    yield f"{title:{_NAME_WIDTH}}" + "".join(f"{head:>9}" for head in heads)
    for name, tally in tallies.items():
        yield f"{name[:_NAME_WIDTH]:{_NAME_WIDTH}}" + "".join(f"{cell:>9}" for cell in _tally_row(tally))


def _tally_table(title: str, tallies: Mapping[str, Tally]) -> str:
    return _table((title, *_TALLY_HEAD), [(name, *_tally_row(tally)) for name, tally in tallies.items()])


def _kind_lines(scores: Scores) -> Iterator[str]:
    """Per kind: facts of the gold; statements of that kind whose triple the gold has, and the share it has so."""
    heads = ("facts", "found", "strict", "stated", "rightly")
    yield f"{'status':{_NAME_WIDTH}}" + "".join(f"{head:>9}" for head in heads)
    for kind, (tally, stated, rightly) in by_kind(scores.facts, scores.statements).items():
        share = _percent(rightly / stated if stated else None)
        cells = (*_tally_row(tally)[:3], str(stated), share)
        yield f"{kind:{_NAME_WIDTH}}" + "".join(f"{cell:>9}" for cell in cells)


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
