/** What happened, for eyes and for screen readers. */

import { all, button, find, make } from "./dom.js";
import { ask } from "./asking.js";

const MOMENT = 8000; // milliseconds until a word that needs no answer goes
const MOST = 3;
const LONG = 120; // letters, after which not all of a message may fit

/** @typedef {{ words: string, press: () => void }} Action */

const said = make("p", { class: "visually-hidden", "aria-live": "polite", id: "studio-said" });
const list = make("div", { class: "told-all" });
const voice = make("div", { id: "studio-voice" }, said, list);

/** Where it can be seen and heard: in the dialog on top, since all else is inert while one is open. */
function toTop() {
  const host = all("dialog[open]").pop() || find("body");
  if (voice.parentElement !== host) host.append(voice);
}

export function begin() {
  toTop();
  // The event of a dialog that closes does not bubble; what is left of its messages goes with the page.
  document.addEventListener("close", () => find("body").append(voice), { capture: true });
}

/** Says it to a screen reader alone. @param {string} words */
export function say(words) {
  toTop();
  said.textContent = words;
}

/**
 * Says it on the page, in the bar at its foot, which is always there: nothing that appears lies over the calendar. What
 * went wrong stays until somebody closes it.
 * @param {string} words
 * @param {{ wrong?: boolean, actions?: Action[], open?: string | undefined, place?: string | undefined, paste?: string | undefined }} [more]
 */
export function tell(words, { wrong = false, actions = [], open, place, paste } = {}) {
  toTop();
  const close = () => told.remove();
  const told = make("div", { class: wrong ? "told-one wrong" : "told-one", role: wrong ? "alert" : "status" });
  const whole = () => ask("What happened", [words, ...(paste ? [make("pre", { tabindex: "0", "aria-label": "Lines to paste" }, paste)] : [])], []);
  told.append(
    make("p", { title: words }, words),
    make("div", { class: "told-acts" },
      ...(open ? [make("a", { href: open }, place ? `Open ${place}` : "Open the file")] : []),
      ...(paste || words.length > LONG ? [button("All of it", whole)] : []),
      ...actions.map(({ words: name, press }) => button(name, () => {
        close();
        press();
      })),
      button("×", close, { "aria-label": "Close this message", class: "told-close" }),
    ),
  );
  list.append(told);
  while (list.children.length > MOST) list.firstElementChild?.remove();
  if (!wrong) leave(told);
}

/** Takes it away after a while in which nobody reads it with the pointer or the keyboard. @param {HTMLElement} told */
function leave(told) {
  setTimeout(() => {
    if (told.matches(":hover, :focus-within")) leave(told);
    else told.remove();
  }, MOMENT);
}

/** @param {unknown} error what was thrown, in words for people */
export function tellError(error) {
  const refusal = /** @type {{ refusal?: import("./types.js").Refusal }} */ (error).refusal;
  const words = error instanceof Error ? error.message : String(error);
  if (!refusal) {
    tell(`Something on this page failed: ${words}. Nothing was written.`, { wrong: true });
    throw error;
  }
  const problems = (refusal.problems || []).map((each) => each.message).filter((each) => !words.includes(each));
  tell([words, ...problems].join(" "), {
    wrong: true, open: refusal.open, paste: refusal.paste, place: refusal.file && `${refusal.file}:${refusal.line}`,
  });
}
