/** Day and time as fields, and which accounts move: everything that a drag can, without one. */

import { button, find, fresh, make, page, spokenPlace } from "./dom.js";
import * as store from "./store.js";
import { undo } from "./history.js";
import { accountsOn, landings, move } from "./moving.js";
import { tell } from "./telling.js";

/**
 * @typedef {import("./types.js").Card} Card
 * @typedef {import("./moving.js").Place} Place
 */

/**
 * @param {string} key
 * @param {{ card?: Card, from?: Place, to?: Place, step?: number | null }} [more] with `from` and `to`, a move that all accounts
 *   made is made again, once that `step` alone is undone
 */
export function openMove(key, { card: given, from, to, step } = {}) {
  /** @param {Place | undefined} place */
  const cardAt = (place) => {
    const cards = page.of(key), near = cards.filter((each) => each.day === place?.day);
    return near.find((each) => each.at.slice(11) === place?.time) || near[0] || cards[0];
  };
  const card = given || cardAt(to || from), post = store.post(key);
  if (!card || !post) return;
  const id = fresh("move"), giveBack = page.heldFocus();
  const day = make("input", { type: "date", name: "day", required: true, value: to?.day || card.day });
  const time = make("input", { type: "time", name: "time", required: true, value: to?.time || card.at.slice(11) });
  const told = make("p", { class: "soft", role: "status" });
  const apart = Object.keys(post.times).length > 0, aliases = apart ? post.accounts : accountsOn(card);
  const boxes = aliases.map((alias) => make("input", { type: "checkbox", name: "accounts", value: alias, checked: true }));
  const choices = boxes.map((box) => {
    const { name, label } = store.account(post.calendar, box.value), at = post.times[box.value] || post.at;
    return make("label", { class: "choice" }, box, ` ${name} (${label})${apart && at?.day && at.time ? `, ${spokenPlace({ day: at.day, time: at.time })}` : ""}`);
  });
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  /** What the server says of the fields as they are. @param {Card} of */
  const landing = async (of) => {
    const other = time.value === of.at.slice(11) ? undefined : time.value;
    const some = chosen().length < boxes.length ? chosen() : undefined;
    return day.value && time.value ? (await landings(of, day.value, day.value, { time: other, accounts: some })).get(day.value) : undefined;
  };
  const check = async () => {
    const found = await landing(card), place = { day: day.value, time: time.value };
    const stays = place.day === card.day && place.time === card.at.slice(11);
    told.textContent = !found || stays ? "" : found.say || `${spokenPlace(place)} is free.`;
  };
  for (const field of [day, time, ...boxes]) field.addEventListener("change", check);
  const form = make("form", { method: "dialog" },
    make("h3", { id }, `Move ${store.called(post)}`),
    post.at?.counts_from ? make("p", { class: "soft" }, `Its time counts from ${post.at.counts_from} (${post.at.written}), and keeps counting.`) : null,
    make("div", { class: "when" }, make("label", {}, "Day", day), make("label", {}, "Time", time)),
    make("p", { class: "soft" }, `Times are in ${post.at?.zone || store.calendar(post.calendar)?.zone}.`),
    boxes.length > 1 ? make("fieldset", { class: "choices" }, make("legend", {}, apart ? "Accounts that move, all by the same amount" : "Accounts that move"), ...choices) : null,
    told,
    make("div", { class: "acts" }, make("button", { class: "main", value: "move" }, "Move"), button("Cancel", () => dialog.close())),
  );
  const dialog = make("dialog", { class: "ask", "aria-labelledby": id }, form);
  form.addEventListener("submit", async () => {
    const accounts = chosen();
    if (boxes.length && !accounts.length) return tell(`${store.called(post)} did not move: no account was chosen.`, { wrong: true });
    const place = { day: day.value, time: time.value };
    let moved = card;
    if (from) { // what moved with all accounts goes back first
      if (!await undo(step)) return;
      moved = cardAt(from) || card;
    }
    await move(moved, place, { landing: await landing(moved), ...(apart || accounts.length < boxes.length ? { accounts } : {}) });
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (!giveBack()) page.focusOn(card.number);
  });
  find("body").append(dialog);
  dialog.showModal();
  day.focus();
  check();
}
