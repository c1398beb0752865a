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

/** What the server has not taken yet: this page alone has it. @type {Map<string, Kept>} */
const waiting = new Map();

/** @type {Map<string, Kept>} */
const known = new Map();
let timer = 0;

/** What the server keeps. @param {Kept[]} kept */
export function take(kept) {
  for (const name of known.keys()) if (!waiting.has(name)) known.delete(name);
  for (const each of kept) if (!waiting.has(each.name)) known.set(each.name, each);
}

export const list = () => [...known.values()];

/** What was written for a post and not saved. @param {string} key */
export const of = (key) => list().find((each) => each.key === key);

/** @param {string} name */
export const named = (name) => known.get(name);

export const fresh = () => crypto.randomUUID();

/** @param {Kept} kept @returns {Promise<string>} why it could not be kept; "" if it was */
async function sent(kept) {
  try {
    await server.keep(kept);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (waiting.get(kept.name) === kept) waiting.delete(kept.name);
  return "";
}

async function send() {
  clearTimeout(timer);
  const failed = (await Promise.all([...waiting.values()].map(sent))).some(Boolean);
  if (!failed) return;
  clearTimeout(timer);
  timer = window.setTimeout(send, AGAIN);
}

/** Keeps what was written under this name now. @param {string} name @returns {Promise<string>} why it could not be kept; "" if it was */
export async function settle(name) {
  const kept = waiting.get(name);
  return kept ? sent(kept) : "";
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
  waiting.delete(name);
  server.keep({ name, key: null, calendar, values: null }).catch(() => null);
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

addEventListener("pagehide", send);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") send();
});
