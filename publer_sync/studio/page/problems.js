/** What is wrong in the calendar: a count that leads through the posts with problems, and what belongs to no post. */

import { all, button, count, find, make } from "./dom.js";
import * as store from "./store.js";

/** @param {(key: string) => void} open opens the form of a post */
export function begin(open) {
  const place = find("#studio-problems");
  store.watch(() => {
    const posts = store.everyPost().filter((each) => (each.problems || []).some((problem) => problem.severity === "error"));
    const alone = store.known().problems.filter((each) => each.severity === "error");
    for (const about of all(".about .stop")) if (about.querySelector(".problems")) about.hidden = true; // this list is newer than that one
    place.replaceChildren();
    if (!posts.length && !alone.length) return;
    const number = posts.length + alone.length;
    place.append(
      make("p", {}, make("b", {}, `${count(number, "error")}: nothing can be planned until ${number === 1 ? "it is" : "they are"} fixed.`)),
      make("ul", { class: "problems" },
        ...posts.map((post) => make("li", { class: "error" },
          `${(post.problems || []).find((each) => each.severity === "error")?.message || ""} `,
          make("a", { href: post.open }, `${post.file}:${post.line}`), " ",
          button(`Fix ${store.called(post)}`, () => open(post.key)))),
        ...alone.map((each) => make("li", { class: "error" }, `${each.message} `,
          ...(each.open && each.file ? [make("a", { href: each.open }, `${each.file}:${each.line}`)] : []),
          ...(each.fix ? [make("span", { class: "fix" }, each.fix)] : [])))));
  });
}
