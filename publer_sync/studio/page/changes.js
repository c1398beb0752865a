/** The panel of what differs from HEAD, in words and in lines, and what puts it up for review. */

import { button, count, find, fresh, make, page } from "./dom.js";
import * as server from "./server.js";
import * as store from "./store.js";
import { undo } from "./history.js";
import { remove } from "./post-acts.js";
import { say, tell, tellError } from "./telling.js";

/**
 * @typedef {import("./types.js").Changes} Changes
 * @typedef {import("./types.js").Reviewed} Reviewed
 */

/** @param {string} words @param {HTMLButtonElement} pressed */
async function copy(words, pressed) {
  const before = pressed.textContent;
  const done = await navigator.clipboard.writeText(words).then(() => true, () => false);
  pressed.textContent = done ? "Copied" : "Could not copy";
  say(pressed.textContent);
  setTimeout(() => { pressed.textContent = before; }, 2000);
}

/** A word as a shell takes it. @param {string} word */
const quoted = (word) => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;

/** @param {string[]} command */
const written = (command) => command.map(quoted).join(" ");

/** One line for a terminal: what fails stops the rest. @param {string[][]} commands @param {string} folder */
const together = (commands, folder) => [["cd", folder], ...commands].map(written).join(" && \\\n");

/** @param {string} diff the lines, as git shows them */
function lines(diff) {
  const shown = diff.split("\n").filter((line) => !/^(diff |index |--- |\+\+\+ )/.test(line));
  while (shown[shown.length - 1] === "") shown.pop();
  return make("pre", { class: "diff", tabindex: "0", "aria-label": "The lines that differ" }, ...shown.map((line) => make(
    line.startsWith("+") ? "ins" : line.startsWith("-") ? "del" : "span", { class: line.startsWith("@@") ? "hunk" : null }, `${line || " "}\n`)));
}

/** @param {string[][]} commands @param {string} folder */
function commandList(commands, folder) {
  const all = button("Copy the commands", () => copy(together(commands, folder), all));
  return make("details", {}, make("summary", {}, "The commands"),
    make("ol", { class: "commands" }, ...commands.map((command) => make("li", {}, make("code", {}, written(command))))), all);
}

