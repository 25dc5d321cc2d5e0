// The page's only script: fetches the screen again when something changed, sends what people do, keeps what they are typing.
"use strict";

const person = document.body.dataset.person;
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
let etag = "";
let refreshing = null;
const served = new Map($$("[data-live]").map((part) => [part.dataset.live, part.innerHTML]));

// ---------------------------------------------------------------- telling people

function toast(text, bad = false) {
  const line = document.createElement("p");
  line.textContent = text;
  line.className = bad ? "bad" : "";
  $("#toasts").append(line);
  setTimeout(() => line.remove(), bad ? 9000 : 5000);
}

function asked(question) {
  const dialog = $("#confirm");
  $("h2", dialog).textContent = question.title;
  $("p", dialog).textContent = question.text;
  const [no, yes] = $$("button", dialog);
  no.textContent = question.no;
  yes.textContent = question.yes;
  yes.className = question.danger ? "danger" : "primary";
  dialog.showModal();
  return new Promise((done) => {
    no.onclick = () => dialog.close("no");
    yes.onclick = () => dialog.close("yes");
    dialog.onclose = () => done(dialog.returnValue === "yes");
    dialog.returnValue = "no";
    yes.focus();
  });
}

function rewritten(text) {
  const dialog = $("#rewrite"), box = $("textarea", dialog), [no, yes] = $$("button", dialog);
  box.value = text;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    no.onclick = () => dialog.close("no");
    yes.onclick = () => dialog.close("yes");
    dialog.onclose = () => done(dialog.returnValue === "yes" && box.value.trim() !== text ? box.value.trim() : null);
  });
}

// ---------------------------------------------------------------- staying up to date

let sent = 0, saving = 0; // cells sent so far, and those whose answer is still out

function refresh() {
  refreshing ??= load().finally(() => (refreshing = null));
  return refreshing;
}

async function load() {
  const known = sent;
  let answer;
  try {
    answer = await fetch(location.href, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
  } catch {
    document.body.classList.add("offline");
    return;
  }
  document.body.classList.remove("offline");
  if (answer.status !== 200) return;
  etag = answer.headers.get("ETag") ?? "";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of $$("[data-live]", fresh)) {
    if (part.dataset.live === "grid" && (saving || sent !== known)) later("grid"); // older than what was typed since
    else swap(part);
  }
  reachable();
  markSeen();
}

function swap(fresh) {
  const name = fresh.dataset.live;
  const part = $(`[data-live="${name}"]`);
  if (!part || served.get(name) === fresh.innerHTML) return;
  served.set(name, fresh.innerHTML);
  if (part.querySelector(".cell")) return later(name); // somebody is typing into a grid cell
  if (name === "clock" && part.querySelector("[aria-busy=true]")) return later(name); // time is passing: its button says so
  const atEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 80;
  const kept = keep(part);
  part.replaceChildren(...document.importNode(fresh, true).childNodes);
  for (const { name: key, value } of fresh.attributes) if (key.startsWith("data-")) part.setAttribute(key, value);
  restore(part, kept);
  if (part.hasAttribute("data-bottom") && atEnd) part.scrollTop = part.scrollHeight;
  if (name === "modal" && kept.focus === null) focusForm();
  if (kept.view && !$(".modal")) $("main .composer textarea")?.focus(); // a closed form gives the focus back
}

function later(name) {
  served.delete(name);
  etag = "";
}

const fieldKey = (field) => `${field.name}=${["radio", "checkbox"].includes(field.type) ? field.value : ""}`;

function keep(part) {
  const fields = new Map();
  for (const field of $$("input, select, textarea", part)) {
    if (field.name) fields.set(fieldKey(field), field.multiple ? $$("option", field).map((o) => o.selected) : isTick(field) ? field.checked : field.value);
  }
  const active = part.contains(document.activeElement) ? document.activeElement : null;
  const errors = new Map($$(".field.wrong", part).map((field) => [field.dataset.block, $(".error", field).textContent]));
  const open = $$("details", part).map((details) => details.open);
  const grid = active?.dataset?.cell ?? null;
  const place = active && active.name ? fieldKey(active) : null;
  const touched = part.dataset.touched === "1";
  const view = $("[data-view]", part)?.dataset.view;
  const files = $$("input[type=file]", part).filter((field) => field.files.length); // a script cannot write these anew
  return { view, files, fields: touched || place ? fields : new Map(), errors, open, grid, focus: place, caret: place ? active.selectionStart : null, id: active?.id };
}

