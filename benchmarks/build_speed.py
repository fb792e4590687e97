"""How fast a build is, from texts to the finished store, and what it costs in memory.

    python benchmarks/build_speed.py [--documents 300] [--workers 1 2] [--json FILE]

The texts are those of `tests/quality`, repeated under distinct ids, so a clone can run it. Every measurement has a
process of its own.
Model start-up is measured apart (the same workers on one short sentence each) and the encoder alone, the part of the
work that no other code can save, is the limit that the build is held against.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
SETS = ("kgnews", "stories")
MIB = 1 << 20
SAMPLE_SECONDS = 0.05


def texts() -> Iterator[dict[str, str]]:
    """The documents of the quality sets."""
    for name in SETS:
        for line in (ROOT / "tests" / "quality" / name / "docs.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def write_input(path: Path, count: int) -> int:
    """Writes `count` documents as JSON Lines; gives their number of words."""
    words = 0
    with path.open("w", encoding="utf-8") as out:
        for number, document in enumerate(islice(cycle(texts()), count)):
            row = {**document, "id": f"{document['id']}-{number:05}"}
            words += len(row["text"].split())
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return words


# ---------------------------------------------------------------------------------------- in a process of its own


def measure_start(workers: int) -> dict[str, Any]:
    """Seconds until `workers` processes have imported everything, loaded the model and read one sentence each."""
    started = time.perf_counter()
    from kg.flow import extract_documents
    from kg.model import Document
    from kg.processes import BATCH

    short = (
        Document(path=f"d{n}", text="Peru hosts the talks.", source=f"d{n}") for n in range(max(workers, 1) * BATCH)
    )
    list(extract_documents(short, workers=workers))
    return {"seconds": time.perf_counter() - started}


def measure_build(source: Path, output: Path, workers: int) -> dict[str, Any]:
    """Seconds of a whole build and of its steps, start-up included."""
    started = time.perf_counter()
    from kg.flow import build

    last: dict[str, float] = {}
    report = build(
        [source], output, workers=workers, progress=lambda step, _: last.update({step: time.perf_counter() - started})
    )
    steps, before = {}, 0.0
    for step in ("extract", "resolve", "store", "publish"):
        if step in last:
            steps[step], before = last[step] - before, last[step]
    return {
        "seconds": time.perf_counter() - started,
        "steps": steps,
        "documents": report.read,
        "words": report.words,
        "entities": report.entities,
        "facts": report.facts,
        "claims": report.claims,
        "failures": len(report.failures),
    }


def measure_encoder(source: Path) -> dict[str, Any]:
    """Seconds that one process spends in the network, and in all of annotation, start-up apart."""
    from kg.annotation import load
    from kg.annotation.network import Network

    spent = 0.0
    run = Network.run

    def timed(self: Network, words: Any) -> Any:
        nonlocal spent
        started = time.perf_counter()
        try:
            return run(self, words)
        finally:
            spent += time.perf_counter() - started

    Network.run = timed  # type: ignore[method-assign]
    nlp = load()
    nlp("Peru hosts the talks.")
    spent = 0.0
    started = time.perf_counter()
    for line in source.read_text(encoding="utf-8").splitlines():
        nlp(json.loads(line)["text"])
    return {"seconds": spent, "annotation_seconds": time.perf_counter() - started}


# ------------------------------------------------------------------------------------------------ from outside


def observe(*arguments: str) -> dict[str, Any]:
    """Runs one measurement in a process of its own; adds the peak resident memory of it and of each child, in MiB."""
    peaks: dict[int, int] = {}
    process = subprocess.Popen(
        [sys.executable, __file__, "--measure", *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks, done))
    watcher.start()
    printed, _ = process.communicate()
    done.set()
    watcher.join()
    if process.returncode:
        sys.exit(f"measurement {' '.join(arguments)} failed with exit code {process.returncode}")
    children = sorted((peak for pid, peak in peaks.items() if pid != process.pid), reverse=True)
    return {
        **json.loads(printed.splitlines()[-1]),
        "peak_mib": peaks.get(process.pid, 0) / MIB,
        "worker_peak_mib": [peak / MIB for peak in children if peak > 64 * MIB],
    }


def _watch(root: int, peaks: dict[int, int], done: threading.Event) -> None:
    while not done.wait(SAMPLE_SECONDS):
        try:
            main = psutil.Process(root)
            for process in [main, *main.children(recursive=True)]:
                peaks[process.pid] = max(peaks.get(process.pid, 0), process.memory_info().rss)
        except psutil.NoSuchProcess:
            continue


def benchmark(count: int, worker_numbers: list[int]) -> dict[str, Any]:
    """All measurements."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "documents.jsonl"
        words = write_input(source, count)
        encoder = observe("encoder", str(source))
        encoder["words_per_second"] = words / encoder["seconds"]
        rows = []
        for workers in worker_numbers:
            start = observe("start", str(workers))["seconds"]
            row = observe("build", str(source), str(Path(folder) / f"out{workers}"), str(workers))
            working = max(row["seconds"] - start, 1e-9)
            rows.append(
                {
                    **row,
                    "workers": workers,
                    "start_seconds": start,
                    "working_seconds": working,
                    "store_seconds": max(working - row["steps"].get("publish", 0.0), 1e-9),
                    "words_per_second": words / working,
                    "share_of_limit": words / working / (encoder["words_per_second"] * workers),
                }
            )
    machine = {
        "processor": platform.processor() or platform.machine(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / (1 << 30), 1),
        "python": platform.python_version(),
        "load_at_end": psutil.getloadavg()[0],
    }
    return {"machine": machine, "documents": count, "words": words, "encoder": encoder, "builds": rows}


