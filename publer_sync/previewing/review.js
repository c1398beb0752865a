"use strict";
// The review: one change at a time, with what people answer, which stays in this browser until they copy or save it.
document.addEventListener("calendar:ready", ({ detail: page }) => {
  const { find, all, make, named, chosen } = page;
  const place = find("#review");
  // What needs a look first, before what differs, before what is new.
  const RANKS = { remove: 0, account: 1, blocked: 2, missing: 2, missed: 2, held: 2, asked: 6, edit: 4, replace: 4, move: 4, new: 5 };
  const KINDS = ["removed", "on another account", "in need of you", "with a warning", "changed", "new", "to sign off"];
  const rank = (post) => post.mark in RANKS && RANKS[post.mark] < 3 ? RANKS[post.mark] : post.problem ? 3 : RANKS[post.mark] ?? 4;

  // --- the changes: what is alike in all but its day is looked at once

  const contentsOf = (post) => JSON.parse(post.element.dataset.content || "[]");
  const stepsOf = (posts) => {
    const groups = new Map();
    for (const post of posts.filter(page.isChange)) {
      const key = post.element.dataset.alike || String(post.number);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(post);
    }
    return [...groups].map(([key, found]) => ({ key: [key, ...found.flatMap((post) => [post.at, ...contentsOf(post).map((each) => each.content)])].join(" "), posts: found, first: found[0], rank: Math.min(...found.map(rank)) }))
      .sort((one, other) => one.rank - other.rank || (one.first.at < other.first.at ? -1 : one.first.at > other.first.at ? 1 : 0));
  };
  const idOf = (step) => step.key.split(" ")[0]; // for the address
  let steps = [], at = 0;

  // --- what people answer, by the content that they saw

  const KEPT = "publer-sync-review", NAME = "publer-sync-reviewer";
  const read = (key, otherwise) => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? otherwise;
    } catch {
      return otherwise;
    }
  };
  const keep = (key, value) => {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch { /* a browser that keeps nothing for files: the answers last as long as the page */ }
  };
  const answers = read(KEPT, {});
  // By what they saw, what it is to the last byte, and for when: a file that looks the same, or another day, is asked about again.
  const answered = (step) => answers[step.key] || {};
  const note = (step, more) => {
    answers[step.key] = { ...answered(step), ...more };
    keep(KEPT, answers);
  };
  const has = (step) => Boolean(answered(step).answer || answered(step).seen);

  // --- one change

  const title = find("h2", place), where = find(".where-to", place), stage = find(".stage", place), also = find(".also", place);
  const field = find("textarea", find(".remark", place)), end = find(".end", place), buttons = all("[data-answer]", place);
  const when = (post) => (post.day ? `${named(post.day)}, ${post.at.slice(11)}` : "No time");
  const plural = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
  const progress = () => {
    const done = steps.filter(has).length, told = KINDS.map((word, number) => [steps.filter((step) => step.rank === number).length, word])
      .filter(([number]) => number).map(([number, word]) => `${number.toLocaleString("en")} ${word}`);
    find(".sums", place).textContent = `${plural(steps.length, "change", "changes")}: ${told.join(", ")}. ${done ? `${done.toLocaleString("en")} answered.` : ""}`;
    find("progress", place).max = steps.length;
    find("progress", place).value = done;
  };
  const tick = (step) => {
    const { answer, seen } = answered(step);
    for (const button of buttons) {
      const on = button.dataset.answer === "seen" ? Boolean(seen) : answer === button.dataset.answer;
      button.setAttribute("aria-pressed", String(on));
    }
    progress();
  };
  const draw = () => {
    const before = steps[at] && idOf(steps[at]);
    steps = stepsOf(page.fitting());
    const meant = chosen.change || before, found = steps.findIndex((step) => idOf(step) === meant);
    if (chosen.change === "end") at = steps.length;
    else at = found >= 0 ? found : Math.min(at, Math.max(steps.length - 1, 0));
    const step = steps[at];
    for (const part of all(".one", place)) part.hidden = !step;
    end.hidden = Boolean(step);
    find("[data-review-step='-1']", place).disabled = at === 0;
    find("[data-review-step='1']", place).disabled = !step;
    progress();
    if (!step) return drawEnd();
    const word = KINDS[step.rank];
    title.textContent = `${at + 1} of ${steps.length}`;
    where.textContent = `${when(step.first)} · ${word}`;
    const card = step.first.element.cloneNode(true);
    card.hidden = false;
    const heading = make("h3"), old = find(":scope > header > h3, :scope > header > h4", card);
    heading.append(...old.childNodes);
    old.replaceWith(heading);
    for (const part of all(".folded", card)) part.classList.remove("folded");
    stage.replaceChildren(card);
    also.hidden = step.posts.length < 2;
    find("span", also).textContent = `${plural(step.posts.length - 1, "other post is", "other posts are")} alike in all but the day: ${step.posts.slice(1).map(when).join("; ")}`;
    field.value = answered(step).remark || "";
    tick(step);
    chosen.change = idOf(step);
    page.write();
  };
  const go = (by) => {
    if (at + by < 0 || at + by > steps.length) return;
    at += by;
    chosen.change = steps[at] ? idOf(steps[at]) : "end";
    draw();
    page.write();
    // Past what stands above all changes: on a phone that fills the first screen.
    scrollTo(0, Math.max(0, place.getBoundingClientRect().top + scrollY - 8));
    title.focus({ preventScroll: true });
  };
  const answer = (value) => {
    const step = steps[at];
    if (!step) return;
    if (value === "seen") note(step, { seen: !answered(step).seen });
    else note(step, { answer: answered(step).answer === value ? "" : value });
    tick(step);
    const on = value === "seen" ? answered(step).seen : answered(step).answer;
    if (value === "no" && on) field.focus();
    else if (on) go(1);
  };

  // --- the end: what to copy, and what to save

  const remarks = () => steps.filter((step) => answered(step).remark || answered(step).answer === "no").map((step) => {
    const { answer: said, remark } = answered(step), button = find("[data-remark]", step.first.element);
    const others = step.posts.length > 1 ? [`and ${plural(step.posts.length - 1, "post", "posts")} alike`] : [];
    return [button.dataset.remark, ...others, ...(said ? [said === "no" ? "No." : "Yes."] : []), ...(remark ? [remark] : []),
      `> ${step.first.element.dataset.title}`, ...(button.dataset.link ? [button.dataset.link] : []), ""].join("\n");
  }).join("\n");
  const given = () => steps.filter((step) => answered(step).answer).flatMap((step) => step.posts.flatMap((post) =>
    contentsOf(post).map((each) => ({
      ...each, change: post.mark, answer: answered(step).answer, remark: answered(step).remark || "",
    }))));
  const name = find("[name=reviewer]", place);
  const drawEnd = () => {
    const open = steps.filter((step) => !has(step)).length, text = remarks();
    title.textContent = open ? `${plural(open, "change is", "changes are")} not answered yet` : "Every change is answered";
    where.textContent = "";
    find(".all", end).value = text;
    find(".remarks", end).hidden = !text;
    find(".none-yet", end).hidden = Boolean(text);
    find("[data-review-open]", end).hidden = !open;
    name.value = name.value || place.dataset.reviewer || read(NAME, "");
    find("[data-save]", end).disabled = !given().length;
    find(".saved", end).textContent = given().length ? "" : "Say yes or no to at least one change first.";
    chosen.change = "end";
    page.write();
  };
  const save = () => {
    if (!name.value.trim()) return name.focus();
    const file = { format_version: 1, by: name.value.trim(), answers: given() };
    const link = make("a");
    link.download = `answers-${file.by.replace(/[^\p{L}\p{N}]+/gu, "-")}.json`;
    link.href = `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(file, null, 2) + "\n")}`;
    place.append(link);
    link.click();
    link.remove();
    find(".saved", end).textContent = `${plural(file.answers.length, "answer", "answers")} saved as ${link.download}.`;
  };

  field.addEventListener("input", () => note(steps[at], { remark: field.value }));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") go(1);
      else title.focus();
    }
  });
  name.addEventListener("input", () => keep(NAME, name.value));
  place.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.answer) answer(button.dataset.answer);
    else if (button.dataset.reviewStep) go(Number(button.dataset.reviewStep));
    else if ("save" in button.dataset) save();
    else if ("copyAll" in button.dataset) page.copyText(find(".all", end).value, button);
    else if ("reviewOpen" in button.dataset) {
      chosen.change = idOf(steps.find((step) => !has(step)));
      draw();
    }
  });
  page.register({
    draw,
    keys: {
      n: () => go(1), p: () => go(-1), j: () => go(1), k: () => go(-1), ArrowRight: () => go(1), ArrowLeft: () => go(-1),
      s: () => answer("seen"), y: () => answer("yes"), x: () => answer("no"), e: () => steps[at] && field.focus(),
    },
  });
});
