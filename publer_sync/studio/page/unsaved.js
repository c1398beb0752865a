/** Words that were not saved, wherever they were written: a count that opens a list of them. */

import { button, count, find, fresh, make, page } from "./dom.js";
import * as keeping from "./keeping.js";
import * as store from "./store.js";

/** @typedef {import("./types.js").Kept} Kept */

/** @param {Kept} kept */
function called({ key, lost, values }) {
  const post = key ? store.post(key) : undefined, gone = lost || Boolean(key && !post);
  const words = String(values.text || "").trim().split("\n")[0] || "";
  const name = post ? store.called(post) : words ? `"${words.slice(0, 60)}"` : gone ? "no words" : "a new post";
  return gone ? `${name}: its post is not found` : name;
}

/** @param {(kept: Kept) => void} open */
function show(open) {
  const id = fresh("unsaved"), giveBack = page.heldFocus();
  const dialog = make("dialog", { class: "ask", "aria-labelledby": id }, make("h3", { id }, "Not saved yet"),
    make("ul", { class: "unsaved" }, ...keeping.list().map((kept) => make("li", {}, make("span", {}, called(kept)),
      make("span", { class: "acts" }, button("Keep writing", () => {
        dialog.close();
        open(kept);
      }), button("Throw away", () => {
        keeping.forget(kept.name, kept.calendar);
        dialog.close();
        store.tell();
      }, { class: "risky" }))))),
    make("div", { class: "acts" }, button("Close", () => dialog.close())));
  dialog.addEventListener("close", () => {
    dialog.remove();
    giveBack();
  });
  find("body").append(dialog);
  dialog.showModal();
}

/** @param {(kept: Kept) => void} open opens the form with them */
export function begin(open) {
  const press = button("", () => show(open), { id: "studio-unsaved", hidden: true });
  find("#studio-changes").before(press);
  store.watch(() => {
    const number = keeping.list().length;
    press.hidden = !number;
    press.replaceChildren("Not saved", make("b", { class: "number-of" }, String(number)), make("span", { class: "visually-hidden" }, count(number, "post")));
  });
}
