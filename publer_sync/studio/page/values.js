/** What is in the form, as values: of a post, and what differs from it. */

/**
 * @typedef {import("./types.js").Post} Post
 * @typedef {import("./types.js").Fields} Fields
 * @typedef {import("./types.js").Medium} Medium
 *
 * @typedef {object} Values
 * @property {string} text
 * @property {Record<string, string>} texts
 * @property {import("./types.js").ThreadPart[]} thread
 * @property {import("./types.js").FirstComment | null} comment
 * @property {string} link
 * @property {string[]} labels
 * @property {boolean} draft
 * @property {string} note
 * @property {string[]} accounts
 * @property {Medium[]} media
 * @property {import("./types.js").Poll | null} poll
 * @property {string} day
 * @property {string} time
 */

/** @param {string} day @param {string} time @param {string[]} accounts @returns {Values} */
export function nothing(day, time, accounts) {
  return { text: "", texts: {}, thread: [], comment: null, link: "", labels: [], draft: false, note: "", accounts, media: [], poll: null, day, time };
}

/** @param {Post} post @returns {Values} */
export function valuesOf(post) {
  return {
    text: post.text || "", texts: post.texts || {}, thread: (post.thread || []).map((text, was) => ({ text, was })), comment: post.comment || null, link: post.link || "",
    labels: post.own_labels || [], draft: Boolean(post.draft), note: post.note || "", accounts: post.accounts, media: post.media || [],
    poll: post.poll || null, day: post.at?.day || "", time: post.at?.time || "",
  };
}

/** @param {unknown} one @param {unknown} other */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** All of it, as the server takes it. @param {Values} values @returns {Fields} */
export function fieldsOf({ text, texts, thread, comment, link, labels, draft, note, accounts, media, poll }) {
  return {
    text, texts, thread, comment, link: link || null, labels, draft, note: note || null, accounts, poll,
    media: media.map(({ path, alt }) => ({ path, alt })),
  };
}

/** The fields that differ. @param {Values} before @param {Values} after @returns {Fields} */
export function edited(before, after) {
  const old = fieldsOf(before), now = fieldsOf(after);
  /** @type {Record<string, unknown>} */
  const found = {};
  for (const [name, value] of Object.entries(now)) {
    if (name !== "texts" && !same(value, old[/** @type {keyof Fields} */ (name)])) found[name] = value;
  }
  /** @type {Record<string, string | null>} */
  const texts = {};
  for (const alias of new Set([...Object.keys(before.texts), ...Object.keys(after.texts)])) {
    if (before.texts[alias] !== after.texts[alias]) texts[alias] = after.texts[alias] ?? null;
  }
  return { ...found, ...(Object.keys(texts).length ? { texts } : {}) };
}

/** Of a new post: what it has. @param {Values} values @returns {Fields} */
export function filled(values) {
  return edited(nothing(values.day, values.time, []), values);
}

/** @param {Values} before @param {Values} after */
export function moved(before, after) {
  return {
    ...(before.day === after.day ? {} : { day: after.day }), ...(before.time === after.time ? {} : { time: after.time }),
  };
}
