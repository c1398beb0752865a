/**
 * The way to the page. What the server gives a browser that comes in by an address of the terminal is kept where only pages
 * of this port can read it: the cookie goes to every port of this machine, and is not enough.
 */

import { enter, Refused, secret } from "./server.js";

const given = document.body.dataset["secret"];
if (given) secret.keep(given);
// Of a large calendar, the page begins with the days that are seen.
const seen = new URLSearchParams(location.hash.slice(1));
const where = new URLSearchParams(["view", "date"].flatMap((name) => seen.has(name) ? [[name, seen.get(name) || ""]] : []));
enter().then((ticket) => location.replace(`/?page=${ticket}&${where}${location.hash}`), (error) => {
  const words = error instanceof Refused ? error.message : String(error);
  document.body.textContent = secret.value ? words : "Open the address that publer-sync edit shows in the terminal: this browser has lost its key to the page.";
});
