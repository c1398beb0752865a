/** Moves a post to another day or time: what may be asked first, the card at once, and back with the reason if it was refused. */

import { page, spokenPlace } from "./dom.js";
import * as server from "./server.js";
import * as store from "./store.js";
import { ask } from "./asking.js";
import { attempt } from "./changing.js";
import { tell } from "./telling.js";

/**
 * @typedef {import("./types.js").Card} Card
 * @typedef {import("./types.js").Landing} Landing
 * @typedef {import("./types.js").Move} Move
 * @typedef {import("./types.js").Post} Post
 * @typedef {{ day: string, time: string }} Place
 */

/** @param {Card} card */
export const partOf = (card) => card.element.dataset.part || undefined;

/** @param {Card} card */
export const accountsOn = (card) => (card.element.dataset.on || "").split(" ").filter(Boolean);

/** The account whose time the card shows, where not all of the post's accounts have the same. @param {Card} card */
function leadOf(card) {
  const post = store.post(card.key);
  return post && Object.keys(post.times).length ? accountsOn(card)[0] : undefined;
}

/**
 * Where the post may go, day by day; asked when a move begins.
 * @param {Card} card
 * @param {string} from
 * @param {string} to
 * @param {{ time?: string | undefined, accounts?: string[] | undefined }} [more] another time than it has, and the accounts that move if not all do
 */
export async function landings(card, from, to, { time, accounts } = {}) {
  const part = partOf(card), of = leadOf(card);
  const found = await server.days({
    key: card.key, ...(part ? { part } : {}), ...(of ? { of } : {}), ...(time ? { time } : {}), ...(accounts ? { accounts } : {}), from, to,
  }).catch(() => null);
  return new Map(Object.entries(found?.days || {}));
}

/** Why a post cannot be moved at all; "" if it can. @param {Card} card */
export function whyNot(card) {
  const post = store.post(card.key);
  if (store.known().read_only) return "This page is read-only (--read-only).";
  if (!post) return "This post is not in the calendar's files.";
  if (post.past || hasPassed(card)) return `${post.fate || "Its time has passed."} Duplicate it to a day ahead.`;
  return post.why_not.at || post.why_not.all || "";
}

/** Its time is that of its own calendar's zone. @param {Card} card */
export function hasPassed(card) {
  const calendar = store.calendar(store.post(card.key)?.calendar ?? "");
  return card.at !== "" && calendar !== undefined && card.at < page.clockIn(calendar.zone);
}

/**
 * @param {Card} card
 * @param {Place} to
 * @param {{ landing?: Landing | undefined, accounts?: string[] }} [more] `landing` at that day and time, as far as it is known;
 *   `accounts` those that somebody chose
 * @returns {Promise<boolean>} whether it moved
 */
export async function move(card, to, { landing, accounts } = {}) {
  const post = store.post(card.key), reason = whyNot(card);
  const from = { day: card.day, time: card.at.slice(11) };
  if (!post || reason) {
    tell(reason, { wrong: true, open: post?.open, place: post && `${post.file}:${post.line}` });
    return false;
  }
  if (from.day === to.day && from.time === to.time) return false;
  const part = partOf(card);
  /** @type {Move} */
  const act = {
    ...(to.day === from.day ? {} : { day: to.day }), ...(to.time === from.time || !from.time ? {} : { time: to.time }), ...(part ? { part } : {}),
  };
  const own = accountsOn(card), of = leadOf(card);
  // Another hour of a card whose accounts have a time of their own is about them alone, unless somebody chose.
  const alone = act.time && of && own.length < post.accounts.length ? own : undefined;
  const some = accounts ? (accounts.length < post.accounts.length ? accounts : undefined) : alone;
  if (some) Object.assign(act, { day: to.day, time: to.time, accounts: some });
  if (of) act.of = of;
  if (landing && !landing.ok) {
    if (landing.swap) return swap(card, to, act, landing);
    tell(`${store.called(post)} cannot move to ${spokenPlace(to)}: ${landing.say}`, { wrong: true });
    return false;
  }
  const series = post.series && post.series.parts.length > 1 ? await whichOf(post, to) : undefined;
  if (series === null) return false;
  if (series) act.series = series;
  const back = post.stored ? () => {} : some || series ? put([card], from, to) : put(page.of(card.key), from, to);
  const several = !some && post.accounts.length > 1 && !series && !post.stored;
  const done = await attempt(card.key, { move: act }, {
    taken: (by) => {
      back();
      return swap(card, to, act, by);
    },
    actions: several ? [{ words: "Move some accounts only…", press: (answer) => chooseAccounts(card.key, from, to, answer.step) }] : [],
  });
  if (!done) back();
  return done;
}

/**
 * Shows the cards at their new place at once; what is returned puts them back.
 * @param {Card[]} cards
 * @param {Place} from
 * @param {Place} to
 */
function put(cards, from, to) {
  const before = cards.filter((card) => card.day === from.day && to.time).map((card) => ({ card, at: card.at }));
  for (const { card, at } of before) page.place(card, `${to.day}T${at.slice(11) === from.time ? to.time : at.slice(11)}`);
  return () => {
    // Only cards that are still on the page: a newer version of a post has its own.
    for (const { card, at } of before) if (page.at(card.number) === card) page.place(card, at);
  };
}

/**
 * @param {Card} card
 * @param {Place} to
 * @param {Move} act the move into a minute that is taken
 * @param {{ swap?: string | null, account?: string, say?: string }} by the key of the post that has it, and on which account
 */
async function swap(card, to, act, { swap: other, account = "", say = "" }) {
  const post = /** @type {Post} */ (store.post(card.key)), second = other ? await store.reach(other) : undefined;
  if (!other) return false;
  const told = second ? store.called(second) : "the other post", left = post.times[account] || post.at;
  const free = { day: left?.day || card.day, time: left?.time || card.at.slice(11) };
  const given = await ask(`Swap ${store.called(post)} with ${told}?`, [
    `${say[0]?.toUpperCase()}${say.slice(1).replace(/\.$/, "")}. An account can have one post a minute.`,
    `${store.called(post)} takes ${spokenPlace(to)}, and ${told} takes ${spokenPlace(free)}.`,
  ], [{ value: "swap", words: "Swap them", main: true }]);
  return given === "swap" && attempt(card.key, { swap: { with: other, move: act } });
}

/** @param {Post} post @param {Place} to */
function whichOf(post, to) {
  return ask(`Move one post of ${store.called(post)}, or all from here on?`, [
    `It repeats every ${post.series?.every || "time"}. If you move one, it becomes a post of its own on ${spokenPlace(to)}, and the series skips its old day.`,
  ], [{ value: "this", words: "This one", main: true }, { value: "all", words: "All from here on" }]);
}

/** After a move: undone, and asked again with the accounts. @param {string} key @param {Place} from @param {Place} to @param {number | null} step */
async function chooseAccounts(key, from, to, step) {
  const { openMove } = await import("./move-dialog.js");
  openMove(key, { from, to, step });
}
