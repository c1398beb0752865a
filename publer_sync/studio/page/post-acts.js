/** What is done with a whole post: duplicated on another day, or removed. */

import { fresh, make, page } from "./dom.js";
import { ask } from "./asking.js";
import { attempt } from "./changing.js";
import * as store from "./store.js";

/** @typedef {import("./types.js").Post} Post */

/** @param {Post} post @param {string} day it has now @param {string} [part] @returns {Promise<boolean>} whether it was done */
export async function duplicate(post, day, part) {
  const week = page.days.plus(day || page.today, 7), tomorrow = page.days.plus(page.today, 1);
  const field = make("input", { type: "date", value: week < tomorrow ? tomorrow : week, id: fresh("day") });
  const given = await ask(`Duplicate ${store.called(post)}`, [make("label", { for: field.id, class: "field" }, "Day of the copy", field)],
    [{ value: "go", words: "Duplicate", main: true }]);
  return Boolean(given && field.value) && attempt(post.key, { duplicate: { day: field.value, ...(part ? { part } : {}) } });
}

/** @param {Post} post @param {string} [part] of a series, where it is known which @returns {Promise<boolean>} whether it was done */
export async function remove(post, part) {
  const { series } = post, repeats = `It repeats every ${series?.every}.`;
  /** @type {{ value: "all", words: string, risky: boolean }} */
  const all = { value: "all", words: "All of them", risky: true };
  const which = !series ? "all" : !part && series.parts.length > 1
    ? await ask(`Remove all posts of ${store.called(post)}?`, [`${repeats} To remove one of them, open the card of its day.`], [all])
    : await ask(`Remove one post of ${store.called(post)}, or all of them?`, [`${repeats} If you remove one, the series skips that day.`],
      [{ value: "this", words: "This one", main: true }, all]);
  if (!which) return false;
  return attempt(post.key, { remove: { ...(series ? { series: which } : {}), ...(which === "this" && part ? { part } : {}) } });
}
