// Light and dark, and the colours of the canvas, which come from the style sheet's custom properties.

import { byId } from "./dom.js";

const listeners = [];
let colours = new Map();

/** @param {string} property a custom property of the style sheet, without its dashes */
export function colour(property) {
  if (!colours.has(property)) {
    colours.set(property, getComputedStyle(document.documentElement).getPropertyValue(`--${property}`).trim());
  }
  return colours.get(property);
}

/** @param {() => void} listener */
export function onTheme(listener) {
  listeners.push(listener);
}

function apply(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  colours = new Map();
  for (const listener of listeners) listener();
}

/** Follows the system until the reader chooses. */
export function startTheme() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = false;
  apply(system.matches);
  system.addEventListener("change", () => { if (!chosen) apply(system.matches); });
  byId("theme-button").addEventListener("click", () => {
    chosen = true;
    apply(document.documentElement.dataset.theme !== "dark");
  });
  // Paper is light whatever the screen is.
  let before = null;
  addEventListener("beforeprint", () => { before = document.documentElement.dataset.theme; apply(false); });
  addEventListener("afterprint", () => apply(before === "dark"));
}
