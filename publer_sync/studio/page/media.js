/** The pictures of a post: dropped, pasted or chosen, with alt texts, in their order. */

import { button, fresh, make } from "./dom.js";
import * as server from "./server.js";
import { places, shifted } from "./sorting.js";
import { say, tellError } from "./telling.js";

/** @typedef {import("./types.js").Medium} Medium */

export class Pictures {
  /**
   * @param {Medium[]} media
   * @param {() => string} calendar
   * @param {() => void} changed
   */
  constructor(media, calendar, changed) {
    this.media = media.map((each) => ({ ...each }));
    this.calendar = calendar;
    this.changed = changed;
    this.list = make("ol", { class: "pictures" });
    this.file = make("input", {
      type: "file", multiple: true, accept: "image/*,video/*,application/pdf", class: "visually-hidden", id: fresh("pictures"),
      change: () => this.add([...(this.file.files || [])]),
    });
    this.zone = make("div", { class: "drop" }, this.file, make("label", { for: this.file.id }, "Add pictures"), make("span", {}, "or drop or paste them here"));
    this.element = make("fieldset", { class: "field" }, make("legend", {}, "Pictures"), this.list, this.zone);
    this.draw();
  }

  /** @param {File[]} files */
  async add(files) {
    for (const file of files) {
      try {
        const { path, thumb } = await server.upload(file, this.calendar());
        this.media.push({ path, thumb, alt: "" });
        say(`${file.name} added.`);
        this.draw();
        this.changed();
      } catch (error) {
        tellError(error);
      }
    }
    this.file.value = "";
    const alts = this.list.querySelectorAll("textarea");
    alts[alts.length - 1]?.focus();
  }

  /** Another picture in the place of one, with its alt text. @param {number} index @param {File | undefined} file */
  async exchange(index, file) {
    const old = this.media[index];
    if (!old || !file) return;
    try {
      const { path, thumb } = await server.upload(file, this.calendar());
      this.media[index] = { path, thumb, alt: old.alt };
      this.draw();
      this.changed();
      say(`${old.path.split("/").pop()} exchanged for ${file.name}.`);
      this.list.children[index]?.querySelector("textarea")?.focus();
    } catch (error) {
      tellError(error);
    }
  }

  draw() {
    this.list.replaceChildren(...this.media.map((each, index) => {
      const name = each.path.split("/").pop() || each.path, id = fresh("alt"), other = fresh("exchange");
      const alt = make("textarea", { id, rows: 2, dir: "auto", placeholder: "Describe it for people who cannot see it" });
      alt.value = each.alt;
      alt.addEventListener("input", () => {
        each.alt = alt.value;
        this.changed();
      });
      const file = make("input", { type: "file", accept: "image/*,video/*", class: "visually-hidden", id: other, change: () => this.exchange(index, file.files?.[0]) });
      const row = make("li", {});
      const { handle, earlier, later, tell } = places(row, {
        name: () => name,
        move: (from, to) => {
          shifted(this.media, from, to);
          this.draw();
          this.changed();
        },
      });
      tell(index, this.media.length);
      row.append(
        make("div", { class: "picture" }, each.thumb ? make("img", { src: each.thumb, alt: "", draggable: "false" }) : make("span", { class: "no-thumb", "aria-hidden": "true" }, "▢"),
          file, make("label", { for: other, class: "exchange" }, "Exchange", make("span", { class: "visually-hidden" }, ` ${name}`))),
        make("div", { class: "alt-field" }, make("label", { for: id }, `Alt text of ${name}`), alt),
        make("div", { class: "picture-acts" }, handle, earlier, later,
          button("×", () => {
            this.media.splice(index, 1);
            this.draw();
            this.changed();
            this.file.focus();
          }, { "aria-label": `Remove ${name} from this post` })));
      return row;
    }));
  }

  /** As the server takes them. */
  get value() {
    return this.media.map(({ path, alt }) => ({ path, alt: alt.trim() }));
  }
}

/**
 * Takes the files that are dropped or pasted anywhere in an element.
 * @param {HTMLElement} inside
 * @param {() => Pictures | undefined} into
 */
export function receive(inside, into) {
  inside.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    into()?.zone.classList.add("over");
  });
  inside.addEventListener("dragleave", () => into()?.zone.classList.remove("over"));
  inside.addEventListener("drop", (event) => {
    into()?.zone.classList.remove("over");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    into()?.add([...event.dataTransfer.files]);
  });
  inside.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    into()?.add(files);
  });
}
