"""Every IRI the project uses: closed namespaces, prefixes, minting.

A misspelt term is an `AttributeError` when it is read, never a wrong IRI in a graph.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

DEFAULT_BASE = "https://kg.example.org/"


class Namespace:
    """A closed set of terms under one IRI: `KG.hosts` gives the IRI, anything undeclared raises."""

    __slots__ = ("_terms", "iri")

    def __init__(self, iri: str, terms: str) -> None:
        self.iri = iri
        self._terms = {name: iri + name for name in terms.split()}

    def __getattr__(self, name: str) -> str:
        try:
            return self._terms[name]
        except KeyError:
            raise AttributeError(f"{self.iri} declares no term {name!r}") from None

    def __getitem__(self, name: str) -> str:
        return self._terms[name]

    def __contains__(self, name: object) -> bool:
        return name in self._terms

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._terms)


CLASSES = """Agent Person Organization GovernmentOrganization Country City Region Facility Place Event Role Product Law
 Group Topic Document Statement OpenRelation""".split()
"""Classes of the core ontology (`ontologies/core.ttl` describes them)."""

RELATIONS = """holdsRole heldRole roleIn represents memberOf worksFor leads founded owns citizenOf residesIn bornIn
 diedIn educatedAt bornOn diedOn age spouse parentOf siblingOf relativeOf partOf locatedIn headquarteredIn capitalOf
 borders subsidiaryOf acquires produces operatesIn investsIn hosts organizes attends participatesIn wins occursIn
 occursOn meetsWith welcomes visits partnersWith alliesWith supports opposes threatens deters sanctions attacks
 negotiatesWith signs approves bans proposes announces discusses seeks faces kills injures arrests charges convicts
 sentences sues accuses rescues causes affects appoints elects dismisses praises criticizes thanks urges warns says
 photographed created wrote amount deathToll casualties""".split()
"""Properties that state facts."""

SYMMETRIC = frozenset("meetsWith partnersWith alliesWith spouse siblingOf relativeOf borders negotiatesWith".split())
"""Relations whose plain facts stand in both directions."""

ANNOTATIONS = """mentionedIn sha256 status attributedTo modality polarity time startTime endTime place confidence
 extractor""".split()
"""Properties that describe documents, entities and statements; never facts."""

INDIVIDUALS = "Asserted Claimed Actual Planned Desired Obliged Possible Hypothetical Positive Negative".split()
"""Values of status, modality and polarity."""

ONTOLOGY_IRI = DEFAULT_BASE + "ontology#"
KG = Namespace(ONTOLOGY_IRI, " ".join([*CLASSES, *RELATIONS, *ANNOTATIONS, *INDIVIDUALS]))
RDF = Namespace(
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "type subject predicate object Statement Property first rest nil langString dirLangString",
)
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#", "label comment subClassOf subPropertyOf domain range Class")
OWL = Namespace(
    "http://www.w3.org/2002/07/owl#",
    "sameAs AnnotationProperty SymmetricProperty ObjectProperty DatatypeProperty Class Ontology NamedIndividual",
)
XSD = Namespace(
    "http://www.w3.org/2001/XMLSchema#",
    "string date gYearMonth gYear dateTime integer nonNegativeInteger decimal boolean duration",
)
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#", "prefLabel altLabel closeMatch exactMatch")
DCTERMS = Namespace("http://purl.org/dc/terms/", "title issued source creator license identifier")
PROV = Namespace("http://www.w3.org/ns/prov#", "wasDerivedFrom generatedAtTime Entity")
NIF = Namespace(
    "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "Sentence OffsetBasedString Context referenceContext beginIndex endIndex anchorOf isString",
)
WIKIDATA = "http://www.wikidata.org/entity/"

STANDARD_PREFIXES = {
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "owl": OWL.iri,
    "xsd": XSD.iri,
    "skos": SKOS.iri,
    "dcterms": DCTERMS.iri,
    "prov": PROV.iri,
    "nif": NIF.iri,
    "schema": "https://schema.org/",
    "org": "http://www.w3.org/ns/org#",
    "time": "http://www.w3.org/2006/time#",
    "oa": "http://www.w3.org/ns/oa#",
    "wd": WIKIDATA,
}


@dataclass(frozen=True, slots=True)
class Minter:
    """Mints the IRIs of one build under `base` (ends with `/`). The ontology's own IRI does not move with it."""

    base: str = DEFAULT_BASE
    relation: str = field(init=False)
    entity: str = field(init=False)
    document: str = field(init=False)
    statement: str = field(init=False)
    graph: str = field(init=False)

    def __post_init__(self) -> None:
        for name in ("relation", "entity", "document", "statement", "graph"):
            object.__setattr__(self, name, f"{self.base}{name}/")

    @property
    def prefixes(self) -> dict[str, str]:
        """Prefix → namespace IRI, ours first; declared in every file and query."""
        return {
            "kg": ONTOLOGY_IRI,
            "rel": self.relation,
            "ent": self.entity,
            "doc": self.document,
            "st": self.statement,
            **STANDARD_PREFIXES,
        }

    def document_iri(self, path: str) -> str:
        """IRI of the document read from `path` (relative, forward slashes); anything unsafe is percent-encoded."""
        return self.document + quote(path, safe="/-._~")

    def span_iri(self, document_iri: str, begin: int, end: int) -> str:
        """IRI of a stretch of a document's text (RFC 5147 character range)."""
        return f"{document_iri}#char={begin},{end}"

    def statement_iri(self, *parts: str) -> str:
        """IRI from the content of a statement: a hash over a list of strings that cannot run together."""
        return self.statement + content_hash(*parts)[:32]

    def entity_iri(self, label: str, distinction: str | None = None) -> str:
        """`ent:PascalCase` of a name; `distinction` (any string) adds `-` and six hex digits of its hash."""
        suffix = f"-{content_hash(distinction)[:6]}" if distinction is not None else ""
        return self.entity + (pascal_case(label) or "Unnamed") + suffix

    def relation_iri(self, predicate: str) -> str:
        """IRI of `kg:name` or `rel:name`; anything else is taken for an IRI already."""
        if predicate.startswith("kg:"):
            return KG[predicate[3:]]
        if predicate.startswith("rel:"):
            return self.relation + local_name(predicate[4:])
        return predicate


