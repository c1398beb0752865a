/** How a post looks on one account, and what is wrong with it, as the server says. */

import { glyph } from "./account-words.js";
import { make } from "./dom.js";

/** @param {import("./types.js").Problem} problem */
function line({ severity, message, fix, open, file, line: at }) {
  return make("li", { class: severity }, make("b", {}, severity === "error" ? "Error" : "Warning"), ` ${message}`,
    ...(fix ? [make("span", { class: "fix" }, fix)] : []), ...(open && file ? [" ", make("a", { href: open }, `${file}:${at}`)] : []));
}

/**
 * @param {import("./types.js").Counted} counted
 * @param {import("./types.js").Account | null} account
 * @param {import("./types.js").Medium[]} media
 */
export function look(counted, account, media) {
  const here = counted.problems.filter((each) => !each.account || !account || each.account === account.alias);
  const elsewhere = [...new Set(counted.problems.filter((each) => !here.includes(each)).map((each) => each.account || ""))];
  const problems = [
    ...(here.length ? [make("ul", { class: "problems" }, ...here.map(line))] : []),
    ...(elsewhere.length ? [make("p", { class: "soft" }, `There is more to say of it on ${elsewhere.join(", ")}: choose the account above the words.`)] : []),
  ];
  if (!account) return [...problems, make("p", { class: "soft" }, "Choose an account to see how it looks there.")];
  const words = make("div", { class: "looked", dir: "auto" });
  words.innerHTML = counted.shown[account.alias] || "";
  const pictures = media.filter((each) => each.thumb).map((each) => make("img", { src: each.thumb, alt: each.alt }));
  return [...problems,
    make("div", { class: "card" }, make("p", { class: "chip" }, glyph(account.network), account.name), words,
      ...(pictures.length ? [make("div", { class: "looked-media" }, ...pictures)] : [])),
    make("p", { class: "soft" }, `Roughly as ${account.label} shows it.`)];
}
