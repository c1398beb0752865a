/** Posts without a time, above the calendar: from here they are dragged to a day, and get its next free slot. */

import { find, make, page } from "./dom.js";

const FEW = 12; // of more, the rest is reached by scrolling sideways

export function begin() {
  const list = make("div", { class: "tray-posts", role: "group", "aria-label": "Posts without a time" });
  const title = make("p", { class: "tray-title" });
  const tray = make("section", { id: "studio-tray", hidden: true, "aria-label": "Without a time" }, title, list);
  find("#studio-compared").after(tray);
  const draw = () => {
    const waiting = page.untimed(), giveBack = page.heldFocus();
    tray.hidden = !waiting.length;
    if (!waiting.length) return;
    title.replaceChildren(make("b", {}, `${waiting.length} without a time`), make("span", { class: "soft" }, " · drag to a day"));
    list.classList.toggle("many", waiting.length > FEW);
    list.replaceChildren(...waiting.map((card) => {
      const entry = page.entry(card);
      if (card.key) entry.setAttribute("aria-describedby", "studio-how");
      return entry;
    }));
    giveBack();
  };
  document.addEventListener("calendar:drawn", draw);
  draw();
}
