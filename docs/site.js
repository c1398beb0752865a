"use strict";
// What scrolls sideways, such as code and tables on a phone, can be reached and scrolled by the keyboard.
(() => {
  const reach = () => {
    for (const box of document.querySelectorAll("pre > code, .md-typeset__scrollwrap, .md-typeset__table")) {
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
      } else if (box.tabIndex === 0) {
        box.removeAttribute("tabindex");
      }
    }
    // Landmarks of one kind have names that tell them apart.
    for (const nav of document.querySelectorAll("nav.md-nav--primary")) nav.setAttribute("aria-label", "All pages");
    document.querySelectorAll("nav.md-code__nav").forEach((nav, number) => {
      nav.setAttribute("aria-label", `Code block ${number + 1}`);
    });
  };
  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(reach, 50);
  };
  addEventListener("resize", soon);
  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
  soon();
})();
