/** Drags a post to another day, and in the week to another hour, with a mouse, a pen or a finger. */

import { all, find, make, page, spokenPlace } from "./dom.js";
import { isChosen, moveBy, number } from "./choosing.js";
import { Hours } from "./hours.js";
import { Landings } from "./landing.js";
import { move, whyNot } from "./moving.js";
import { tell } from "./telling.js";

/** @typedef {import("./types.js").Card} Card */

const FAR = 6; // pixels after which a press is a drag
const LONG = 350; // milliseconds after which a finger that stays takes the post
const TURN = 600; // milliseconds over ‹ or › after which the page turns
const EDGE = 56; // pixels from the window's edge within which it scrolls
const NARROW = 820; // pixels, as in page.css: below, a week is a list of days
const TAKEN = "#grid .entry[data-open], #studio-tray .entry[data-open]";

/** One drag, from the first movement to the drop. */
class Drag {
  /** @param {HTMLElement} entry @param {Card} card @param {PointerEvent} event */
  constructor(entry, card, event) {
    this.card = card;
    this.time = card.at.slice(11);
    this.many = isChosen(card) && number() > 1;
    this.landings = new Landings(card);
    this.number = entry.dataset.open;
    this.x = event.clientX;
    this.y = event.clientY;
    this.fine = false;
    const box = entry.getBoundingClientRect();
    this.dx = box.left - event.clientX;
    this.dy = box.top - event.clientY;
    this.ghost = make("div", { class: "ghost", "aria-hidden": "true" });
    const copy = /** @type {HTMLElement} */ (entry.cloneNode(true));
    copy.removeAttribute("data-open");
    this.label = make("b", { class: "ghost-where" });
    this.ghost.style.width = `${Math.min(box.width, 320)}px`;
    this.ghost.append(copy, this.label);
    find("body").append(this.ghost);
    document.documentElement.classList.add("dragging");
    this.hours = page.view() === "week" && window.innerWidth > NARROW && this.time && !this.many ? new Hours(this.time, event.clientY) : null;
    this.lift = () => all(`#grid [data-open="${this.number}"], #studio-tray [data-open="${this.number}"]`).forEach((each) => each.classList.add("lifted"));
    document.addEventListener("calendar:drawn", this.lift);
    this.lift();
    this.turning = 0;
    /** @type {Element | null} */
    this.over = null;
    this.frame = requestAnimationFrame(() => this.draw());
  }

  /** @param {PointerEvent} event */
  to(event) {
    this.x = event.clientX;
    this.y = event.clientY;
    this.fine = event.shiftKey;
  }

  /** Where it would land now. */
  place() {
    const cell = this.hours ? this.column() : /** @type {HTMLElement | null} */ (document.elementFromPoint(this.x, this.y)?.closest("#grid [data-cell]") || null);
    const day = cell?.dataset.cell || "";
    return cell ? { cell, day, time: this.hours ? this.hours.at(this.y, this.fine) : this.time || this.landings.at(day)?.time || "" } : null;
  }

  /** The day of the week that the pointer is over: the hours may reach further down than its posts. */
  column() {
    const { top } = find("#grid").getBoundingClientRect();
    if (this.y < top) return null;
    return all("#grid [data-cell]").find((each) => {
      const { left, right } = each.getBoundingClientRect();
      return left <= this.x && this.x < right;
    }) || null;
  }

  draw() {
    this.ghost.style.transform = `translate(${this.x + this.dx}px, ${this.y + this.dy}px)`;
    const place = this.place();
    for (const each of all("#grid .target")) if (each !== place?.cell) each.classList.remove("target");
    place?.cell.classList.add("target");
    if (place) {
      const landing = !this.time || place.time === this.time ? this.landings.at(place.day) : undefined;
      const stays = place.day === this.card.day && place.time === this.time;
      this.ghost.classList.toggle("cannot", Boolean(landing && !landing.ok && !stays));
      this.label.textContent = this.many ? `${number()} posts: ${spokenPlace({ day: place.day, time: "" })}` : spokenPlace(place) + (landing?.say && !stays ? ` · ${landing.say}` : "");
    } else this.label.textContent = "";
    this.turn(document.elementFromPoint(this.x, this.y)?.closest("[data-step]") || null);
    this.scroll();
    this.frame = requestAnimationFrame(() => this.draw());
  }

