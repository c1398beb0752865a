/** Parts that can be added, taken away and put in another order: those of a thread, the options of a poll. */

import { button, fresh, make } from "./dom.js";
import { places, shifted } from "./sorting.js";
import { Words } from "./words.js";

/**
 * @typedef {import("./types.js").Count} Count
 * @typedef {import("./types.js").ThreadPart} ThreadPart
 */

/** The parts of a thread that follow the first one. */
export class Thread {
  /** @param {ThreadPart[]} parts @param {() => void} changed */
  constructor(parts, changed) {
    this.changed = changed;
    /** @type {{ words: Words, was: number | null, row: HTMLElement, counts: HTMLElement, tell: (number: number, of: number) => void, take: HTMLElement }[]} */
    this.parts = [];
    this.list = make("div", { class: "parts" });
    this.element = make("div", {}, this.list, button("Add a part", () => {
      this.add({ text: "", was: null });
      this.parts[this.parts.length - 1]?.words.area.focus();
      changed();
    }, { class: "quiet" }));
    for (const part of parts) this.add(part);
  }

  /** @param {ThreadPart} part */
  add({ text, was }) {
    const words = new Words("Part", text, { rows: 2, typed: this.changed });
    const row = make("div", { class: "part" });
    const { handle, earlier, later, tell } = places(row, {
      name: () => `Part ${this.parts.indexOf(kept) + 2}`,
      move: (from, to) => {
        shifted(this.parts, from, to);
        this.draw();
        this.changed();
      },
    });
    const take = button("×", () => {
      const at = this.parts.indexOf(kept);
      this.parts.splice(at, 1);
      this.draw();
      (this.parts[Math.min(at, this.parts.length - 1)]?.words.area || this.element.querySelector("button"))?.focus();
      this.changed();
    }, { class: "take" });
    const kept = { words, was, row, counts: make("p", { class: "counts" }), tell, take };
    row.append(handle, make("div", {}, words.element, kept.counts), make("div", { class: "picture-acts" }, earlier, later, take));
    this.parts.push(kept);
    this.draw();
  }

  draw() {
    this.list.replaceChildren(...this.parts.map(({ row }) => row));
    for (const [index, { words, tell, take }] of this.parts.entries()) {
      words.name(`Part ${index + 2}`);
      take.setAttribute("aria-label", `Remove part ${index + 2}`);
      tell(index, this.parts.length);
    }
  }

  /** @param {Record<string, Count>[]} counted of each part, by account @param {(alias: string) => string} named */
  show(counted, named) {
    const written = this.parts.filter(({ words }) => words.value.trim());
    for (const [index, { words, counts }] of written.entries()) {
      const each = Object.entries(counted[index] || {});
      const over = each.map(([, count]) => count.over_from).filter((from) => typeof from === "number");
      words.mark(over.length ? Math.min(.../** @type {number[]} */ (over)) : null);
      counts.replaceChildren(...each.map(([alias, { used, limit }]) => make("span", { class: limit !== null && used > limit ? "over" : null },
        `${named(alias)} ${used.toLocaleString("en")}${limit === null ? "" : `/${limit.toLocaleString("en")}`}`)));
    }
  }

  get value() {
    return this.parts.map(({ words, was }) => ({ text: words.value, was })).filter((each) => each.text.trim());
  }
}

/** A poll, or none: one without options is none. */
export class PollFields {
  /** @param {import("./types.js").Poll | null} poll @param {() => void} changed */
  constructor(poll, changed) {
    /** @type {() => void} */
    this.changed = changed;
    /** @type {{ input: HTMLInputElement, row: HTMLElement, take: HTMLElement }[]} */
    this.options = [];
    this.list = make("div", { class: "options" });
    this.question = make("input", { type: "text", id: fresh("question"), value: poll?.question || "", input: changed, dir: "auto", placeholder: "The words of the post, if this is empty" });
    this.duration = make("select", { input: changed });
    const durations = { "1d": "1 day", "2d": "2 days", "3d": "3 days", "7d": "a week" };
    const given = poll ? poll.duration || "" : "3d";
    for (const [value, words] of Object.entries({ ...(given ? {} : { "": "as long as the network does" }), ...durations, ...(!given || given in durations ? {} : { [given]: given }) })) {
      this.duration.append(make("option", { value, selected: value === given }, words));
    }
    this.element = make("div", { class: "poll-fields" },
      make("div", { class: "field" }, make("label", { for: this.question.id }, "Question"), this.question), this.list,
      make("div", {}, button("Add an option", () => this.add("").focus(), { class: "quiet" }), make("label", { class: "inline" }, "Open for ", this.duration)));
    for (const option of poll?.options || ["", ""]) this.add(option);
  }

  /** @param {string} value */
  add(value) {
    /** @type {HTMLInputElement} */
    const input = make("input", { type: "text", value, input: this.changed, dir: "auto" });
    const take = button("×", () => {
      const at = this.options.indexOf(kept);
      this.options.splice(at, 1);
      kept.row.remove();
      this.name();
      (this.options[Math.min(at, this.options.length - 1)]?.input || this.element.querySelector("button"))?.focus();
      this.changed();
    }, { class: "take" });
    const kept = { input, row: make("div", { class: "option" }, input, take), take };
    this.options.push(kept);
    this.list.append(kept.row);
    this.name();
    return input;
  }

  name() {
    for (const [index, { input, take }] of this.options.entries()) {
      input.setAttribute("aria-label", `Option ${index + 1}`);
      take.setAttribute("aria-label", `Remove option ${index + 1}`);
    }
  }

  get value() {
    const options = this.options.map(({ input }) => input.value.trim()).filter(Boolean);
    return options.length ? { options, duration: this.duration.value || null, question: this.question.value.trim() } : null;
  }
}
