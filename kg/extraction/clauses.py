"""Syntax → `Clause`: predicates with their arguments, whatever the construction.

Active, passive, relative, participial and infinitival clauses give the same slots: `subj` does it, `obj` undergoes it,
every other argument stands under its preposition. Missing subjects are found by control and coordination.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.extraction.lexicon import Lexicon
from kg.extraction.syntax import Syntax

SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:outer")
OBLIQUES = frozenset({"obl", "obl:agent", "obl:unmarked", "nmod:unmarked", "obl:npmod", "obl:tmod"})


@dataclass(slots=True)
class Clause:
    """A predicate and the tokens that head its arguments (coordinated ones each for itself).

    `part` is verb, noun or adjective (the latter two with a copula). `lemma` carries the particle ('set up').
    """

    predicate: int
    lemma: str
    part: str
    passive: bool = False
    slots: dict[str, list[int]] = field(default_factory=dict)
    particle: int | None = None
    markers: dict[int, list[int]] = field(default_factory=dict)  # argument → its preposition tokens
    own_subject: bool = False

    def add(self, slot: str, token: int) -> None:
        """Puts an argument into a slot, once."""
        tokens = self.slots.setdefault(slot, [])
        if token not in tokens:
            tokens.append(token)


def find_clauses(syntax: Syntax, lexicon: Lexicon) -> dict[int, Clause]:
    """All clauses by their predicate token, in text order."""
    found: dict[int, Clause] = {}
    builder = _Builder(syntax, lexicon, found)
    for token in range(len(syntax)):
        if builder.is_predicate(token):
            found[token] = builder.read(token)
    for token in found:
        builder.complete(token, set())
    return found


class _Builder:
    def __init__(self, syntax: Syntax, lexicon: Lexicon, found: dict[int, Clause]) -> None:
        self.syntax, self.lexicon, self.found = syntax, lexicon, found
        self.done: set[int] = set()

    def is_predicate(self, token: int) -> bool:
        syntax = self.syntax
        pos = syntax.pos[token]
        if pos == "VERB":
            return syntax.dep[token] not in (
                "amod",
                "compound",
                "case",
                "fixed",
                "flat",
                "mark",
                "aux",
                "cc",
                "nmod:desc",
            )
        if pos == "AUX" and syntax.dep[token] not in ("aux", "aux:pass", "cop"):
            return True
        return pos in ("NOUN", "ADJ", "PROPN", "PRON", "NUM", "ADV") and syntax.child(token, "cop") is not None

    def read(self, token: int) -> Clause:
        syntax = self.syntax
        copular = syntax.child(token, "cop") is not None
        part = "verb" if not copular else ("adjective" if syntax.pos[token] in ("ADJ", "ADV") else "noun")
        lemma = syntax.lemma[token].lower()
        particle = syntax.child(token, "compound:prt")
        if particle is not None:
            lemma = f"{lemma} {syntax.lower[particle]}"
        children = {syntax.dep[child] for child in syntax.children[token]}
        participle = syntax.tag[token] == "VBN" and syntax.dep[token] in ("acl", "advcl", "amod", "conj")
        passive = "nsubj:pass" in children or "aux:pass" in children or (
            participle and "obj" not in children and not children & {"aux", "nsubj"})  # fmt: skip
        clause = Clause(token, lemma, part, passive, particle=particle)
        for child in syntax.children[token]:
            self._take(clause, child)
        if "iobj" in clause.slots and "obj" not in clause.slots:  # 'told X that', 'urged X to'
            clause.slots["obj"] = clause.slots.pop("iobj")
        return clause

    def _take(self, clause: Clause, child: int) -> None:
        syntax, dep = self.syntax, self.syntax.dep[child]
        if dep in SUBJECTS:
            clause.own_subject = True
            slot = "obj" if clause.passive else "subj"
        elif dep == "obj":
            slot = "obj2" if clause.passive else "obj"
        elif dep == "iobj":
            slot = "iobj"
        elif dep in OBLIQUES or (dep == "nmod" and clause.part != "verb"):
            case = syntax.case(child)
            if clause.passive and (dep == "obl:agent" or case == "by"):
                slot = "subj"
            elif dep in ("obl:unmarked", "nmod:unmarked", "obl:npmod", "obl:tmod") or not case:
                slot = "unmarked"
            else:
                slot = case
        elif dep == "advcl" and syntax.pos[child] in ("NOUN", "PROPN") and syntax.case(child):
            slot = syntax.case(child)
        else:
            return
        for token in syntax.conjuncts(child):
            if dep in SUBJECTS or syntax.pos[token] in (
                "NOUN",
                "PROPN",
                "PRON",
                "NUM",
                "ADJ",
                "DET",
                "X",
                "SYM",
                "VERB",
            ):
                own_case = syntax.case(token)
                place = own_case if own_case and slot not in ("subj", "obj", "obj2", "iobj", "unmarked") else slot
                clause.add(place, token)
                clause.markers[token] = [c for c in syntax.children[token] if syntax.dep[c] == "case"] or [
                    c for c in syntax.children[child] if syntax.dep[c] == "case"
                ]

    # ------------------------------------------------------------------ missing arguments
    def complete(self, token: int, seen: set[int]) -> Clause:
        """Adds the arguments a clause leaves to its governor; idempotent."""
        clause = self.found[token]
        if token in self.done or token in seen:
            return clause
        seen.add(token)
        syntax, dep, governor = self.syntax, self.syntax.dep[token], self.syntax.head[token]
        missing = "obj" if clause.passive else "subj"
        if dep == "acl:relcl":
            self._relative(clause, governor)
        elif dep == "acl":
            self._participle(clause, governor, missing, seen)
        elif missing not in clause.slots and governor != token:
            outer = self.complete(governor, seen) if governor in self.found else None
            if dep == "conj" and outer is not None:
                for slot in ("obj" if outer.passive else "subj",):
                    for argument in outer.slots.get(slot, ()):
                        clause.add(missing, argument)
            elif dep in ("xcomp", "ccomp") and outer is not None:
                shared = self._controller(outer, dep)
                for argument in shared:
                    clause.add(missing, argument)
            elif dep == "advcl" and outer is not None and outer.slots.get("obj") and self._object_controls(token):
                for argument in outer.slots["obj"]:
                    clause.add(missing, argument)
            elif (
                dep in ("advcl", "parataxis") and outer is not None and syntax.tag[token] in ("VBG", "VBN", "VB", "JJ")
            ):
                for argument in outer.slots.get("obj" if outer.passive else "subj", ()):
                    clause.add(missing, argument)
        if dep == "conj" and governor in self.found:
            self._share_objects(self.found[governor], clause)
        self.done.add(token)
        return clause

    def _controller(self, outer: Clause, dep: str) -> list[int]:
        """Who does what an infinitive says: the object if the governor has one ('urged X to'), else its subject."""
        if dep == "xcomp":
            for slot in ("obj", "iobj", "on", "for"):
                if outer.slots.get(slot) and not (outer.passive and slot != "obj"):
                    promise = outer.lemma in self.lexicon.features["subject_control"]
                    if promise and not outer.passive:
                        break
                    return outer.slots[slot]
        return outer.slots.get("obj" if outer.passive else "subj", [])

    def _object_controls(self, token: int) -> bool:
        """'accused X of jamming', 'thanked X for sending', 'prevent X from leaving': X does it."""
        mark = self.syntax.child(token, "mark")
        return mark is not None and self.syntax.lower[mark] in self.lexicon.features["object_control_mark"]

    def _relative(self, clause: Clause, noun: int) -> None:
        """A relative clause: the noun fills the slot that its pronoun has, or the one that is missing."""
        syntax = self.syntax
        pronouns = [t for t in syntax.subtree(clause.predicate) if syntax.lower[t] in self.lexicon.features["relative"]
                    and syntax.tag[t] in ("WP", "WDT", "WP$", "IN")]  # fmt: skip
        if any(pronoun in tokens for tokens in clause.slots.values() for pronoun in pronouns):
            return
        missing = "obj" if clause.passive else "subj"
        if missing not in clause.slots:
            clause.add(missing, noun)
        elif "obj" not in clause.slots and not pronouns and clause.part == "verb":
            clause.add("obj", noun)

    def _participle(self, clause: Clause, noun: int, missing: str, seen: set[int]) -> None:
        """'the company owned by X', 'officers guarding Y'; an infinitive goes with the clause around ('a plan to')."""
        syntax = self.syntax
        if missing in clause.slots:
            return
        if syntax.tag[clause.predicate] == "VB":
            owner = syntax.child(noun, "nmod:poss")
            if owner is not None:
                clause.add(missing, owner)
                return
            for ancestor in syntax.ancestors(noun):
                if ancestor in self.found:
                    outer = self.complete(ancestor, seen)
                    for argument in outer.slots.get("obj" if outer.passive else "subj", ()):
                        clause.add(missing, argument)
                    return
            return
        clause.add(missing, noun)

    def _share_objects(self, first: Clause, second: Clause) -> None:
        """'investing and operating in the region': what follows the second predicate belongs to both."""
        if any(slot in first.slots for slot in ("obj",)) or first.passive != second.passive:
            return
        between = range(first.predicate + 1, second.predicate)
        if any(self.syntax.pos[t] not in ("CCONJ", "ADV", "PUNCT", "AUX") for t in between):
            return
        for slot, tokens in second.slots.items():
            if slot not in ("subj", "unmarked"):
                for argument in tokens:
                    if argument > second.predicate:
                        first.add(slot, argument)
                        first.markers.setdefault(argument, second.markers.get(argument, []))