const isTick = (field) => field.type === "radio" || field.type === "checkbox";

function restore(part, kept) {
  if (kept.view !== $("[data-view]", part)?.dataset.view) return; // another form: nothing of the old one belongs there
  for (const field of $$("input, select, textarea", part)) {
    const value = kept.fields.get(fieldKey(field));
    if (!field.name || value === undefined || field.type === "file") continue;
    if (field.multiple) $$("option", field).forEach((option, i) => (option.selected = value[i] ?? false));
    else if (isTick(field)) field.checked = value;
    else field.value = value;
    if (fieldKey(field) === kept.focus) {
      field.focus({ preventScroll: true });
      try { field.setSelectionRange(kept.caret, kept.caret); } catch { /* only text fields have a caret */ }
    }
  }
  for (const chosen of kept.files) $(`input[type=file][name="${CSS.escape(chosen.name)}"]`, part)?.replaceWith(chosen);
  $$("details", part).forEach((details, index) => { details.open = kept.open[index] ?? details.open; });
  if (kept.grid) $(`[data-cell="${kept.grid}"]`, part)?.focus({ preventScroll: true });
  showErrors(part, Object.fromEntries(kept.errors));
}

addEventListener("input", (event) => {
  const part = event.target.closest("[data-live]");
  if (part) part.dataset.touched = "1";
});

setInterval(() => { if (!document.hidden) refresh(); }, 1000);

// what this person has seen of each conversation, on this browser
function markSeen() {
  const stream = $("[data-seen]");
  if (stream?.dataset.seen) localStorage.setItem(stream.dataset.seen, stream.dataset.latest);
  for (const link of $$("[data-latest][data-key]")) {
    link.classList.toggle("unread", link.dataset.latest > (localStorage.getItem(link.dataset.key) ?? "0") && !link.hasAttribute("aria-current"));
  }
}

// ---------------------------------------------------------------- acting