  /** Turns the page while the pointer stays over ‹ or ›. @param {Element | null} over */
  turn(over) {
    if (over === this.over) return;
    this.over = over;
    clearInterval(this.turning);
    if (over instanceof HTMLElement) this.turning = window.setInterval(() => over.click(), TURN);
  }

  scroll() {
    if (this.hours) return; // the hours stand still
    const below = this.y - (window.innerHeight - EDGE), above = EDGE - this.y;
    if (below > 0) scrollBy(0, Math.ceil(below / 4));
    else if (above > 0) scrollBy(0, -Math.ceil(above / 4));
  }

  /** @param {boolean} dropped */
  end(dropped) {
    const place = dropped ? this.place() : null;
    const landing = place && (!this.time || place.time === this.time) ? this.landings.at(place.day) : undefined; // of another hour, the server says it then
    cancelAnimationFrame(this.frame);
    clearInterval(this.turning);
    document.removeEventListener("calendar:drawn", this.lift);
    this.landings.end();
    this.hours?.end();
    this.ghost.remove();
    document.documentElement.classList.remove("dragging");
    all(".lifted").forEach((each) => each.classList.remove("lifted"));
    if (place && this.many) moveBy(Math.round((Date.parse(place.day) - Date.parse(this.card.day)) / 864e5));
    else if (place) move(this.card, { day: place.day, time: place.time }, { landing });
  }
}

export function begin() {
  /** @type {Drag | null} */
  let drag = null;
  /** @type {{ entry: HTMLElement, event: PointerEvent } | null} */
  let pressed = null;
  let waiting = 0;

  const start = (/** @type {PointerEvent} */ event) => {
    if (!pressed) return;
    const card = page.at(pressed.entry.dataset.open || "");
    const entry = pressed.entry, first = pressed.event;
    pressed = null;
    if (!card?.key) return;
    const reason = whyNot(card);
    if (reason) return tell(reason, { wrong: true });
    drag = new Drag(entry, card, first);
    drag.to(event);
  };
  const end = (/** @type {boolean} */ dropped) => {
    clearTimeout(waiting);
    pressed = null;
    if (!drag) return;
    const ended = drag;
    drag = null;
    ended.end(dropped);
    // The click that follows a drop is not one.
    const swallow = (/** @type {Event} */ event) => {
      event.stopPropagation();
      event.preventDefault();
    };
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
  };

  document.addEventListener("pointerdown", (event) => {
    const entry = /** @type {HTMLElement} */ (event.target).closest(TAKEN);
    if (!(entry instanceof HTMLElement) || event.button !== 0 || !event.isPrimary || drag) return;
    pressed = { entry, event };
    if (event.pointerType !== "mouse") waiting = window.setTimeout(() => start(event), LONG);
  });
  document.addEventListener("pointermove", (event) => {
    if (drag) return drag.to(event);
    if (!pressed) return;
    if (Math.hypot(event.clientX - pressed.event.clientX, event.clientY - pressed.event.clientY) < FAR) return;
    if (event.pointerType === "mouse") start(event);
    else end(false); // a finger that moves at once scrolls
  });
  document.addEventListener("pointerup", (event) => {
    drag?.to(event);
    end(true);
  });
  document.addEventListener("pointercancel", () => end(false));
  document.addEventListener("keydown", (event) => {
    if (!drag || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end(false);
  }, { capture: true });
  // A finger that took a post drags it and does not scroll, and the press that took it opens no menu.
  document.addEventListener("touchmove", (event) => {
    if (drag && event.cancelable) event.preventDefault();
  }, { passive: false });
  document.addEventListener("contextmenu", (event) => {
    if (drag || (pressed && pressed.event.pointerType !== "mouse")) event.preventDefault();
  });
  document.addEventListener("dragstart", (event) => {
    if (/** @type {HTMLElement} */ (event.target).closest?.("#grid, #studio-tray")) event.preventDefault(); // pictures drag themselves
  });
}
