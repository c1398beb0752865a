/** What is wrong in the calendar: one line that unfolds to groups, each of which leads to its posts. */

import { all, button, count, find, make } from "./dom.js";
import * as store from "./store.js";

/** @typedef {import("./types.js").Problem} Problem */

/** @param {Problem} each @param {(key: string) => void} open */
function line(each, open) {
  const post = each.key ? store.post(each.key) : undefined;
  return make("li", { class: "error" }, `${each.message} `,
    ...(each.open && each.file ? [make("a", { href: each.open }, `${each.file}:${each.line}`), " "] : []),
    ...(post ? [button(`Fix ${store.called(post)}`, () => open(post.key))] : each.fix ? [make("span", { class: "fix" }, each.fix)] : []));
}

/** @param {(key: string) => void} open opens the form of a post */
export function begin(open) {
  const place = find("#studio-problems");
  store.watch(() => {
    const errors = store.known().problems.filter((each) => each.severity === "error");
    const unfolded = new Set(all("details[open]", place).map((each) => each.dataset.group || ""));
    place.replaceChildren();
    if (!errors.length) return;
    /** @type {Map<string, Problem[]>} */
    const groups = new Map();
    for (const each of errors) groups.set(each.code, [...groups.get(each.code) || [], each]);
    const lists = [...groups].map(([code, those]) => those.length === 1 || groups.size === 1
      ? make("ul", { class: "problems" }, ...those.map((each) => line(each, open)))
      : make("details", { "data-group": code, open: unfolded.has(code) }, make("summary", {}, `${count(those.length, "error")} like this: ${those[0]?.message}`),
        make("ul", { class: "problems" }, ...those.map((each) => line(each, open)))));
    place.append(make("details", { "data-group": "", open: unfolded.has("") },
      make("summary", {}, make("b", {}, count(errors.length, "error")), `: nothing can be planned until ${errors.length === 1 ? "it is" : "they are"} fixed.`),
      make("div", { class: "problem-groups", tabindex: "0", role: "group", "aria-label": "What is wrong" }, ...lists)));
  });
}
