/** Sends a change, and tells what came of it. */

import * as server from "./server.js";
import * as store from "./store.js";
import { resolve } from "./conflicts.js";
import { tell, tellError } from "./telling.js";
import { undo } from "./history.js";

/**
 * @typedef {import("./types.js").Do} Do
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {{ words: string, press: (answer: Answer) => void }} Action
 */

/**
 * Does it, or throws what the server said against it.
 * @param {string | null} key
 * @param {Do} act
 * @param {{ revision?: string | null, actions?: Action[] }} [more] `revision` is the one that the person saw
 * @returns {Promise<Answer>}
 */
export async function send(key, act, { revision, actions = [] } = {}) {
  const seen = () => revision ?? (key ? store.post(key)?.revision ?? null : null);
  const answer = await server.change(key, seen, act);
  store.take(answer);
  const warnings = answer.problems.map((each) => each.message);
  tell([answer.say, ...warnings.slice(0, 2)].join(" · "), { actions: [
    ...(answer.step === null ? [] : [{ words: "Undo", press: () => undo(answer.step) }]),
    ...actions.map(({ words, press }) => ({ words, press: () => press(answer) })),
  ] });
  for (const path of answer.unshown || []) offer(path, answer.posts[0]?.calendar || store.known().calendars[0]?.name || "");
  return answer;
}

/**
 * The same for several posts together.
 * @param {() => { key: string, revision: string, part?: string }[]} posts
 * @param {Do} act
 */
export async function attemptMany(posts, act) {
  try {
    const answer = await server.changeMany(posts, act);
    store.take(answer);
    tell([answer.say, ...answer.problems.map((each) => each.message).slice(0, 2)].join(" · "), { actions: [{ words: "Undo", press: () => undo(answer.step) }] });
    return true;
  } catch (error) {
    if (error instanceof server.Clashed) tell(error.message, { wrong: true });
    else tellError(error);
    return false;
  }
}

/** A picture that no post shows any more goes only if somebody says so. @param {string} path @param {string} calendar */
function offer(path, calendar) {
  tell(`No post shows ${path} any more.`, { actions: [{ words: "Remove the file", press: () => drop(path, calendar, false) }] });
}

/** @param {string} path @param {string} calendar @param {boolean} back */
async function drop(path, calendar, back) {
  try {
    await server.discard(path, calendar, back);
    tell(back ? `${path} is back.` : `${path} removed.`, { actions: back ? [] : [{ words: "Put it back", press: () => drop(path, calendar, true) }] });
  } catch (error) {
    tellError(error);
  }
}

/**
 * Does it, and tells what was against it; true if it was done.
 * @param {string | null} key
 * @param {Do} act
 * @param {{ actions?: Action[], taken?: (by: import("./types.js").Refusal) => Promise<boolean> }} [more] `taken` asks what to do
 *   where another post has the minute
 */
export async function attempt(key, act, { actions = [], taken } = {}) {
  try {
    await send(key, act, { actions });
    return true;
  } catch (error) {
    if (error instanceof server.Clashed) {
      const answer = await resolve(error.clash, (again, revision) => send(key, again, { revision })).catch(tellError);
      return Boolean(answer) && answer !== "theirs";
    }
    if (taken && error instanceof server.Refused && error.refusal.swap) return taken(error.refusal);
    tellError(error);
    return false;
  }
}
