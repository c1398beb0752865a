/** Several posts chosen, and what is done with them together: moved by days, labelled, removed. */

import { all, button, count, find, fresh, make, page } from "./dom.js";
import { ask } from "./asking.js";
import { attemptMany } from "./changing.js";
import * as store from "./store.js";
import { whyNot } from "./moving.js";
import { say, tell } from "./telling.js";

/** @typedef {import("./types.js").Card} Card */

/** @type {Map<string, { key: string, part: string | undefined }>} */
const chosen = new Map();
let last = "";

/** @param {Card} card */
const nameOf = (card) => `${card.key} ${card.element.dataset.part || ""}`;

/** @param {Card} card */
export const isChosen = (card) => chosen.has(nameOf(card));

export const number = () => chosen.size;

/** @param {Card} card */
function add(card) {
  const reason = whyNot(card);
  if (!reason) chosen.set(nameOf(card), { key: card.key, part: card.element.dataset.part || undefined });
  return reason;
}

/** @param {Card} card */
export function toggle(card) {
  if (!chosen.delete(nameOf(card))) {
    const reason = add(card);
    if (reason) return tell(reason, { wrong: true });
  }
  last = nameOf(card);
  show();
  say(chosen.has(last) ? `Chosen. ${count(chosen.size, "post")}.` : `No longer chosen. ${count(chosen.size, "post")}.`);
}

/** All between the last one and this. @param {Card} card */
export function upTo(card) {
  const shown = all("#grid .entry[data-open]").map((each) => page.at(each.dataset.open || "")).filter((each) => each !== undefined).filter((each) => each.key);
  const from = shown.findIndex((each) => nameOf(each) === last), to = shown.indexOf(card);
  if (from < 0 || to < 0) return toggle(card);
  for (const each of shown.slice(Math.min(from, to), Math.max(from, to) + 1)) add(each);
  show();
  say(`${count(chosen.size, "post")} chosen.`);
}

/** @param {string} day any of the week */
function week(day) {
  const monday = page.days.monday(day);
  if (page.unread()) return tell("Not all posts of this week are on the page yet. Choose it in a moment.", { wrong: true });
  for (let number = 0; number < 7; number += 1) for (const card of page.on(page.days.plus(monday, number))) if (card.key) add(card);
  show();
  say(`${count(chosen.size, "post")} chosen.`);
}

export function clear() {
  chosen.clear();
  last = "";
  show();
}

/** What the server is told of them. */
const posts = () => [...chosen.values()].flatMap(({ key, part }) => {
  const post = store.post(key);
  return post ? [{ key, revision: post.revision, ...(part ? { part } : {}) }] : [];
});

/** @param {number} by days */
export async function moveBy(by) {
  if (by && await attemptMany(posts, { move: { by } })) clear();
}

async function move() {
  const days = make("input", { type: "number", id: fresh("days"), value: "1", min: "1", max: "366", required: true });
  const given = await ask(`Move ${count(chosen.size, "post")}`, [make("label", { class: "field", for: days.id }, "By how many days", days)],
    [{ value: "later", words: "Later", main: true }, { value: "earlier", words: "Earlier" }]);
  const by = Number(days.value);
  if (given && Number.isInteger(by)) await moveBy(given === "later" ? by : -by);
}

async function label() {
  const field = make("input", { type: "text", id: fresh("labels"), autocomplete: "off" });
  const given = await ask(`Label ${count(chosen.size, "post")}`, [make("label", { class: "field", for: field.id }, "Labels, with commas", field), "A series is labelled as a whole."],
    [{ value: "add", words: "Add them", main: true }, { value: "remove", words: "Take them away" }]);
  const labels = field.value.split(",").map((each) => each.trim()).filter(Boolean);
  if (given && labels.length) await attemptMany(posts, { label: given === "add" ? { add: labels, remove: [] } : { add: [], remove: labels } });
}

async function remove() {
  const given = await ask(`Remove ${count(chosen.size, "post")}?`, ["Posts of a series leave it, and the series goes on without those days."], [{ value: "yes", words: "Remove", risky: true }]);
  if (given && await attemptMany(posts, { remove: {} })) clear();
}

function show() {
  for (const entry of all(".entry[data-open]")) {
    const card = page.at(entry.dataset.open || ""), is = Boolean(card && isChosen(card));
    entry.classList.toggle("chosen", is);
    if (is) entry.setAttribute("aria-pressed", "true");
    else entry.removeAttribute("aria-pressed");
  }
  const bar = find("#studio-chosen"), weekly = find("#studio-week");
  bar.hidden = !chosen.size;
  find("b", bar).textContent = `${count(chosen.size, "post")} chosen`;
  weekly.hidden = page.view() !== "week";
}

export function begin() {
  find(".studio-bar").append(button("Choose this week", () => week(page.day()), { id: "studio-week", hidden: true }));
  find("body").append(make("section", { id: "studio-chosen", hidden: true, "aria-label": "Chosen posts" }, make("b"),
    button("Move…", move), button("Label…", label), button("Remove…", remove), button("×", clear, { "aria-label": "Choose none" })));
  document.addEventListener("calendar:drawn", show);
  document.addEventListener("click", (event) => {
    const entry = /** @type {HTMLElement} */ (event.target).closest("#grid .entry[data-open]");
    const card = entry instanceof HTMLElement && (event.ctrlKey || event.metaKey || event.shiftKey) ? page.at(entry.dataset.open || "") : undefined;
    if (!card?.key) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    if (event.shiftKey) upTo(card);
    else toggle(card);
  }, { capture: true });
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target), off = /** @type {HTMLInputElement} */ (find("[name=keys]"));
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && chosen.size) return clear();
    const entry = target.closest("#grid .entry[data-open]");
    const card = event.key === "x" && off.checked && entry instanceof HTMLElement ? page.at(entry.dataset.open || "") : undefined;
    if (!card?.key) return;
    event.preventDefault();
    toggle(card);
  });
  store.watch(() => {
    for (const [name, { key }] of chosen) if (!store.post(key)) chosen.delete(name);
    show();
  });
  show();
}
