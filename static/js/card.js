// 评分表: each item is saved as it is filled in; points, totals and basis come from the server's answer.
import { partsOf, writeAmounts } from "./amounts.js";
import { refresh } from "./forms.js";
import { call } from "./http.js";
import { Outbox } from "./outbox.js";
import { alarm, toast } from "./toasts.js";
import { icon, make, say, shown } from "./words.js";

const card = () => document.querySelector("#card");

function rowOf(code) {
  return document.querySelector(`#card tr.item[data-item="${CSS.escape(code)}"]`);
}

function inputOf(row) {
  const amounts = row.querySelectorAll("[data-amounts]");
  if (amounts.length) return partsOf(amounts);
  const input = {};
  for (const field of row.querySelectorAll("[data-input]")) {
    if (field.hidden || field.disabled || (field.type === "radio" && !field.checked)) continue;
    const value = field.value.normalize("NFKC").trim();
    if (value) input[field.dataset.input] = field.dataset.input === "reason" ? field.value.trim() : value.replace(/\s*%$/, "");
  }
  return Object.keys(input).some((name) => name !== "reason") ? input : null;
}

// The reason shows itself where the chosen level, or points below the most, ask for one.
function askReason(row) {
  const reason = row.querySelector('[data-input="reason"].reason-line');
  if (!reason) return false;
  const level = row.querySelector('[data-input="level"]:checked');
  const points = row.querySelector('[data-input="points"]');
  const below = points && points.value.trim() !== "" && Number(points.value) < Number(reason.dataset.below);
  const asked = Boolean(level && "needsReason" in level.dataset) || Boolean(below);
  reason.hidden = !asked;
  if (!asked || reason.value.trim()) return false;
  reason.focus();
  return true;
}

function setError(row, text) {
  if (!row) return;
  row.classList.toggle("failed", Boolean(text));
  const place = row.querySelector("[data-item-error]");
  if (place) place.textContent = text;
}

function showItem(item) {
  const row = rowOf(item.code);
  if (!row) return;
  row.querySelector("[data-points]").textContent = shown(item.points);
  row.classList.toggle("item-missing", item.points === null);
  if (item.points !== null) row.querySelector("[data-missing]").textContent = "";
  const steps = document.querySelector(`#d-${CSS.escape(item.code)} [data-basis]`);
  steps?.replaceChildren(...(item.basis ?? []).map((step) => make("li", {}, make("span", { className: "step-name" }, say(`step-${step.step}`)), make("span", {}, step.text))));
}

function showCard(data) {
  card().dataset.version = data.version;
  for (const place of document.querySelectorAll("[data-total]")) place.textContent = shown(data.complete ? data.total : data.provisional_total);
  const note = data.complete ? say("complete") : say("missing-n", { n: data.missing?.length ?? 0 });
  for (const place of document.querySelectorAll("[data-total-note]")) place.textContent = note;
  for (const section of data.sections ?? []) {
    const place = document.querySelector(`#card [data-section="${CSS.escape(section.code)}"]`);
    if (place) place.textContent = shown(section.points);
  }
  for (const item of data.items ?? []) showItem(item);
}

function showState(state, count) {
  const place = document.querySelector("[data-save-state]");
  if (!place) return;
  const text = { saving: say("saving"), pending: say("pending", { n: count }), offline: say("offline", { n: count }), failed: say("failed", { n: count }) }[state] ?? say("saved");
  place.dataset.state = state;
  place.replaceChildren(icon({ saved: "cloud-check", saving: "refresh", offline: "wifi-off", failed: "alert-circle" }[state] ?? "pencil"), text);
}

// One item after the other: each carries the version that the one before it made.
async function deliver(edits) {
  const results = [];
  for (const edit of edits) {
    const { id, version } = card().dataset.card === edit.card ? { id: edit.card, version: card().dataset.version } : {};
    if (!id) continue;
    const body = { input: edit.input, ...(edit.note === undefined ? {} : { note: edit.note }) };
    const answer = await call("PATCH", `/api/v1/scorecards/${id}/items/${encodeURIComponent(edit.item)}`, { body, version });
    if (!answer.ok && (answer.status === 0 || answer.status >= 500 || answer.status === 401)) return answer;
    if (answer.ok) showCard(answer.data);
    results.push({ edit, answer });
  }
  return { ok: true, status: 200, data: { results } };
}

