/** The form of a post, new or not: everything that the page can write of one, with how it counts and looks while one types. */

import { all, button, find, fresh, make, page, spokenPlace } from "./dom.js";
import { AccountWords, accountBoxes } from "./account-words.js";
import { resolve } from "./conflicts.js";
import { counting } from "./counting.js";
import { ask } from "./asking.js";
import { send } from "./changing.js";
import * as keeping from "./keeping.js";
import { PollFields, Thread } from "./lists.js";
import { Pictures, receive } from "./media.js";
import { look } from "./look.js";
import { openMove } from "./move-dialog.js";
import { openKept } from "./opening.js";
import { hasPassed } from "./moving.js";
import { duplicate, remove } from "./post-acts.js";
import * as server from "./server.js";
import * as store from "./store.js";
import { tell } from "./telling.js";
import { edited, fieldsOf, filled, moved, valuesOf } from "./values.js";
import { Words } from "./words.js";

/**
 * @typedef {import("./types.js").Post} Post
 * @typedef {import("./types.js").Do} Do
 * @typedef {import("./values.js").Values} Values
 */

/** @type {Editor | null} */
let open = null;

class Editor {
  /**
   * @param {Post | null} post null for a new one
   * @param {string} calendar
   * @param {Values} values as the file has them, or as a new post begins
   * @param {string | undefined} part which of a series was opened
   * @param {import("./types.js").Kept | undefined} kept words that were not saved
   */
  constructor(post, calendar, values, part, kept) {
    this.post = post;
    this.calendar = calendar;
    this.part = part;
    const cards = post ? page.of(post.key) : [], card = part ? cards.find((each) => each.element.dataset.part === part) : undefined;
    const past = Boolean(post?.past) || (cards.length > 0 && cards.every(hasPassed)); // as the clock is now
    /** Why it can only be read; "" if it can be written. */
    this.over = !post ? "" : past ? post.fate || "Its time has passed." : card && hasPassed(card) ? "The time of this one has passed. Open a later one to write the series." : "";
    this.name = kept?.name || keeping.fresh();
    this.giveBack = page.heldFocus();
    this.baseline = values;
    this.id = fresh("editor");
    this.alert = make("div", { class: "alert", role: "alert" });
    this.meanwhile = make("div", { class: "meanwhile", role: "status" });
    this.body = make("div", { class: "editor-body" });
    this.look = make("aside", { class: "look", "aria-label": "How it looks" });
    this.state = make("span", { class: "soft", role: "status" });
    this.saver = make("button", { class: "main" }, post ? "Save" : "Add the post");
    this.form = make("form", { novalidate: true, submit: (/** @type {Event} */ event) => {
      event.preventDefault();
      this.save();
    } }, this.head(), make("div", { class: "editor-scroll" }, this.alert, this.meanwhile, make("div", { class: "editor-columns" }, this.body, this.look)), this.foot());
    this.dialog = make("dialog", { class: "editor", "aria-labelledby": this.id }, this.form);
    this.count = counting(() => this.question(), (counted) => this.show(counted));
    this.build(values);
    this.baseline = this.values(); // as the form gives it back
    if (kept && !this.over) this.restore(kept.values);
    this.dialog.addEventListener("close", () => this.closed());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.save();
      }
    });
    receive(this.dialog, () => this.over ? undefined : this.pictures);
    find("body").append(this.dialog);
    this.dialog.showModal();
    keeping.remember(post ? `post:${post.key}${part ? ` ${part}` : ""}` : `new:${this.name}`);
    this.changed();
    const focus = this.form.querySelector("textarea:not([readonly])");
    if (focus instanceof HTMLElement && matchMedia("(pointer: fine)").matches) focus.focus();
    else find("h3", this.form).focus();
  }

  head() {
    const { post } = this;
    const title = post ? `${this.over ? "Read" : "Edit"} ${store.called(post)}` : "New post";
    return make("header", {}, make("h3", { id: this.id, tabindex: "-1" }, title),
      post ? make("a", { class: "place", href: post.open, title: `Open ${post.file}:${post.line} in the editor` }, `${post.file}:${post.line}`) : null,
      button("×", () => this.dialog.close(), { "aria-label": "Close" }));
  }

  foot() {
    const { post } = this;
    return make("footer", {}, ...(this.over ? [button("Close", () => this.dialog.close())] : [this.saver, button("Cancel", () => this.discard())]), this.state,
      ...(post ? [
        make("span", { class: "spring" }),
        button("Duplicate to…", () => this.duplicate()),
        button("Remove", () => this.remove(), { class: "risky" }),
      ] : []));
  }

  /** @param {Values} values */
  build(values) {
    const changed = () => this.changed();
    this.words = new AccountWords(values, { calendar: () => this.calendar, changed, why: this.why("text") });
    this.pictures = new Pictures(values.media, () => this.calendar, changed);
    this.thread = new Thread(values.thread, changed);
    this.poll = new PollFields(values.poll, changed);
    this.comment = new Words("First comment", values.comment?.text || "", { rows: 2, typed: changed });
    this.note = new Words("Note for colleagues, never sent", values.note, { rows: 2, typed: changed });
    this.link = make("input", { type: "url", value: values.link, id: fresh("link"), placeholder: "https://", input: changed, autocomplete: "off" });
    this.labels = make("input", { type: "text", value: values.labels.join(", "), id: fresh("labels"), input: changed, autocomplete: "off", list: fresh("known") });
    const known = make("datalist", { id: this.labels.getAttribute("list") }, ...(store.calendar(this.calendar)?.labels || []).map((label) => make("option", { value: label })));
    this.draft = make("input", { type: "checkbox", checked: values.draft, change: changed });
    this.day = make("input", { type: "date", value: values.day, id: fresh("day"), input: changed });
    this.time = make("input", { type: "time", value: values.time, id: fresh("time"), input: changed });
    const calendars = store.known().calendars;
    this.body.replaceChildren(...[
      !this.post && calendars.length > 1 ? this.chooseCalendar() : null,
      this.accounts(values.accounts),
      this.locked("accounts", null),
      this.words.element,
      this.locked("text", null),
      this.field("media", this.pictures.element),
      this.when(),
      make("div", { class: "pair" },
        this.field("link", make("div", { class: "field" }, make("label", { for: this.link.id }, "Link"), this.link)),
        this.field("labels", make("div", { class: "field" }, make("label", { for: this.labels.id }, "Labels, with commas"), this.labels, known, this.fixed()))),
      this.field("draft", make("label", { class: "switch-line" }, this.draft, " Draft: stays a draft in Publer, and is not published")),
      this.more("thread", "Thread", this.thread.element, values.thread.length > 0),
      this.more("poll", "Poll", this.poll.element, Boolean(values.poll)),
      this.more("comment", "First comment", this.comment.element, Boolean(values.comment)),
      this.more("note", "Note", this.note.element, Boolean(values.note)),
    ].filter((each) => each !== null));
    if (!this.over) return;
    this.tellMeanwhile(this.over, "Duplicate to…", () => this.duplicate());
    this.pictures.zone.hidden = true;
    for (const each of all("input, select, button:not(.pill)", this.body)) /** @type {HTMLInputElement} */ (each).disabled = true;
    for (const each of all("textarea", this.body)) /** @type {HTMLTextAreaElement} */ (each).readOnly = true;
  }

  chooseCalendar() {
    const select = make("select", { change: () => {
      this.calendar = select.value;
      this.build({ ...this.values(), accounts: [] });
      this.changed();
    } });
    for (const { name } of store.known().calendars) select.append(make("option", { value: name, selected: name === this.calendar }, name));
    return make("label", { class: "field" }, "Calendar", select);
  }

  /** @param {string[]} chosen */
  accounts(chosen) {
    return accountBoxes(store.calendar(this.calendar)?.accounts || [], chosen, Boolean(this.why("accounts")), () => {
      this.words?.choose(this.chosen);
      this.changed();
    });
  }

  get chosen() {
    return all("[name=accounts]:checked", this.body).map((each) => /** @type {HTMLInputElement} */ (each).value);
  }

  when() {
    const { post } = this, at = post?.at;
    const notes = [
      at?.counts_from ? `Its time counts from ${at.counts_from} (${at.written}), and keeps counting.` : "",
      post?.series ? `It repeats every ${post.series.every}: ${post.series.parts.length} posts. They share these words and pictures.` : "",
      post && Object.keys(post.times).length ? `${Object.entries(post.times).map(([alias, { day, time }]) => `${alias} at ${day === at?.day || !day ? time : spokenPlace({ day, time: time || "" })}`).join(", ")}.` : "",
      `Times are in ${at?.zone || store.calendar(this.calendar)?.zone}.`,
    ].filter(Boolean);
    const series = Boolean(post?.series);
    const fields = make("div", { class: "when" },
      make("label", { for: this.day?.id }, "Day", this.day || null), make("label", { for: this.time?.id }, "Time", this.time || null));
    if (series && !this.part && (post?.series?.parts.length || 0) > 1) {
      return make("p", { class: "soft" }, `${notes.join(" ")} To move one of them, or all from one on, open the card of its day.`);
    }
    if (series) {
      return make("div", { class: "field" }, make("p", { class: "soft" }, notes.join(" ")),
        button("Move this one, or all from here…", () => {
          const card = page.of(this.post?.key || "").find((each) => each.element.dataset.part === this.part);
          this.dialog.close();
          openMove(this.post?.key || "", card ? { card } : {});
        }, { class: "quiet" }));
    }
    return this.field("at", make("div", { class: "field" }, fields, make("p", { class: "soft" }, notes.join(" "))));
  }

  /** The labels that the post has from elsewhere, and where they are changed. */
  fixed() {
    const { post } = this, given = post ? post.labels.filter((label) => !post.own_labels.includes(label)) : [];
    if (!post || !given.length) return null;
    return make("p", { class: "soft" }, `Also ${given.join(", ")}, from the defaults or the accounts: change that in `, make("a", { href: post.open }, "the files"),
      "; with labels: null, a post has none of the defaults.");
  }

  /** Why a field cannot be written back; undefined if it can. @param {string} name */
  why(name) {
    return this.post?.why_not[name] || this.post?.why_not.all;
  }

  /** A field, or why it cannot be written back. @param {string} name @param {HTMLElement} element */
  field(name, element) {
    const locked = this.locked(name, element);
    return locked ? make("div", {}, element, locked) : element;
  }

  /** @param {string} name @param {HTMLElement | null} element whose fields are then read only */
  locked(name, element) {
    const reason = this.why(name);
    if (!reason || !this.post) return null;
    for (const each of element ? all("input, textarea, select, button", element) : []) /** @type {HTMLInputElement} */ (each).disabled = true;
    return make("p", { class: "locked" }, `${reason} `, make("a", { href: this.post.open }, `Open ${this.post.file}:${this.post.line}`));
  }

  /** @param {string} name @param {string} title @param {HTMLElement} element @param {boolean} shown */
  more(name, title, element, shown) {
    return make("details", { class: "more-fields", open: shown, "data-more": name }, make("summary", {}, title), this.field(name, element));
  }

  /** @returns {Values} */
  values() {
    const comment = this.comment?.value.trim() ? { ...this.post?.comment, text: this.comment.value } : null;
    return {
      text: this.words?.text || "", texts: this.words?.texts || {}, thread: this.thread?.value || [], comment,
      link: this.link?.value.trim() || "", labels: (this.labels?.value || "").split(",").map((each) => each.trim()).filter(Boolean),
      draft: this.draft?.checked || false, note: this.note?.value || "", accounts: this.chosen, media: this.pictures?.media.map((each) => ({ ...each })) || [],
      poll: this.poll?.value || null, day: this.day?.value || "", time: this.time?.value || "",
    };
  }

  get dirty() {
    return JSON.stringify(this.values()) !== JSON.stringify(this.baseline);
  }

  changed() {
    if (this.over) return;
    if (this.dirty) keeping.keep({ name: this.name, key: this.post?.key ?? null, calendar: this.calendar, values: { ...this.values(), revision: this.post?.revision || null, part: this.part } });
    else keeping.forget(this.name, this.calendar);
    this.state.textContent = this.dirty ? "Not saved yet" : "";
    this.count();
  }

  /** @param {import("./keeping.js").KeptValues} kept words that were not saved */
  restore(kept) {
    const { revision, part, ...values } = kept;
    this.build(/** @type {Values} */ (values));
    this.tellMeanwhile("Here is what you wrote before and did not save.", "Discard it", () => this.reset());
    // What they were written on: a file that changed since then is shown beside them before anything is written.
    if (this.post && revision && revision !== this.post.revision) this.post = { ...this.post, revision };
  }

  /** Back to what the file says. */
  reset() {
    keeping.forget(this.name, this.calendar);
    const now = this.post && store.post(this.post.key);
    if (now) this.post = now;
    this.build(this.post ? valuesOf(this.post) : this.baseline);
    this.baseline = this.values();
    this.meanwhile.replaceChildren();
    this.alert.replaceChildren();
    this.changed();
  }

  /** @param {string} words @param {string} [act] @param {() => void} [press] */
  tellMeanwhile(words, act, press) {
    this.meanwhile.replaceChildren(make("p", {}, words), ...(act && press ? [button(act, press)] : []));
  }

  /** What the server says of the words as they are typed. */
  question() {
    if (!this.dialog.isConnected) return null;
    const values = this.values();
    return { key: this.post?.key ?? null, calendar: this.calendar, ...(values.day ? { day: values.day } : {}), ...fieldsOf(values) };
  }

  /** @param {import("./types.js").Counted} counted */
  show(counted) {
    this.words?.take(counted);
    this.thread?.show(counted.thread || [], (alias) => store.account(this.calendar, alias).label);
    const face = this.words?.face || "";
    this.look.replaceChildren(...look(counted, face ? store.account(this.calendar, face) : null, this.pictures?.media || []));
  }

  /** The files changed while the form is open. */
  newer() {
    const now = this.post && store.post(this.post.key);
    if (!this.post || (now && now.revision === this.post.revision)) return;
    if (!now) {
      this.tellMeanwhile("This post is no longer in the files. Your words are kept here.");
      return;
    }
    if (!this.dirty) {
      this.post = now;
      this.build(valuesOf(now));
      this.baseline = this.values();
      this.tellMeanwhile("The file changed; this is how it is now.");
      this.count();
    } else this.tellMeanwhile("The file changed meanwhile. Your words are kept: Save shows both versions, and overwrites nothing by itself.");
  }

  /** What there is to do. @returns {Do | null} */
  act() {
    const values = this.values();
    const gone = this.post && !store.post(this.post.key);
    if (!this.post || gone) return { new: { calendar: this.calendar, day: values.day, ...(values.time ? { time: values.time } : {}), ...filled(values), accounts: values.accounts } };
    const edit = edited(this.baseline, values), move = moved(this.baseline, values);
    const act = { ...(Object.keys(edit).length ? { edit } : {}), ...(Object.keys(move).length ? { move } : {}) };
    return Object.keys(act).length ? act : null;
  }

  async save() {
    if (this.over) return;
    if (this.post && !store.post(this.post.key) && !await ask("This post was removed meanwhile", [
      "It is no longer in the files: somebody removed it, in another window or in an editor. Your words are still here.",
    ], [{ value: "add", words: "Add it again, as a new post", main: true }])) return;
    const act = this.act();
    if (!act) return this.dialog.close();
    this.saver.disabled = true;
    this.alert.replaceChildren();
    const gone = this.post && !store.post(this.post.key), key = gone ? null : this.post?.key ?? null, revision = gone ? null : this.post?.revision ?? null;
    try {
      this.done(await send(key, act, { revision }));
    } catch (error) {
      if (error instanceof server.Clashed) {
        const answer = await resolve(error.clash, (again, newer) => send(key, again, { revision: newer })).catch((second) => this.refused(second));
        if (answer === "theirs") this.reset();
        else if (answer) this.done(answer);
      } else this.refused(error);
    } finally {
      this.saver.disabled = false;
    }
  }

  /** @param {import("./types.js").Answer} answer */
  done(answer) {
    keeping.forget(this.name, this.calendar);
    this.baseline = this.values();
    this.after = answer.posts[0]?.key;
    this.dialog.close();
  }

  /** @param {unknown} error */
  refused(error) {
    if (!(error instanceof server.Refused)) throw error;
    const { say, problems = [], open: address, file, line, paste } = error.refusal;
    this.alert.replaceChildren(make("p", {}, make("b", {}, "Not saved. "), say),
      ...problems.filter((each) => !say.includes(each.message)).map((each) => make("p", {}, each.message)),
      ...(paste ? [make("pre", { tabindex: "0", "aria-label": "Lines to paste" }, paste)] : []),
      ...(address ? [make("a", { href: address }, `Open ${file}:${line}`)] : []));
    this.alert.scrollIntoView({ block: "nearest" });
  }

  async duplicate() {
    if (this.post && await duplicate(this.post, this.values().day, this.part)) this.dialog.close();
  }

  async remove() {
    if (this.post && await remove(this.post, this.part)) this.discard();
  }

  /** Leaves without the words; closing with × or Escape keeps them. */
  discard() {
    this.baseline = this.values();
    keeping.forget(this.name, this.calendar);
    this.dialog.close();
  }

  closed() {
    open = null;
    keeping.remember(null);
    this.dialog.remove();
    const { post } = this, kept = keeping.named(this.name);
    store.tell();
    if (this.dirty && !this.over && kept) {
      const yours = `Your words${post ? ` for ${store.called(post)}` : ""}`, actions = [{ words: "Keep writing", press: () => openKept(kept) }];
      keeping.settle(this.name).then((why) => why ? tell(`${yours} could not be kept: ${why} They are on this page alone.`, { wrong: true, actions })
        : tell(`${yours} are kept, not saved.`, { actions }));
    }
    if (this.after) {
      const card = page.of(this.after)[0];
      if (card) page.focusOn(card.number);
    } else if (!this.giveBack() && post && page.of(post.key)[0]) page.focusOn(/** @type {import("./types.js").Card} */ (page.of(post.key)[0]).number);
  }
}

/**
 * Opens the form, unless one is open.
 * @param {Post | null} post
 * @param {string} calendar
 * @param {Values} values
 * @param {{ part?: string | undefined, kept?: import("./types.js").Kept | undefined }} [more]
 */
export function openForm(post, calendar, values, { part, kept } = {}) {
  open ??= new Editor(post, calendar, values, part, kept);
}

store.watch(() => open?.newer());