async function act(verb, body, busy, keepalive = false) {
  busy?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`/page/act/${verb}?as=${encodeURIComponent(person)}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), keepalive,
    });
    const told = await answer.json();
    if (!answer.ok) toast(told.error ?? "That did not work.", true);
    else if (told.told) toast(told.told, told.ack !== "ok" && told.ack !== undefined);
    else if (verb === "open_home") { /* only looked: Slack says nothing when the app does not hear of it */ }
    else if (told.ack === "timeout") toast("The app did not answer in time (operation_timeout).", true);
    else if (told.ack === "no_receiver") toast("No app is connected, so nobody received this.", true);
    else if (told.ack === "error") toast("The app answered with an error.", true);
    if (told.go) { location.href = told.go; return told; }
    await refresh();
    await refresh();
    return told;
  } catch (problem) {
    toast("The workspace does not answer.", true);
    return {};
  } finally {
    busy?.removeAttribute("aria-busy");
  }
}

const where = (element) => {
  const message = element.closest("[data-ts]");
  if (message) return { channel: message.dataset.channel, ts: message.dataset.ts };
  return { view_id: element.closest("[data-view]")?.dataset.view };
};

async function press(element, value) {
  if (element.dataset.confirm && !(await asked(JSON.parse(element.dataset.confirm)))) return putBack(element);
  const kind = element.dataset.kind ?? "button";
  const form = element.closest(".modal");
  await act("press", { ...where(element), action_id: element.dataset.press, block_id: element.dataset.block, value, kind, ...(form ? await formValues(form) : {}) }, element, element.matches("a")); // a link leads away meanwhile
}

function putBack(field) { // what was chosen and then not confirmed
  if (field.matches("select")) for (const option of field.options) option.selected = option.defaultSelected;
  else if (field.matches("input, textarea")) field.value = field.defaultValue;
}

function valueOf(field, form) {
  if (field.type === "checkbox") return $$(`[name="${CSS.escape(field.name)}"]:checked`, form).map((one) => one.value);
  if (field.type === "radio") return $(`[name="${CSS.escape(field.name)}"]:checked`, form)?.value ?? null;
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  return field.value === "" ? null : field.value;
}

const handed = (file) => new Promise((done) => {
  const reader = new FileReader();
  reader.onload = () => done({ name: file.name, content: reader.result.split(",")[1] ?? "" });
  reader.readAsDataURL(file);
});

async function formValues(form) {
  const values = {}, kinds = {};
  for (const field of $$("input[type=file]", form)) {
    if (field.files.length) values[field.name] = await Promise.all([...field.files].map(handed));
  }
  for (const field of $$("[name][data-kind]", form)) {
    if (field.name.includes("/") || field.type === "file") continue;
    values[field.name] = valueOf(field, form);
    kinds[field.name] = field.dataset.kind;
  }
  return { values, kinds };
}

function showErrors(root, errors) {
  for (const field of $$(".field", root)) {
    const text = errors[field.dataset.block];
    field.classList.toggle("wrong", Boolean(text));
    const line = $(".error", field);
    line.hidden = !text;
    line.textContent = text ?? "";
  }
}

async function submitView(form) {
  const button = $("footer .primary", form);
  const told = await act("submit", { view_id: form.dataset.view, ...(await formValues(form)) }, button);
  const errors = told.errors ?? {};
  const now = $(".modal");
  if (!now) return;
  showErrors(now, errors);
  const known = new Set($$(".field", now).map((field) => field.dataset.block));
  const rest = Object.entries(errors).filter(([block]) => !known.has(block)).map(([, text]) => text).join(" ");
  const general = $(".general", now);
  general.hidden = !rest;
  general.textContent = rest;
  $(".wrong input, .wrong select, .wrong textarea", now)?.focus();
}

async function say(form) {
  const box = $("textarea", form), text = box.value.trim();
  if (!text) return;
  const body = { channel: form.dataset.channel, text, thread_ts: form.dataset.thread };
  box.value = "";
  grow(box);
  suggest(box);
  const told = await act(text.startsWith("/") && !form.dataset.thread ? "command" : "post", body, $(".primary", form));
  if (told.error && !box.value) box.value = text;
  const stream = form.closest("main, aside").querySelector("[data-bottom]");
  if (stream) stream.scrollTop = stream.scrollHeight;
  if (!$(".modal")) box.focus();
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  event.preventDefault();
  if (form.matches(".modal")) submitView(form);
  else if (form.dataset.act === "say") say(form);
  else if (form.dataset.act === "write") { act("write", { file: form.dataset.file, text: $("textarea", form).value }, $("button", form)); form.reset(); }
  else if (form.dataset.act) act(form.dataset.act, { ...Object.fromEntries(new FormData(form)), ...form.dataset }, $("button", form));
});

addEventListener("click", (event) => {
  const target = event.target.closest("button, a");
  for (const details of $$("details.overflow[open], .who[open], .clock details[open], .members[open]")) if (!details.contains(event.target)) details.open = false;
  if (!target) return;
  if (target.matches("[data-close]")) act("close", { view_id: target.closest("[data-view]").dataset.view, everything: target.dataset.close === "all" }, target);
  else if (target.dataset.command) { const box = $("textarea", target.closest("form")); box.value = target.dataset.command; box.focus(); suggest(box); }
  else if (target.dataset.press !== undefined && !target.matches("input, select, textarea")) press(target, target.dataset.value || null);
  else if (target.dataset.edit !== undefined) edit(target);
  else if (target.dataset.act) perform(target);
});

async function edit(button) {
  const text = await rewritten(button.dataset.edit);
  if (text) await act("edit_message", { ...where(button), text }, button);
}

async function perform(button) {
  if (button.dataset.confirm && !(await asked(JSON.parse(button.dataset.confirm)))) return;
  await act(button.dataset.act, { ...JSON.parse(button.dataset.body ?? "{}"), ...where(button) }, button);
}

addEventListener("change", (event) => {
  const field = event.target;
  if (field.dataset.press !== undefined) press(field, valueOf(field, field.closest("form, article, .stream")));
});

// ---------------------------------------------------------------- typing

let asking = 0;
addEventListener("input", (event) => { // a select that the app fills: ask it once the typing pauses
  const box = event.target;
  if (box.dataset?.suggest === undefined || box.value.length < Number(box.dataset.least)) return;
  clearTimeout(asking);
  asking = setTimeout(() => act("suggest", { ...where(box), action_id: box.dataset.suggest, block_id: box.dataset.block, text: box.value }), 300);
});

function grow(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 144)}px`;
}

function suggest(box) {
  const list = $(".commands", box.closest("form"));
  if (!list) return;
  const typed = box.value.split(" ")[0].toLowerCase();
  const open = box.value.startsWith("/") && !box.value.includes(" ");
  let any = false;
  for (const row of list.children) {
    row.hidden = !$("b", row).textContent.startsWith(typed);
    any ||= !row.hidden;
  }
  list.hidden = !(open && any);
}