// What could not be saved stands again after the page was left, with the reason beside it.
const heldName = () => `kaogong.card.${card()?.dataset.card}.held`;
const held = new Map(JSON.parse(sessionStorage.getItem(heldName()) ?? "[]"));

function keepHeld() {
  if (held.size) sessionStorage.setItem(heldName(), JSON.stringify([...held]));
  else sessionStorage.removeItem(heldName());
}

function putBack(edit) {
  const row = rowOf(edit.item);
  if (!row?.querySelector("[data-editor]")) return;
  for (const field of row.querySelectorAll("[data-input]")) {
    const [part, side] = field.dataset.amounts?.split("/") ?? [];
    const value = part ? writeAmounts(edit.input?.parts?.[part]?.[side]) : (edit.input?.[field.dataset.input] ?? "");
    if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
    if (value) field.hidden = false;
  }
  if (edit.why) setError(row, edit.why);
}

function sentences(problem) {
  return [problem.detail, ...Object.values(problem.errors ?? {}).flat()].filter((line) => typeof line === "string").join(" ");
}

function settle(edits, answer) {
  for (const { edit, answer: each } of answer.data?.results ?? []) {
    const row = rowOf(edit.item);
    const why = each.ok ? "" : sentences(each.problem);
    if (each.ok) held.delete(edit.id);
    else held.set(edit.id, { ...edit, why });
    setError(row, why);
    if (each.problem?.code === "stale") stale(edit, each.problem);
  }
  keepHeld();
  showRest();
}

function showRest() {
  if (held.size) showState("failed", held.size);
  else showState(outbox.size ? "pending" : "saved", outbox.size);
}

// Somebody else changed the card: the newest values are read, and what was typed here is offered again.
async function stale(edit, problem) {
  const mine = edit.text || say("empty-value");
  await refresh();
  const row = rowOf(edit.item);
  if (!row) return alarm(problem.detail);
  const again = make("button", { type: "button", className: "btn btn-light btn-sm" }, `${say("keep-mine")}: ${mine}`);
  again.onclick = () => {
    setError(row, "");
    putBack(edit);
    outbox.put([edit]);
  };
  setError(row, say("conflict", { subject: card().dataset.label, item: row.querySelector(".item-title span").textContent }));
  row.querySelector("[data-item-error]").append(" ", again);
  return undefined;
}

let stamp = Date.now();
const outbox = new Outbox(`kaogong.card.${card()?.dataset.card}`, { deliver, settle, show: showState, versionOf: () => null });

function save(row, extra = {}) {
  const input = extra.input === undefined ? inputOf(row) : extra.input;
  const note = row.querySelector("[data-note]")?.value;
  stamp += 1;
  const item = row.dataset.item;
  const typed = [...row.querySelectorAll("[data-amounts]")].map((field) => field.value).filter(Boolean);
  const text = typed.length ? typed.join("; ") : Object.values(input ?? {}).join(" ");
  outbox.put([{ id: item, card: card().dataset.card, item, input, note, text, stamp }]);
}

function start() {
  document.addEventListener("change", (event) => {
    const row = event.target.closest("#card tr.item");
    if (!row || !(event.target.matches("[data-input]") || event.target.matches("[data-note]"))) return;
    if (event.target.dataset.input !== "reason" && askReason(row)) return;
    save(row);
  });
  document.addEventListener("click", async (event) => {
    const nothing = event.target.closest("[data-nothing]");
    if (!nothing) return;
    save(nothing.closest("tr.item"), { input: { adjustments: [] } });
    await outbox.flush();
    await refresh();
    toast(say("saved"));
  });
  document.addEventListener("kaogong:before-submit", () => outbox.flush());
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      outbox.flush();
    }
    const field = event.target.closest("#card .num-input");
    if (field && event.key === "Enter") {
      event.preventDefault();
      const fields = [...document.querySelectorAll("#card .num-input")];
      const next = fields[fields.indexOf(field) + (event.shiftKey ? -1 : 1)];
      if (next) next.focus();
      else field.blur(); // leaving the last one saves it too
    }
  });
  // A card that has been signed since takes no more: what was held for it is over.
  for (const edit of held.values()) if (!rowOf(edit.item)?.querySelector("[data-editor]")) held.delete(edit.id);
  keepHeld();
  for (const edit of [...held.values(), ...outbox.entries]) putBack(edit);
  if (held.size) showRest();
  if (outbox.size) {
    toast(say("restored", { n: outbox.size }));
    outbox.later(0);
  }
}

if (card()) start();
