"""What was so until a day that is past: 'was a member of X until 2018', 'worked for Y from 2010 to 2014'.

Membership and employment that are over are told as such; what they imply of the present is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.extraction.analysis import Analysis, TextValue
from kg.extraction.clauses import SUBJECTS
from kg.model import Mention, RelationMention

PAST = {"memberOf": "rel:formerMemberOf", "holdsRole": "kg:heldRole", "worksFor": "rel:formerMemberOf"}
"""What somebody was → what is said of it once it is over."""
ENDED = frozenset({"represents", "leads"})
"""What nobody does any more who is called a former one."""
_PREFIX = "kg:"


def told_as_past(analysis: Analysis, relations: Iterable[RelationMention]) -> Iterator[RelationMention]:
    """The relations; those that are over as what they are now, or not at all."""
    for relation in relations:
        property = relation.predicate.removeprefix(_PREFIX)
        lasting = property in ENDED or (property in PAST and property != "holdsRole")  # of offices `roles` knows it
        if lasting and _over(analysis, relation):
            if property in PAST:
                yield replace(relation, predicate=PAST[property])
        else:
            yield relation


def _over(analysis: Analysis, relation: RelationMention) -> bool:
    """Whether a date under 'until' or 'to' that bounds the relation lies before the document's."""
    today = analysis.document.date or ""
    if relation.end is not None:
        return _before(relation.end.value, today)
    return any(_before(value.value, today) for value in _bounds(analysis, relation))


def _bounds(analysis: Analysis, relation: RelationMention) -> Iterator[TextValue]:
    """Ends of time under the words of the relation, or between its object and their clause."""
    syntax = analysis.syntax
    spans = [*relation.predicate_spans, relation.object.span] if isinstance(relation.object, Mention) else []
    words = {token for span in spans for token in analysis.tokens_within(span.begin, span.end)}
    above = {token for word in words for token in _to_clause(analysis, word)}
    for token in sorted(above):
        for child in syntax.children[token]:
            for part in (child, *(syntax.children[child] if child in analysis.value_at else ())):
                value = analysis.value_at.get(part)
                if value is not None and value.kind == "date" and value.relation in ("until", "to"):
                    yield value


def _to_clause(analysis: Analysis, word: int) -> Iterator[int]:
    """The words from a word up to its clause; a subject does not lead there."""
    for token in (word, *analysis.syntax.ancestors(word)):
        yield token
        if token in analysis.clauses or analysis.syntax.dep[token] in SUBJECTS:
            return


def _before(date: str, today: str) -> bool:
    size = min(len(date), len(today))
    return size >= 4 and date[:size] < today[:size]