addEventListener("input", (event) => {
  if (event.target.matches(".composer textarea")) { grow(event.target); suggest(event.target); }
  if (event.target.closest(".field.wrong")) event.target.closest(".field").classList.remove("wrong");
});

addEventListener("keydown", (event) => {
  const box = event.target;
  if (box.matches?.(".composer[data-act=say] textarea") && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    say(box.form);
  } else if (box.matches?.(".composer textarea") && event.key === "Tab" && !$(".commands", box.form)?.hidden && box.value.startsWith("/")) {
    const first = $$(".commands li:not([hidden]) button", box.form)[0];
    if (first) { event.preventDefault(); box.value = first.dataset.command; suggest(box); }
  } else if (event.key === "Escape" && $(".modal") && !$("#confirm").open) {
    act("close", { view_id: $(".modal").dataset.view });
  } else if (event.key === "Tab" && $(".modal") && !$("#confirm").open) {
    keepInside($(".modal"), event);
  }
});

function keepInside(form, event) {
  const stops = $$("button, input, select, textarea, a[href], summary", form).filter((one) => one.offsetParent);
  const first = stops[0], last = stops.at(-1);
  if (!form.contains(document.activeElement)) { event.preventDefault(); first?.focus(); }
  else if (event.shiftKey && document.activeElement === first) { event.preventDefault(); last.focus(); }
  else if (!event.shiftKey && document.activeElement === last) { event.preventDefault(); first.focus(); }
}

function focusForm() {
  const form = $(".modal");
  if (form) ($("[autofocus]", form) ?? $(".field input, .field select, .field textarea", form) ?? $("button", form))?.focus();
}

// ---------------------------------------------------------------- spreadsheets

const cellAt = (row, column) => $(`.grid td[data-row="${row}"][data-column="${column}"]`);

function showCell(cell) {
  const out = $(".fx output"), box = $(".fx input");
  if (!out) return;
  chosen = +cell.dataset.row + 1;
  out.textContent = cell.dataset.cell;
  if (document.activeElement !== box) box.value = cell.dataset.typed ?? cell.textContent;
  box.dataset.target = cell.dataset.cell;
  box.readOnly = cell.closest("table").dataset.readonly === "1";
  $(".cell-note").textContent = cell.dataset.note ?? "";
}

function editCell(cell, start) {
  const table = cell.closest("table");
  if (table.dataset.readonly === "1") { toast("You may look at this file, but not change it.", true); return; }
  const offered = cell.dataset.options ? JSON.parse(cell.dataset.options) : null;
  const box = document.createElement(offered ? "select" : "input");
  box.className = "cell";
  box.setAttribute("aria-label", `Cell ${cell.dataset.cell}`);
  if (offered) for (const value of ["", ...offered]) box.add(new Option(value, value, false, value === cell.textContent));
  else box.value = start ?? cell.dataset.typed ?? cell.textContent;
  let left = false;
  const finish = async (save, step) => {
    if (left) return;
    left = true;
    const value = box.value, before = offered ? cell.textContent : cell.dataset.typed ?? cell.textContent;
    box.remove();
    (step ? cellAt(+cell.dataset.row + step[0], +cell.dataset.column + step[1]) ?? cell : cell).focus();
    if (save && value !== before) await sendCell(table, cell, value);
    else refresh();
  };
  box.onkeydown = (event) => {
    if (event.key === "Enter") { event.preventDefault(); finish(true, [1, 0]); }
    else if (event.key === "Tab") { event.preventDefault(); finish(true, [0, event.shiftKey ? -1 : 1]); }
    else if (event.key === "Escape") finish(false);
    event.stopPropagation();
  };
  box.onblur = () => finish(true);
  if (offered) box.onchange = () => finish(true);
  cell.append(box);
  box.focus();
}

async function sendCell(table, cell, value) {
  sent++;
  saving++;
  cell.textContent = cell.dataset.typed = value; // stands until the answer, so that editing goes on from it
  later("grid");
  cell.setAttribute("aria-busy", "true");
  try {
    await act("edit", { file: table.dataset.file, tab: table.dataset.tab, cell: cell.dataset.cell, value });
  } finally {
    saving--;
    await refresh();
  }
  $(`[data-cell="${cell.dataset.cell}"]`)?.removeAttribute("aria-busy");
}

let chosen = null;

