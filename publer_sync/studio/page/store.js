/** The posts as the server last told them, and the page kept in step: only cards that differ are replaced. */

import { page, settled } from "./dom.js";
import * as keeping from "./keeping.js";
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
let state = { version: 0, large: false, read_only: false, lost: "", today: page.today, calendars: [], problems: [], undo: null, undo_step: null, redo: null, redo_step: null, changed: 0, branch: { name: "", back: "", pushed: false, address: "" }, kept: [] };

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

/** @param {string} name */
export const calendar = (name) => state.calendars.find((each) => each.name === name) || state.calendars[0];

/** @param {string} name @param {string} alias @returns {Account} */
export function account(name, alias) {
  return calendar(name)?.accounts.find((each) => each.alias === alias) || { alias, network: alias, label: alias, name: alias };
}

/** @param {Post} one */
export const problemsOf = (one) => state.problems.filter((each) => each.key === one.key);

/** What a post is called in a sentence. @param {Post} one */
export function called(one) {
  const words = one.title || one.text.trim().split("\n")[0] || "";
  return one.id || (words ? `"${words.length > 40 ? `${words.slice(0, 40).trimEnd()}…` : words}"` : "the post");
}

/** @param {import("./types.js").Problem[]} problems @returns {Map<string, string>} what is wrong with each post */
function wrongs(problems) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const { key, severity, message } of problems) if (key) found.set(key, `${found.get(key) || ""}${severity} ${message}\n`);
  return found;
}

/** The posts with which something else is wrong than before. @param {import("./types.js").Problem[]} now */
function wrongNow(now) {
  const before = wrongs(state.problems), after = wrongs(now);
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
}

/** Those of them that the page knows. @param {import("./types.js").Problem[]} now */
const othersWrong = (now) => wrongNow(now).filter((key) => posts.has(key));

/** What a large calendar was last told to have, by key: revision and marks. @type {Map<string, { revision: string, marks: string }>} */
const outlined = new Map();

/**
 * What the server has; asked again where a change was answered meanwhile which this does not know yet.
 * @template {{ version: number }} T
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
async function newest(ask) {
  for (;;) {
    const before = state.version, found = await ask();
    if (state.version === before || found.version >= state.version) return found;
  }
}

/** Draws these posts as the server has them now. @param {string[]} keys */
export async function draw(keys) {
  if (!keys.length) return;
  const { cards, posts: found } = await newest(() => server.cardsOf(keys));
  for (const each of found) posts.set(each.key, each);
  page.replace(cards);
}

/** A post that may not be on the page yet. @param {string} key */
export async function reach(key) {
  if (!posts.has(key)) await draw([key]).catch(() => null);
  return posts.get(key);
}

/** Takes over what everything is, as it is now on disk; how many posts the files changed, and how many left. */
export async function load() {
  const mark = keeping.mark(), first = state.version === 0;
  const { posts: found, outline, ...rest } = await newest(async () => {
    const known = await server.posts();
    return { ...known, outline: known.large && !first ? await server.outline() : null };
  });
  if (!first && JSON.stringify(rest.calendars.map(frame)) !== JSON.stringify(state.calendars.map(frame))) location.reload();
  const beside = rest.calendars.flatMap((each, number) => each.beside !== state.calendars[number]?.beside ? [`beside-${number}`] : []);
  if (outline) return again(rest, outline, mark, beside);
  if (rest.large) return begin(rest, mark);
  const differing = new Set(found.filter((each) => posts.get(each.key)?.revision !== each.revision).map((each) => each.key));
  const marked = found.filter((each) => posts.get(each.key)?.marks !== each.marks).map((each) => each.key);
  const left = new Set(posts.keys());
  for (const each of found) {
    left.delete(each.key);
    posts.set(each.key, each);
  }
  for (const key of left) posts.delete(key);
  const changed = differing.size;
  for (const key of [...othersWrong(rest.problems), ...marked, ...beside]) differing.add(key);
  state = rest;
  keeping.take(rest.kept, mark);
  if (!first) {
    if (left.size) page.replace(Object.fromEntries([...left].map((key) => [key, []])));
    await draw([...differing]);
  }
  tell();
  return { changed, left: left.size };
}

