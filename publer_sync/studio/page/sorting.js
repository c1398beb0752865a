/** Lists whose items change places: by a handle that is dragged with a mouse or a finger, and by two buttons for the keyboard. */

import { button, make } from "./dom.js";
import { say } from "./telling.js";

const ENDS = /** @type {const} */ (["pointerup", "pointercancel"]);

/**
 * The handle and the two buttons of an item.
 * @param {HTMLElement} item
 * @param {{ name: () => string, move: (from: number, to: number) => void }} about `name` is what a screen reader calls it
 */
export function places(item, { name, move }) {
  const list = () => /** @type {HTMLElement} */ (item.parentElement), index = () => [...list().children].indexOf(item);
  const shift = (/** @type {number} */ by) => {
    const from = index(), to = from + by, parent = list();
    if (to < 0 || to >= parent.children.length) return;
    move(from, to);
    const there = parent.children[to], same = there?.querySelector(by < 0 ? "[data-earlier]" : "[data-later]");
    const other = there?.querySelector(by < 0 ? "[data-later]" : "[data-earlier]");
    /** @type {HTMLElement | null} */ (same instanceof HTMLButtonElement && !same.disabled ? same : other ?? null)?.focus();
    say(`Now ${to + 1} of ${parent.children.length}.`);
  };
  const earlier = button("↑", () => shift(-1), { "data-earlier": true }), later = button("↓", () => shift(1), { "data-later": true });
  const handle = make("span", { class: "handle", "aria-hidden": "true", title: "Drag to another place" }, "⠿");
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const from = index();
    item.classList.add("held");
    const to = (/** @type {PointerEvent} */ at) => {
      const others = [...list().children].filter((each) => each !== item);
      const next = others.find((each) => {
        const box = each.getBoundingClientRect();
        return at.clientY < box.top + box.height / 2;
      });
      if ((next || null) !== item.nextElementSibling) list().insertBefore(item, next || null);
    };
    const end = (/** @type {PointerEvent} */ up) => {
      document.removeEventListener("pointermove", to);
      for (const kind of ENDS) document.removeEventListener(kind, end);
      item.classList.remove("held");
      const place = index();
      list().insertBefore(item, [...list().children].filter((each) => each !== item)[from] || null);
      if (up.type === "pointerup" && place !== from) move(from, place);
    };
    // Not on the handle, which loses the pointer while its item changes places.
    document.addEventListener("pointermove", to);
    for (const kind of ENDS) document.addEventListener(kind, end);
  });
  return {
    handle, earlier, later,
    /** Once the item has its place. @param {number} number @param {number} of */
    tell: (number, of) => {
      earlier.disabled = number === 0;
      later.disabled = number === of - 1;
      earlier.setAttribute("aria-label", `${name()} earlier`);
      later.setAttribute("aria-label", `${name()} later`);
    },
  };
}

/** @template T @param {T[]} items @param {number} from @param {number} to */
export function shifted(items, from, to) {
  const [moved] = items.splice(from, 1);
  if (moved !== undefined) items.splice(to, 0, moved);
}
