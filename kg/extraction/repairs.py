"""Trees mended before anything is read from them, where a parser wavers on what news writes all the time."""

from __future__ import annotations

from collections.abc import Iterable

from kg.extraction.lexicon import Lexicon
from kg.extraction.phrases import Name
from kg.extraction.syntax import Syntax

STAYS = frozenset({"amod", "compound", "nmod:poss", "nmod:desc", "nummod", "advmod", "flat"})
"""Relations of what stands before a noun and belongs to it, not to the name that follows."""
NOUNS = frozenset({"NOUN", "PROPN"})
BESIDE = frozenset({"flat", "appos"})
"""Relations by which a name is hung on the noun right before it."""


def hang_nouns_on_names(syntax: Syntax, names: Iterable[Name], lexicon: Lexicon) -> None:
    """'acting mayor Ana Ruiz', 'the toymaker Klods': the name heads the phrase, the noun before it describes it.

    Parsers often hang the name on the noun, though nothing stands between them. Changes the trees in place.
    """
    inside = {token for name in names for token in range(name.first, name.last + 1)}
    for name in names:
        noun = name.first - 1
        if noun < 0 or noun in inside or syntax.head[name.first] != noun or syntax.dep[name.first] not in BESIDE:
            continue
        office = syntax.lower[noun] in lexicon.roles or syntax.text[noun] in lexicon.titles
        if office or syntax.pos[noun] == "NOUN":
            _turn(syntax, noun, name.first)


def hang_conjuncts_on_obliques(syntax: Syntax) -> None:
    """'not born in Paris but in Rome': a place joined to a place, not to the verb. Changes the trees in place."""
    for token in range(len(syntax)):
        verb, case = syntax.head[token], syntax.case(token)
        if syntax.dep[token] != "conj" or not case or syntax.pos[token] not in NOUNS or syntax.pos[verb] != "VERB":
            continue
        before = [c for c in syntax.children[verb] if c < token and syntax.dep[c] == "obl" and syntax.case(c) == case]
        if before:
            syntax.head[token] = before[-1]
            syntax.children[verb] = [child for child in syntax.children[verb] if child != token]
            syntax.children[before[-1]] = sorted([*syntax.children[before[-1]], token])


def _turn(syntax: Syntax, noun: int, name: int) -> None:
    """Makes `name`, a child of `noun`, its head; what does not belong to the noun alone moves along."""
    governor = syntax.head[noun]
    syntax.head[name] = governor if governor != noun else name
    syntax.dep[name] = syntax.dep[noun]
    if governor != noun:
        syntax.children[governor] = sorted({*syntax.children[governor], name} - {noun})
    moved = [c for c in syntax.children[noun] if c != name and not (c < noun and syntax.dep[c] in STAYS)]
    for child in moved:
        syntax.head[child] = name
    syntax.head[noun], syntax.dep[noun] = name, "nmod:desc"
    syntax.children[noun] = [c for c in syntax.children[noun] if c != name and c not in moved]
    syntax.children[name] = sorted([*syntax.children[name], *moved, noun])
