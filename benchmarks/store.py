"""What storing costs, as ratios to pyoxigraph itself in the same run, and what a change of a large graph costs.

    python benchmarks/store.py [--quads 1000000] [--changes 9] [--json FILE]

The documents are generated (names drawn by Zipf's law, so that some are in thousands of documents); no text is read.
"Raw" is `bulk_load` of the same quads from a file into a new folder that is then renamed; "whole" is our first
build from the statements on, with the index and the counts that later changes need; "a document at a time" is one
`load` for each document. A change is everything from a finished extraction to the store in its place: opening what is
kept, resolving, writing, renaming.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.flow.keeping import Kept, Place, kept_beside
from kg.flow.updating import Outcome, Target, embedded, update
from kg.graph import open_store, reserved
from kg.graph.quads import QuadWriter
from kg.model import Attribution, Document, Extraction, Kind, LocalEntity, Mention, RelationMention, Span, Status
from kg.resolution import resolve
from kg.vocabulary import Minter

MINTER = Minter()
SETTINGS: dict[str, object] = {"base": MINTER.base, "min_confidence": 0.0}
QUADS_A_DOCUMENT = 106
"""About what a short news story brings."""
PEOPLE, OTHERS, SENTENCES = 20_000, 5_000, 6
PREDICATES = ("kg:meetsWith", "kg:criticizes", "kg:visits", "kg:supports", "rel:complainAbout", "kg:holdsRole")
WORDS = ("the", "talks", "on", "trade", "and", "security", "went", "in", "capital", "after", "weeks", "of", "protest")


def extraction(number: int) -> Extraction:
    """A generated document of six sentences."""
    chance = random.Random(number)  # noqa: S311
    sentences = [" ".join(chance.choices(WORDS, k=14)).capitalize() + "." for _ in range(SENTENCES)]
    text = " ".join(sentences)
    spans, begin = [], 0
    for sentence in sentences:
        spans.append(Span(begin, begin + len(sentence)))
        begin += len(sentence) + 1
    entities = [
        *(person(f"p{i}", drawn(chance, PEOPLE)) for i in range(4)),
        *(organization(f"o{i}", drawn(chance, OTHERS)) for i in range(2)),
        LocalEntity(key="r", label="defense minister", types=("Role",), named=False, body="o0"),
        LocalEntity(key="t", label="trade talks", types=("Event",), named=False),
    ]
    relations = []
    for i, span in enumerate(spans):
        subject, other = chance.sample([entity.key for entity in entities[:6]], 2)
        predicate = chance.choice(PREDICATES)
        claimed = i % 3 == 2
        relations.append(
            RelationMention(
                subject=mention(subject, span),
                predicate=predicate,
                object=mention("r" if predicate == "kg:holdsRole" else other, span),
                sentence=span,
                status=Status.CLAIMED if claimed else Status.ASSERTED,
                attribution=Attribution(source=mention(subject, span), cue=None, content=()) if claimed else None,
                confidence=0.5 + chance.random() / 2,
                extractor="kg.extraction.roles",
            )
        )
    return Extraction(
        document=Document(path=f"news/{number:06}.txt", text=text, source=f"news/{number:06}.txt"),
        sentences=tuple(spans),
        entities=tuple(entities),
        mentions=tuple(mention(entity.key, spans[0]) for entity in entities),
        relations=tuple(relations),
    )


def drawn(chance: random.Random, count: int) -> int:
    """A number below `count`; small ones are much more frequent."""
    return min(count - 1, int(count ** chance.random()) - 1)


def person(key: str, number: int) -> LocalEntity:
    """One of many people; every tenth goes by a surname that others share."""
    name = f"Given{number} Family{number // 10 if number % 10 == 0 else number}"
    return LocalEntity(key=key, label=name, types=("Person",), named=True, names=(name,))


def organization(key: str, number: int) -> LocalEntity:
    """One of many bodies."""
    name = f"Body Number{number}"
    return LocalEntity(key=key, label=name, types=("Organization",), named=True, names=(name, f"BN{number}"))


def mention(key: str, span: Span) -> Mention:
    """A mention at the beginning of a sentence."""
    return Mention(span=span, head=span, entity=key, kind=Kind.NAME)


# ---------------------------------------------------------------------------------------- in a process of its own


def measure_raw(folder: Path, documents: int) -> dict[str, Any]:
    """pyoxigraph alone: the file of `measure_file` loaded at once into a new folder, which is then renamed."""
    del documents
    with timed() as spent:
        store = ox.Store(folder / ".raw.new")
        store.bulk_load(path=folder / "graph.nq", format=ox.RdfFormat.N_QUADS)
        store.flush()
        del store
        gc.collect()
        (folder / ".raw.new").rename(folder / "raw")
    return {
        "seconds": spent.wall,
        "processor": spent.processor,
        "quads": len(ox.Store.read_only(str(folder / "raw"))),
    }


def measure_file(folder: Path, documents: int) -> dict[str, Any]:
    """Writes the quads of all documents to a file."""
    given = [extraction(number) for number in range(documents)]
    resolution = resolve(given)
    writer = QuadWriter(resolution.entities.values())
    with (folder / "graph.nq").open("w", encoding="utf-8") as file:
        file.writelines(writer.document(resolution.statements(one)) for one in given)
        file.writelines(writer.descriptions())
    return {}


def measure_one_by_one(folder: Path, documents: int) -> dict[str, Any]:
    """Our quads, one `load` for each document, and the descriptions of entities at the end."""
    given = [extraction(number) for number in range(documents)]
    resolution = resolve(given)
    with timed() as spent:
        store = ox.Store(folder / "one-by-one")
        writer = QuadWriter(resolution.entities.values())
        for one in given:
            text = writer.document(resolution.statements(one))
            store.load(text, format=ox.RdfFormat.N_QUADS)
        store.bulk_load("".join(writer.descriptions()).encode(), format=ox.RdfFormat.N_QUADS)
        store.flush()
    return {"seconds": spent.wall, "processor": spent.processor}


def measure_whole(folder: Path, documents: int) -> dict[str, Any]:
    """A first build of finished extractions; `store_…` is the part from resolved statements to the store in place."""
    store_dir = folder / "output" / "store"
    store_dir.parent.mkdir()
    storing: list[Spent] = []
    with reserved(store_dir), kept_beside(store_dir) as kept:
        with kept.transaction():
            new = [finish(kept, number) for number in range(documents)]
        plain = embedded(store_dir)

        def whole(*given: Any, **more: Any) -> Any:
            with timed() as spent_storing:
                written = plain.whole(*given, **more)
            storing.append(spent_storing)
            return written

        with timed() as spent:
            taken(kept, Target(whole, plain.change), new=new)
    return {
        "seconds": spent.wall,
        "processor": spent.processor,
        "store_seconds": storing[0].wall,
        "store_processor": storing[0].processor,
        "kept_bytes": kept_bytes(store_dir),
    }


def measure_changes(folder: Path, documents: int, changes: int) -> dict[str, Any]:
    """Documents added to the graph of `measure_whole` and withdrawn again; and how long opening it takes."""
    store_dir = folder / "output" / "store"
    adding, withdrawing, opening = [], [], []
    for number in range(documents, documents + changes):
        with timed() as spent, reserved(store_dir), kept_beside(store_dir) as kept:
            taken(kept, embedded(store_dir), new=[finish(kept, number)])
        adding.append(asdict(spent))
        with timed() as spent:
            store = open_store(store_dir, read_only=True)
        opening.append(asdict(spent))
        del store
    for number in range(0, documents, documents // changes):
        with timed() as spent, reserved(store_dir), kept_beside(store_dir) as kept:
            taken(kept, embedded(store_dir), gone=[place(number).iri])
        withdrawing.append(asdict(spent))
    with timed() as spent, reserved(store_dir), kept_beside(store_dir) as kept:
        outcome = taken(kept, embedded(store_dir), new=[finish(kept, documents, renaming=True)])
    changed = outcome.change.delta if outcome.change is not None else None
    return {
        "adding": adding,
        "withdrawing": withdrawing,
        "opening": opening,
        "renaming": {**asdict(spent), "quads": len(changed.removed) + len(changed.added) if changed else None},
    }


def place(number: int, text: str = "") -> Place:
    """Where a generated document stands."""
    path = f"news/{number:06}.txt"
    return Place(iri=MINTER.document_iri(path), path=path, origin=path, fingerprint=f"{number}{text}")


def finish(kept: Kept, number: int, *, renaming: bool = False) -> str:
    """Keeps a generated extraction; `renaming` gives a person of some hundred documents a fuller name in it."""
    made = extraction(number)
    if renaming:
        name = "Given20 Q. Family2"
        fuller = LocalEntity(key="q", label=name, types=("Person",), named=True, names=(name,))
        made = Extraction(
            document=made.document,
            sentences=made.sentences,
            entities=(*made.entities, fuller),
            mentions=made.mentions,
            relations=made.relations,
        )
    where = place(number, "renaming" if renaming else "")
    kept.finish(where, made)
    return where.iri


def taken(kept: Kept, target: Target, *, gone: list[str] | None = None, new: list[str] | None = None) -> Outcome:
    """One update of the graph."""
    return update(kept, target, gone=gone or [], new=new or [], minter=MINTER, settings=SETTINGS)


def kept_bytes(store_dir: Path) -> int:
    """Size of what is kept beside a store."""
    return sum(file.stat().st_size for file in store_dir.parent.glob(f".{store_dir.name}.kept*"))


@dataclass
class Spent:
    """Seconds of a block, known after it: by the clock, and of processors (all threads of this process)."""

    wall: float = 0.0
    processor: float = 0.0


@contextmanager
def timed() -> Iterator[Spent]:
    """What the block takes."""
    spent = Spent()
    wall, processor = time.perf_counter(), time.process_time()
    yield spent
    spent.wall = time.perf_counter() - wall
    spent.processor = time.process_time() - processor


MEASURES: dict[str, Callable[..., dict[str, Any]]] = {
    "file": measure_file,
    "raw": measure_raw,
    "whole": measure_whole,
    "one-by-one": measure_one_by_one,
    "changes": measure_changes,
}


def alone(name: str, *arguments: object) -> dict[str, Any]:
    """A measurement in a process of its own, with the memory it took at most."""
    command = [sys.executable, __file__, "--measure", name, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


# --------------------------------------------------------------------------------------------------------- the table


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--changes", type=int, default=9)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        name, folder, *numbers = options.measure
        result = MEASURES[name](Path(folder), *map(int, numbers))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**result, "mib": memory}))
        return
    documents = options.quads // QUADS_A_DOCUMENT
    results: dict[str, Any] = {"machine": platform.processor() or platform.machine(), "documents": documents}
    with tempfile.TemporaryDirectory() as folder:
        for name in MEASURES:
            more = [options.changes] if name == "changes" else []
            results[name] = alone(name, folder, documents, *more)
            print(f"{name}: {results[name]['mib']:.0f} MiB, {results[name].get('seconds', 0):.2f} s", file=sys.stderr)
        shutil.rmtree(Path(folder) / "raw")
    show(results)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def show(results: dict[str, Any]) -> None:
    """Prints the table; times of processors stand in brackets: on a busy machine they say more."""
    raw, whole, single, changes = (results[name] for name in ("raw", "whole", "one-by-one", "changes"))

    def ratio(measured: dict[str, Any], prefix: str = "") -> str:
        wall = measured[f"{prefix}seconds"] / raw["seconds"]
        return f"{wall:.2f} times ({measured[f'{prefix}processor'] / raw['processor']:.2f})"

    print(f"{raw['quads']} quads of {results['documents']} documents")
    print(f"bulk_load alone: {raw['seconds']:.2f} s ({raw['processor']:.2f})")
    print(f"whole, from resolved statements to the store in place: {ratio(whole, 'store_')}")
    print(f"whole, from kept extractions, resolution and index included: {ratio(whole)}")
    print(f"a document at a time: {ratio(single)}")
    print(f"memory at most: {whole['mib']:.0f} MiB (bulk_load alone {raw['mib']:.0f} MiB)")
    for name in ("adding", "withdrawing", "opening"):
        wall, processor = (sorted(1000 * spent[kind] for spent in changes[name]) for kind in ("wall", "processor"))
        print(
            f"{name}, median of {len(wall)}: {statistics.median(wall):.0f} ms ({statistics.median(processor):.0f}); "
            f"at most {wall[-1]:.0f} ms ({processor[-1]:.0f})"
        )
    renaming = changes["renaming"]
    print(f"a name that changes: {renaming['wall'] * 1000:.0f} ms, {renaming['quads']} quads")


if __name__ == "__main__":
    main()
