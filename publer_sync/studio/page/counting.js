/** Asks the server how the words count while somebody types: the newest question alone is answered. */

import { settled } from "./dom.js";
import * as server from "./server.js";

const PAUSE = 120; // milliseconds

/**
 * @param {() => object | null} typed what is in the form now; null where there is nothing to ask
 * @param {(counted: import("./types.js").Counted) => void} show
 */
export function counting(typed, show) {
  let asked = 0;
  return settled(PAUSE, async () => {
    const question = typed(), mine = ++asked;
    if (!question) return;
    const counted = await server.words(question).catch(() => null);
    if (counted && mine === asked) show(counted);
  });
}
