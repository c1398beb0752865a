/** What is wrong in the calendar: a count that leads through the posts with problems, and what belongs to no post. */

import { all, button, count, find, make } from "./dom.js";
import * as store from "./store.js";

/** @param {(key: string) => void} open opens the form of a post */
export function begin(open) {
  const place = find("#studio-problems");
  store.watch(() => {
    const errors = store.known().problems.filter((each) => each.severity === "error");
    for (const about of all(".about .stop")) if (about.querySelector(".problems")) about.hidden = true; // this list is newer than that one
    place.replaceChildren();
    if (!errors.length) return;
    place.append(
      make("p", {}, make("b", {}, `${count(errors.length, "error")}: nothing can be planned until ${errors.length === 1 ? "it is" : "they are"} fixed.`)),
      make("ul", { class: "problems" }, ...errors.map((each) => {
        const post = each.key ? store.post(each.key) : undefined;
        return make("li", { class: "error" }, `${each.message} `,
          ...(each.open && each.file ? [make("a", { href: each.open }, `${each.file}:${each.line}`), " "] : []),
          ...(post ? [button(`Fix ${store.called(post)}`, () => open(post.key))] : each.fix ? [make("span", { class: "fix" }, each.fix)] : []));
      })));
  });
}
