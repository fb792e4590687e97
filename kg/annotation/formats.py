"""Annotated documents → JSON and CoNLL-U."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from kg.annotation.document import VALUE_TYPES, AnnotatedDocument
from kg.annotation.tokenizer import is_blank
from kg.model import Span
from kg.vocabulary import Minter

_CONLL_TYPES = {
    "Person": "PER",
    "Organization": "ORG",
    "GovernmentOrganization": "ORG",
    "Country": "LOC",
    "City": "LOC",
    "Region": "LOC",
    "Place": "LOC",
    "Facility": "LOC",
}  # any other type of name is MISC
_ESCAPES = {" ": "\\s", "\t": "\\t", "\n": "\\n", "\r": "\\r", "|": "\\p", "\\": "\\\\"}


def to_json(annotated: AnnotatedDocument, minter: Minter | None = None) -> dict[str, object]:
    """The JSON of `kg annotate`: offsets in code points of the text, ends exclusive."""
    document = annotated.document
    return {
        "document": (minter or Minter()).document_iri(document.path),
        "source": document.source,
        "text": document.text,
        "sentences": [_sentence_json(words) for words in sentence_words(annotated.doc)],
        "entities": [
            {
                "begin": entity.span.begin,
                "end": entity.span.end,
                "text": document.quote(entity.span),
                "type": entity.type,
                "kind": entity.kind.value,
                "chain": entity.chain,
                "wikidata": entity.wikidata,
            }
            for entity in annotated.entities
        ],
        "values": [{"begin": value.begin, "end": value.end, "value": value.value} for value in annotated.values],
        "chains": [list(chain) for chain in annotated.chains],
        "attributions": [
            {
                "source": _pair(attribution.source) if attribution.source else None,
                "cue": _pair(attribution.cue),
                "content": [_pair(span) for span in attribution.content],
            }
            for attribution in annotated.attributions
        ],
    }


def sentence_words(doc: Doc) -> Iterator[list[Token]]:
    """The words of each sentence, without blank ones; no sentence is empty."""
    for sentence in doc.sents:
        words = [token for token in sentence if not is_blank(token.text)]
        if words:
            yield words


def _pair(span: Span) -> list[int]:
    return [span.begin, span.end]


def _sentence_json(words: list[Token]) -> dict[str, object]:
    number = {token.i: index for index, token in enumerate(words)}
    return {
        "begin": words[0].idx,
        "end": words[-1].idx + len(words[-1]),
        "tokens": [
            {
                "text": token.text,
                "begin": token.idx,
                "end": token.idx + len(token),
                "lemma": token.lemma_,
                "upos": token.pos_,
                "xpos": token.tag_,
                "feats": str(token.morph),
                "head": -1 if token.head.i == token.i else number[token.head.i],
                "deprel": token.dep_,
            }
            for token in words
        ],
    }


def to_conllu(annotated: AnnotatedDocument) -> str:
    """CoNLL-U of one document, with names as `Entity=B-PER` in MISC; white space other than one blank is in MISC too,
    so the text can be read back.
    """
    doc = annotated.doc
    entities = _entity_tags(doc)
    lines = [f"# newdoc id = {annotated.document.path}"]
    for count, words in enumerate(sentence_words(doc), start=1):
        number = {token.i: index for index, token in enumerate(words, start=1)}
        end = words[-1].idx + len(words[-1])
        text = " ".join(doc.text[words[0].idx : end].split())
        lines += [f"# sent_id = {annotated.document.path}-{count}", f"# text = {text}"]
        for token in words:
            head = 0 if token.head.i == token.i else number[token.head.i]
            misc = [f"Entity={entities[token.i]}"] if token.i in entities else []
            if token.i == words[0].i and count == 1 and token.idx:
                misc.append(f"SpacesBefore={_escape(doc.text[: token.idx])}")
            misc += _spacing(doc, token)
            row = (token.text, token.lemma_, token.pos_, token.tag_, str(token.morph), str(head), token.dep_, "")
            columns = (str(number[token.i]), *row, "|".join(misc))
            lines.append("\t".join(column or "_" for column in columns))
        lines.append("")
    return "\n".join(lines) + "\n"


def _entity_tags(doc: Doc) -> dict[int, str]:
    tags = {}
    for entity in doc.ents:
        if entity.label_ not in VALUE_TYPES:
            kind = _CONLL_TYPES.get(entity.label_, "MISC")
            for token in entity:
                tags[token.i] = f"{'B' if token.i == entity.start else 'I'}-{kind}"
    return tags


def _spacing(doc: Doc, token: Token) -> list[str]:
    """What MISC says of the white space after a word: nothing for one blank."""
    index = token.i + 1
    space = str(token.whitespace_)
    while index < len(doc) and is_blank(doc[index].text):
        space += doc[index].text_with_ws
        index += 1
    if space == " " or (not space and index == len(doc)):
        return [] if space else ["SpaceAfter=No"]
    return [f"SpacesAfter={_escape(space)}"] if space else ["SpaceAfter=No"]


def _escape(space: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in space)