addEventListener("click", (event) => {
  const button = event.target.closest("[data-row=insert], [data-row=delete]"), table = $(".grid");
  if (!button) return;
  if (!chosen) { toast("Choose a cell first.", true); return; }
  act("row", { file: table.dataset.file, tab: table.dataset.tab, row: chosen, insert: button.dataset.row === "insert" }, button);
});

addEventListener("focusin", (event) => { if (event.target.matches(".grid td")) showCell(event.target); });
addEventListener("dblclick", (event) => { const cell = event.target.closest(".grid td"); if (cell && !event.target.matches(".cell")) editCell(cell); });

addEventListener("keydown", (event) => {
  const cell = event.target;
  if (cell.matches?.(".fx input") && event.key === "Enter") {
    const target = $(`[data-cell="${cell.dataset.target}"]`);
    if (target) { sendCell(target.closest("table"), target, cell.value); target.focus(); }
    return;
  }
  if (!cell.matches?.(".grid td")) return;
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  if (steps[event.key] && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    cellAt(+cell.dataset.row + steps[event.key][0], +cell.dataset.column + steps[event.key][1])?.focus();
  } else if (event.key === "Enter" || event.key === "F2") { event.preventDefault(); editCell(cell); }
  else if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); sendCell(cell.closest("table"), cell, ""); }
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); editCell(cell, cell.dataset.options ? undefined : event.key); }
});

// ---------------------------------------------------------------- documents

const paragraphText = (part) => {
  const copy = part.cloneNode(true);
  for (const line of copy.querySelectorAll("br")) line.replaceWith("\n");
  copy.querySelector("span[style*='inline-block']:first-child")?.remove(); // the number or bullet of a list
  return copy.textContent.replace(/\n$/, "");
};

const PARAGRAPHS = ".document :is(p, h1, h2, h3, h4, h5, h6)";

function editParagraph(part) {
  const paper = part.closest(".desk");
  if ($(".cell", part)) return;
  if (paper.dataset.readonly === "1") { toast("You may look at this file, but not change it.", true); return; }
  const before = paragraphText(part);
  const nth = $$(PARAGRAPHS, paper).filter((one) => paragraphText(one) === before).indexOf(part);
  const box = document.createElement("textarea"), html = part.innerHTML;
  let left = false;
  box.className = "cell";
  box.setAttribute("aria-label", "Paragraph");
  box.value = before;
  box.rows = Math.max(1, Math.ceil(before.length / 75));
  const finish = async (save) => {
    if (left) return;
    left = true;
    const text = box.value;
    part.innerHTML = html;
    part.focus({ preventScroll: true });
    if (save && text !== before) await act("write", { file: paper.dataset.file, before, nth, text });
  };
  box.onblur = () => finish(true);
  box.onkeydown = (press) => {
    if (press.key === "Escape") finish(false);
    if (press.key === "Enter" && !press.shiftKey) { press.preventDefault(); finish(true); }
    press.stopPropagation();
  };
  part.replaceChildren(box);
  box.focus();
}

addEventListener("dblclick", (event) => {
  const part = event.target.closest(`.desk ${PARAGRAPHS}`);
  if (part) editParagraph(part);
});

addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.(`.desk ${PARAGRAPHS}`)) { event.preventDefault(); editParagraph(event.target); }
});

function reachable() {
  for (const part of $$(`.desk:not([data-readonly="1"]) ${PARAGRAPHS}`)) part.tabIndex = 0;
}

// ---------------------------------------------------------------- start

if (matchMedia("(max-width: 760px)").matches && $(".drawer") && ($(".message, .b") || $(".has-thread"))) $(".drawer").open = false;
for (const stream of $$("[data-bottom]")) stream.scrollTop = stream.scrollHeight;
const wanted = new URLSearchParams(location.search).get("message") ?? new URLSearchParams(location.search).get("cell");
const found = wanted && (document.getElementById(`m${wanted}`) ?? $(`[data-cell="${CSS.escape(wanted)}"]`));
if (found) { found.scrollIntoView({ block: "center", inline: "center" }); found.classList.add("flash"); found.focus({ preventScroll: true }); }
if ($(".modal")) focusForm();
else if (!found && matchMedia("(min-width: 761px)").matches) ($("aside .composer textarea") ?? $(".composer textarea"))?.focus();
for (const box of $$(".composer textarea")) box.setSelectionRange(box.value.length, box.value.length);
markSeen();
reachable();
if ($("[data-open-home]")) act("open_home", { tab: $("[data-open-home]").dataset.openHome });
