/**
 * Words that are not saved yet. The server keeps them beside the ledger, so that they outlive the form, the tab and the
 * process; which form was open, the tab remembers.
 */

import * as server from "./server.js";

/**
 * @typedef {import("./types.js").Kept} Kept
 * @typedef {import("./types.js").Fields & { day: string, time: string, revision: string | null, part?: string | undefined }} KeptValues
 */

const OPEN = "publer-sync-open", PAUSE = 250, AGAIN = 5000; // milliseconds

/** This page, of several that may be open. */
const PAGE = crypto.randomUUID();

/** What the server has not taken yet: this page alone has it. Without values, it is to be forgotten. @type {Map<string, Kept>} */
const waiting = new Map();

/** @type {Map<string, Kept>} */
const known = new Map();

/** By name, what is under way; one after the other, so that the server has the newest in the end. @type {Map<string, Promise<unknown>>} */
const turns = new Map();

/** By name, which answer of the server was the last about it. @type {Map<string, number>} */
const answered = new Map();
let answers = 0, timer = 0;

/** What had no answer. @type {WeakSet<Kept>} */
const tried = new WeakSet();

/** The last answer so far: for `take`, before the server is asked what it keeps. */
export const mark = () => answers;

/**
 * What the server kept when it was asked. What this page sent since is newer: words that were saved meanwhile do not come
 * back, and none that were typed are replaced by those before them.
 * @param {Kept[]} kept @param {number} since
 */
export function take(kept, since) {
  const newer = (/** @type {string} */ name) => waiting.has(name) || (answered.get(name) || 0) > since;
  for (const name of known.keys()) if (!newer(name)) known.delete(name);
  for (const each of kept) if (!newer(each.name)) known.set(each.name, each);
}

export const list = () => [...known.values()];

/** What was written for a post and not saved. @param {string} key */
export const of = (key) => list().find((each) => each.key === key);

/** @param {string} name */
export const named = (name) => known.get(name);

export const fresh = () => crypto.randomUUID();

/** What is to be forgotten may be something else the second time: another page can go on with it meanwhile. @param {Kept} kept */
const post = (kept) => server.keep({ ...kept, page: PAGE, again: tried.has(kept) });

/** @param {Kept} kept @returns {Promise<string>} why it could not be kept; "" if it was */
async function sent(kept) {
  if (waiting.get(kept.name) !== kept) return ""; // there are newer words, or these were sent meanwhile
  try {
    await post(kept);
  } catch (error) {
    tried.add(kept);
    return error instanceof Error ? error.message : String(error);
  }
  answered.set(kept.name, answers += 1);
  if (waiting.get(kept.name) === kept) waiting.delete(kept.name);
  return "";
}

/** @param {Kept} kept @returns {Promise<string>} */
function inTurn(kept) {
  const next = (turns.get(kept.name) || Promise.resolve()).then(() => sent(kept));
  underWay(kept.name, next);
  return next;
}

/** @param {string} name @param {Promise<unknown>} turn */
function underWay(name, turn) {
  turns.set(name, turn);
  turn.then(() => turns.get(name) === turn && turns.delete(name));
}

async function send() {
  clearTimeout(timer);
  const failed = (await Promise.all([...waiting.values()].map(inTurn))).some(Boolean);
  if (!failed) return;
  clearTimeout(timer);
  timer = window.setTimeout(send, AGAIN);
}

/** Keeps what was written under this name now. @param {string} name @returns {Promise<string>} why it could not be kept; "" if it was */
export async function settle(name) {
  const kept = waiting.get(name);
  return kept ? inTurn(kept) : "";
}

/** @param {Kept} kept */
export function keep(kept) {
  known.set(kept.name, kept);
  waiting.set(kept.name, kept);
  clearTimeout(timer);
  timer = window.setTimeout(send, PAUSE);
}

/** They are saved, or thrown away. @param {string} name @param {string} calendar */
export function forget(name, calendar) {
  if (!known.delete(name)) return;
  waiting.set(name, { name, key: null, calendar, values: null });
  send();
}

/** The form that is open, so that a page that begins again opens it again. @param {string | null} name */
export function remember(name) {
  try {
    if (name === null) sessionStorage.removeItem(OPEN);
    else sessionStorage.setItem(OPEN, name);
  } catch { /* a browser that keeps nothing */ }
}

export function open() {
  try {
    return sessionStorage.getItem(OPEN);
  } catch {
    return null;
  }
}

/** The page may end now: what has to wait its turn is sent at once, and again in its turn, if there is one. */
const sendNow = () => {
  for (const kept of waiting.values()) {
    const before = turns.get(kept.name);
    if (before) underWay(kept.name, Promise.all([before, post(kept).catch(() => null)]));
  }
  send();
};

addEventListener("pagehide", sendNow);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") sendNow();
});
