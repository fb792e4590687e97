// Names in a text: which entity is spoken of where.

const LETTER = "[\\p{L}\\p{N}]";
const MOST_NAMES = 800;

/** @param {string} text @param {Iterable<{id:number, names:string[], weight?:number}>} known
 *  @returns {{begin:number, end:number, id:number}[]} in order, none over another; of two names at one place the longer
 *  one, of two entities with one name the one that weighs more. A name in small letters may also begin a sentence. */
export function findMentions(text, known) {
  const owners = new Map();
  const note = (name, id, weight) => {
    if (name.length < 2 || name.length > 200) return;
    const held = owners.get(name);
    if (!held || held.weight < weight) owners.set(name, { id, weight });
  };
  for (const { id, names, weight = 0 } of known) {
    for (const name of names) {
      note(name, id, weight);
      const first = name.charAt(0);
      if (first !== first.toUpperCase()) note(first.toUpperCase() + name.slice(1), id, weight - 0.5);
    }
  }
  const names = [...owners.keys()].sort((a, b) => b.length - a.length).slice(0, MOST_NAMES);
  if (!names.length) return [];
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<!${LETTER})(?:${escaped.join("|")})(?!${LETTER})`, "gu");
  return [...text.matchAll(pattern)].map((match) => ({
    begin: match.index, end: match.index + match[0].length, id: owners.get(match[0]).id,
  }));
}

/** The text cut at its mentions: strings, and what `wrap` makes of a mention's text and entity.
 * @template T @param {string} text @param {{begin:number, end:number, id:number}[]} mentions
 * @param {(words: string, id: number) => T} wrap @returns {(string|T)[]} */
export function withMentions(text, mentions, wrap) {
  const parts = [];
  let last = 0;
  for (const { begin, end, id } of mentions) {
    parts.push(text.slice(last, begin), wrap(text.slice(begin, end), id));
    last = end;
  }
  parts.push(text.slice(last));
  return parts.filter((part) => part !== "");
}
