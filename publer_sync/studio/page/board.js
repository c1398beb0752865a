/** The days of the month and the week: a button for a new post on each, and what may be done with the posts there. */

import { all, button, find, make, page } from "./dom.js";
import * as store from "./store.js";

/** @type {{ create: (day?: string) => void, edit: (key: string, part?: string) => void, move: (key: string, card: import("./types.js").Card) => void }} */
let acts;

/** @param {HTMLElement} cell */
function fit(cell) {
  const day = cell.dataset.cell || "";
  if (!store.known().read_only) {
    cell.append(button("+", () => acts.create(day), { class: "add", "aria-label": `New post on ${page.days.named(day)}`, title: "New post" }));
  }
  for (const entry of all(".entry[data-open]", cell)) {
    const card = page.at(entry.dataset.open || "");
    if (card?.key) entry.setAttribute("aria-describedby", "studio-how");
  }
}

/** The post that an element on a card or an entry is of. @param {Element} element */
function cardOf(element) {
  const entry = /** @type {HTMLElement | null} */ (element.closest(".entry[data-open]"));
  if (entry) return page.at(entry.dataset.open || "");
  const card = /** @type {HTMLElement | null} */ (element.closest(".card[data-key]"));
  return card ? page.of(card.dataset.key || "").find((each) => each.at === card.dataset.at && each.element.dataset.on === card.dataset.on) : undefined;
}

/** @param {typeof acts} given */
export function begin(given) {
  acts = given;
  document.addEventListener("calendar:drawn", (event) => /** @type {CustomEvent<HTMLElement[]>} */ (event).detail.forEach(fit));
  all("#grid [data-cell]").forEach(fit);
  // Before the page's own listener, which opens the day.
  document.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // it chooses
    const card = cardOf(target);
    if (target.closest(".entry") && card?.key && !store.known().read_only) {
      event.stopPropagation();
      acts.edit(card.key, card.element.dataset.part);
    } else if (target.closest("[data-edit]") && card) acts.edit(card.key, card.element.dataset.part);
    else if (target.closest("[data-move]") && card) acts.move(card.key, card);
    else if (target.closest("[data-new]")) {
      const day = new URLSearchParams(location.hash.slice(1)).get("day");
      acts.create(document.querySelector("#sheet[open]") && day ? day : undefined);
    } else if (target.matches("[data-cell]") && !store.known().read_only) acts.create(target.dataset.cell || page.today);
  }, { capture: true });
  if (!store.known().read_only) find("#sheet > header").after(make("div", { class: "sheet-acts" }, button("New post on this day", () => null, { "data-new": true })));
}
