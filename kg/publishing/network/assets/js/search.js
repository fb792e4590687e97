// The search field: suggestions over names, aliases, types and relations, all by keyboard (ARIA combobox).

import { byId, el, name, shorten } from "./dom.js";
import { glyph, strokeGlyph } from "./shapes.js";

const MOST = 12;
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** @typedef {{kind:string, id:any, names:string[], folded?:string[], order?:number, score?:number, which?:number, type?:string}} Offer */

/** What can be found, each with its folded words; built at the first key.
 * @param {import("./data.js").Graph} graph @returns {Offer[]} */
export function buildIndex(graph) {
  const entries = [];
  for (const node of graph.nodes) {
    const names = [node.label, ...node.aliases];
    entries.push({ kind: "entity", id: node.id, names, folded: names.map(fold), order: node.order });
  }
  graph.types.forEach((type, id) => entries.push({ kind: "type", id, names: [type.label], folded: [fold(type.label)], order: id }));
  graph.properties.forEach((property, id) => entries.push(
    { kind: "relation", id, names: [property.label], folded: [fold(property.label)], order: id },
  ));
  graph.documents.forEach((entry) => entries.push(
    { kind: "document", id: entry.id, names: [entry.title], folded: [fold(entry.title)], order: entry.id },
  ));
  return entries;
}

/** Best first: whole name, beginning of a name, beginning of a word, anywhere; then the more central.
 * @param {Offer[]} entries @param {string} query @param {?string[]} kinds @returns {Offer[]} */
export function find(entries, query, kinds = null) {
  const wanted = fold(query.trim());
  if (!wanted) return [];
  const found = [];
  for (const entry of entries) {
    if (kinds && !kinds.includes(entry.kind)) continue;
    let best = 9;
    let which = 0;
    entry.folded.forEach((text, i) => {
      const at = text.indexOf(wanted);
      if (at < 0) return;
      const score = text === wanted ? 0 : at === 0 ? 1 : /[^\p{L}\p{N}]/u.test(text[at - 1]) ? 2 : 3;
      if (score < best) [best, which] = [score, i];
    });
    if (best < 9) found.push({ ...entry, score: best, which });
  }
  const kindRank = { entity: 0, type: 1, relation: 2, document: 3 };
  found.sort((a, b) => a.score - b.score || kindRank[a.kind] - kindRank[b.kind] || a.order - b.order);
  return found;
}

/** @param {import("./data.js").Graph} graph @param {Record<string, Function>} on openNode, openType, openProperty, openDocument, openAddress
 *  @param {import("./live.js").Live} live where the graph can be asked for names that the page does not have
 *  `ask(prompt, then)` of the result asks for one entity. */
export function startSearch(graph, on, live) {
  const field = /** @type {HTMLInputElement} */ (byId("search-field"));
  const list = byId("search-list");
  /** @type {?Offer[]} */
  let entries = null;
  /** @type {Offer[]} */
  let offers = [];
  let current = -1;
  let asked = null; // {then} while the field asks for one entity
  let timer = 0;
  byId("search").hidden = false;

  function close() {
    list.hidden = true;
    current = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function suggest() {
    entries ??= buildIndex(graph);
    offers = find(entries, field.value, asked ? ["entity"] : null).slice(0, MOST);
    offer();
    clearTimeout(timer);
    if (live && field.value.trim()) timer = setTimeout(askFurther, 200, field.value.trim());
  }

  /** Adds names that only the server knows. */
  async function askFurther(text) {
    const found = await live.search(text).catch(() => []);
    if (field.value.trim() !== text) return;
    const held = new Set(graph.nodes.map((node) => node.iri));
    const further = found.filter(({ iri }) => !held.has(iri));
    if (!further.length) return;
    offers = [...offers, ...further.map(({ iri, label, type }) => ({ kind: "further", id: iri, names: [label], type, which: 0 }))].slice(0, MOST + 6);
    offer();
  }

  function offer() {
    list.replaceChildren(...(offers.length ? offers.map(row) : field.value.trim() ? [el("li", { role: "option", "aria-disabled": "true" }, "Nothing is called that")] : []));
    list.hidden = !field.value.trim();
    field.setAttribute("aria-expanded", String(!list.hidden));
    point(offers.length ? 0 : -1);
  }

  function row(offer, i) {
    const label = offer.names[0];
    const through = offer.which ? el("span", { class: "quiet" }, " ", name(shorten(offer.names[offer.which], 40))) : null;
    const node = graph.nodes[offer.id];
    const [picture, aside] = {
      further: () => [glyph(offer.type), offer.type ?? ""],
      entity: () => [glyph(graph.types[node.types[0]]?.local), graph.types[node.types[0]]?.label ?? ""],
      type: () => [glyph(graph.types[offer.id].local), "type"],
      relation: () => [strokeGlyph("fact"), "relation"],
      document: () => [glyph("Document"), "document"],
    }[offer.kind]();
    return el(
      "li", { role: "option", id: `offer-${i}`, "aria-selected": "false", mousedown: (event) => { event.preventDefault(); choose(i); } },
      picture, el("span", { class: "name" }, name(shorten(label, 60)), through), el("span", { class: "aside" }, aside),
    );
  }

  function point(i) {
    list.querySelectorAll("[aria-selected]").forEach((item, j) => item.setAttribute("aria-selected", String(i === j)));
    current = i;
    if (i < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", `offer-${i}`);
      byId(`offer-${i}`)?.scrollIntoView({ block: "nearest" });
    }
  }

  function choose(i) {
    const offer = offers[i];
    if (!offer) return;
    const answer = asked?.then;
    release();
    if (offer.kind === "further") on.openAddress(offer.id, answer);
    else if (answer) answer(offer.id);
    else ({ entity: on.openNode, type: on.openType, relation: on.openProperty, document: on.openDocument })[offer.kind](offer.id);
  }

  function release() {
    asked = null;
    field.value = "";
    field.placeholder = "Search names, types, relations";
    close();
  }

  field.addEventListener("input", suggest);
  field.addEventListener("focus", () => { if (field.value) suggest(); });
  field.addEventListener("blur", () => { close(); if (asked && !field.value) release(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) suggest();
      else if (offers.length) point((current + (event.key === "ArrowDown" ? 1 : -1) + offers.length) % offers.length);
    } else if (event.key === "Enter") choose(current);
    else if (event.key === "Escape") { release(); field.blur(); } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || /INPUT|SELECT|TEXTAREA/.test(document.activeElement?.tagName)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  return {
    /** The graph has grown. */
    renew() { entries = null; },
    ask(prompt, then) {
      field.value = "";
      asked = { then };
      field.placeholder = prompt;
      field.focus();
    },
  };
}
