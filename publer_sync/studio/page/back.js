/** On a phone, Back closes what is open over the calendar, and leaves the page only where nothing is. */

import { all } from "./dom.js";

export function begin() {
  if (!matchMedia("(pointer: coarse)").matches) return;
  new MutationObserver(() => {
    if (all("dialog[open]").length && !history.state?.over) history.pushState({ over: true }, "", location.href);
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["open"] });
  addEventListener("popstate", () => {
    const dialog = all("dialog[open]").pop();
    if (dialog instanceof HTMLDialogElement) dialog.close();
  });
}
