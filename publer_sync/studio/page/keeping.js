/** Words that are not saved yet, kept in this tab: through a new version of the page, and through a form that was closed. */

/** @typedef {import("./types.js").Fields & { day: string, time: string, revision: string | null }} Kept */

const PREFIX = "publer-sync-words:";

/** @param {string} name @param {Kept} kept */
export function keep(name, kept) {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(kept));
  } catch { /* a browser that keeps nothing: the form still has them */ }
}

/** @param {string} name @returns {Kept | null} */
export function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name) || "null");
  } catch {
    return null;
  }
}

/** @param {string} name */
export function forget(name) {
  try {
    sessionStorage.removeItem(PREFIX + name);
  } catch { /* as above */ }
}

/** The form that is open, so that a page that begins again opens it again. @param {string | null} name */
export function remember(name) {
  if (name === null) forget("open");
  else {
    try {
      sessionStorage.setItem(`${PREFIX}open`, name);
    } catch { /* as above */ }
  }
}

export function open() {
  try {
    return sessionStorage.getItem(`${PREFIX}open`);
  } catch {
    return null;
  }
}
