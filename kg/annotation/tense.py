"""Where the clause of a date stands in time: whether 'Friday' is the last or the next one."""

from __future__ import annotations

from spacy.tokens import Token

from kg.annotation.numbers import listed_words

_CLIMB, _NEAR = 12, 2  # arcs from a date to the verb that tells its tense; for the present tense, which tells least


def tells_future(date_word: Token) -> bool | None:
    """Whether the clause of a date tells of the future (True), of the past (False), or does not say (None).

    Climbs from the date to the first verb that tells: an auxiliary, an infinitive that is meant, a finite form.
    """
    helpers, intents = listed_words("future"), listed_words("intent")
    token = date_word
    if _follows_past_verb(date_word):
        return False
    for step in range(_CLIMB):
        children = [child for child in token.children if child.dep_.startswith(("aux", "cop"))]
        if any(child.lower_ in helpers for child in children):
            return True
        if any(child.lower_ in intents and child.dep_ in ("mark", "advmod") for child in token.children):
            return True  # 'is due to leave'
        if step and token.lemma_ in intents and (token.tag_ in ("VBN", "JJ", "NN") or step > 1):
            return True
        infinitive = token.tag_ == "VB" and any(child.lower_ == "to" for child in token.children)
        if infinitive and _intended(token):
            return True
        if step and token.tag_ == "VBN" and not children and token.dep_.startswith(("acl", "amod")):
            return False
        tags = {token.tag_, *(child.tag_ for child in children)}
        if "VBD" in tags or (tags & {"VBZ", "VBP"} and any(child.lemma_ == "have" for child in children)):
            return False
        if tags & {"VBZ", "VBP"}:
            return True if step <= _NEAR and date_word.dep_ != "nmod:poss" else None
        if token.head.i == token.i:
            return None
        token = token.head
    return None


def _follows_past_verb(date_word: Token) -> bool:
    """'said on Monday': the verb right before tells, whatever the tree says."""
    doc, at = date_word.doc, date_word.i
    if at > 1 and doc[at - 1].tag_ == "IN" and doc[at - 1].lower_ == "on":
        at -= 1
    return at > 0 and doc[at - 1].tag_ == "VBD" and bool(doc[at - 1].lemma_ != "be")


def _intended(verb: Token) -> bool:
    """Whether an infinitive is what somebody means to do: 'plans to meet', 'is to meet', 'a plan to meet'."""
    if verb.dep_ == "root" or any(child.lemma_ == "be" for child in verb.children):
        return True
    return verb.head.lemma_ in listed_words("intent")
