/** Moves a post with the arrow keys: taken with g, told at each step, put down with Enter, put back with Escape. */

import { all, page } from "./dom.js";
import * as store from "./store.js";
import { isChosen, moveBy, number } from "./choosing.js";
import { Landings } from "./landing.js";
import { move, whyNot } from "./moving.js";
import { say, tell } from "./telling.js";

const STEP = 30; // minutes

/** @param {string} time @param {number} minutes */
function later(time, minutes) {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const then = Math.min(24 * 60 - 1, Math.max(0, hour * 60 + minute + minutes));
  return `${String(Math.floor(then / 60)).padStart(2, "0")}:${String(then % 60).padStart(2, "0")}`;
}

/** One move under way. */
class Carry {
  /** @param {import("./types.js").Card} card */
  constructor(card) {
    const post = store.post(card.key);
    this.card = card;
    this.day = card.day || page.day();
    this.time = card.at.slice(11);
    this.landings = new Landings(card);
    this.show = () => this.mark();
    document.addEventListener("calendar:drawn", this.show);
    this.mark();
    const week = page.view() === "week";
    say(`${post ? store.called(post) : "Post"} picked up, ${page.days.named(this.day)}, ${this.time}. Left and right: a day. Up and down: ${week ? "half an hour" : "a week"}. Enter puts it down, Escape puts it back.`);
  }

  mark() {
    for (const cell of all("#grid [data-cell]")) cell.classList.toggle("target", cell.dataset.cell === this.day);
    all(`[data-open="${this.card.number}"]`).forEach((each) => each.classList.add("lifted"));
  }

  /** @param {string} key @returns {boolean} whether the key was meant for it */
  press(key) {
    const week = page.view() === "week" && this.time !== "";
    const days = { ArrowLeft: -1, ArrowRight: 1, PageUp: -28, PageDown: 28, ...(week ? {} : { ArrowUp: -7, ArrowDown: 7 }) }[key];
    const minutes = week ? { ArrowUp: -STEP, ArrowDown: STEP }[key] : undefined;
    if (days) this.day = page.days.plus(this.day, days);
    else if (minutes) this.time = later(this.time, minutes);
    else return false;
    if (!document.querySelector(`#grid [data-cell="${this.day}"]`)) page.goTo(this.day);
    this.mark();
    const cell = document.querySelector(`#grid [data-cell="${this.day}"]`);
    cell?.scrollIntoView({ block: "nearest" });
    if (cell instanceof HTMLElement) cell.dataset.time = this.time;
    say(this.landings.told(this.day, this.time));
    return true;
  }

  /** @param {boolean} dropped */
  async end(dropped) {
    const landing = this.time === this.card.at.slice(11) ? this.landings.at(this.day) : undefined;
    document.removeEventListener("calendar:drawn", this.show);
    this.landings.end();
    all(".lifted").forEach((each) => each.classList.remove("lifted"));
    if (!document.querySelector(`#grid [data-open="${this.card.number}"]`) && !dropped && this.card.day) page.goTo(this.card.day);
    if (!dropped) say("Put back.");
    else if (isChosen(this.card) && number() > 1) await moveBy(Math.round((Date.parse(this.day) - Date.parse(this.card.day)) / 864e5));
    else if (!await move(this.card, { day: this.day, time: this.time }, { landing }) && this.card.day) page.goTo(this.card.day);
    page.focusOn(this.card.number);
  }
}

export function begin() {
  /** @type {Carry | null} */
  let carry = null;
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (carry) {
      if (event.key === "Tab") return event.preventDefault(); // it is put down first
      if (event.key !== "Enter" && event.key !== "Escape" && event.key !== " " && !carry.press(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (!["Enter", "Escape", " "].includes(event.key)) return;
      const ended = carry;
      carry = null;
      ended.end(event.key !== "Escape");
      return;
    }
    const entry = target.closest("#grid .entry[data-open], #studio-tray .entry[data-open]");
    if (event.key !== "g" || !(entry instanceof HTMLElement)) return;
    const card = page.at(entry.dataset.open || "");
    if (!card?.key) return;
    event.preventDefault();
    event.stopPropagation();
    const reason = whyNot(card);
    if (reason) tell(reason, { wrong: true });
    else carry = new Carry(card);
  }, { capture: true });
  // Enter on a button presses it when the key comes up, too: not while a post is carried.
  document.addEventListener("keyup", (event) => {
    if (carry && event.key === " ") event.preventDefault();
  }, { capture: true });
}