def content_hash(*parts: str) -> str:
    """Hex SHA-256 of a list of strings; different lists have different encodings."""
    encoded = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(encoded.encode("utf-8", "surrogatepass")).hexdigest()


_WORD = re.compile(r"[^\W_]+")


def local_name(text: str) -> str:
    """`text` reduced to letters, digits and marks of any script: what may stand in an IRI and a prefixed name."""
    normal = unicodedata.normalize("NFC", text)
    return "".join(c for c in normal if c.isalnum() or unicodedata.category(c) in ("Mn", "Mc"))


@lru_cache(maxsize=1 << 16)
def pascal_case(name: str) -> str:
    """`Conference of Defense Ministers` → `ConferenceOfDefenseMinisters`; letters of any script stay as they are.

    >>> pascal_case("Conference of Defense Ministers")
    'ConferenceOfDefenseMinisters'
    >>> pascal_case("al-Assad's U.S. visit")
    'AlAssadsUSVisit'
    """
    joined = re.sub(r"(?<=\w)['’.](?=\w)", "", unicodedata.normalize("NFC", name))
    words = re.split(r"[^\w]+", joined.replace("_", " "))
    return "".join(local_name(word[:1].upper() + word[1:]) for word in words if word)


def camel_case(words: list[str]) -> str:
    """`["complain", "about"]` → `complainAbout`: the name of an open relation.

    >>> camel_case(["complain", "about"])
    'complainAbout'
    """
    parts = [part for word in words for part in _WORD.findall(unicodedata.normalize("NFC", word))]
    return "".join(local_name(part[:1].upper() + part[1:] if i else part.lower()) for i, part in enumerate(parts))
