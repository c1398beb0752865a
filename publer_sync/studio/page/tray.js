/** Posts without a time, above the calendar: from here they are dragged to a day, and get its next free slot. Those in store stay, and a use of them comes there. */

import { find, make, page } from "./dom.js";
import * as store from "./store.js";

const FEW = 12; // of more, the rest is reached by scrolling sideways

export function begin() {
  const groups = [
    { name: "Posts without a time", words: "without a time", how: " · drag to a day", stored: false },
    { name: "Posts in store", words: "in store", how: " · drag to a day to use", stored: true },
  ].map((kind) => {
    const list = make("div", { class: "tray-posts", role: "group", "aria-label": kind.name });
    const title = make("p", { class: "tray-title" });
    return { ...kind, list, title, group: make("div", { class: "tray-group", hidden: true }, title, list) };
  });
  const tray = make("section", { id: "studio-tray", hidden: true, "aria-label": "Without a time" }, ...groups.map((each) => each.group));
  find("#studio-compared").after(tray);
  const draw = () => {
    const untimed = page.untimed(), giveBack = page.heldFocus();
    tray.hidden = !untimed.length;
    for (const { words, how, stored, list, title, group } of groups) {
      const cards = untimed.filter((card) => Boolean(store.post(card.key)?.stored) === stored);
      group.hidden = !cards.length;
      title.replaceChildren(make("b", {}, `${cards.length} ${words}`), make("span", { class: "soft" }, how));
      list.classList.toggle("many", cards.length > FEW);
      list.replaceChildren(...cards.map((card) => {
        const entry = page.entry(card);
        if (card.key) entry.setAttribute("aria-describedby", "studio-how");
        return entry;
      }));
    }
    giveBack();
  };
  document.addEventListener("calendar:drawn", draw);
  store.watch(draw);
  draw();
}
