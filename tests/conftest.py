"""A small story of two documents, built by hand, that the rooms behind extraction are tested on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from hypothesis import settings

from kg.graph import open_store, write_build
from kg.model import Document, DocumentStatements, Entity, LiteralValue, Modality, Polarity, Span, Statement, Status
from kg.vocabulary import KG, WIKIDATA, XSD, Minter

settings.register_profile("kg", deadline=None)  # a busy machine is no failure
settings.load_profile("kg")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` rewrites the expected graphs of `tests/data`, to be reviewed as code."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected graphs of tests/data")


PERU_TEXT = (
    "Peru hosts the Conference of Defense Ministers. Defense minister Ana Ruiz attends it. "
    "China threatens peace, Ruiz said. Peru plans to sign the pact. Farmers complained about prices."
)
CHINA_TEXT = (
    "Peru hosts the Conference of Defense Ministers. China does not threaten peace, Li Wei said. "
    "Ana Ruiz met Li Wei in Lima on 5 May 2025. The Conference of Defense Ministers opens in Lima on 7 May 2025."
)


@dataclass
class Story:
    """Entities and documents in the making; `says` adds a statement read from the sentence that holds some words."""

    minter: Minter = field(default_factory=Minter)
    entities: list[Entity] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    statements: dict[str, list[Statement]] = field(default_factory=dict)

    def document(self, path: str, text: str) -> str:
        self.texts[path] = text
        self.statements[path] = []
        return self.minter.document_iri(path)

    def entity(self, label: str, *types: str, **more: Any) -> str:
        iri = self.minter.entity_iri(label)
        self.entities.append(Entity(iri=iri, label=label, types=tuple(KG[name] for name in types), **more))
        return iri

    def says(
        self, path: str, words: str, subject: str, predicate: str, target: str | LiteralValue, **more: Any
    ) -> Statement:
        text = self.texts[path]
        begin = text.rfind(". ", 0, text.index(words)) + 2 if ". " in text[: text.index(words)] else 0
        statement = Statement(
            subject=self.minter.entity_iri(subject),
            predicate=self.minter.relation_iri(predicate),
            object=self.minter.entity_iri(target) if isinstance(target, str) else target,
            document=self.minter.document_iri(path),
            evidence=Span(begin, text.index(".", begin) + 1),
            **{"confidence": 0.9, "extractor": "kg.extraction.test", **more},
        )
        self.statements[path].append(statement)
        return statement

    def documents(self) -> list[DocumentStatements]:
        return [
            DocumentStatements(
                document=Document(path=path, text=text, source=path, title=f"Title of {path}", date="2025-05-06"),
                iri=self.minter.document_iri(path),
                statements=tuple(self.statements[path]),
            )
            for path, text in self.texts.items()
        ]


def make_story(base: str | None = None) -> Story:
    """Peru's conference in two documents: facts, claims, a denial, a plan, an open relation, dates."""
    story = Story(Minter(base) if base else Minter())
    story.document("seeds/peru.txt", PERU_TEXT)
    story.document("seeds/china.txt", CHINA_TEXT)
    story.entity("Peru", "Country", same_as=WIKIDATA + "Q419")
    story.entity("China", "Country", alt_labels=("People's Republic of China",))
    story.entity("Conference of Defense Ministers", "Event")
    story.entity("Ana Ruiz", "Person", alt_labels=("Ruiz",))
    story.entity("Li Wei", "Person")
    story.entity("Lima", "City")
    story.entity("defense minister", "Role")
    story.entity("peace", "Topic")
    story.entity("pact", "Law")
    story.entity("farmers", "Group")
    story.entity("prices", "Topic")
    peru, china, conference = "seeds/peru.txt", "seeds/china.txt", "Conference of Defense Ministers"
    ruiz = story.minter.entity_iri("Ana Ruiz")
    story.says(peru, "Peru hosts", "Peru", "kg:hosts", conference)
    story.says(peru, "attends", "Ana Ruiz", "kg:attends", conference)
    story.says(peru, "attends", "Ana Ruiz", "kg:holdsRole", "defense minister")
    story.says(peru, "attends", "defense minister", "kg:roleIn", "Peru")
    story.says(peru, "China threatens", "China", "kg:threatens", "peace", status=Status.CLAIMED, attributed_to=ruiz)
    story.says(peru, "Peru plans", "Peru", "kg:signs", "pact", modality=Modality.PLANNED)
    story.says(peru, "complained", "farmers", "rel:complainAbout", "prices")
    story.says(china, "Peru hosts", "Peru", "kg:hosts", conference)
    story.says(
        china,
        "China does not",
        "China",
        "kg:threatens",
        "peace",
        status=Status.CLAIMED,
        attributed_to=story.minter.entity_iri("Li Wei"),
        polarity=Polarity.NEGATIVE,
    )
    day = LiteralValue(value="2025-05-05", datatype=XSD.date)
    place = story.minter.entity_iri("Lima")
    story.says(china, "Ana Ruiz met", "Ana Ruiz", "kg:meetsWith", "Li Wei", time=day, place=place)
    story.says(china, "opens in", conference, "kg:occursIn", "Lima")
    story.says(china, "opens in", conference, "kg:occursOn", LiteralValue(value="2025-05-07", datatype=XSD.date))
    return story


@pytest.fixture
def new_story() -> Callable[..., Story]:
    """Makes an empty story, or the full one with `make_story`'s arguments."""
    return lambda *arguments, empty=False: Story() if empty else make_story(*arguments)


@pytest.fixture(scope="session")
def story_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the story's store; read it, do not write to it."""
    path = tmp_path_factory.mktemp("story") / "store"
    story = make_story()
    written = write_build(path, story.entities, story.documents())
    assert written.refusals == ()
    return path


@pytest.fixture(scope="session")
def story_store(story_dir: Path) -> pyoxigraph.Store:
    """The story's store, opened for reading."""
    return open_store(story_dir, read_only=True)
