/** What opens the form: a post, a new one, or words that were not saved. */

import { page } from "./dom.js";
import { ask } from "./asking.js";
import { openForm } from "./form.js";
import * as keeping from "./keeping.js";
import * as server from "./server.js";
import * as store from "./store.js";
import { tellError } from "./telling.js";
import { nothing, valuesOf } from "./values.js";

/** @param {string} key @param {string} [part] of a series, where it is known which */
export async function openPost(key, part) {
  const post = await store.reach(key);
  if (post && part && !post.series?.parts.some((each) => each.part === part)) part = undefined; // it left the series meanwhile
  if (post) openForm(post, post.calendar, valuesOf(post), { part, kept: keeping.of(key) });
}

/** A new post, on a day, or in the next free slot from the days in view on. @param {string} [day] */
export async function beginNew(day) {
  const first = store.known().calendars[0];
  if (!first || store.known().read_only) return;
  const near = page.on(day || page.day())[0];
  const calendar = near?.key ? store.post(near.key)?.calendar || first.name : first.name;
  const view = page.view() === "month" ? page.days.monthOf(page.day()) : page.view() === "week" ? page.days.monday(page.day()) : page.today;
  try {
    const given = await server.fresh({ calendar, ...(day ? { day } : { from: view }) });
    openForm(null, calendar, nothing(given.day, given.time, given.accounts));
  } catch (error) {
    tellError(error);
  }
}

/** Words that were not saved; where their post is gone, as a new post if somebody says so. @param {import("./types.js").Kept} kept */
export async function openKept(kept) {
  if (kept.key && await store.reach(kept.key)) return openPost(kept.key, kept.values.part);
  const lost = Boolean(kept.key) || kept.lost;
  if (!lost || await ask("The post of these words is not found", [
    "It was removed, or its lines changed while publer-sync was not running. If it is still there, a new post beside it is published too: look for it first.",
  ], [{ value: "new", words: "Make a new post of them", risky: true }])) openForm(null, kept.calendar, nothing("", "", []), { kept });
}

export function begin() {
  const before = keeping.open();
  const [, key = "", part] = before?.match(/^post:(\S+)(?: (.+))?$/) || [];
  if (key) openPost(key, part);
  const kept = before?.startsWith("new:") ? keeping.named(before.slice(4)) : undefined;
  if (kept) openKept(kept);
}