/** A large calendar: the posts that are shown can be edited at once. @param {Omit<State, "posts">} rest @param {number} mark */
async function begin(rest, mark) {
  state = rest;
  keeping.take(rest.kept, mark);
  await draw(page.keys());
  return { changed: 0, left: 0 };
}

/**
 * A large calendar: only what is on the page is asked for again.
 * @param {Omit<State, "posts">} rest @param {import("./types.js").Outline} outline @param {number} mark @param {string[]} beside
 */
async function again(rest, { rows, problems, about, posts: meant }, mark, beside) {
  const shown = new Set([...page.keys(), ...posts.keys()]), fresh = outlined.size === 0;
  const all = Object.entries(rows).map(([key, [revision, marks]]) => ({ key, revision, marks }));
  const before = (/** @type {string} */ key) => outlined.get(key) || posts.get(key);
  const differing = fresh ? [] : all.filter(({ key, revision }) => before(key)?.revision !== revision);
  const left = (fresh ? [...shown] : [...outlined.keys()]).filter((key) => !(key in rows));
  const drawn = new Set([...shown].filter((key) => {
    const post = posts.get(key), row = rows[key];
    return row && (!post || post.revision !== row[0] || (post.marks || "") !== row[1]);
  }));
  const stale = new Set(wrongNow(problems));
  for (const key of [...othersWrong(problems), ...beside]) drawn.add(key);
  for (const key of left) posts.delete(key);
  for (const each of meant) if (!drawn.has(each.key)) posts.set(each.key, each);
  outlined.clear();
  for (const { key, revision, marks } of all) outlined.set(key, { revision, marks });
  state = { ...rest, problems };
  keeping.take(rest.kept, mark);
  page.replace(Object.fromEntries(left.map((key) => [key, []])));
  page.outline(rows, stale);
  page.about(about);
  await draw([...drawn]);
  tell();
  return { changed: differing.length, left: left.length };
}

/** What the page is built around, which only a new page can change. @param {import("./types.js").Calendar} calendar */
const frame = ({ name, zone, accounts }) => [name, zone, accounts];

/** Takes over what a change did. @param {Answer} answer */
export function take(answer) {
  for (const each of answer.posts) {
    posts.set(each.key, each);
    if (outlined.size) outlined.set(each.key, { revision: each.revision, marks: each.marks || "" });
  }
  for (const key of answer.gone) {
    posts.delete(key);
    outlined.delete(key);
  }
  const standing = answer.standing || state.problems, others = othersWrong(standing).filter((key) => !(key in answer.cards));
  state = {
    ...state,
    version: Math.max(state.version, answer.version),
    problems: standing,
    undo: answer.undo,
    undo_step: answer.undo_step,
    redo: answer.redo,
    redo_step: answer.redo_step,
    changed: answer.changed ?? state.changed,
  };
  page.replace({ ...Object.fromEntries(answer.gone.map((key) => [key, []])), ...answer.cards });
  tell();
  draw(others).catch(() => null);
  if (!answer.standing || answer.version < state.version) later();
}

/** Of a large calendar, an answer leaves out what is wrong with other posts: it is asked once nobody has changed anything for a while. */
const later = settled(3000, () => server.quiet().then(load).catch(() => null));

/**
 * Follows the files for as long as the page is open.
 * @param {(what: { changed: number, left: number }) => void} changed
 * @param {(there: boolean) => void} there
 */
export function follow(changed, there) {
  let loading = false, again = false;
  const newer = async (/** @type {number} */ version) => {
    await server.quiet(); // the newer version may be what a change of ours has just made
    if (version === state.version) return;
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    do {
      again = false;
      await load().then(changed, () => null);
    } while (again);
    loading = false;
  };
  server.listen(() => state.version, newer, there);
}
