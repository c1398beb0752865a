/** Parts that can be added and taken away again: those of a thread, the options of a poll. */

import { button, make } from "./dom.js";
import { Words } from "./words.js";

/** The parts of a thread that follow the first one. */
export class Thread {
  /** @param {string[]} parts @param {() => void} changed */
  constructor(parts, changed) {
    this.changed = changed;
    /** @type {{ words: Words }[]} */
    this.parts = [];
    this.list = make("div", { class: "parts" });
    this.element = make("div", {}, this.list, button("Add a part", () => {
      this.add("");
      this.parts[this.parts.length - 1]?.words.area.focus();
      changed();
    }, { class: "quiet" }));
    for (const part of parts) this.add(part);
  }

  /** @param {string} text */
  add(text) {
    const number = this.parts.length + 2, words = new Words(`Part ${number}`, text, { rows: 2, typed: this.changed });
    const kept = { words };
    const row = make("div", { class: "part" }, words.element, button("×", () => {
      this.parts.splice(this.parts.indexOf(kept), 1);
      row.remove();
      this.changed();
    }, { "aria-label": `Remove part ${number}`, class: "take" }));
    this.parts.push(kept);
    this.list.append(row);
  }

  get value() {
    return this.parts.map(({ words }) => words.value).filter((each) => each.trim());
  }
}

/** A poll, or none: one without options is none. */
export class PollFields {
  /** @param {import("./types.js").Poll | null} poll @param {() => void} changed */
  constructor(poll, changed) {
    /** @type {() => void} */
    this.changed = changed;
    /** @type {HTMLInputElement[]} */
    this.options = [];
    this.list = make("div", { class: "options" });
    this.duration = make("select", { input: changed });
    const durations = { "1d": "1 day", "2d": "2 days", "3d": "3 days", "7d": "a week" };
    const given = poll?.duration || "3d";
    for (const [value, words] of Object.entries({ ...durations, ...(given in durations ? {} : { [given]: given }) })) {
      this.duration.append(make("option", { value, selected: value === given }, words));
    }
    this.element = make("div", {}, this.list,
      button("Add an option", () => this.add("").focus(), { class: "quiet" }),
      make("label", { class: "inline" }, "Open for ", this.duration));
    for (const option of poll?.options || ["", ""]) this.add(option);
  }

  /** @param {string} value */
  add(value) {
    /** @type {HTMLInputElement} */
    const input = make("input", { type: "text", "aria-label": `Option ${this.options.length + 1}`, value, input: this.changed, dir: "auto" });
    this.options.push(input);
    this.list.append(input);
    return input;
  }

  get value() {
    const options = this.options.map((each) => each.value.trim()).filter(Boolean);
    return options.length ? { options, duration: this.duration.value } : null;
  }
}
