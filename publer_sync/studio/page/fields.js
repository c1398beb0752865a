/** The fields of a post in words for people, one home for their names. */

/** @typedef {import("./types.js").Fields} Fields */

/** @param {unknown} value */
const plain = (value) => value === null || value === undefined ? "" : String(value);

/** @type {Record<keyof Fields, { label: string, words: (value: any) => string }>} */
const FIELDS = {
  text: { label: "Words", words: plain },
  texts: { label: "Words of one account", words: (texts) => Object.values(texts || {}).join("\n\n") },
  thread: { label: "Thread", words: (parts) => (parts || []).map((/** @type {any} */ each) => each.text ?? each).join("\n\n") },
  comment: { label: "First comment", words: (comment) => plain(comment?.text) },
  link: { label: "Link", words: plain },
  labels: { label: "Labels", words: (labels) => (labels || []).join(", ") },
  draft: { label: "Draft", words: (draft) => draft ? "a draft" : "to be published" },
  note: { label: "Note", words: plain },
  accounts: { label: "Accounts", words: (accounts) => (accounts || []).join(", ") },
  media: { label: "Pictures", words: (media) => (media || []).map((/** @type {{ path: string, alt: string }} */ each) => `${each.path}: ${each.alt || "no alt text"}`).join("\n") },
  poll: { label: "Poll", words: (poll) => poll ? [poll.question, poll.options.join(" / "), poll.duration].filter(Boolean).join(", ") : "" },
};

/** @param {keyof Fields} field */
export const spoken = (field) => FIELDS[field];
