"use strict";
(() => {
  const root = document.documentElement, body = document.body;
  const find = (selector, inside = document) => inside.querySelector(selector);
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const make = (tag, name = "", text = "") => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    return element;
  };
  const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
  const SIGNS = Object.fromEntries(all(".legend li").map((item) => {
    const sign = find(".dot", item);
    return [sign.className.split("b-")[1], { sign: sign.textContent, word: item.lastChild.textContent }];
  }));
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December"];

  // --- days, as texts such as 2027-03-02

  const date = (day) => new Date(day + "T00:00Z");
  const iso = (moment) => moment.toISOString().slice(0, 10);
  const plus = (day, number) => iso(new Date(date(day).getTime() + number * 864e5));
  const weekday = (day) => (date(day).getUTCDay() + 6) % 7;
  const monday = (day) => plus(day, -weekday(day));
  const short = (day) => `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1].slice(0, 3)}`;
  const named = (day) => `${WEEKDAYS[weekday(day)]} ${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;
  const monthOf = (day, number = 0) => {
    const moment = date(day.slice(0, 7) + "-01");
    moment.setUTCMonth(moment.getUTCMonth() + number);
    return iso(moment);
  };
  // The studio's server has the time: with a sandbox, another one than the browser. It goes on while the page is open.
  const opened = Date.now(), start = Math.max("studio" in body.dataset ? 0 : opened, Date.parse(body.dataset.made));
  const clocks = new Map();
  const clockIn = (zone) => {
    if (!clocks.has(zone)) clocks.set(zone, new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }));
    return clocks.get(zone).format(start + Date.now() - opened).replace(" ", "T");
  };
  let clock = "", today = "";
  const tick = () => {
    clock = clockIn(body.dataset.zone);
    today = clock.slice(0, 10);
  };
  tick();

  // --- the posts

  const CHANGES = ["new", "edit", "move", "replace", "account", "remove", "missing", "blocked", "missed", "held", "asked"];
  const isChange = (post) => CHANGES.includes(post.mark) || post.problem === "error";
  let made = 0;
  const postOf = (element) => {
    const post = {
      element,
      number: made++,
      key: element.dataset.key || "",
      at: element.dataset.at,
      day: element.dataset.at.slice(0, 10),
      calendar: element.dataset.calendar,
      accounts: element.dataset.accounts.split(" "),
      kinds: element.dataset.kinds.split(" "),
      mark: element.dataset.mark,
      subjects: element.dataset.subjects.split(" ").filter(Boolean).map((name) => `${element.dataset.calendar} ${name}`),
      entries: (element.dataset.entries || "").split(" ").filter(Boolean).map((entry) => `${element.dataset.calendar} ${entry}`),
      problem: element.dataset.problem,
      labels: null,
      words: null,
      fits: true,
    };
    element.classList.toggle("changed", isChange(post));
    element.classList.toggle("past", Boolean(post.at) && post.at < clock);
    return post;
  };
  // Of a large calendar, the studio's page begins with the days that are seen: the others come as outlines, without a card,
  // and are asked for once somebody goes there.
  const [seenFrom, seenUntil] = (body.dataset.seen || " ").split(" ");
  let unknown = Number(body.dataset.rest || 0); // posts whose outline has not come yet
  const isUnknown = (day) => (unknown > 0 && !(day >= seenFrom && day < seenUntil)) || perhaps.has(day);
  const outlineOf = (key, calendar, [at, accounts, kinds, mark, problem, subjects, entries, labels]) => ({
    element: null, number: made++, key, at, day: at.slice(0, 10), calendar, accounts, kinds, mark, problem, labels,
    subjects: subjects.map((name) => `${calendar} ${name}`), entries: entries.map((entry) => `${calendar} ${entry}`),
    words: null, fits: true, perhaps: false,
  });
  let posts = all("#untimed .card, #list .card").map(postOf);
  const numbered = new Map(posts.map((post) => [post.number, post]));
  const listed = find(`#list .day[data-day="${today}"]`);
  if (listed) listed.classList.add("today");
  let days = new Map(), perhaps = new Set(); // those with posts that a search has not asked for their words yet
  const group = () => {
    days = new Map();
    perhaps = new Set(posts.filter((post) => post.perhaps).map((post) => post.day));
    for (const post of posts) {
      if (!post.day || !post.fits) continue;
      if (!days.has(post.day)) days.set(post.day, []);
      days.get(post.day).push(post);
    }
  };

  // --- what is chosen, kept in the address so that it can be shared and survives a reload

  const form = find(".filters"), chosen = { view: "month", date: "", day: "", change: "" };
  const views = all("[data-view]").map((button) => button.dataset.view);
  const read = () => {
    const hash = new URLSearchParams(location.hash.slice(1));
    for (const key of Object.keys(chosen)) chosen[key] = hash.get(key) || "";
    if (!views.includes(chosen.view)) chosen.view = views.includes("review") && !hash.has("view") ? "review" : "month";
    for (const key of ["date", "day"]) {
      if (!/^\d{4}-\d\d-\d\d$/.test(chosen[key]) || isNaN(date(chosen[key]))) chosen[key] = "";
    }
    for (const field of form.elements) {
      if (!field.name) continue;
      if (field.type === "checkbox") field.checked = hash.getAll(field.name).includes(field.value);
      else field.value = hash.get(field.name) || "";
    }
  };
  const write = () => {
    const hash = new URLSearchParams();
    for (const key of Object.keys(chosen)) if (chosen[key] && (key !== "change" || chosen.view === "review")) hash.set(key, chosen[key]);
    for (const [name, value] of new FormData(form)) if (value) hash.append(name, value);
    history.replaceState(null, "", "#" + hash);
  };
  const timed = () => posts.filter((post) => post.day && post.fits);
  const near = (found, from = today) => found.find((post) => post.day >= from) || found[found.length - 1];
  const period = (day) => {
    const start = chosen.view === "week" ? monday(day) : monthOf(day);
    return [start, chosen.view === "week" ? plus(start, 7) : monthOf(start, 1)];
  };
  const within = (found, [start, end]) => found.filter((post) => post.day >= start && post.day < end);
  // This day where its month or week has posts from then on, else the day of the next post:
  // on a Sunday without one, the week that ends shows nothing of what comes.
  const ahead = (from) => {
    const next = near(timed(), from);
    return !next || (next.day >= from && next.day < period(from)[1]) ? from : next.day;
  };
  const first = () => {
    if (unknown) return body.dataset.first;
    const changed = timed().filter(isChange);
    return changed.length ? near(changed).day : ahead(today);
  };

  // --- filters

  const labelsOf = (post) => {
    post.labels ??= all(":scope > footer .label", post.element).map((each) => each.textContent);
    return post.labels;
  };
  const filters = () => {
    const data = new FormData(form);
    const words = (data.get("words") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const accounts = [...data.getAll("accounts"), data.get("account") || ""].filter(Boolean);
    const marks = data.getAll("marks"), label = data.get("label"), kind = data.get("kind");
    const calendar = data.get("calendar"), problem = data.get("problem");
    const fits = (post) => {
      if (words.length && post.words === null && post.element) post.words = post.element.textContent.toLowerCase();
      if (label) labelsOf(post);
      const others = (!accounts.length || accounts.some((account) => post.accounts.includes(account)))
        && (!label || post.labels.includes(label)) && (!kind || post.kinds.includes(kind))
        && (!calendar || post.calendar === calendar) && (!problem || post.problem !== "")
        && (!marks.length || marks.includes(post.mark));
      post.perhaps = others && words.length > 0 && post.words === null; // its words decide, and are not here yet
      return others && !post.perhaps && words.every((word) => post.words.includes(word));
    };
    return { fits, calendar, words };
  };
  const filter = () => {
    const { fits, calendar } = filters();
    for (const post of posts) {
      post.fits = fits(post);
      if (post.element) post.element.hidden = !post.fits;
    }
    for (const day of all("#list .day")) day.hidden = !find(".card:not([hidden])", day);
    for (const month of all("main .month")) month.hidden = !find(".card:not([hidden])", month) || ("studio" in body.dataset && month.id === "untimed");
    for (const about of all(".about[data-calendar]")) {
      about.hidden = Boolean(calendar) && about.dataset.calendar !== calendar;
    }
    tellCount();
    group();
  };
  // How many posts of the calendar: one counts once, also where it has several cards.
  const subjectsOf = (found) => new Set(found.flatMap((post) => post.subjects)).size;
  const tellCount = () => {
    const fitting = posts.filter((post) => post.fits), count = fitting.length;
    const filtered = count < posts.length || filters().words.length > 0;
    const others = new Map(); // what is on the page and not in the calendar
    for (const post of fitting) if (!post.subjects.length && post.mark) others.set(post.mark, (others.get(post.mark) || 0) + 1);
    const told = [`${subjectsOf(fitting).toLocaleString("en")} of ${subjectsOf(posts).toLocaleString("en")} posts`,
      ...[...others].map(([kind, number]) => `${number.toLocaleString("en")} ${SIGNS[kind].word}`)];
    const reading = unknown > 0 || posts.some((post) => post.perhaps);
    if (reading && filtered) told.splice(0, told.length, "Reading more posts…");
    find("output", form).textContent = filtered ? told.join(", ") : "";
    find("[type=reset]", form).hidden = !filtered;
    find("#nothing").hidden = count > 0 || !posts.length || reading;
  };

  // --- month and week

  const networkOf = (chip) => find(".glyph", chip).className;
  const accountsOf = new Map();
  for (const post of posts) {
    for (const chip of all(".chips .chip", post.element)) {
      const network = networkOf(chip);
      if (!accountsOf.has(network)) accountsOf.set(network, new Set());
      accountsOf.get(network).add(chip.title);
    }
  }
  // Labels that every post has, such as those of the defaults, tell none from another.
  const usualOf = () => new Set(posts.length > 1 ? labelsOf(posts[0]).filter((label) => posts.every((post) => labelsOf(post).includes(label))) : []);
  let usual = usualOf();
  const several = new Set("several" in body.dataset ? body.dataset.several.split(" ").map((network) => `glyph n-${network}`)
    : [...accountsOf].filter(([, found]) => found.size > 1).map(([network]) => network));
  const glyphs = (post) => {
    const row = make("span", "glyphs");
    const found = all(".chips.now .glyph", post.element);
    for (const glyph of found.slice(0, 4)) row.append(glyph.cloneNode(true));
    if (found.length > 4) row.append(make("small", "", `+${found.length - 4}`));
    return row;
  };
  const entry = (post, large) => {
    const button = make("button", "entry " + [...post.element.classList].filter((name) => name !== "card").join(" "));
    button.type = "button";
    button.dataset.open = post.number;
    const head = make("span", "when");
    head.append(make("b", "", post.at.slice(11)), glyphs(post));
    const badges = all(":scope > header .badge[class*=b-]", post.element);
    button.append(head);
    const picture = find(".seen > .tiles :is(img, video[poster])", post.element);
    if (picture) {
      const small = picture.poster ? make("img") : picture.cloneNode();
      if (picture.poster) small.src = picture.poster;
      for (const name of ["width", "height"]) small.removeAttribute(name);
      small.alt = "";
      if (large) head.after(small); else button.append(small);
      button.classList.add("pictured");
    }
    const title = make("span", "title", post.element.dataset.title);
    title.dir = "auto";
    button.append(title);
    // Where a network has several accounts, its sign alone does not say which.
    const on = all(".chips.now .chip", post.element).filter((chip) => several.has(networkOf(chip))).map((chip) => find(".who b", chip).textContent);
    if (on.length) button.append(make("span", "on", on.join(", ")));
    const names = all(".chips.now .chip", post.element).map((chip) => chip.title).join(", ");
    for (const badge of badges) button.append(badge.cloneNode(true));
    const labels = all(":scope > footer .label", post.element).filter((each) => !usual.has(each.textContent));
    if (labels.length) {
      const row = make("span", "labels");
      for (const label of labels.slice(0, 6)) row.append(make("i", label.className.replace("label ", "")));
      row.title = labels.map((label) => label.textContent).join(", ");
      row.append(make("span", "visually-hidden", `labels: ${row.title}`));
      button.append(row);
    }
    if (names) button.append(make("span", "visually-hidden", names));
    return button;
  };
  const FEW = 4, MANY = 40; // posts of a day in the month, and in the week
  const cell = (day, most, large) => {
    const found = days.get(day) || [];
    const parts = [];
    const open = make("button", "number");
    open.type = "button";
    open.dataset.day = day;
    open.disabled = !found.length;
    if (large) open.append(make("em", "", WEEKDAYS[weekday(day)].slice(0, 3)));
    open.append(make("span", "", large || day.endsWith("-01") ? short(day) : String(Number(day.slice(8)))));
    const number = subjectsOf(found);
    if (number) open.append(make("small", "", String(number)));
    const missing = found.some((post) => !post.element) || isUnknown(day);
    let told = `, ${named(day)}: ${number ? number + (number === 1 ? " post" : " posts") : isUnknown(day) ? "not read yet" : "no posts"}`;
    const marked = new Map();
    for (const post of found) {
      for (const kind of [post.mark, post.problem]) if (kind) marked.set(kind, (marked.get(kind) || 0) + 1);
    }
    if (marked.size && !large) {
      const dots = make("span", "dots");
      dots.setAttribute("aria-hidden", "true");
      for (const kind of marked.keys()) dots.append(make("i", "dot b-" + kind, SIGNS[kind].sign));
      open.append(dots);
      told += ` (${[...marked].map(([kind, number]) => `${number} ${SIGNS[kind].word}`).join(", ")})`;
    }
    open.append(make("span", "visually-hidden", told));
    parts.push(open);
    // Where a day has more than fits, what changes comes first.
    const crowded = found.length > most;
    const inOrder = crowded ? [...found.filter(isChange), ...found.filter((post) => !isChange(post))] : found;
    const chosenOnes = new Set(inOrder.slice(0, most - 1));
    const shown = crowded ? found.filter((post) => chosenOnes.has(post)) : found;
    for (const post of shown) if (post.element) parts.push(entry(post, large));
    if (missing) parts.push(make("p", "unread", "Reading…"));
    if (crowded) {
      const changes = inOrder.slice(shown.length).filter(isChange).length;
      const left = found.length - shown.length;
      const words = `${left} more${changes ? changes === left ? ", all changes" : `, ${changes} of them ${changes === 1 ? "a change" : "changes"}` : ""}`;
      const more = make("button", "rest", words);
      more.type = "button";
      more.dataset.day = day;
      more.append(make("span", "visually-hidden", ` on ${named(day)}`));
      parts.push(more);
    }
    return parts;
  };
  const state = (day) => (day === today ? " today" : day < today ? " past" : "") + (weekday(day) > 4 ? " weekend" : "");
  const showMonth = () => {
    const start = monthOf(chosen.date), month = start.slice(0, 7);
    const table = make("table", "month-grid"), head = table.createTHead().insertRow();
    for (const name of WEEKDAYS) {
      const th = make("th");
      th.scope = "col";
      const abbr = make("abbr", "", name.slice(0, 3));
      abbr.title = name;
      th.append(abbr);
      head.append(th);
    }
    const rows = table.createTBody();
    for (let week = monday(start); week < monthOf(start, 1); week = plus(week, 7)) {
      const row = rows.insertRow();
      for (let number = 0; number < 7; number++) {
        const day = plus(week, number), td = row.insertCell();
        td.className = "cell" + state(day) + (day.startsWith(month) ? "" : " outside");
        td.dataset.cell = day;
        td.append(...cell(day, FEW, false));
      }
    }
    return [`${MONTHS[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`, table];
  };
  const showWeek = () => {
    const start = monday(chosen.date), grid = make("div", "week-grid");
    for (let number = 0; number < 7; number++) {
      const day = plus(start, number), section = make("section", "column" + state(day));
      section.setAttribute("aria-label", named(day));
      section.dataset.cell = day;
      section.append(...cell(day, MANY, true));
      grid.append(section);
    }
    const end = plus(start, 6);
    return [`${short(start)} to ${short(end)} ${end.slice(0, 4)}`, grid];
  };
  const show = () => {
    const reviewing = chosen.view === "review", list = chosen.view === "list" || reviewing, heading = find(".period"), grid = find("#grid");
    for (const button of all("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === chosen.view));
    find("#list").hidden = !list;
    heading.hidden = grid.hidden = list;
    body.dataset.shown = chosen.view;
    if (review) {
      find("#review").hidden = !reviewing;
      find("#list").hidden = chosen.view !== "list";
      if (reviewing) review.draw();
    }
    if (!list) {
      const [name, content] = (chosen.view === "week" ? showWeek : showMonth)();
      heading.textContent = name;
      grid.replaceChildren(content);
    }
    drawn(list ? [] : all("[data-cell]", grid));
  };
  // Those whose words are searched, and are not here yet.
  const unsearched = () => posts.filter((post) => post.perhaps);
  // The posts that would be shown now, and have no card yet: the nearest first.
  const wanted = () => {
    const found = posts.filter((post) => !post.element && post.fits);
    if (!found.length) return found;
    const list = chosen.view === "list", [start, end] = period(chosen.date);
    const from = monday(start), until = monday(plus(end, 6));
    const seen = (post) => list || post.day === chosen.day || (post.day >= from && post.day < until);
    const near = (post) => post.day >= from ? post.day : `9999${post.day}`;
    return found.filter(seen).sort((one, other) => near(one) < near(other) ? -1 : near(one) > near(other) ? 1 : 0);
  };
  let review = null; // on a page of changes
  const drawn = (cells) => document.dispatchEvent(new CustomEvent("calendar:drawn", { detail: cells }));

  // --- one day

  const sheet = find("#sheet"), help = find("#help");
  const fillSheet = (day) => {
    const found = days.get(day) || [], there = found.filter((each) => each.element);
    find(".cards", sheet).replaceChildren(...there.map((each) => each.element.cloneNode(true)),
      ...(there.length < found.length ? [make("p", "unread", `Reading ${found.length - there.length} more…`)] : []));
  };
  const openDay = (day, post = null) => {
    const found = days.get(day);
    if (!found) return closeDay();
    chosen.day = day;
    find("#sheet-title").textContent = named(day) + (day === today ? ", today" : "");
    fillSheet(day);
    const order = [...days.keys()];
    for (const button of all("[data-day-step]", sheet)) {
      button.disabled = !order[order.indexOf(day) + Number(button.dataset.dayStep)];
    }
    if (!sheet.open) sheet.showModal();
    const card = post && find(".cards", sheet).children[found.filter((each) => each.element).indexOf(post)];
    sheet.scrollTop = 0;
    if (card && found.length > 1) {
      card.classList.add("meant");
      card.scrollIntoView({ block: "nearest" });
    }
    find("#sheet-title").focus({ preventScroll: true });
    write();
    if (wanted().length) drawn([]);
  };
  const closeDay = () => {
    chosen.day = "";
    if (sheet.open) sheet.close();
    write();
  };
  const stepDay = (by) => {
    const order = [...days.keys()], next = order[order.indexOf(chosen.day) + by];
    if (next) openDay(next);
  };
  sheet.addEventListener("close", () => {
    const day = chosen.day;
    chosen.day = "";
    write();
    const back = find(`#grid [data-day="${day}"]`);
    if (back && document.activeElement === body) back.focus({ preventScroll: true });
  });

  // --- one picture, enlarged, with its neighbours

  const zoom = find("#zoom");
  let shots = [], shown = 0;
  const showShot = () => {
    const figure = shots[shown].closest(".tile"), frame = make("div", "frame");
    frame.append(find("img", figure).cloneNode());
    find(".whole", zoom).replaceChildren(frame);
    find("#zoom-title").textContent = (shots.length > 1 ? `${shown + 1} of ${shots.length}: ` : "") + find(".file", figure).textContent;
    find(".told", zoom).textContent = all(".alt", figure).map((each) => each.textContent).join(" · ");
    for (const button of all("[data-zoom-step]", zoom)) {
      button.hidden = shots.length < 2;
      button.disabled = !shots[shown + Number(button.dataset.zoomStep)];
    }
  };
  const enlarge = (shot) => {
    shots = all(".shot", shot.closest(".tiles"));
    shown = shots.indexOf(shot);
    showShot();
    if (!zoom.open) zoom.showModal();
    find("#zoom-title").focus({ preventScroll: true });
  };
  const stepShot = (by) => {
    if (!shots[shown + by]) return;
    shown += by;
    showShot();
  };
  zoom.addEventListener("close", () => shots[shown] && shots[shown].focus());

  // --- a remark on one post, to be pasted elsewhere

  const remark = (button) => {
    const card = button.closest(".card"), selection = getSelection();
    const selected = selection.rangeCount && card.contains(selection.anchorNode) ? String(selection).trim() : "";
    const said = [...all(".said .words > p", card), ...all(".sides > :last-child p:not(.kicker)", card)][0];
    const words = selected || (said ? said.textContent.replace(/… see more/g, "").trim() : "") || card.dataset.title;
    const quoted = (words.length > 400 ? words.slice(0, 400) + "…" : words).split("\n").map((line) => ("> " + line).trim());
    return [button.dataset.remark, ...quoted, ...(button.dataset.link ? [button.dataset.link] : []), ""].join("\n");
  };
  const copyText = async (text, button) => {
    const label = button.textContent;
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch { // where the page may not use the clipboard, as in some mail programs
      const area = make("textarea");
      area.value = text;
      button.after(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = done ? "Copied" : "Could not copy";
    setTimeout(() => { button.textContent = label; }, 2000);
  };
  const copy = (button) => copyText(remark(button), button);

  // --- what people do

  const step = (by) => {
    seeking = false;
    if (!by) chosen.date = today;
    else if (chosen.view === "month") chosen.date = monthOf(chosen.date, by);
    else if (chosen.view === "week") chosen.date = plus(chosen.date, 7 * by);
    write();
    show();
    if (chosen.view === "list") scrollToDay(by);
  };
  const scrollToDay = (by) => {
    const found = all("#list .day:not([hidden])").filter((day) => day.dataset.day);
    const top = find(".top").offsetHeight + 8, at = (day) => day.getBoundingClientRect().top - top;
    const target = by > 0 ? found.find((day) => at(day) > 4) : by < 0 ? found.reverse().find((day) => at(day) < -4)
      : found.find((day) => day.dataset.day >= today) || found[found.length - 1];
    if (target) scrollBy({ top: at(target) });
  };
  // The list opens at the day of the address, or at the first change.
  const scrollToDate = () => {
    const found = all("#list .day:not([hidden])").filter((day) => day.dataset.day);
    const target = found.find((day) => day.dataset.day >= chosen.date);
    if (target && target !== found[0]) target.scrollIntoView({ block: "start" });
  };
  const setView = (view) => {
    const empty = chosen.view !== "list" && !within(timed(), period(chosen.date)).length;
    chosen.view = view;
    if (view !== "list" && !empty) chosen.date = ahead(chosen.date); // who looks at a time without posts stays there
    write();
    show();
    scrollTo(0, 0);
    if (view === "list") scrollToDate();
  };
  const goToFirst = () => {
    const found = timed();
    if (chosen.view !== "list" && found.length && !within(found, period(chosen.date)).length) chosen.date = near(found).day;
  };
  let seeking = false; // whether a filter was chosen before all posts that it may let through were here
  const settled = () => {
    if (!seeking) return;
    seeking = false;
    const before = chosen.date;
    goToFirst();
    if (chosen.date === before) return;
    write();
    show();
  };
  let left = ""; // the day that was shown before the first filter, and is again after the last
  const refilter = () => {
    filter();
    const filtered = posts.some((post) => !post.fits);
    if (filtered) left ||= chosen.date;
    else if (left) {
      chosen.date = left;
      left = "";
    }
    if (filtered) goToFirst();
    seeking = filtered && (unknown > 0 || posts.some((post) => post.perhaps));
    write();
    show();
  };
  let waiting = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(refilter, event.target.name === "words" ? 120 : 0);
  });
  form.addEventListener("reset", () => setTimeout(refilter));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if ([sheet, help, zoom].includes(event.target)) event.target.close();
    if (!button) return;
    const { view, step: by, open, day, dayStep, zoomStep, show: face } = button.dataset;
    if (view) setView(view);
    else if (by !== undefined) step(Number(by));
    else if (open !== undefined) openDay(numbered.get(Number(open)).day, numbered.get(Number(open)));
    else if (day) openDay(day);
    else if (dayStep) stepDay(Number(dayStep));
    else if (zoomStep) stepShot(Number(zoomStep));
    else if ("zoom" in button.dataset) enlarge(button);
    else if ("remark" in button.dataset) copy(button);
    else if ("close" in button.dataset) button.closest("dialog").close();
    else if ("help" in button.dataset) help.showModal();
    else if ("filters" in button.dataset) {
      button.setAttribute("aria-expanded", String(form.classList.toggle("open")));
    }
    else if (face !== undefined) {
      const words = button.closest(".words");
      words.dataset.face = face;
      words.classList.add("folded");
      for (const each of all(".faces button", words)) each.setAttribute("aria-pressed", String(each === button));
    } else if (button.classList.contains("more")) button.closest(".words").classList.remove("folded");
  });
  const keys = find("[name=keys]");
  try {
    keys.checked = localStorage.getItem("publer-sync-keys") !== "off";
    keys.addEventListener("change", () => localStorage.setItem("publer-sync-keys", keys.checked ? "on" : "off"));
  } catch { /* a browser that keeps nothing for files */ }
  document.addEventListener("keydown", (event) => {
    if (zoom.open && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
      event.preventDefault();
      stepShot(event.key === "ArrowLeft" ? -1 : 1);
    }
    if (zoom.open) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
    if (!keys.checked || typing || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const inReview = chosen.view === "review" ? review.keys : {};
    const actions = sheet.open ? { j: () => stepDay(1), k: () => stepDay(-1) } : {
      m: () => setView("month"), w: () => setView("week"), l: () => setView("list"),
      j: () => step(1), k: () => step(-1), t: () => step(0),
      "/": () => form.elements.words.focus(), c: () => form.reset(), "?": () => help.showModal(),
      ...(review ? { r: () => setView("review") } : {}), ...inReview,
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  });
  const follow = () => {
    read();
    filter();
    if (!chosen.date) chosen.date = first();
    show();
  };
  addEventListener("hashchange", () => {
    follow();
    if (chosen.day) openDay(chosen.day); else if (sheet.open) sheet.close();
  });

  // --- for the studio, which changes posts: only what differs is drawn again

  const keyed = new Map(), shelves = new Map();
  const remember = (post) => {
    const key = post.key || `beside-${post.calendar}`; // what is in no file
    numbered.set(post.number, post);
    if (!keyed.has(key)) keyed.set(key, []);
    keyed.get(key).push(post);
  };
  // The list's section of a day, made where there is none.
  const before = (siblings, name, value) => siblings.find((each) => each.dataset[name] > value) || null;
  const shelf = (day) => {
    if (!day) return find("#untimed");
    if (shelves.has(day)) return shelves.get(day);
    const list = find("#list"), month = day.slice(0, 7);
    let section = find(`:scope > [data-month="${month}"]`, list);
    if (!section) {
      section = make("section", "month");
      section.dataset.month = month;
      section.append(make("h2", "", `${MONTHS[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`));
      list.insertBefore(section, before(all(":scope > .month", list), "month", month));
    }
    const made = make("section", "day" + (day === today ? " today" : "")), head = make("h3");
    made.dataset.day = day;
    head.append(make("span", "", WEEKDAYS[weekday(day)].slice(0, 3)), " ", make("b", "", String(Number(day.slice(8)))), " ",
      make("span", "", MONTHS[Number(day.slice(5, 7)) - 1].slice(0, 3)));
    made.append(head, make("div", "cards"));
    section.insertBefore(made, before(all(":scope > .day", section), "day", day));
    shelves.set(day, made);
    return made;
  };
  const tidy = (day) => {
    if (!day) return; // the studio shows these in its tray
    const section = shelf(day), month = section.closest(".month");
    section.hidden = !find(".card:not([hidden])", section);
    month.hidden = !find(".card:not([hidden])", month);
  };
  const shelve = (post) => {
    if (!post.element) return;
    const cards = find(".cards", shelf(post.day));
    cards.insertBefore(post.element, before([...cards.children].filter((each) => each !== post.element), "at", post.at));
  };
  // The head's figures and what the filters offer, once nothing has changed for a moment.
  const offer = (name, found, most) => {
    const select = form.elements[name], values = [...new Set([...found, select.value])].filter(Boolean).sort();
    const options = values.map((value) => new Option(value, value, false, value === select.value));
    select.replaceChildren(select.options[0], ...options);
    select.parentElement.hidden = values.length < most;
  };
  const retell = () => {
    if (unknown) return; // the page came with what is true of all posts
    const written = posts.filter((post) => post.key && post.at), figures = find("#figures");
    const accounts = new Set(written.flatMap((post) => post.accounts).filter(Boolean)).size;
    if (figures) {
      const number = subjectsOf(written);
      figures.textContent = `${number.toLocaleString("en")} ${number === 1 ? "post" : "posts"}${accounts > 1 ? ` (on ${accounts.toLocaleString("en")} accounts)` : ""}`;
    }
    offer("label", posts.flatMap(labelsOf), 1);
    offer("kind", posts.flatMap((post) => post.kinds), 2);
    for (const chip of all("[name=marks]", form)) {
      const marked = posts.filter((post) => post.mark === chip.value), label = chip.parentElement;
      const number = new Set(marked.flatMap((post) => post.entries.length ? post.entries : [post.number])).size;
      label.hidden = !number && !chip.checked;
      label.lastChild.textContent = `${number.toLocaleString("en")} ${SIGNS[chip.value].word}`;
    }
    find("#empty").hidden = posts.length > 0;
  };
  let retelling = 0;
  const redraw = (touched) => {
    clearTimeout(retelling);
    retelling = setTimeout(retell, 200);
    posts.sort((one, other) => one.at < other.at ? -1 : one.at > other.at ? 1 : one.number - other.number);
    group();
    for (const day of touched) tidy(day);
    tellCount();
    const giveBack = heldFocus(), cells = [];
    for (const day of touched) {
      const found = day && find(`#grid [data-cell="${day}"]`);
      if (!found) continue;
      found.replaceChildren(...cell(day, chosen.view === "week" ? MANY : FEW, chosen.view === "week"));
      cells.push(found);
    }
    if (sheet.open && touched.has(chosen.day)) fillSheet(chosen.day);
    for (const item of all(".legend li")) {
      const kind = find(".dot", item).className.split("b-")[1];
      item.hidden = !posts.some((post) => post.mark === kind || post.problem === kind);
    }
    const warn = find(".filters .warn"), wrong = posts.filter((post) => post.problem).length;
    warn.lastChild.textContent = `${wrong.toLocaleString("en")} ${wrong === 1 ? "post" : "posts"} with problems`;
    warn.hidden = unknown > 0 || (!wrong && !find("input", warn).checked);
    drawn(cells);
    giveBack();
  };
  // Gives the focus back to what has it now; where its day was drawn anew meanwhile, to what took its place.
  const heldFocus = () => {
    const held = document.activeElement, { open } = held.dataset, day = held.closest("[data-cell]")?.dataset.cell;
    const place = open ? `#grid [data-open="${open}"]` : `#grid [data-cell="${day}"] ${["", ...held.classList].join(".") || held.localName}`;
    return () => {
      const target = held.isConnected ? held : find(place);
      if (target && target !== document.activeElement) target.focus({ preventScroll: true });
      return target !== null;
    };
  };
  const focusOn = (number) => {
    const target = find(`#grid [data-open="${number}"]`);
    if (target) target.focus({ preventScroll: true });
  };
  const place = (post, at) => {
    const touched = new Set([post.day, at.slice(0, 10)]), shown = find("header time", post.element);
    post.at = post.element.dataset.at = at;
    post.day = at.slice(0, 10);
    post.element.classList.toggle("past", at < clock);
    if (shown) shown.textContent = at.slice(11);
    shelve(post);
    redraw(touched);
  };
  const replace = (cards) => {
    const { fits } = filters(), touched = new Set(), holder = make("template"), left = new Set();
    for (const [key, html] of Object.entries(cards)) {
      const old = keyed.get(key) || [];
      keyed.delete(key);
      outlined.delete(key);
      for (const post of old) {
        touched.add(post.day);
        left.add(post);
        numbered.delete(post.number);
        if (post.element) post.element.remove();
      }
      for (const [index, each] of html.entries()) {
        holder.innerHTML = each;
        const post = postOf(find(".card", holder.content));
        if (old[index]) post.number = old[index].number;
        post.element.hidden = !(post.fits = fits(post));
        posts.push(post);
        remember(post);
        shelve(post);
        touched.add(post.day);
      }
    }
    if (left.size) posts = posts.filter((post) => !left.has(post));
    redraw(touched);
  };
  // What each post is that has no card on the page, by its key: `rows` of its cards, which are drawn once they are asked for.
  const outlined = new Map();
  const outline = (rows, stale) => {
    const { fits } = filters(), left = new Set();
    let differs = unknown > 0;
    if (unknown) seeking = posts.some((post) => !post.fits) || filters().words.length > 0;
    unknown = 0;
    const forget = (key) => {
      outlined.delete(key);
      differs = true;
      for (const post of keyed.get(key) || []) {
        left.add(post);
        numbered.delete(post.number);
      }
      keyed.delete(key);
    };
    const isCard = (key) => (keyed.get(key) || []).some((post) => post.element);
    for (const key of [...outlined.keys()]) if (!(key in rows) && !isCard(key)) forget(key);
    for (const [key, row] of Object.entries(rows)) {
      const text = JSON.stringify(row);
      if (isCard(key) || (outlined.get(key) === text && !stale.has(key))) continue;
      forget(key);
      outlined.set(key, text);
      for (const card of row[2]) {
        const post = outlineOf(key, key.split("-")[0], card);
        post.fits = fits(post);
        posts.push(post);
        remember(post);
      }
    }
    if (!differs) return;
    posts = posts.filter((post) => !left.has(post));
    usual = usualOf();
    redraw(new Set());
    const giveBack = heldFocus();
    show();
    giveBack();
    if (sheet.open) fillSheet(chosen.day);
  };
  const search = (texts) => {
    for (const [key, cards] of Object.entries(texts)) {
      const words = new Map(cards.map(([at, accounts, text]) => [`${at} ${accounts}`, text.toLowerCase()]));
      for (const post of keyed.get(key) || []) if (!post.element) post.words = words.get(`${post.at} ${post.accounts.join(" ")}`) || "";
    }
    filter();
    const giveBack = heldFocus();
    show();
    giveBack();
  };
  if ("studio" in body.dataset) {
    for (const post of posts) remember(post);
    for (const day of all("#list .day")) shelves.set(day.dataset.day, day);
    setInterval(() => {
      tick();
      for (const post of posts) {
        if (!post.element || !post.at || post.at >= clock || post.element.classList.contains("past")) continue;
        for (const shown of [post.element, find(`#grid [data-open="${post.number}"]`)]) shown?.classList.add("past");
      }
    }, 60000);
    window.calendarPage = {
      get today() {
        tick();
        return today;
      },
      clockIn, place, replace, openDay, closeDay, focusOn, heldFocus, days: { plus, weekday, monday, short, named, monthOf },
      of: (key) => (keyed.get(key) || []).filter((post) => post.element),
      at: (number) => numbered.get(Number(number)),
      on: (day) => (days.get(day) || []).filter((post) => post.element),
      untimed: () => posts.filter((post) => !post.day && post.fits && post.element),
      outline,
      about: (html) => {
        find("#about").innerHTML = html;
        filter();
      },
      keys: () => [...keyed].filter(([key, found]) => !key.startsWith("beside-") && found.some((post) => post.element)).map(([key]) => key),
      wanted: () => [...new Set(wanted().map((post) => post.key))],
      unsearched: () => [...new Set(unsearched().map((post) => post.key))],
      unread: () => unknown || subjectsOf(wanted()),
      search,
      settled,
      entry: (post) => entry(post, false),
      day: () => chosen.date,
      view: () => chosen.view,
      goTo: (day) => {
        chosen.date = day;
        write();
        show();
      },
    };
  }

  document.dispatchEvent(new CustomEvent("calendar:ready", { detail: {
    find, all, make, named, chosen, isChange, write, copyText, fitting: () => posts.filter((post) => post.fits),
    register: (made) => { review = made; },
  } }));
  for (const element of [find(".views"), form, find("[data-help]")]) element.hidden = false;
  follow();
  root.classList.remove("starting");
  if (chosen.day) openDay(chosen.day);
  if (chosen.view === "list") scrollToDate();

  // --- a newer version, where the page is served

  if (body.dataset.version && !("studio" in body.dataset)) {
    const kept = sessionStorage.getItem("publer-sync-scroll");
    if (kept) {
      sessionStorage.removeItem("publer-sync-scroll");
      const [page, inSheet] = JSON.parse(kept);
      scrollTo(0, page);
      sheet.scrollTop = inSheet;
    }
    const changes = new EventSource("/changes?since=" + body.dataset.version);
    changes.addEventListener("message", () => {
      sessionStorage.setItem("publer-sync-scroll", JSON.stringify([scrollY, sheet.scrollTop]));
      location.reload();
    });
  }
})();
