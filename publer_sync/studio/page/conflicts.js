/** Both changed one post: both versions side by side, and nothing is overwritten before somebody decides. */

import { fresh, make, page, spokenPlace } from "./dom.js";
import { ask } from "./asking.js";
import { spoken } from "./fields.js";

/**
 * @typedef {import("./types.js").Do} Do
 * @typedef {import("./types.js").Post} Post
 * @typedef {import("./types.js").Fields} Fields
 * @typedef {{ name: string, yours: string, theirs: string, keep: (into: Do) => void }} Row
 */

/** @param {Do} yours @param {Post} theirs @returns {Row[]} */
function rowsOf(yours, theirs) {
  /** @type {Row[]} */
  const rows = [];
  const move = yours.move;
  if (move) {
    const then = theirs.at?.day ? spokenPlace({ day: theirs.at.day, time: theirs.at.time || "" }) : "no time";
    const day = move.day || theirs.at?.day || page.today, time = move.time || theirs.at?.time || "";
    rows.push({ name: "When", yours: spokenPlace({ day, time }), theirs: then, keep: (into) => { into.move = move; } });
  }
  for (const [field, value] of Object.entries(yours.edit || {})) {
    if (field === "texts") {
      for (const [alias, words] of Object.entries(/** @type {Record<string, string | null>} */ (value))) {
        rows.push({
          name: `Words on ${alias}`, yours: words ?? "the same as everywhere", theirs: theirs.texts[alias] ?? "the same as everywhere",
          keep: (into) => { into.edit = { ...into.edit, texts: { ...into.edit?.texts, [alias]: words } }; },
        });
      }
      continue;
    }
    const name = /** @type {keyof Fields} */ (field);
    rows.push({
      name: spoken(name).label, yours: spoken(name).words(value), theirs: spoken(name).words(name === "labels" ? theirs.own_labels : theirs[name]),
      keep: (into) => { into.edit = { ...into.edit, [name]: value }; },
    });
  }
  return rows.filter((row) => row.yours !== row.theirs);
}

/** @param {string} name @param {string} side @param {string} words @param {boolean} checked */
function version(name, side, words, checked) {
  return make("label", { class: "version" },
    make("span", { class: "kicker" }, make("input", { type: "radio", name, value: side, checked }), side === "mine" ? "Yours" : "In the file"),
    make("span", { class: "version-words", dir: "auto" }, words || "nothing"));
}

/**
 * Asks which version of each field counts. What `again` answers if something of yours does, "theirs" if nothing does, and
 * null where it is left open.
 * @template T
 * @param {import("./types.js").Clash} clash
 * @param {(act: Do, revision: string) => Promise<T>} again
 * @returns {Promise<T | "theirs" | null>}
 */
export async function resolve(clash, again) {
  const { yours, theirs } = clash;
  if (!theirs) {
    await ask("This post was removed from the file meanwhile", [`${clash.say} What you wrote stays in the form; saving it again adds it as a new post.`], []);
    return null;
  }
  const rows = rowsOf(yours, theirs);
  const where = make("p", { class: "soft" }, `${clash.say} `, make("a", { href: clash.open }, `Open ${clash.file}:${clash.line}`));
  if (yours.edit && !rows.length) return "theirs"; // somebody wrote the same
  const sides = rows.map((row) => {
    const name = fresh("side");
    return make("fieldset", { class: "versions", "data-name": name }, make("legend", {}, row.name),
      version(name, "mine", row.yours, true), version(name, "file", row.theirs, false));
  });
  const given = await ask("This post changed in the file meanwhile", [where, ...sides], [
    { value: "mine", words: rows.length ? "Save what is chosen" : "Do it anyway", main: true },
    { value: "theirs", words: "Keep the file's version" },
  ]);
  if (given !== "mine") return given;
  /** @type {Do} */
  const act = { ...yours };
  if (rows.length) {
    delete act.edit;
    delete act.move;
    for (const [index, row] of rows.entries()) {
      const chosen = /** @type {HTMLInputElement} */ (sides[index]?.querySelector("input:checked"));
      if (chosen.value === "mine") row.keep(act);
    }
    if (!Object.keys(act).length) return "theirs";
  }
  return again(act, theirs.revision);
}
