"""Documents that come, change and go → the graph of what is there, and the record of how it came about.

Two ways lead to the same graph: writing it whole, or taking out and putting in what a few documents change. Both end in
one moment: the new state of the store is complete on disk, then the record (`Kept`) is committed, then the store takes
its place. A process killed in between leaves the one state or the other, and the next build knows which.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from hashlib import sha256
from pathlib import Path

from kg.flow.keeping import Kept
from kg.graph.delta import Difference, difference
from kg.graph.quads import DocumentQuads, Refusal, Tally, document_quads, entity_fault
from kg.graph.store import Written, apply_delta, write_build
from kg.model import Extraction
from kg.resolution.clusters import contribution, resolution_of
from kg.resolution.index import Changes, Index, filled, replaced
from kg.resolution.local import local_view
from kg.vocabulary import Minter

_SHARE = 3
"""A graph of which more than one part in so many changes is written whole."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The counts of the graph as it is now, what was refused, and what changed (None: written whole, or nothing).

    `generation` names the state of the store, `before` the one that the change began from.
    """

    tally: Tally
    generation: str
    refusals: tuple[Refusal, ...] = ()
    change: Difference | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a graph is written, and how.

    `whole(entities, documents, minter=…, generation=…, complete=…)` writes it anew, and calls `complete` with what was
    written when it is safe but not yet to be seen; `change(delta, generation=…, complete=…)` changes it likewise.
    """

    whole: Callable[..., Written]
    change: Callable[..., None]


def embedded(store_dir: Path, ontology: str = "") -> Target:
    """The store in a folder; the caller is inside `reserved`. `ontology` are more quads of the ontology graph."""
    return Target(partial(write_build, store_dir, held=True, ontology=ontology), partial(apply_delta, store_dir))


def code_digest() -> str:
    """Of all that leads from extractions to the graph: where it differs, a graph is written whole."""
    package = Path(__file__).resolve().parents[1]
    files = [package / "model.py", package / "vocabulary.py"]
    files += (file for room in ("resolution", "graph", "flow") for file in (package / room).glob("*.py"))
    return digest_of(files)


def digest_of(files: Iterable[Path]) -> str:
    """Hex SHA-256 of the names and contents of files, whatever their order."""
    total = sha256()
    for file in sorted(files):
        total.update(f"{file.name} {sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def update(
    kept: Kept,
    target: Target,
    *,
    gone: Iterable[str],
    new: Iterable[str],
    minter: Minter,
    settings: Mapping[str, object],
    whole: bool | None = None,
) -> Outcome:
    """Takes documents out of the graph and finished ones in (by their IRIs); `settings` are those of the whole graph.

    `whole` decides how; by default what there is to change does. `settings["min_confidence"]` bounds the statements.
    """
    gone, new = sorted(gone), sorted(new)
    job = _Update(kept, target, gone, new, minter, settings)
    fit = kept.get("settings") == settings and not kept.get("faulty") and kept.generation is not None
    if whole is None:
        whole = _SHARE * (len(gone) + len(new)) > kept.count()
    if not whole and fit and (outcome := job.changed()) is not None:
        return outcome
    return job.written_whole()


class _Update:
    def __init__(
        self,
        kept: Kept,
        target: Target,
        gone: list[str],
        new: list[str],
        minter: Minter,
        settings: Mapping[str, object],
    ) -> None:
        self._kept = kept
        self._target = target
        self._gone = gone
        self._new = new
        self._minter = minter
        self._settings = settings
        confidence = settings.get("min_confidence")
        self._min_confidence = float(confidence) if isinstance(confidence, int | float) else 0.0
        self._before = kept.generation
        self._generation = secrets.token_hex(16)

    def written_whole(self) -> Outcome:
        """Writes the whole graph."""
        kept, minter = self._kept, self._minter
        with kept.transaction():
            kept.take_out(self._gone)
            kept.take_in(self._new)
            extractions = partial(kept.extractions, min_confidence=self._min_confidence)
            found = filled(kept.connection, (local_view(extraction, minter) for extraction in extractions()), minter)
            resolution = resolution_of(found.clusters, kept.places(), minter)
            entities = resolution.entities.values()

            def complete(written: Written) -> None:
                kept.support_all(written.support)
                faulty = any(refusal.where in resolution.entities for refusal in written.refusals)
                self._commit(written.tally, faulty=faulty)

            written = self._target.whole(
                entities,
                map(resolution.statements, extractions()),
                minter=minter,
                generation=self._generation,
                complete=complete,
            )
        return Outcome(written.tally, self._generation, written.refusals, before=self._before)

    def changed(self) -> Outcome | None:
        """Changes the graph; None when it cannot be done that way, and nothing is done."""
        kept, minter = self._kept, self._minter
        old = {iri: self._extraction(iri) for iri in sorted({*self._gone, *self._new}) if kept.place(iri) is not None}
        new = {iri: self._extraction(iri, finished=True) for iri in self._new}
        with kept.transaction(), kept.as_it_was() as snapshot:
            before, after = Index(snapshot, minter), Index(kept.connection, minter)
            changes = replaced(
                before,
                after,
                [local_view(extraction, minter) for extraction in old.values()],
                [local_view(extraction, minter) for extraction in new.values()],
            )
            if any(entity_fault(entity) for pair in changes.things for entity in pair if entity is not None):
                return None
            for iri in changes.documents:
                old[iri] = new[iri] = self._extraction(iri)
            made = self._difference(before, after, old, new, changes)
            refusals = tuple(refusal for iri in self._new for refusal in self._quads(after, new[iri]).refusals)
            kept.take_out(self._gone)
            kept.take_in(self._new)
            kept.support_more(made.support)
            tally = Tally(**{f.name: getattr(kept.tally, f.name) + getattr(made.tally, f.name) for f in fields(Tally)})
            snapshot.rollback()
            self._target.change(
                made.delta, generation=self._generation, complete=partial(self._commit, tally, faulty=False)
            )
        return Outcome(tally, self._generation, refusals, made, self._before)

    def _difference(
        self,
        before: Index,
        after: Index,
        old: Mapping[str, Extraction],
        new: Mapping[str, Extraction],
        changes: Changes,
    ) -> Difference:
        documents = (
            (
                iri,
                self._quads(before, old[iri]) if iri in old else None,
                self._quads(after, new[iri]) if iri in new else None,
            )
            for iri in sorted({*old, *new})
        )
        return difference(documents, changes.things, self._kept.supported, self._minter)

    def _quads(self, index: Index, extraction: Extraction) -> DocumentQuads:
        iris = index.iris(self._minter.document_iri(extraction.document.path))
        return document_quads(contribution(extraction, iris, self._minter), set(iris.values()), self._minter)

    def _extraction(self, iri: str, *, finished: bool = False) -> Extraction:
        return self._kept.extraction(iri, finished=finished, min_confidence=self._min_confidence)

    def _commit(self, tally: Tally, *, faulty: bool) -> None:
        kept = self._kept
        kept.put("tally", {field.name: getattr(tally, field.name) for field in fields(Tally)})
        kept.put("faulty", faulty)
        kept.put("settings", self._settings)
        kept.put("generation", self._generation)
        kept.commit()
