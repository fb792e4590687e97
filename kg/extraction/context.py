"""Clauses → `Context`: who vouches for a predicate, and whether it is actual, planned, wished, denied ...

Effects of governing words come from `governors.tsv` and `reporting.tsv`; the path from a predicate up to the root adds
them up. The innermost source wins (nested reporting). Follows `graph.md`, conventions 3–5, 13.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.extraction.clauses import Clause
from kg.extraction.lexicon import Lexicon
from kg.extraction.quotations import find_speakers
from kg.extraction.syntax import Syntax
from kg.model import Modality, Polarity, Status


@dataclass(frozen=True, slots=True)
class Context:
    """Status of what a token predicates. `source` and `cue` are tokens; `content` is the head of what is claimed."""

    status: Status = Status.ASSERTED
    source: int | None = None
    cue: int | None = None
    content: int | None = None
    modality: Modality = Modality.ACTUAL
    polarity: Polarity = Polarity.POSITIVE

    def negated(self) -> Context:
        """The same with polarity turned round."""
        flipped = Polarity.NEGATIVE if self.polarity == Polarity.POSITIVE else Polarity.POSITIVE
        return replace(self, polarity=flipped)


PLAIN = Context()
_FINITE = frozenset({"VBZ", "VBP", "VBD"})
PARTS = {"ADJ": "adjective", "VERB": "verb"}
REPORTABLE = frozenset({"ccomp", "csubj", "csubj:pass", "xcomp", "advcl", "parataxis", "obl", "acl"})
"""Relations by which a clause may hang on a word of reporting."""


@dataclass(frozen=True, slots=True)
class _Link:
    """A clause, the word it hangs on, and the context of the clause that word stands in."""

    token: int
    dep: str
    governor: int
    clause: Clause | None
    lemma: str
    part: str
    outer: Context


class Contexts:
    """Contexts of all tokens of a document, computed when asked for."""

    def __init__(self, syntax: Syntax, clauses: dict[int, Clause], lexicon: Lexicon) -> None:
        self.syntax, self.clauses, self.lexicon = syntax, clauses, lexicon
        self._known: dict[int, Context] = {}
        self._speakers = find_speakers(syntax, clauses, lexicon)
        self._sources = self._find_sources()

    # ------------------------------------------------------------------ public
    def of_predicate(self, token: int) -> Context:
        """Context of the clause headed by `token`, its own auxiliaries and negation included."""
        known = self._known.get(token)
        if known is None:
            self._known[token] = PLAIN  # a cycle cannot happen in a tree; this guards broken input
            known = self._known[token] = self._own(token, self._outer(token))
        return known

    def of_nominal(self, token: int) -> Context:
        """Context of what a noun phrase presupposes: an office, an apposition, a possession.

        The narrator vouches for it, unless it stands within quotation marks.
        """
        quotation = self.syntax.quoted[token]
        if quotation and quotation in self._speakers:
            source, cue = self._speakers[quotation]
            return Context(Status.CLAIMED, source, cue, token)
        return PLAIN

    def of_noun(self, token: int) -> Context:
        """Context of what a noun tells of its complements: that of its clause where it is said of a subject
        ('is not a member of X'), else it is presupposed.
        """
        return self.of_predicate(token) if token in self.clauses else self.of_nominal(token)

    def of_event(self, token: int) -> Context:
        """Context of a noun that names an event or act: that of the clause it is an argument of."""
        for ancestor in self.syntax.ancestors(token):
            if ancestor in self.clauses:
                outer = self.of_predicate(ancestor)
                clause = self.clauses[ancestor]
                effect = self.lexicon.governors.get((clause.lemma, "verb")) or self._stance(clause.lemma)
                if effect in ("Planned", "Desired", "Obliged", "Possible") and token in clause.slots.get("obj", ()):
                    return replace(outer, modality=Modality(effect))
                return outer
        return self.of_nominal(token)

    def speaker_of_token(self) -> dict[int, int]:
        """Token inside a quotation → token of its speaker, where the text tells."""
        result = {}
        for token, quotation in enumerate(self.syntax.quoted):
            source = self._speakers.get(quotation, (None, None))[0] if quotation else None
            if source is not None:
                result[token] = source
        return result

    def _stance(self, lemma: str) -> str | None:
        """'opposes Ukraine's membership': what somebody is for or against need not be the case."""
        stances = self.lexicon.features["stance_property"]
        properties = (frame.property for frame in self.lexicon.frames.get((lemma, "verb"), ()))
        return next((stances[name] for name in properties if name in stances), None)

    # ------------------------------------------------------------------ the path to the root
    def _outer(self, token: int) -> Context:
        syntax = self.syntax
        dep, governor = syntax.dep[token], syntax.head[token]
        quotation = syntax.quoted[token]
        spoken = PLAIN
        if quotation and quotation in self._speakers:
            source, cue = self._speakers[quotation]
            spoken = Context(Status.CLAIMED, source, cue, token)
        if governor == token:
            return spoken
        outer = self._through(token, dep, governor)
        if outer.status == Status.ASSERTED and spoken.status == Status.CLAIMED:
            return replace(outer, status=Status.CLAIMED, source=spoken.source, cue=spoken.cue, content=token)
        return outer

    def _through(self, token: int, dep: str, governor: int) -> Context:
        """Context that the governor passes down over the relation `dep`."""
        dep, governor = self._mended(token, dep, governor)
        above = self._clause_above(governor)
        clause = self.clauses.get(governor)
        link = _Link(
            token,
            dep,
            governor,
            clause,
            lemma=clause.lemma if clause else self.syntax.lemma[governor].lower(),
            part=clause.part if clause else PARTS.get(self.syntax.pos[governor], "noun"),
            outer=self.of_predicate(above) if above is not None else self.of_nominal(governor),
        )
        for rule in (self._reported, self._subordinate, self._modifying, self._joined):
            found = rule(link)
            if found is not None:
                return found
        return replace(link.outer, polarity=Polarity.POSITIVE)

    def _mended(self, token: int, dep: str, governor: int) -> tuple[str, int]:
        """Relation and governor of a content clause where parsers often err.

        'a claim that X left' is no relative clause, 'There is no evidence that X left' no second subject, and in
        'ruled out leaving', 'denied being there' the clause is what is ruled out or denied, no circumstance.
        """
        syntax = self.syntax
        that = syntax.child(token, "mark")
        complete = that is not None and syntax.lower[that] in self.lexicon.features["complementizer"]
        if dep == "acl:relcl" and complete:
            return "acl", governor
        if complete and dep in ("nsubj", "csubj", "advcl", "ccomp"):
            subjects = [child for child in syntax.dependents(governor, "nsubj") if child < token]
            if subjects and (syntax.lemma[subjects[-1]].lower(), "noun") in self.lexicon.reporting:
                existential = syntax.child(governor, "expl") is not None
                return ("acl", subjects[-1]) if existential else (dep, governor)
        if dep == "advcl" and that is None and self._is_gerund(token):
            between = range(governor + 1, min(syntax.subtree(token)))
            particles = all(syntax.dep[word] == "compound:prt" for word in between)
            return ("xcomp" if particles and governor < token else dep), governor
        return dep, governor

    def _reported(self, link: _Link) -> Context | None:
        """What somebody says, denies, doubts or wishes: a clause under a verb or noun of reporting."""
        if link.dep not in REPORTABLE:
            return None
        reporting = self.lexicon.reporting
        effect = reporting.get((link.lemma, link.part)) or reporting.get((link.lemma.split()[0], link.part))
        if effect is None:
            return None
        infinitive, tag = self._has_to(link.token), self.syntax.tag[link.token]
        if link.part == "noun" and link.clause is None:
            finite = tag not in ("VBG", "VBN") or self.syntax.child(link.token, "aux", "nsubj", "mark") is not None
            clausal = link.dep in ("acl", "ccomp") and not infinitive and finite
            return self._told_by_noun(link, effect) if clausal else None
        passive = link.clause is not None and link.clause.passive
        held = infinitive and effect == "claim" and (link.lemma, link.part) not in self.lexicon.governors
        speech = link.dep in ("ccomp", "parataxis") or (
            link.dep == "xcomp" and link.clause is not None and (passive or held or self._is_gerund(link.token))
        )
        told = not infinitive or (passive and effect != "wish") or held  # 'claims to be', 'believes it to be'
        return self._content(link, effect) if speech and told else None

    def _is_gerund(self, token: int) -> bool:
        """'denied acquiring', 'denied being based'."""
        own = (token, *self.syntax.dependents(token, "aux", "aux:pass", "cop"))
        return any(self.syntax.tag[word] == "VBG" for word in own)

    def _told_by_noun(self, link: _Link, effect: str) -> Context:
        """'the army's claim that ...', 'denied reports that ...': whoever the noun or the denial belongs to."""
        owner = self.syntax.child(link.governor, "nmod:poss")
        denied = self._denial_of(link.governor) if owner is None else None
        if denied is not None:
            deniers = denied.slots.get("subj", [])
            source = deniers[0] if deniers else None
            return Context(Status.CLAIMED, source, denied.predicate, link.token).negated()
        claimed = Context(Status.CLAIMED, owner, link.governor, link.token)
        if effect == "doubt" or self._negative_determiner(link.governor):  # 'no evidence that'
            return replace(claimed, modality=Modality.POSSIBLE).negated()
        return claimed.negated() if effect == "denial" else claimed

    def _denial_of(self, noun: int) -> Clause | None:
        """The clause that denies what a noun tells ('denied reports that')."""
        clause = self.clauses.get(self.syntax.head[noun])
        denies = clause is not None and self.lexicon.reporting.get((clause.lemma, clause.part)) == "denial"
        return clause if clause is not None and denies and noun in clause.slots.get("obj", ()) else None

    def _content(self, link: _Link, effect: str) -> Context:
        """Context of a reported clause; the innermost source has it."""
        if effect == "wish":
            return replace(link.outer, modality=Modality.DESIRED)
        speakers = link.clause.slots.get("subj", []) if link.clause is not None else []
        claimed = Context(Status.CLAIMED, speakers[0] if speakers else None, link.governor, link.token)
        if effect == "claim" and link.outer.polarity == Polarity.NEGATIVE:
            return replace(claimed, modality=Modality.HYPOTHETICAL)
        if effect == "denial":
            return claimed.negated()
        return replace(claimed, modality=Modality.POSSIBLE).negated() if effect == "doubt" else claimed

    def _subordinate(self, link: _Link) -> Context | None:
        """Conditions, accusations, what is planned, wished, allowed or refused, purposes."""
        token, dep = link.token, link.dep
        if dep not in ("xcomp", "ccomp", "advcl", "acl", "csubj"):
            return None
        if self._mark(token) in self.lexicon.features["condition"]:
            return replace(link.outer, modality=Modality.HYPOTHETICAL)
        if self._accusation(token, dep, link.clause):
            accusers = link.clause.slots.get("subj", []) if link.clause is not None else []
            accused = Context(Status.CLAIMED, accusers[0] if accusers else None, link.governor, token)
            suspected = self.lexicon.reporting.get((link.lemma, link.part)) == "suspicion"
            return replace(accused, modality=Modality.POSSIBLE) if suspected else accused
        infinitive = self._has_to(token)
        known = (link.lemma, link.part) in self.lexicon.governors
        governed = dep in ("xcomp", "ccomp") or (
            infinitive and (dep == "acl" or link.part == "adjective" or (dep == "advcl" and known))
        )
        if governed:
            return self._governed(link)
        if dep == "advcl" and infinitive:
            return replace(link.outer, modality=Modality.DESIRED, polarity=Polarity.POSITIVE)
        if dep == "advcl" and self.syntax.lower[min(self.syntax.subtree(token))] in self.lexicon.features["lacking"]:
            return replace(link.outer, polarity=Polarity.NEGATIVE)
        return None

    def _governed(self, link: _Link) -> Context:
        lexicon, clause, outer = self.lexicon, link.clause, link.outer
        if clause is not None and clause.passive and link.lemma in lexicon.features["hearsay_verb"]:
            agents = clause.slots.get("subj", [])
            source = agents[0] if agents else None
            return replace(outer, status=Status.CLAIMED, source=source, cue=clause.predicate, content=link.token)
        governors = lexicon.governors
        effect = governors.get((link.lemma, link.part)) or governors.get((link.lemma.split()[0], link.part))
        if effect == "Negative" or self._not_yet(link):
            return outer.negated()
        if link.lemma == "be" and self._has_to(link.token):
            effect = "Planned"
        return outer if effect in (None, "Actual") else replace(outer, modality=Modality(effect))

    def _not_yet(self, link: _Link) -> bool:
        """'has yet to sign'."""
        return self._has_to(link.token) and (self._is_pending(link.governor) or self._is_pending(link.token))

    def _is_pending(self, token: int) -> bool:
        pending = self.lexicon.features["pending"]
        return any(self.syntax.lower[word] in pending for word in self.syntax.dependents(token, "advmod"))

    def _joined(self, link: _Link) -> Context | None:
        """Coordinated clauses share their source, and without a subject of their own their modality."""
        outer = link.outer
        if link.dep not in ("conj", "parataxis"):
            return None
        if link.clause is None or link.dep == "parataxis":
            return replace(outer, modality=Modality.ACTUAL, polarity=Polarity.POSITIVE)
        around = self._outer(link.governor)
        base = replace(around, status=outer.status, source=outer.source, cue=outer.cue, content=outer.content)
        own = self.clauses.get(link.token)
        if own is None or own.own_subject:
            return base
        polarity = outer.polarity if self._joined_by_or(link.token) else base.polarity
        return replace(base, modality=outer.modality, polarity=polarity)

    def _modifying(self, link: _Link) -> Context | None:
        """Relative and participial clauses: facts of the narrator when set off by a comma, or of a definite thing."""
        if link.dep not in ("acl", "acl:relcl"):
            return None
        syntax, token, noun, outer = self.syntax, link.token, link.governor, link.outer
        first = min(syntax.subtree(token))
        set_off = (first > 0 and syntax.text[first - 1] in (",", "—", "–", "(", "-")) or syntax.text[first] == ","
        if set_off and not syntax.quoted[token]:
            enclosed = outer.status == Status.CLAIMED and outer.cue is not None and outer.cue > token
            inside = replace(outer, modality=Modality.ACTUAL, polarity=Polarity.POSITIVE)
            return inside if enclosed else PLAIN  # '…, which demand an answer, X said'
        determiner = syntax.child(noun, "det")
        indefinite = determiner is None or syntax.lower[determiner] in self.lexicon.features["indefinite"]
        modality = outer.modality if indefinite and syntax.pos[noun] == "NOUN" else Modality.ACTUAL
        return replace(outer, modality=modality, polarity=Polarity.POSITIVE)

    # ------------------------------------------------------------------ a clause's own marks
    def _own(self, token: int, outer: Context) -> Context:
        syntax, lexicon = self.syntax, self.lexicon
        context = outer
        for child in syntax.children[token]:
            dep, word = syntax.dep[child], syntax.lower[child]
            if dep == "aux":
                modal = lexicon.features["modal"].get(word)
                if modal == "Hypothetical" and context.status == Status.CLAIMED and not self._conditional(token):
                    modal = "Planned"
                if (
                    modal
                    and context.modality in (Modality.ACTUAL, Modality.DESIRED)
                    and not (context.modality == Modality.DESIRED and modal in ("Planned", "Hypothetical"))
                ):
                    context = replace(context, modality=Modality(modal))
                if syntax.lemma[child] == "be" and self._has_to(token) and syntax.tag[child] in ("VBZ", "VBP", "VBD"):
                    context = replace(context, modality=Modality.PLANNED)
            elif dep in ("advmod", "cc", "det", "cc:preconj"):
                if word in lexicon.features["negator"] or self._no_longer(child):
                    context = context.negated()
                elif word in lexicon.features["hearsay"] and context.status == Status.ASSERTED:
                    context = replace(context, status=Status.CLAIMED, source=None, cue=child, content=token)
            elif dep in ("nsubj", "obj", "nsubj:pass", "obl") and self._negative_determiner(child):
                context = context.negated()
            elif dep in ("advcl", "parataxis"):
                context = self._as_said(token, child, dep, context)
        finite = [child for child in syntax.dependents(token, "cop", "aux") if syntax.tag[child] in _FINITE]
        if syntax.tag[token] == "VB" and any(syntax.lemma[child] == "be" for child in finite):  # 'is due to lead'
            context = replace(context, modality=Modality.PLANNED)
        if self._has_to(token) and syntax.dep[token] not in ("xcomp", "ccomp") and self._is_pending(token):
            context = context.negated()
        source = self._sources.get(token)
        if source is not None and (context.status == Status.ASSERTED or context.source is None):
            cue = syntax.child(source, "case")
            context = replace(context, status=Status.CLAIMED, source=source, cue=cue, content=token)
        if (
            syntax.text[syntax.sentences[syntax.sentence_of[token]][1] - 1] == "?"
            and context.modality == Modality.ACTUAL
        ):
            context = replace(context, modality=Modality.HYPOTHETICAL)
        return context

    def _find_sources(self) -> dict[int, int]:
        """Clause → who it is 'according to', wherever in the clause that stands."""
        syntax = self.syntax
        found: dict[int, int] = {}
        for token in range(len(syntax)):
            if (
                syntax.child(token, "case") is None
                or syntax.case(token) not in self.lexicon.features["source_preposition"]
            ):
                continue
            clause = self._clause_above(syntax.head[token])
            if clause is not None and clause != token:
                found.setdefault(clause, token)
        return found

    def _as_said(self, token: int, child: int, dep: str, context: Context) -> Context:
        """'as X said', 'X said' put in the middle."""
        syntax = self.syntax
        if context.status == Status.CLAIMED and context.source is not None:
            return context
        clause = self.clauses.get(child)
        if clause is None or self.lexicon.reporting.get((clause.lemma, clause.part)) != "claim":
            return context
        if dep == "advcl" and self._mark(child) != "as":
            return context
        subjects = clause.slots.get("subj", [])
        if (
            not clause.own_subject
            or not subjects
            or any(syntax.dep[c] in ("ccomp", "obj") for c in syntax.children[child])
        ):
            return context
        return replace(context, status=Status.CLAIMED, source=subjects[0], cue=child, content=token)

    def _accusation(self, token: int, dep: str, clause: Clause | None) -> bool:
        """'accused X of doing': content of an accusing verb, under its preposition or bare."""
        if clause is None or dep not in ("advcl", "obl", "xcomp", "ccomp"):
            return False
        frames = self.lexicon.frames.get((clause.lemma, "verb"), ())
        accuses = any(frame.property in self.lexicon.features["accusing_property"] for frame in frames)
        if not accuses and self.lexicon.reporting.get((clause.lemma, clause.part)) != "suspicion":
            return False
        mark = self._mark(token)
        return not mark or mark in self.lexicon.features["accusation_mark"]

    def _conditional(self, token: int) -> bool:
        return any(
            self.syntax.dep[child] == "advcl" and self._mark(child) in self.lexicon.features["condition"]
            for child in self.syntax.children[token]
        )

    def _negative_determiner(self, token: int) -> bool:
        negators = self.lexicon.features["negative_nominal"]
        before = self.syntax.dependents(token, "det", "cc:preconj", "cc", "advmod")  # 'no X', 'neither X nor Y'
        if any(negators.get(self.syntax.lower[word]) == "determiner" for word in before):
            return True
        return negators.get(self.syntax.lower[token]) == "pronoun"

    def _mark(self, token: int) -> str:
        mark = self.syntax.child(token, "mark")
        return self.syntax.lower[mark] if mark is not None else ""

    def _has_to(self, token: int) -> bool:
        return any(
            (self.syntax.dep[child] == "mark" and self.syntax.tag[child] == "TO") or (
                self.syntax.dep[child] == "mark"
                and self.syntax.lower[child] == "to"
                and self.syntax.tag[token] == "VB"
            )
            for child in self.syntax.children[token]
        )  # fmt: skip

    def _no_longer(self, token: int) -> bool:
        syntax = self.syntax
        return token > 0 and f"{syntax.lower[token - 1]} {syntax.lower[token]}" in self.lexicon.features["negator"]

    def _joined_by_or(self, token: int) -> bool:
        coordinator = self.syntax.child(token, "cc")
        return coordinator is not None and self.syntax.lower[coordinator] in self.lexicon.features["conjunctive_or"]

    def _clause_above(self, token: int) -> int | None:
        if token in self.clauses:
            return token
        for ancestor in self.syntax.ancestors(token):
            if ancestor in self.clauses:
                return ancestor
        return None
