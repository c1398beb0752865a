/** The posts as the server last told them, and the page kept in step: only cards that differ are replaced. */

import { page } from "./dom.js";
import * as server from "./server.js";

/**
 * @typedef {import("./types.js").Post} Post
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {import("./types.js").Account} Account
 */

/** @type {Map<string, Post>} */
const posts = new Map();

/** @type {Omit<State, "posts">} */
let state = { version: 0, read_only: false, today: page.today, calendars: [], problems: [], undo: null, redo: null, changed: 0 };

/** @type {Set<() => void>} */
const watchers = new Set();

/** @param {() => void} watcher called after each change of what is known */
export function watch(watcher) {
  watchers.add(watcher);
}

export function tell() {
  for (const watcher of watchers) watcher();
}

export const known = () => state;

/** @param {string} key */
export const post = (key) => posts.get(key);

export const everyPost = () => [...posts.values()];

/** @param {string} name */
export const calendar = (name) => state.calendars.find((each) => each.name === name) || state.calendars[0];

/** @param {string} name @param {string} alias @returns {Account} */
export function account(name, alias) {
  return calendar(name)?.accounts.find((each) => each.alias === alias) || { alias, network: alias, name: alias };
}

/** What a post is called in a sentence. @param {Post} one */
export function called(one) {
  const words = one.title || one.text.trim().split("\n")[0] || "";
  return one.id || (words ? `"${words.length > 40 ? `${words.slice(0, 40).trimEnd()}…` : words}"` : "the post");
}

/** @param {Post} one */
const look = (one) => one.look || one.revision;

/** Takes over what everything is, as it is now on disk. */
export async function load() {
  const { posts: found, ...rest } = await server.posts();
  const first = state.version === 0;
  if (!first && JSON.stringify(rest.calendars) !== JSON.stringify(state.calendars)) return location.reload();
  const differing = found.filter((each) => !posts.has(each.key) || look(/** @type {Post} */ (posts.get(each.key))) !== look(each));
  const left = new Set(posts.keys());
  for (const each of found) {
    left.delete(each.key);
    posts.set(each.key, each);
  }
  for (const key of left) posts.delete(key);
  state = rest;
  if (!first && (differing.length || left.size)) {
    const { cards } = differing.length ? await server.cardsOf(differing.map((each) => each.key)) : { cards: {} };
    page.replace({ ...Object.fromEntries([...left].map((key) => [key, []])), ...cards });
  }
  tell();
}

/** Takes over what a change did. @param {Answer} answer */
export function take(answer) {
  for (const each of answer.posts) posts.set(each.key, each);
  for (const key of answer.gone) posts.delete(key);
  state = {
    ...state,
    version: Math.max(state.version, answer.version),
    undo: answer.undo,
    redo: answer.redo,
    changed: answer.changed ?? state.changed,
  };
  page.replace({ ...Object.fromEntries(answer.gone.map((key) => [key, []])), ...answer.cards });
  tell();
}

/** Follows the files for as long as the page is open. @param {(there: boolean) => void} there */
export function follow(there) {
  let loading = false, again = false;
  const newer = async (/** @type {number} */ version) => {
    if (version === state.version) return;
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    do {
      again = false;
      await load().catch(() => null);
    } while (again);
    loading = false;
  };
  server.listen(() => state.version, newer, there);
}
