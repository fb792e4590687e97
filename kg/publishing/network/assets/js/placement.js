// Where nodes go when the reader rearranges: around one entity, along a path, beside a node that is expanded.

const WIDE = 185; // pixels at zoom 1 that a node and its label take
const TALL = 74;

/** Rings around the first ring's only node: id → {x, y}. Each ring is as wide as its labels need.
 * @param {number[][]} found */
export function ringPlaces(found) {
  const places = new Map();
  let radius = 0;
  found.forEach((ring, step) => {
    if (step === 0) {
      places.set(ring[0], { x: 0, y: 0 });
      return;
    }
    // An ellipse, since labels are wider than tall; a full ring overflows into the next.
    let rest = ring.slice();
    while (rest.length) {
      radius += step === 1 && radius === 0 ? 1 : 0.9;
      const across = radius * WIDE * 1.25;
      const down = radius * TALL * 2.2;
      const room = Math.max(6, Math.floor((Math.PI * (across + down)) / (WIDE * 0.8)));
      const here = rest.slice(0, room);
      rest = rest.slice(room);
      here.forEach((id, i) => {
        const angle = (2 * Math.PI * (i + (places.size % 2) / 2)) / here.length - Math.PI / 2;
        places.set(id, { x: across * Math.cos(angle), y: down * Math.sin(angle) });
      });
    }
  });
  return places;
}

/** A path as a gentle zigzag from left to right.
 * @param {number[]} ids */
export function pathPlaces(ids) {
  return new Map(ids.map((id, i) => [id, { x: (i - (ids.length - 1) / 2) * WIDE * 1.3, y: i % 2 ? 46 : -46 }]));
}

/** Free places near `centre` for `ids`, given the places already taken.
 * @param {number[]} ids @param {{x:number, y:number}} centre @param {Iterable<{x:number, y:number}>} taken */
export function freePlaces(ids, centre, taken) {
  const cell = (x, y) => `${Math.round(x / WIDE)},${Math.round(y / TALL)}`;
  const used = new Set([...taken].map(({ x, y }) => cell(x, y)));
  used.add(cell(centre.x, centre.y));
  const places = new Map();
  let ring = 1;
  let slot = 0;
  for (const id of ids) {
    for (;;) {
      const slots = ring * 8;
      if (slot >= slots) {
        ring += 1;
        slot = 0;
        continue;
      }
      const angle = (2 * Math.PI * slot) / slots + ring;
      slot += 1;
      const x = Math.round((centre.x + Math.cos(angle) * ring * WIDE * 1.1) / WIDE) * WIDE;
      const y = Math.round((centre.y + Math.sin(angle) * ring * TALL * 1.6) / TALL) * TALL;
      if (used.has(cell(x, y))) continue;
      used.add(cell(x, y));
      places.set(id, { x, y });
      break;
    }
  }
  return places;
}

/** The entity that lies next in a direction ('left', 'right', 'up', 'down') from `from`, or null.
 * @param {{x:number, y:number}} from @param {Iterable<[number, {x:number, y:number}]>} places @param {string} direction */
export function nextInDirection(from, places, direction) {
  const [dx, dy] = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }[direction];
  let best = null;
  let least = Infinity;
  for (const [id, place] of places) {
    const along = (place.x - from.x) * dx + (place.y - from.y) * dy;
    if (along <= 1) continue;
    const aside = Math.abs((place.x - from.x) * dy) + Math.abs((place.y - from.y) * dx);
    // What lies more aside than ahead only where nothing else does.
    const cost = along + aside * 2 + (aside > along * 1.7 ? 1e6 : 0);
    if (cost < least) {
      least = cost;
      best = id;
    }
  }
  return best;
}
