"""What the English model costs to run: seconds to load, words a second of `annotate`, peak memory of the process.

    python benchmarks/model_runtime.py [--limit N]

Texts: those of `tests/quality`. One process, one core: the network runs on one thread, and numpy is kept to one.
Prints one JSON object; `benchmarks/model.py` runs it and shows the figures. Start it in a process of its own, for
imports are part of loading, and the peak is that of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import time
from pathlib import Path

QUALITY = Path(__file__).resolve().parent.parent / "tests" / "quality"
RUNS = 3
MIB = 1 << 20
THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def peak_bytes() -> int:
    """The largest resident memory of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def measure(limit: int | None) -> dict[str, float]:
    """Loads the model, reads one sentence, then annotates the texts `RUNS` times.

    Words are what white space separates, as in the figures of `kg build`. A speed by processor time too: on an idle
    machine the two are one, and it is the one to compare where other programs share the cores.
    """
    started = time.perf_counter()
    from kg.annotation import annotate, load
    from kg.model import Document

    nlp = load()
    annotate(Document(path="first", text="Peru hosts the talks.", source="first"), nlp)
    loaded = time.perf_counter() - started
    rows = [json.loads(line) for path in sorted(QUALITY.glob("*/docs.jsonl")) for line in path.open(encoding="utf-8")]
    documents = [
        Document(path=row["id"], text=row["text"], source=row["id"], date=row.get("date")) for row in rows[:limit]
    ]
    seconds, processor_seconds = [], []
    for _ in range(RUNS):
        started, processor_started = time.perf_counter(), time.process_time()
        for document in documents:
            annotate(document, nlp)
        seconds.append(time.perf_counter() - started)
        processor_seconds.append(time.process_time() - processor_started)
    words = sum(len(document.text.split()) for document in documents)
    return {
        "words": words,
        "load_seconds": loaded,
        "words_per_second": words / statistics.median(seconds),
        "words_per_processor_second": words / statistics.median(processor_seconds),
        "peak_mib": peak_bytes() / MIB,
        "load_average": os.getloadavg()[0],
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, help="only the first N texts")
    arguments = parser.parse_args()
    for name in THREAD_SETTINGS:  # before numpy is imported
        os.environ[name] = "1"
    print(json.dumps(measure(arguments.limit)))


if __name__ == "__main__":
    main()
