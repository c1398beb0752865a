/** Where a post that is under way may go: what the days say of it, and the colours that say so. */

import { all, make, page } from "./dom.js";
import { landings } from "./moving.js";

/**
 * @typedef {import("./types.js").Card} Card
 * @typedef {import("./types.js").Landing} Landing
 */

/** One move under way, until it ends. */
export class Landings {
  /** @param {Card} card */
  constructor(card) {
    this.card = card;
    /** @type {Map<string, Landing>} */
    this.days = new Map();
    /** @type {Set<string>} */
    this.asked = new Set();
    this.over = false;
    this.redraw = () => this.ask();
    document.addEventListener("calendar:drawn", this.redraw);
    this.ask();
  }

  /** Asks for the days that are shown, and marks them. */
  async ask() {
    const cells = all("#grid [data-cell]");
    this.mark(cells);
    const days = cells.map((cell) => cell.dataset.cell || "");
    const first = days[0], last = days[days.length - 1];
    if (!first || !last || this.asked.has(first + last)) return;
    this.asked.add(first + last);
    for (const [day, landing] of await landings(this.card, first, last)) this.days.set(day, landing);
    if (!this.over) this.mark(all("#grid [data-cell]"));
  }

  /** @param {HTMLElement[]} cells */
  mark(cells) {
    for (const cell of cells) {
      const landing = this.days.get(cell.dataset.cell || "");
      cell.querySelector(":scope > .why")?.remove();
      cell.classList.toggle("cannot", landing?.ok === false && !landing.swap);
      cell.classList.toggle("can-swap", Boolean(landing?.swap));
      cell.classList.toggle("unwise", landing?.ok === true && Boolean(landing.say));
      if (landing?.say && cell.dataset.cell !== this.card.day) cell.append(make("span", { class: "why", "aria-hidden": "true" }, WORDS[landing.why || ""] || "not advised"));
    }
  }

  /** @param {string} day */
  at(day) {
    return this.days.get(day);
  }

  /** What a screen reader says of a place. @param {string} day @param {string} time */
  told(day, time) {
    const landing = this.days.get(day), where = `${page.days.named(day)}, ${time || landing?.time || ""}`;
    if (time !== this.card.at.slice(11) || !landing) return where;
    if (landing.ok) return landing.say ? `${where}. ${landing.say}` : `${where}. Free.`;
    return `${where}. Not possible: ${landing.say}${landing.swap ? ". Enter offers to swap" : ""}`;
  }

  end() {
    this.over = true;
    document.removeEventListener("calendar:drawn", this.redraw);
    for (const cell of all("#grid [data-cell]")) {
      cell.classList.remove("cannot", "can-swap", "unwise", "target");
      cell.querySelector(":scope > .why")?.remove();
    }
  }
}

/** @type {Record<string, string>} */
const WORDS = {
  taken: "taken", frozen: "publishes soon", past: "past", not_before: "too early", quiet: "quiet day", clock: "no such time", page: "in a web page",
  unsafe: "by hand only",
};
