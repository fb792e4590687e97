"""What the server has done, in the text format of Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Protocol

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the durations that are counted together, in seconds."""


class Readers(Protocol):
    """What is known of the readers at the moment."""

    @property
    def size(self) -> int: ...

    @property
    def busy(self) -> int: ...


class Metrics:
    """Counters since the server was started."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._durations: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}
        self._stopped: Counter[str] = Counter({"timeout": 0, "size": 0, "memory": 0, "busy": 0})
        self._started = 0

    def answered(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Counts a request."""
        self._requests[endpoint, method, status] += 1
        counts = self._durations.setdefault(endpoint, [0] * (len(BUCKETS) + 1))
        counts[next((i for i, bound in enumerate(BUCKETS) if seconds <= bound), len(BUCKETS))] += 1
        self._seconds[endpoint] = self._seconds.get(endpoint, 0.0) + seconds

    def stopped(self, reason: str) -> None:
        """Counts a query that was ended: `timeout`, `size`, `memory` or `busy`."""
        self._stopped[reason] += 1

    def started(self) -> None:
        """Counts a reader that was started."""
        self._started += 1

    def text(self, readers: Readers, generation: int) -> str:
        """All of them."""
        return "\n".join([*self._lines(readers, generation), ""])

    def _lines(self, readers: Readers, generation: int) -> Iterator[str]:
        yield from _head("kg_requests_total", "counter", "Requests answered.")
        for (endpoint, method, status), number in sorted(self._requests.items()):
            yield f'kg_requests_total{{endpoint="{endpoint}",method="{method}",status="{status}"}} {number}'
        yield from _head("kg_request_seconds", "histogram", "Seconds from the request to the end of its answer.")
        for endpoint, counts in sorted(self._durations.items()):
            total = 0
            for bound, number in zip((*map(str, BUCKETS), "+Inf"), counts, strict=True):
                total += number
                yield f'kg_request_seconds_bucket{{endpoint="{endpoint}",le="{bound}"}} {total}'
            yield f'kg_request_seconds_sum{{endpoint="{endpoint}"}} {self._seconds[endpoint]:.6f}'
            yield f'kg_request_seconds_count{{endpoint="{endpoint}"}} {total}'
        yield from _head("kg_stopped_queries_total", "counter", "Queries ended before their answer was complete.")
        for reason, number in sorted(self._stopped.items()):
            yield f'kg_stopped_queries_total{{reason="{reason}"}} {number}'
        yield from _head("kg_readers", "gauge", "Processes that read.")
        yield f'kg_readers{{state="busy"}} {readers.busy}'
        yield f'kg_readers{{state="idle"}} {readers.size - readers.busy}'
        yield from _head("kg_readers_started_total", "counter", "Processes started to read.")
        yield f"kg_readers_started_total {self._started}"
        yield from _head("kg_store_generation", "gauge", "How many states of the store have been served.")
        yield f"kg_store_generation {generation}"


def _head(name: str, kind: str, explanation: str) -> Iterator[str]:
    yield f"# HELP {name} {explanation}"
    yield f"# TYPE {name} {kind}"
