/** Undo and redo, by button and by key. */

import { find } from "./dom.js";
import * as server from "./server.js";
import * as store from "./store.js";
import { tell, tellError } from "./telling.js";

/** @param {Promise<import("./types.js").Answer>} asked @param {"Undo" | "Redo"} other */
async function go(asked, other) {
  try {
    const answer = await asked;
    store.take(answer);
    tell(answer.say, { actions: [{ words: other, press: () => (other === "Undo" ? undo : redo)(answer.step) }] });
    return true;
  } catch (error) {
    tellError(error);
    return false;
  }
}

/** Takes back one step alone; without its number, the one that the button names. @param {number | null} [step] */
export const undo = (step) => go(server.undo(() => step ?? store.known().undo_step), "Redo");

/** @param {number | null} [step] */
export const redo = (step) => go(server.redo(() => step ?? store.known().redo_step), "Undo");

/** @param {HTMLButtonElement} button @param {string} word @param {string | null} what */
function show(button, word, what) {
  button.disabled = !what;
  button.title = what ? `${word}: ${what}` : `Nothing to ${word.toLowerCase()}`;
  button.setAttribute("aria-label", button.title);
}

export function begin() {
  const back = find("#studio-undo", document, HTMLButtonElement), again = find("#studio-redo", document, HTMLButtonElement);
  back.addEventListener("click", () => undo());
  again.addEventListener("click", () => redo());
  store.watch(() => {
    show(back, "Undo", store.known().undo);
    show(again, "Redo", store.known().redo);
  });
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !["z", "y"].includes(key)) return;
    // In a field, and while the form is open, the browser's own undo goes first: there, words are not written yet.
    if (target.matches("input, textarea, select") || document.querySelector("dialog.editor[open]")) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) redo();
    else undo();
  });
}
