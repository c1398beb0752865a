/** Puts the studio together: the bar, and what each module adds to the page. */

import { count, find, make } from "./dom.js";
import * as back from "./back.js";
import * as board from "./board.js";
import * as changes from "./changes.js";
import * as choosing from "./choosing.js";
import * as compared from "./compared.js";
import * as dragging from "./dragging.js";
import * as opening from "./opening.js";
import * as steps from "./history.js";
import * as keyboard from "./keyboard.js";
import { openMove } from "./move-dialog.js";
import * as reading from "./reading.js";
import * as problems from "./problems.js";
import * as store from "./store.js";
import * as telling from "./telling.js";
import * as tray from "./tray.js";
import * as unsaved from "./unsaved.js";

const HELP = [
  [["g"], "On a post: pick it up; arrow keys move it, Enter puts it down, Esc puts it back"],
  [["x"], "On a post: choose it, with others; so do Ctrl and a click, and with Shift all between"],
  [["n"], "New post"],
  [["Ctrl", "Z"], "Undo, with Shift: redo"],
  [["Ctrl", "Enter"], "In a form: save"],
];

function bar() {
  const { read_only: shows } = store.known();
  const row = make("div", { class: "studio-bar", role: "toolbar", "aria-label": "Changes" },
    ...(shows ? [make("span", { class: "soft" }, "Read only")] : [
      make("button", { type: "button", class: "main", "data-new": true }, "New post"),
      make("button", { type: "button", id: "studio-undo" }, "↶"),
      make("button", { type: "button", id: "studio-redo" }, "↷"),
    ]),
    make("button", { type: "button", id: "studio-changes" }, "What I changed"),
    make("span", { class: "away", role: "status", id: "studio-away" }));
  find(".top").append(row);
  find(".brand p").append(make("span", { id: "studio-branch", hidden: true }));
  find(".filters").after(make("section", { id: "studio-problems", class: "stop", "aria-label": "Errors" }));
  find("body").append(make("p", { id: "studio-how", hidden: true }, shows ? "Enter opens its day." : "Enter opens it. g picks it up, to move it with the arrow keys."));
  const list = find("#help dl");
  for (const [keys, words] of HELP) {
    list.append(make("div", {}, make("dt", {}, .../** @type {string[]} */ (keys).flatMap((key) => [make("kbd", {}, key), " "])), make("dd", {}, String(words))));
  }
}

async function begin() {
  history.replaceState(null, "", location.pathname + location.hash); // what opened the page opens nothing again
  telling.begin();
  try {
    await store.load();
  } catch (error) {
    return telling.tellError(error);
  }
  document.documentElement.classList.toggle("read-only", store.known().read_only);
  bar();
  board.begin({ create: opening.beginNew, edit: opening.openPost, move: (key, card) => openMove(key, { card }) });
  if (!store.known().read_only) {
    choosing.begin();
    dragging.begin();
    keyboard.begin();
    steps.begin();
  }
  changes.begin();
  problems.begin(opening.openPost);
  compared.begin();
  back.begin();
  tray.begin();
  if (!store.known().read_only) unsaved.begin(opening.openKept);
  opening.begin();
  let away = "";
  const tellAway = () => {
    const { lost } = store.known();
    find("#studio-away").textContent = away || (lost && `${lost} Nothing can be saved before it is back.`);
  };
  store.watch(tellAway);
  store.tell();
  reading.begin();
  store.follow(({ changed, left }) => {
    const parts = [changed ? `${count(changed, "post")} changed or new` : "", left ? `${left} no longer there` : ""].filter(Boolean);
    const words = `The files changed: ${parts.join(", ")}.`;
    if (!parts.length) return;
    if (document.querySelector("dialog.editor[open]")) telling.say(words); // the form says what concerns it
    else telling.tell(words);
  }, (there) => {
    away = there ? "" : "publer-sync does not answer: start it again, and open the address that it shows.";
    tellAway();
  });
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const off = /** @type {HTMLInputElement} */ (find("[name=keys]"));
    if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || !off.checked) return;
    if (target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    const cell = /** @type {HTMLElement | null} */ (target.closest("[data-cell]"));
    opening.beginNew(cell?.dataset.cell);
  });
  document.documentElement.dataset.ready = "studio";
}

begin();
