/** The panel of what differs from HEAD, in words and in lines, and the commands that publish it. */

import { button, count, find, fresh, make, page } from "./dom.js";
import * as server from "./server.js";
import * as store from "./store.js";
import { say, tellError } from "./telling.js";

/** @param {string} words @param {HTMLButtonElement} pressed */
async function copy(words, pressed) {
  const before = pressed.textContent;
  const done = await navigator.clipboard.writeText(words).then(() => true, () => false);
  pressed.textContent = done ? "Copied" : "Could not copy";
  say(pressed.textContent);
  setTimeout(() => { pressed.textContent = before; }, 2000);
}

/** @param {string} diff the lines, as git shows them */
function lines(diff) {
  const shown = diff.split("\n").filter((line) => !/^(diff |index |--- |\+\+\+ )/.test(line));
  while (shown[shown.length - 1] === "") shown.pop();
  return make("pre", { class: "diff", tabindex: "0", "aria-label": "The lines that differ" }, ...shown.map((line) => make(
    line.startsWith("+") ? "ins" : line.startsWith("-") ? "del" : "span", { class: line.startsWith("@@") ? "hunk" : null }, `${line || " "}\n`)));
}

/** @param {import("./types.js").ChangedFile} file */
function part({ file, status, diff, words }) {
  return make("section", { class: "changed" },
    make("h4", {}, make("code", {}, file), " ", make("small", {}, status)),
    make("ul", {}, ...words.map((each) => make("li", {}, each))),
    make("details", {}, make("summary", {}, "The lines"), lines(diff)));
}

/** @param {import("./types.js").Changes} found */
function content({ files, branch, commands, git }) {
  if (!git) return [make("p", {}, "This folder is not in a git repository: the files are changed, and no earlier version is kept.")];
  if (!files.length) return [make("p", {}, `Nothing differs from the last commit on ${branch}.`)];
  const all = commands.join("\n");
  const copyAll = button("Copy all", () => copy(all, copyAll), { class: "main" });
  return [
    ...files.map(part),
    make("h4", {}, "Publish it"),
    make("p", {}, "The files are saved, and nothing has been sent to Publer. These commands put the changes up for review:"),
    make("ol", { class: "commands" }, ...commands.map((command) => {
      const pressed = button("Copy", () => copy(command, pressed), { "aria-label": `Copy ${command}` });
      return make("li", {}, make("code", {}, command), pressed);
    })),
    copyAll,
  ];
}

async function show() {
  const id = fresh("changes"), place = make("div", { class: "panel-body" }, make("p", { role: "status" }, "Reading the files…"));
  const giveBack = page.heldFocus();
  const dialog = make("dialog", { class: "panel", "aria-labelledby": id },
    make("header", {}, make("h3", { id, tabindex: "-1" }, "What I changed"), button("×", () => dialog.close(), { "aria-label": "Close" })), place);
  dialog.addEventListener("close", () => {
    dialog.remove();
    giveBack();
  });
  find("body").append(dialog);
  dialog.showModal();
  try {
    place.replaceChildren(...content(await server.changes()));
  } catch (error) {
    dialog.close();
    tellError(error);
  }
}

export function begin() {
  const open = find("#studio-changes", document, HTMLButtonElement);
  open.addEventListener("click", show);
  store.watch(() => {
    const { changed } = store.known();
    open.replaceChildren("What I changed", ...(changed ? [make("b", { class: "number-of" }, String(changed)), make("span", { class: "visually-hidden" }, count(changed, "file"))] : []));
  });
}