class Panel {
  constructor() {
    const id = fresh("changes"), giveBack = page.heldFocus();
    this.place = make("div", { class: "panel-body" }, make("p", { role: "status" }, "Reading the files…"));
    this.dialog = make("dialog", { class: "panel", "aria-labelledby": id },
      make("header", {}, make("h3", { id, tabindex: "-1" }, "What I changed"), button("×", () => this.dialog.close(), { "aria-label": "Close" })), this.place);
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      giveBack();
    });
    this.line = "";
    find("body").append(this.dialog);
    this.dialog.showModal();
    this.read();
  }

  /** @param {...(Node | string)} above */
  async read(...above) {
    try {
      const found = await server.changes();
      this.place.replaceChildren(...above, ...this.content(found));
    } catch (error) {
      this.dialog.close();
      tellError(error);
    }
  }

  /** @param {Changes} found */
  content({ files, branch, review, git }) {
    if (!git || !review) return [make("p", {}, "This folder is not in a git repository: the files are changed, and no earlier version is kept.")];
    const nothing = files.length || review.commands.length ? [] : [make("p", {}, `Nothing differs from the last commit${branch.name ? ` on ${branch.name}` : ""}.`)];
    return [...this.standing(branch), ...nothing, ...files.map((file) => this.part(file)),
      ...(files.length || review.commands.length ? this.review(review, files.length > 0) : [])];
  }

  /** Where one stands, if that is not the default branch. @param {import("./types.js").Branch} branch */
  standing({ name, back, pushed, address }) {
    if (!back) return [];
    return [make("div", { class: "standing" },
      make("p", {}, pushed ? "Up for review on " : "You are on ", make("code", {}, name), pushed ? `. What you change goes there too, until it is merged.` : "."),
      make("div", { class: "acts" },
        ...(address ? [make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, "Open the pull request")] : []),
        button(`Back to ${back}`, () => this.act(server.backToDefault))))];
  }

  /** @param {import("./types.js").ChangedFile} file */
  part({ calendar, file, status, diff, words }) {
    const writes = !store.known().read_only, told = new Set();
    return make("section", { class: "changed" },
      make("h4", {}, make("code", {}, file), " ", make("small", {}, status),
        ...(writes ? [button(status === "new" ? "Remove the file" : "Bring the file back", () => this.restore({ file, calendar }), { class: "quiet" })] : [])),
      make("ul", {}, ...words.map((each) => {
        const where = each.was ? each.was.join(":") : each.key, again = told.has(where);
        told.add(where);
        return make("li", {}, each.say, " ", ...(writes && !again ? [this.back(each, calendar, file)] : []));
      })),
      make("details", {}, make("summary", {}, "The lines"), lines(diff)));
  }

  /** @param {import("./types.js").ChangedPost} post @param {number} calendar @param {string} file */
  back({ say: words, was, key }, calendar, file) {
    const press = () => was ? this.restore({ file: was[0], line: was[1], calendar }) : key ? this.drop(key) : this.restore({ file, calendar });
    return button(was ? "Bring back" : "Remove it", press, { class: "quiet", "aria-label": `${was ? "Bring back" : "Remove"}: ${words}` });
  }

  /** @param {{ file: string, calendar: number, line?: number }} what */
  async restore(what) {
    try {
      const answer = await server.restore(what);
      store.take(answer);
      tell(answer.say, { actions: [{ words: "Undo", press: () => undo(answer.step).then(() => this.read()) }] });
    } catch (error) {
      tellError(error);
    }
    await this.read();
  }

  /** @param {string} key */
  async drop(key) {
    const post = await store.reach(key);
    if (post && await remove(post)) await this.read();
  }

  /** @param {import("./types.js").Review} review @param {boolean} differs */
  review({ line, branch, folder, commands, instead, paste, notes, mark }, differs) {
    const head = make("h4", {}, "Put it up for review");
    if (instead) {
      return [head, make("div", { class: "alert" }, make("p", {}, instead), ...(paste ? [make("pre", { tabindex: "0", "aria-label": "Lines for the terminal" }, paste)] : []))];
    }
    if (store.known().read_only) return [head, make("p", { class: "soft" }, "This page is read only (--read-only)."), commandList(commands, folder)];
    const field = make("input", { type: "text", value: this.line || line, maxlength: "200", autocomplete: "off", dir: "auto" });
    const shown = make("div");
    const place = commands.findIndex((command) => command.includes("--message"));
    const now = () => commands.map((command, number) => number === place
      ? command.map((word, at) => command[at - 1] === "--message" ? field.value.trim() || line : word) : command);
    const draw = () => {
      const open = shown.querySelector("details")?.open || false;
      shown.replaceChildren(commandList(now(), folder));
      /** @type {HTMLDetailsElement} */ (shown.firstElementChild).open = open;
    };
    field.addEventListener("input", () => {
      this.line = field.value;
      draw();
    });
    draw();
    const put = () => this.act(() => server.putUp(mark, field.value), () => { this.line = ""; });
    const form = make("form", { class: "put-up", submit: (/** @type {Event} */ event) => {
      event.preventDefault();
      put();
    } },
      ...(differs ? [make("label", { class: "field" }, "What changes, in a line", field)] : []),
      make("p", { class: "soft" }, differs ? "This commits these files and the pictures they show on " : "These commits are not pushed yet: this pushes ", make("code", {}, branch),
        differs ? ", and pushes it. Nothing is sent to Publer, and the default branch stays as it is." : "."),
      ...notes.map((note) => make("p", { class: "locked" }, note)),
      make("div", { class: "acts" }, make("button", { class: "main" }, differs ? "Put up for review" : "Push it")));
    return [head, form, shown];
  }

  /**
   * Does what takes git a while, and tells what came of it above the rest.
   * @param {() => Promise<Reviewed>} ask @param {() => void} [done]
   */
  async act(ask, done) {
    for (const each of this.place.querySelectorAll("button, input")) /** @type {HTMLButtonElement} */ (each).disabled = true;
    const told = make("p", { role: "status" }, "git is working…");
    this.place.prepend(told);
    try {
      const answer = await ask();
      const worked = !answer.failed.length;
      if (worked) done?.();
      say(answer.say);
      await store.load().catch(() => null);
      await this.read(worked ? this.ended(answer) : this.failed(answer));
    } catch (error) {
      await this.read(make("div", { class: "alert", role: "alert" }, make("p", {}, error instanceof Error ? error.message : String(error))));
    }
    find("h3", this.dialog).focus();
  }

  /** @param {Reviewed} answer */
  ended({ say: words, address }) {
    return make("div", { class: "done", role: "status" }, make("p", {}, words),
      ...(address ? [make("a", { class: "main", href: address, target: "_blank", rel: "noopener noreferrer" }, "Open the pull request")] : []));
  }

  /** @param {Reviewed} answer */
  failed({ say: words, said, left, folder }) {
    return make("div", { class: "alert", role: "alert" }, make("p", {}, make("b", {}, words)),
      ...(said ? [make("p", {}, "git says:"), make("pre", { tabindex: "0", "aria-label": "What git says" }, said)] : []),
      make("p", {}, "Your files are as you wrote them. Left to do, here or in the terminal:"), commandList(left, folder));
  }
}

export function begin() {
  const open = find("#studio-changes", document, HTMLButtonElement), where = find("#studio-branch");
  open.addEventListener("click", () => new Panel());
  store.watch(() => {
    const { changed, branch } = store.known();
    open.replaceChildren("What I changed", ...(changed ? [make("b", { class: "number-of" }, String(changed)), make("span", { class: "visually-hidden" }, count(changed, "file"))] : []));
    where.hidden = !branch.back;
    where.replaceChildren(branch.pushed ? " · up for review on " : " · on ", make("code", {}, branch.name));
  });
}
