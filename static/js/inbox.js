// 审批中心: an explicit selection with its count, signed or returned in one go, each card standing alone.
import { openDialog } from "./dialogs.js";
import { refresh } from "./forms.js";
import { call, newKey } from "./http.js";
import { clearProblem, showProblem } from "./problems.js";
import { make, say, shown } from "./words.js";

const NAMED = 60;
const bar = () => document.querySelector("#batch-bar");

function picked(trigger) {
  const rows = [...document.querySelectorAll("[data-pick]:checked")].map((box) => box.closest("tr"));
  return trigger ? rows.filter((row) => row.closest("[data-group]").dataset.trigger === trigger) : rows;
}

// Returning is for what others have signed: a card that waits for 编制 has nowhere to go back to.
function returnable() {
  return picked().filter((row) => ["review", "approve"].includes(row.closest("[data-group]").dataset.trigger));
}

const rowsFor = (action) => (action === "return" ? returnable() : picked(action));

function showBar() {
  const rows = picked();
  bar().hidden = rows.length === 0;
  bar().querySelector("[data-batch-count]").textContent = say("selected", { n: rows.length });
  for (const button of bar().querySelectorAll("[data-batch]")) {
    const { length } = rowsFor(button.dataset.batch);
    button.hidden = length === 0;
    const text = button.querySelector("span");
    if (text) text.textContent = `${button.dataset.text} ${length}`;
  }
}

function setPicked(rows, on) {
  for (const row of rows) {
    const box = row.querySelector("[data-pick]");
    if (box) box.checked = on;
  }
  showBar();
}

function toggleResult(dialog, done) {
  for (const part of dialog.querySelectorAll("[data-ask]")) part.hidden = done;
  for (const part of dialog.querySelectorAll("[data-result]")) part.hidden = !done;
}

function ask(action) {
  const dialog = document.querySelector(`#batch-${action}`);
  const rows = rowsFor(action);
  dialog.querySelector("[data-batch-size]").textContent = say("selected", { n: rows.length });
  const lines = rows.slice(0, NAMED).map((row) => make("li", {}, [row.dataset.name, shown(row.dataset.total), row.dataset.behalf].filter(Boolean).join(" ")));
  if (rows.length > NAMED) lines.push(make("li", {}, "…"));
  dialog.querySelector("[data-batch-names]").replaceChildren(...lines);
  clearProblem(dialog.querySelector("form"));
  toggleResult(dialog, false);
  openDialog(dialog);
}

function showResults(dialog, rows, results) {
  const byId = new Map(rows.map((row) => [row.dataset.row, row]));
  const bad = results.filter((each) => !each.ok);
  const places = { ok: results.length - bad.length, bad: bad.length };
  dialog.querySelector(".batch-summary").textContent = say(bad.length ? "batch-mixed" : "batch-done", places);
  dialog.querySelector(".batch-failed").replaceChildren(...bad.map((each) => make("li", {}, `${byId.get(each.id)?.dataset.name ?? each.id}:${each.problem.detail}`)));
  toggleResult(dialog, true);
  dialog.querySelector("button[data-result]").focus();
  const failed = new Map(bad.map((each) => [each.id, each.problem.detail]));
  dialog.addEventListener("close", () => reread(failed), { once: true });
}

// What was done leaves the list; what failed stays, marked, with its reason.
async function reread(failed) {
  await refresh();
  setPicked(document.querySelectorAll("[data-row]"), false);
  for (const [id, why] of failed) {
    const row = document.querySelector(`[data-row="${CSS.escape(id)}"]`);
    if (!row) continue;
    row.classList.add("row-failed");
    const place = row.querySelector("[data-row-error]");
    place.textContent = why;
    place.hidden = false;
  }
}

async function send(form) {
  const action = form.dataset.batchForm;
  const dialog = form.closest("dialog");
  const rows = rowsFor(action);
  const body = { trigger: action, cards: rows.map((row) => ({ id: row.dataset.row, version: Number(row.dataset.version) })) };
  if (form.reason) body.reason = form.reason.value;
  for (const proof of form.querySelectorAll("[data-proof] input:enabled")) if (proof.value) body[proof.name] = proof.value;
  const button = form.querySelector("button:not([type=button])");
  button.setAttribute("aria-busy", "true");
  form.dataset.key ??= newKey();
  const answer = await call("POST", "/api/v1/transitions", { body, key: form.dataset.key });
  if (answer.status !== 0) delete form.dataset.key;
  button.removeAttribute("aria-busy");
  if (!answer.ok) return showProblem(form, answer.problem);
  form.reset();
  return showResults(dialog, rows, answer.data.results);
}

document.addEventListener("click", (event) => {
  const calm = event.target.closest("[data-select-calm]");
  if (calm) setPicked(calm.closest("[data-group]").querySelectorAll("[data-row]:not([data-risky])"), true);
  if (event.target.closest("[data-batch-clear]")) setPicked(document.querySelectorAll("[data-row]"), false);
  const batch = event.target.closest("[data-batch]");
  if (batch) ask(batch.dataset.batch);
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick]")) showBar();
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-batch-form]");
  if (!form) return;
  event.preventDefault();
  if (form.reportValidity()) send(form);
});
document.addEventListener("htmx:afterSettle", () => bar() && showBar());
