/** What the page asks of the server. */

/**
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {import("./types.js").Refusal} Refusal
 * @typedef {import("./types.js").Clash} Clash
 * @typedef {import("./types.js").Do} Do
 */

/** The server did not do it, and nothing was written. */
export class Refused extends Error {
  /** @param {Refusal} refusal */
  constructor(refusal) {
    super(refusal.say);
    this.refusal = refusal;
  }
}

/** The file says something else of the post than the page did; nothing was written. */
export class Clashed extends Error {
  /** @param {Clash} clash */
  constructor(clash) {
    super(clash.say);
    this.clash = clash;
  }
}

const KEPT = "publer-sync-studio";

/** What goes along with all that reads or writes posts. */
export const secret = {
  /** @param {string} value */
  keep(value) {
    try {
      localStorage.setItem(KEPT, value);
    } catch { /* a browser that keeps nothing cannot show the page */ }
  },
  get value() {
    try {
      return localStorage.getItem(KEPT) || "";
    } catch {
      return "";
    }
  },
};

const AWAY = "publer-sync does not answer. If it was stopped, start it again with publer-sync edit; your words stay on this page.";

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
async function asked(path, options) {
  const headers = { ...options?.headers, "X-Publer-Sync-Studio": secret.value };
  const response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options, headers }).catch(() => null);
  if (!response) throw new Refused({ say: AWAY });
  const found = await response.json().catch(() => ({}));
  if (response.ok) return found;
  if (found.conflict) throw new Clashed(found.conflict);
  throw new Refused(found.refused || { say: found.say || `The server answered ${response.status}.` });
}

/** @param {string} path @param {unknown} body @param {AbortSignal} [signal] */
function posted(path, body, signal) {
  return asked(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), ...(signal ? { signal } : {}),
  });
}

/** For one look at the page. @returns {Promise<string>} */
export const enter = () => posted("/studio/ticket", {}).then(({ ticket }) => ticket);

/** @returns {Promise<import("./types.js").State>} */
export const posts = () => asked("/studio/posts");

/** What a large calendar has besides the posts that are shown. @returns {Promise<import("./types.js").Outline>} */
export const outline = () => asked("/studio/outline");

/** The words on the cards of posts, by key: with the time and the accounts of each card. @param {string[]} keys @returns {Promise<Record<string, [string, string, string][]>>} */
export const texts = (keys) => asked(`/studio/texts?keys=${keys.map(encodeURIComponent).join(",")}`);

/** `version` is the oldest of what is found. @param {string[]} keys @returns {Promise<{ version: number, cards: Record<string, string[]>, posts: import("./types.js").Post[] }>} */
export async function cardsOf(keys) {
  const most = 500; // an address has to stay short
  /** @type {{ version: number, cards: Record<string, string[]>, posts: import("./types.js").Post[] }} */
  const found = { version: 0, cards: {}, posts: [] };
  for (let from = 0; from < keys.length; from += most) {
    const { version, cards, posts: those } = await asked(`/studio/cards?keys=${keys.slice(from, from + most).map(encodeURIComponent).join(",")}`);
    found.version ||= version;
    Object.assign(found.cards, cards);
    found.posts.push(...those);
  }
  return found;
}

/** @returns {Promise<import("./types.js").Changes>} */
export const changes = () => asked("/studio/changes");

/** @param {import("./types.js").Kept & { page: string, again: boolean }} kept without values: forget them; `again`: that was asked before, of which nothing was heard */
export const keep = (kept) => asked("/studio/kept", {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(kept), keepalive: true,
});

/** Takes a picture that nothing shows out of the calendar, or puts it back. @param {string} path @param {string} calendar @param {boolean} back */
export const discard = (path, calendar, back) => inTurn(() => posted("/studio/discard", { path, calendar, back }));

/** Brings a file, or the post that stood on a line of it, back as the last commit has it. @param {{ file: string, calendar: number, line?: number }} what @returns {Promise<Answer>} */
export const restore = (what) => inTurn(() => posted("/studio/restore", what));

/** @param {string} mark of what was shown @param {string} line @returns {Promise<import("./types.js").Reviewed>} */
export const putUp = (mark, line) => inTurn(() => posted("/studio/review", { mark, line }));

/** @returns {Promise<import("./types.js").Reviewed>} */
export const backToDefault = () => inTurn(() => posted("/studio/back", {}));

/**
 * @param {{ key: string, part?: string, accounts?: string[], from: string, to: string, time?: string }} question
 * @returns {Promise<{ days: Record<string, import("./types.js").Landing> }>}
 */
export const days = (question) => posted("/studio/days", question);

/** What a new post begins with. @param {{ calendar: string, day?: string, from?: string }} question @returns {Promise<{ day: string, time: string, accounts: string[] }>} */
export const fresh = (question) => posted("/studio/fresh", question);

/** @param {object} typed @returns {Promise<import("./types.js").Counted>} */
export const words = (typed) => posted("/studio/words", typed);

/**
 * @param {File} file
 * @param {string} calendar
 * @returns {Promise<{ path: string, thumb: string }>}
 */
export const upload = (file, calendar) => asked(`/studio/media?${new URLSearchParams({ name: file.name, calendar })}`, {
  method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file,
});

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * One change after the other, so that each is judged by what the one before it wrote.
 * @template T
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
function inTurn(act) {
  const next = last.then(act, act);
  last = next.catch(() => null);
  return next;
}

/** Once every change that was sent is answered, and the answer taken over. */
export async function quiet() {
  await last;
  await new Promise((go) => setTimeout(go));
}

/**
 * @param {string | null} key
 * @param {() => string | null} revision what the change is about, asked once it is its turn
 * @param {Do} act
 * @returns {Promise<Answer>}
 */
export const change = (key, revision, act) => inTurn(() => posted("/studio/change", { key, revision: revision(), do: act }));

/** @param {() => { key: string, revision: string, part?: string }[]} posts asked once it is their turn @param {Do} act @returns {Promise<Answer>} */
export const changeMany = (posts, act) => inTurn(() => posted("/studio/change", { posts: posts(), do: act }));

/** @param {() => number | null} step its number, asked once it is its turn @returns {Promise<Answer>} */
export const undo = (step) => inTurn(() => posted("/studio/undo", { step: step() }));

/** @param {() => number | null} step @returns {Promise<Answer>} */
export const redo = (step) => inTurn(() => posted("/studio/redo", { step: step() }));

/**
 * Calls with each version that is newer than `since`, for as long as the page is open.
 * @param {() => number} since
 * @param {(version: number) => void} newer
 * @param {(there: boolean) => void} there whether the server answers
 */
export function listen(since, newer, there) {
  let told = 0;
  const begin = () => {
    const source = new EventSource(`/studio/events?since=${told || since()}`);
    source.addEventListener("open", () => there(true));
    source.addEventListener("message", (event) => {
      source.close(); // the server ends it after one version, which is not an error
      told = JSON.parse(event.data).version;
      newer(told);
      begin();
    });
    source.addEventListener("error", () => {
      there(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(begin, 2000);
    });
  };
  begin();
}
