"""Places for the nodes of a network: edges in, coordinates out; the same every time, in seconds for ten thousand nodes.

Each connected component starts from distances to a few landmarks (PivotMDS, Brandes & Pich 2006), is relaxed by
spring forces whose far field is taken from the centroids of equally filled tiles, and is packed beside the others.
At last, boxes as wide as the labels are pushed apart. numpy only: the well-known libraries for this are GPL, and
networkx needs 15 s for 2,000 nodes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LENGTH = 95.0
"""Wished distance of neighbours in pixels at zoom 1."""

_EXACT = 250  # up to here every pair repels; beyond, tiles stand for what is far
_TILE = 40  # nodes in a tile, about
_PIVOTS = 24
_ROOM = 8.0  # times the area of all labels
_GAP = 46.0  # between components
_ASPECT = 1.5  # width to height of the whole
_SKYLINE = 1500  # components that are fitted together; finding a place takes longer the more there are


def layout(count: int, edges: Sequence[tuple[int, int]], widths: Sequence[float], heights: float = 34.0) -> Floats:
    """Coordinates (count × 2, pixels) of nodes 0..count-1; `widths` are those of their labels.

    Depends on the arguments alone. Loops and repeated edges are allowed; they count once.
    """
    if count == 0:
        return np.zeros((0, 2))
    pairs = np.array(sorted({(min(a, b), max(a, b)) for a, b in edges if a != b}), dtype=np.int64).reshape(-1, 2)
    width = np.asarray(widths, dtype=float)
    members = _components(count, pairs)
    owner = np.empty(count, dtype=np.int64)
    local = np.empty(count, dtype=np.int64)
    for number, nodes in enumerate(members):
        owner[nodes] = number
        local[nodes] = np.arange(len(nodes))
    order = np.argsort(owner[pairs[:, 0]], kind="stable")
    grouped = pairs[order]
    bounds = np.searchsorted(owner[grouped[:, 0]], np.arange(len(members) + 1))
    drawn: dict[tuple[int, bytes], Floats] = {}
    placed = [
        _component(local[grouped[bounds[number] : bounds[number + 1]]], width[nodes], heights, drawn)
        for number, nodes in enumerate(members)
    ]
    result = np.zeros((count, 2))
    corners = _pack(placed, [width[nodes] for nodes in members], heights)
    for nodes, points, corner in zip(members, placed, corners, strict=True):
        result[nodes] = points + corner
    middle = (result.max(axis=0) + result.min(axis=0)) / 2
    return np.asarray(np.round(result - middle, 1))


def _components(count: int, pairs: Integers) -> list[Integers]:
    """Members of each connected component, ascending; the largest component first."""
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for a, b in pairs.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    seen = [False] * count
    found: list[list[int]] = []
    for start in range(count):
        if seen[start]:
            continue
        seen[start] = True
        queue, nodes = deque([start]), [start]
        while queue:
            for other in neighbours[queue.popleft()]:
                if not seen[other]:
                    seen[other] = True
                    queue.append(other)
                    nodes.append(other)
        found.append(sorted(nodes))
    found.sort(key=lambda nodes: (-len(nodes), nodes[0]))
    return [np.array(nodes, dtype=np.int64) for nodes in found]


def _component(pairs: Integers, widths: Floats, height: float, drawn: dict[tuple[int, bytes], Floats]) -> Floats:
    count = len(widths)
    if count == 1:
        return np.array([[widths[0] / 2, height / 2]])
    shape = (count, pairs.tobytes())
    if shape not in drawn:  # most components are a few nodes in the same few shapes
        rounds = 220 if count <= 1000 else 130 if count <= 3000 else 80
        drawn[shape] = _relax(_start(count, pairs), pairs, rounds=rounds)
    points = drawn[shape]
    return separate(_tightened(points, widths, height), widths, height)


def _tightened(points: Floats, widths: Floats, height: float) -> Floats:
    """The same drawing, no larger than a few times the room its labels need: nobody should zoom through emptiness."""
    spread = 16 * float(points[:, 0].std() * points[:, 1].std())
    wanted = _ROOM * float(widths.sum()) * height
    return points * np.sqrt(wanted / spread) if spread > wanted else points


def _start(count: int, pairs: Integers) -> Floats:
    """A first drawing from hop distances to landmarks, each as far as can be from those before."""
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for a, b in pairs.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    pivot = max(range(count), key=lambda node: (len(neighbours[node]), -node))
    nearest = np.full(count, np.inf)
    columns = []
    for _ in range(min(_PIVOTS, count)):
        distance = np.full(count, -1.0)
        distance[pivot] = 0
        queue = deque([pivot])
        while queue:
            node = queue.popleft()
            for other in neighbours[node]:
                if distance[other] < 0:
                    distance[other] = distance[node] + 1
                    queue.append(other)
        columns.append(distance)
        nearest = np.minimum(nearest, distance)
        pivot = int(np.argmax(nearest))
    squared = np.stack(columns, axis=1) ** 2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    _, vectors = np.linalg.eigh(np.einsum("ni,nj->ij", centred, centred))
    axes = vectors[:, ::-1][:, :2]
    if axes.shape[1] < 2:
        axes = np.hstack([axes, np.zeros((len(axes), 1))])
    drawing = np.einsum("np,pa->na", centred, axes)
    signs = np.sign(drawing[np.argmax(np.abs(drawing), axis=0), [0, 1]])
    drawing *= np.where(signs == 0, 1, signs)
    spread = drawing.std(axis=0)
    # What lies far out is a landmark of a star, not of the graph: it would never come back in.
    drawing = np.clip(drawing / np.where(spread > 1e-9, spread, 1), -2.5, 2.5)
    noise = np.random.default_rng(7).normal(size=(count, 2))
    return np.asarray((drawing + 0.15 * noise) * LENGTH * np.sqrt(count) / 2)


def _relax(points: Floats, pairs: Integers, *, rounds: int) -> Floats:
    """Springs along edges, repulsion between all, a weak pull to the middle; steps shrink to nothing."""
    count = len(points)
    degree = np.bincount(pairs.ravel(), minlength=count).astype(float)
    mass = 1 + np.log1p(degree)
    near, far = pairs[:, 0], pairs[:, 1]
    # An edge between two hubs may be long, or communities cannot come apart.
    wished = LENGTH * (1 + 0.22 * np.log1p(np.minimum(degree[near], degree[far])))
    slack = 1 / np.sqrt(np.maximum(np.minimum(degree[near], degree[far]), 1))
    step = LENGTH * 2.5
    cooling = (2.0 / step) ** (1 / rounds)
    for _ in range(rounds):
        push = (_repel_exactly if count <= _EXACT else _repel_by_tiles)(points, mass)
        between = points[far] - points[near]
        distance = np.maximum(np.linalg.norm(between, axis=1), 1e-6)
        pull = (between / distance[:, None]) * ((distance - wished) * slack)[:, None]
        force = push * mass[:, None] * LENGTH**2
        for axis in (0, 1):
            force[:, axis] += np.bincount(near, pull[:, axis], count) - np.bincount(far, pull[:, axis], count)
        force -= 0.3 * mass[:, None] * points
        length = np.maximum(np.linalg.norm(force, axis=1), 1e-9)
        points = points + force * (np.minimum(length, step) / length)[:, None]
        step *= cooling
    return points


def _repel_exactly(points: Floats, mass: Floats) -> Floats:
    dx, dy = (points[:, None, axis] - points[None, :, axis] for axis in (0, 1))
    weight = mass / np.maximum(dx * dx + dy * dy, 25.0)
    return np.stack([np.einsum("ij,ij->i", dx, weight), np.einsum("ij,ij->i", dy, weight)], axis=1)


def _repel_by_tiles(points: Floats, mass: Floats) -> Floats:
    """Repulsion: exact within a tile, from the centroid of every other tile."""
    count = len(points)
    strips = max(2, int(np.sqrt(count / _TILE)))
    size = -(-count // (strips * strips))
    padded = strips * strips * size
    order = np.argsort(points[:, 0], kind="stable")
    order = np.concatenate([order, np.full(padded - count, -1)]).reshape(strips, -1)
    heights = np.where(order >= 0, points[order, 1], np.inf)
    order = np.take_along_axis(order, np.argsort(heights, axis=1, kind="stable"), axis=1).reshape(-1, size)
    real = order >= 0
    tile_points = np.where(real[:, :, None], points[order], 0.0)
    tile_mass = np.where(real, mass[order], 0.0)
    total = tile_mass.sum(axis=1)
    centre = (tile_points * tile_mass[:, :, None]).sum(axis=1) / np.maximum(total, 1e-9)[:, None]
    push = np.zeros((len(order), size, 2))
    dx, dy = (tile_points[:, :, None, axis] - tile_points[:, None, :, axis] for axis in (0, 1))
    weight = tile_mass[:, None, :] / np.maximum(dx * dx + dy * dy, 25.0)
    push[..., 0] = np.einsum("tij,tij->ti", dx, weight)
    push[..., 1] = np.einsum("tij,tij->ti", dy, weight)
    push += _far_field(tile_points.reshape(-1, 2), centre, total, size).reshape(push.shape)
    result = np.zeros((count, 2))
    result[order[real]] = push[real]
    return result


def _far_field(points: Floats, centre: Floats, total: Floats, size: int) -> Floats:
    """Repulsion from every tile but one's own; `size` consecutive points make a tile. In slices that fit the cache."""
    spots, middles, masses = (array.astype(np.float32) for array in (points, centre, total))
    push = np.zeros(points.shape)
    step = size * max(1, 100_000 // (size * len(middles)))
    for low in range(0, len(spots), step):
        slab = spots[low : low + step]
        dx = slab[:, :1] - middles[:, 0]
        dy = slab[:, 1:] - middles[:, 1]
        weight = dx * dx
        weight += dy * dy
        np.maximum(weight, 400.0, out=weight)
        np.divide(masses, weight, out=weight)
        rows = np.arange(len(slab))
        weight[rows, (low + rows) // size] = 0
        # einsum, as its sums do not depend on the number of threads.
        push[low : low + step, 0] = np.einsum("ij,ij->i", dx, weight)
        push[low : low + step, 1] = np.einsum("ij,ij->i", dy, weight)
    return push


def separate(points: Floats, widths: Floats, height: float, *, rounds: int = 90) -> Floats:
    """Pushes boxes (`widths` × `height`, centred on `points`) apart until none overlaps or `rounds` are over."""
    points = points.copy()
    half = widths / 2 + 6
    tall = height
    for _ in range(rounds):
        first, second = _close_pairs(points, float(half.max()) * 2, tall)
        gap = points[second] - points[first]
        over_x = half[first] + half[second] - np.abs(gap[:, 0])
        over_y = tall - np.abs(gap[:, 1])
        hit = (over_x > 0.5) & (over_y > 0.5)
        if not hit.any():
            break
        first, second, gap, over_x, over_y = first[hit], second[hit], gap[hit], over_x[hit], over_y[hit]
        sideways = over_x < over_y
        side = np.where(gap >= 0, 1.0, -1.0)
        move = np.zeros_like(gap)
        move[:, 0] = np.where(sideways, side[:, 0] * over_x, 0) * 0.5
        move[:, 1] = np.where(sideways, 0, side[:, 1] * over_y) * 0.5
        hits = np.bincount(np.concatenate([first, second]), minlength=len(points))
        share = 1.15 / np.sqrt(np.maximum(hits, 1))
        for axis in (0, 1):
            points[:, axis] += share * (
                np.bincount(second, move[:, axis], len(points)) - np.bincount(first, move[:, axis], len(points))
            )
    return points


def _close_pairs(points: Floats, reach_x: float, reach_y: float) -> tuple[Integers, Integers]:
    """Index pairs that may overlap: those within `reach_y` of each other in y, then within `reach_x` in x."""
    order = np.argsort(points[:, 1], kind="stable")
    y = points[order, 1]
    last = np.searchsorted(y, y + reach_y, side="left")
    counts = np.maximum(last - np.arange(len(y)) - 1, 0)
    first = np.repeat(np.arange(len(y)), counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    one, two = order[first], order[first + 1 + offset]
    close = np.abs(points[one, 0] - points[two, 0]) < reach_x
    return one[close], two[close]


def _pack(drawings: Sequence[Floats], widths: Sequence[Floats], height: float) -> list[Floats]:
    """Corners that put drawings beside and below each other, the largest at the top left.

    Drawings of several nodes go where they come to lie highest (skyline); single nodes follow in rows.
    """
    boxes = []
    for points, wide in zip(drawings, widths, strict=True):
        half = np.stack([wide / 2, np.full(len(wide), height / 2)], axis=1)
        boxes.append(((points - half).min(axis=0), (points + half).max(axis=0)))
    sizes = [tuple((high - low + _GAP).tolist()) for low, high in boxes]
    several = [number for number, points in enumerate(drawings) if len(points) > 1][:_SKYLINE]
    least = max(float(np.sqrt(sum(wide * tall for wide, tall in sizes) * _ASPECT)), max(wide for wide, _ in sizes))
    tries = [_fitted(sizes, several, least * wider) for wider in ((1, 1.2, 1.4, 1.7) if len(several) < 200 else (1,))]
    corners, _ = min(tries, key=lambda found: found[1])
    return [corner - low for corner, (low, _) in zip(corners, boxes, strict=True)]


def _fitted(sizes: Sequence[tuple[float, float]], several: Sequence[int], across: float) -> tuple[list[Floats], float]:
    """Corners within a width of `across`, and the height of a window of the wished proportions that shows it all."""
    corners = [np.zeros(2)] * len(sizes)
    skyline = [(0.0, across, 0.0)]  # stretches from left to right: where one begins, how wide, how far it is filled
    for number in sorted(several, key=lambda number: (-sizes[number][1], number)):
        x, y = _highest(skyline, sizes[number][0])
        skyline = _covered(skyline, x, sizes[number][0], y + sizes[number][1])
        corners[number] = np.array([x, y])
    x, y, row = 0.0, max(filled for _, _, filled in skyline), 0.0
    for number in sorted(set(range(len(sizes))) - set(several)):
        wide, tall = sizes[number]
        if x > 0 and x + wide > across:
            x, y, row = 0.0, y + row, 0.0
        corners[number] = np.array([x, y])
        x, row = x + wide, max(row, tall)
    right = max(corner[0] + wide for corner, (wide, _) in zip(corners, sizes, strict=True))
    return corners, max(float(right) / _ASPECT, y + row)


def _highest(skyline: list[tuple[float, float, float]], wide: float) -> tuple[float, float]:
    """Where a box of that width lies highest, the leftmost of such places."""
    across = skyline[-1][0] + skyline[-1][1]
    found = []
    for start, _, _ in skyline:
        if start + wide <= across + 1e-6:
            under = [
                filled for left, width, filled in skyline if left < start + wide - 1e-6 and left + width > start + 1e-6
            ]
            found.append((max(under), start))
    y, x = min(found)
    return x, y


def _covered(
    skyline: list[tuple[float, float, float]], x: float, wide: float, filled: float
) -> list[tuple[float, float, float]]:
    """The skyline with one stretch from `x` filled down to `filled`."""
    parts = [(left, min(left + width, x) - left, old) for left, width, old in skyline if left < x]
    parts.append((x, wide, filled))
    for left, width, old in skyline:
        start = max(left, x + wide)
        if left + width > start + 1e-6:
            parts.append((start, left + width - start, old))
    return parts
