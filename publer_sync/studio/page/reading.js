/** Of a large calendar, the page begins with what is seen: reads the rest as it is looked at, and says so while it does. */

import { button, count, find, make, page } from "./dom.js";
import * as server from "./server.js";
import * as store from "./store.js";

const MOST = 500, SEARCHED = 2000; // posts at a time, so that a change does not wait for all of them

export function begin() {
  if (!store.known().large) return;
  const told = make("p", { id: "studio-reading", role: "status" });
  find("body").append(told);
  let busy = false, known = false;
  const read = async () => {
    if (!known) {
      told.textContent = `Reading and checking the other ${count(page.unread(), "post")}…`;
      await store.load();
      known = true;
    }
    for (let came = false; ; came = true) {
      const keys = page.wanted(), searched = page.unsearched();
      if (keys.length && (keys.length <= MOST || !searched.length)) {
        told.textContent = `Reading ${count(page.unread(), "more post")}…`;
        await store.draw(keys.slice(0, MOST));
      } else if (searched.length) {
        told.textContent = `Searching ${count(searched.length, "more post")}…`;
        page.search(await server.texts(searched.slice(0, SEARCHED)));
      } else return came;
    }
  };
  const more = async () => {
    if (busy) return;
    busy = true;
    try {
      const came = await read();
      told.replaceChildren();
      if (came) page.settled();
    } catch (error) {
      told.replaceChildren(make("span", {}, `Not all posts could be read. ${error instanceof Error ? error.message : error}`), button("Read them", () => {
        busy = false;
        more();
      }));
      return; // whoever goes on looking is not told again and again
    }
    busy = false;
    if (page.wanted().length || page.unsearched().length) more();
  };
  document.addEventListener("calendar:drawn", more);
  more();
}
