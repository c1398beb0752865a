/** A question with a few answers. */

import { button, find, fresh, make, page } from "./dom.js";

/**
 * @template {string} T
 * @typedef {{ value: T, words: string, main?: boolean, risky?: boolean }} Choice
 */

/**
 * The value of the answer; null where somebody leaves it open.
 * @template {string} T
 * @param {string} title
 * @param {(Node | string)[]} body
 * @param {Choice<T>[]} choices
 * @returns {Promise<T | null>}
 */
export function ask(title, body, choices) {
  const id = fresh("ask"), giveBack = page.heldFocus();
  return new Promise((answer) => {
    /** @type {T | null} */
    let given = null;
    const dialog = make("dialog", { class: "ask", "aria-labelledby": id },
      make("h3", { id }, title),
      ...body.map((each) => typeof each === "string" ? make("p", {}, each) : each),
      make("div", { class: "acts" },
        ...choices.map(({ value, words, main, risky }) => button(words, () => {
          given = value;
          dialog.close();
        }, { class: main ? "main" : risky ? "risky" : null, autofocus: main })),
        button(choices.length ? "Cancel" : "Close", () => dialog.close())),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      giveBack();
      answer(given);
    });
    find("body").append(dialog);
    dialog.showModal();
  });
}