def show(result: dict[str, Any]) -> None:
    """Prints the table."""
    encoder, machine = result["encoder"], result["machine"]
    print(
        f"{result['documents']} documents, {result['words']} words; {machine['cores']} cores, "
        f"Python {machine['python']}, load {machine['load_at_end']:.1f}"
    )
    print(
        f"limit (encoder alone, one process): {encoder['seconds']:.1f} s, {encoder['words_per_second']:,.0f} words/s; "
        f"all of annotation {encoder['annotation_seconds']:.1f} s"
    )
    print(
        f"\n{'workers':>7}{'start s':>9}{'to store s':>11}{'words/s':>9}{'all s':>7}{'words/s':>9}{'of limit':>10}"
        f"{'main MiB':>10}{'worker MiB':>12}  steps"
    )
    for row in result["builds"]:
        steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in row["steps"].items())
        worker = f"{max(row['worker_peak_mib']):12.0f}" if row["worker_peak_mib"] else f"{'–':>12}"
        print(
            f"{row['workers']:7}{row['start_seconds']:9.1f}{row['store_seconds']:11.1f}"
            f"{result['words'] / row['store_seconds']:9,.0f}{row['working_seconds']:7.1f}"
            f"{row['words_per_second']:9,.0f}"
            f"{row['share_of_limit']:10.0%}{row['peak_mib']:10.0f}{worker}  {steps}"
        )
    print(
        "\n'to store' is from text to store, 'all' with the files published; both without start-up, which the first"
        " step of a build includes."
    )


def main() -> None:
    """Reads the arguments and measures."""
    if sys.argv[1:2] == ["--measure"]:
        kind, *rest = sys.argv[2:]
        if kind == "start":
            found = measure_start(int(rest[0]))
        elif kind == "encoder":
            found = measure_encoder(Path(rest[0]))
        else:
            found = measure_build(Path(rest[0]), Path(rest[1]), int(rest[2]))
        print(json.dumps(found))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--workers", type=int, nargs="+", default=sorted({1, psutil.cpu_count() or 1}))
    parser.add_argument("--json", type=Path, help="write all figures here")
    arguments = parser.parse_args()
    result = benchmark(arguments.documents, arguments.workers)
    show(result)
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
