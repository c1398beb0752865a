/** A field for words that marks what is over the limit, from where it begins. The server counts; the page never does. */

import { fresh, make } from "./dom.js";

export class Words {
  /**
   * @param {string} label
   * @param {string} value
   * @param {{ rows?: number, typed?: () => void, hidden?: boolean }} [more] `hidden`: the label is for screen readers alone
   */
  constructor(label, value, { rows = 3, typed, hidden = false } = {}) {
    const id = fresh("words");
    this.over = /** @type {number | null} */ (null);
    this.mirror = make("div", { class: "mirror", "aria-hidden": "true", dir: "auto" });
    this.area = make("textarea", { id, rows, dir: "auto", spellcheck: "true", "data-words": label });
    this.area.value = value;
    this.area.addEventListener("input", () => {
      if (this.over !== null && this.area.value.length <= this.over) this.over = null;
      this.reflect();
      typed?.();
    });
    this.label = make("label", { for: id, class: hidden ? "visually-hidden" : null }, label);
    this.element = make("div", { class: "words-field" }, this.label,
      make("div", { class: "mirrored" }, this.mirror, this.area));
    this.reflect();
  }

  /** @param {string} label another one than at first */
  name(label) {
    this.area.dataset.words = label;
    this.label.textContent = label;
  }

  get value() {
    return this.area.value;
  }

  set value(/** @type {string} */ words) {
    this.area.value = words;
    this.reflect();
  }

  /** @param {number | null} from where the limit ends, as the server counts */
  mark(from) {
    this.over = from;
    this.area.setAttribute("aria-invalid", String(from !== null));
    this.reflect();
  }

  /** The mirror behind the field gives it its height, and the mark its place. */
  reflect() {
    const words = this.area.value, from = this.over ?? words.length;
    this.mirror.replaceChildren(words.slice(0, from), ...(from < words.length ? [make("mark", {}, words.slice(from))] : []), "\n");
  }
}
