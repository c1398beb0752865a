/** Sends a change, and tells what came of it. */

import * as server from "./server.js";
import * as store from "./store.js";
import { resolve } from "./conflicts.js";
import { tell, tellError } from "./telling.js";
import { undo } from "./history.js";

/**
 * @typedef {import("./types.js").Do} Do
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {import("./telling.js").Action} Action
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
  tell([answer.say, ...warnings.slice(0, 2)].join(" · "), { actions: [{ words: "Undo", press: undo }, ...actions] });
  return answer;
}

/**
 * Does it, and tells what was against it; true if it was done.
 * @param {string | null} key
 * @param {Do} act
 * @param {{ actions?: Action[] }} [more]
 */
export async function attempt(key, act, more = {}) {
  try {
    await send(key, act, more);
    return true;
  } catch (error) {
    if (error instanceof server.Clashed) await resolve(error.clash, (again, revision) => send(key, again, { revision }));
    else tellError(error);
    return false;
  }
}
