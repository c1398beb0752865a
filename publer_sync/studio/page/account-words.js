/** The words of a post: for everyone, and for accounts with words of their own, with how they count on each. */

import { button, make } from "./dom.js";
import * as store from "./store.js";
import { say } from "./telling.js";
import { Words } from "./words.js";

/** @typedef {import("./types.js").Counted} Counted */

const EVERYONE = "";

export class AccountWords {
  /**
   * @param {import("./values.js").Values} values
   * @param {{ calendar: () => string, changed: () => void, why: string | undefined }} around `why` the words cannot be written back
   */
  constructor(values, { calendar, changed, why }) {
    this.calendar = calendar;
    this.changed = changed;
    this.why = why;
    this.accounts = values.accounts;
    /** @type {Map<string, Words>} */
    this.words = new Map([[EVERYONE, this.field("Words", values.text)]]);
    for (const [alias, text] of Object.entries(values.texts)) this.words.set(alias, this.field(`Words on ${this.named(alias)}`, text));
    this.shown = EVERYONE;
    /** @type {Counted | null} */
    this.counted = null;
    this.told = "";
    this.pills = make("div", { class: "pills", role: "group", "aria-label": "Words for" });
    this.place = make("div", { class: "words-place" });
    this.element = make("div", { class: "field" }, this.pills, this.place);
    this.draw();
  }

  /** @param {string} alias */
  named(alias) {
    const { name, label } = store.account(this.calendar(), alias);
    return `${name} (${label})`;
  }

  /** @param {string} label @param {string} text */
  field(label, text) {
    const words = new Words(label, text, { rows: 5, typed: this.changed, hidden: true });
    words.area.readOnly = Boolean(this.why);
    return words;
  }

  /** @param {string[]} accounts */
  choose(accounts) {
    this.accounts = accounts;
    if (this.shown !== EVERYONE && !accounts.includes(this.shown)) this.shown = EVERYONE;
    this.draw();
  }

  /** @param {string} alias */
  show(alias) {
    this.shown = alias;
    this.draw();
    this.changed();
    /** @type {HTMLElement | null} */ (this.pills.querySelector("[aria-pressed=true]"))?.focus();
  }

  draw() {
    this.pills.replaceChildren(...[EVERYONE, ...this.accounts].map((alias) => this.pill(alias)));
    const words = this.words.get(this.shown);
    if (words) {
      this.place.replaceChildren(words.element);
      if (this.shown !== EVERYONE && !this.why) {
        this.place.append(button("Use the words for everyone", () => {
          this.words.delete(this.shown);
          this.show(this.shown);
        }, { class: "quiet" }));
      }
      words.reflect();
    } else {
      this.place.replaceChildren(make("p", { class: "soft borrowed", dir: "auto" }, this.words.get(EVERYONE)?.value || ""),
        this.why ? "" : button(`Write other words for ${this.named(this.shown)}`, () => {
          const own = this.field(`Words on ${this.named(this.shown)}`, this.words.get(EVERYONE)?.value || "");
          this.words.set(this.shown, own);
          this.show(this.shown);
          own.area.focus();
        }, { class: "quiet" }));
    }
    this.mark();
  }

  /** @param {string} alias */
  pill(alias) {
    const one = alias === EVERYONE ? null : store.account(this.calendar(), alias);
    const count = this.counted?.counts[alias];
    const over = count && count.limit !== null && count.used > count.limit;
    const pill = button("", () => this.show(alias), { class: over ? "pill over" : "pill", "aria-pressed": String(alias === this.shown), "data-alias": alias });
    pill.append(...(one ? [glyph(one.network)] : []), make("span", {}, one ? one.name : "Everyone"),
      ...(one && this.words.has(alias) ? [make("em", {}, "own")] : []));
    if (one) pill.append(make("span", { class: "visually-hidden" }, ` on ${one.label}`));
    if (count) {
      pill.append(make("small", {}, count.limit === null ? String(count.used) : `${count.used.toLocaleString("en")}/${count.limit.toLocaleString("en")}`));
      if (over && count.limit !== null) pill.append(make("span", { class: "visually-hidden" }, `, ${count.used - count.limit} over the limit`));
    }
    return pill;
  }

  /** @param {Counted} counted */
  take(counted) {
    this.counted = counted;
    const held = document.activeElement instanceof HTMLElement && this.pills.contains(document.activeElement) ? document.activeElement.dataset.alias : null;
    this.pills.replaceChildren(...[EVERYONE, ...this.accounts].map((alias) => this.pill(alias)));
    if (held !== null) /** @type {HTMLElement | null} */ (this.pills.querySelector(`[data-alias="${held}"]`))?.focus();
    this.mark();
    const over = this.accounts.filter((alias) => {
      const count = counted.counts[alias];
      return count && count.limit !== null && count.used > count.limit;
    });
    const words = over.map((alias) => `Too long for ${this.named(alias)}.`).join(" ");
    if (words !== this.told) say(words || "The words fit everywhere.");
    this.told = words;
  }

  /** Marks where the words shown are over: on the account they are for, or on the one that takes fewest. */
  mark() {
    for (const [alias, words] of this.words) {
      const own = alias === EVERYONE ? this.accounts.filter((each) => !this.words.has(each)) : [alias];
      const from = own.map((each) => this.counted?.counts[each]?.over_from).filter((each) => typeof each === "number");
      words.mark(from.length ? Math.min(.../** @type {number[]} */ (from)) : null);
    }
  }

  /** The account whose look is shown beside the words. */
  get face() {
    return this.shown === EVERYONE ? this.accounts.find((each) => !this.words.has(each)) || this.accounts[0] || "" : this.shown;
  }

  get text() {
    return this.words.get(EVERYONE)?.value || "";
  }

  get texts() {
    return Object.fromEntries([...this.words].filter(([alias]) => alias !== EVERYONE && this.accounts.includes(alias)).map(([alias, words]) => [alias, words.value]));
  }
}

/** The sign of a network, as cards have it. @param {string} network */
export function glyph(network) {
  const code = network === "twitter" ? "x" : network;
  const found = document.querySelector(`.glyph.n-${CSS.escape(code)}`);
  if (found) return /** @type {HTMLElement} */ (found.cloneNode(true));
  return make("i", { class: `glyph n-${code}`, "aria-hidden": "true" }, code.slice(0, 1).toUpperCase());
}

/**
 * The accounts of a calendar, to choose from.
 * @param {import("./types.js").Account[]} accounts @param {string[]} chosen @param {boolean} disabled @param {() => void} changed
 */
export function accountBoxes(accounts, chosen, disabled, changed) {
  return make("fieldset", { class: "field accounts", disabled }, make("legend", {}, "Accounts"),
    ...accounts.map(({ alias, network, label, name }) => make("label", { class: "chip pick-account" },
      make("input", { type: "checkbox", name: "accounts", value: alias, checked: chosen.includes(alias), change: changed }),
      glyph(network), name, make("span", { class: "visually-hidden" }, ` on ${label}`))));
}
