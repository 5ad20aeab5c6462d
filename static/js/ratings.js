// 我的评价: what one says of each person is kept in this tab until it is sent; whoever is rated in full is sent at once.
import { refresh } from "./forms.js";
import { call, newKey } from "./http.js";
import { alarm, toast } from "./toasts.js";
import { say } from "./words.js";

const KEPT = `kaogong.ratings.${location.pathname}`;

const rows = () => [...document.querySelectorAll("[data-sheet] tr[data-rating][data-open]")];
const fieldsOf = (row) => [...row.querySelectorAll("[data-rates]")];
const commentOf = (row) => row.querySelector("[data-comment]");
const itemsOf = (row) => [...new Set(fieldsOf(row).map((field) => field.dataset.rates))];

function givenIn(row) {
  const given = {};
  for (const field of fieldsOf(row)) {
    if (field.type === "radio" && !field.checked) continue;
    const value = field.type === "radio" ? field.value : field.value.normalize("NFKC").trim();
    if (value) given[field.dataset.rates] = value;
  }
  return given;
}

// What the server sent stands in the fields' defaults.
function isChanged(row) {
  const changed = (field) => (field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
  return [...fieldsOf(row), commentOf(row)].some(changed);
}

const isWhole = (row) => Object.keys(givenIn(row)).length === itemsOf(row).length;

function keep() {
  const held = rows().filter(isChanged).map((row) => [row.dataset.rating, { given: givenIn(row), comment: commentOf(row).value }]);
  if (held.length) sessionStorage.setItem(KEPT, JSON.stringify(held));
  else sessionStorage.removeItem(KEPT);
}

function putBack(held) {
  let count = 0;
  for (const row of rows()) {
    const kept = held.get(row.dataset.rating);
    if (!kept) continue;
    count += 1;
    for (const field of fieldsOf(row)) {
      const value = kept.given[field.dataset.rates] ?? "";
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
    commentOf(row).value = kept.comment;
  }
  return count;
}

function show() {
  const changed = rows().filter(isChanged);
  const ready = changed.filter(isWhole);
  for (const row of rows()) {
    const partly = changed.includes(row) && !ready.includes(row);
    row.classList.toggle("rate-ready", ready.includes(row));
    row.classList.toggle("rate-partly", partly);
  }
  const send = document.querySelector("[data-rate-send]");
  if (!send) return;
  send.disabled = ready.length === 0;
  document.querySelector("[data-rate-send-text]").textContent = ready.length ? say("rate-send", { n: ready.length }) : send.dataset.idle;
  const state = document.querySelector("[data-rate-state]");
  state.dataset.state = changed.length ? "pending" : "saved";
  const lines = [ready.length && say("rate-ready", { n: ready.length }), changed.length > ready.length && say("rate-partly", { n: changed.length - ready.length })];
  state.textContent = changed.length ? lines.filter(Boolean).join(" · ") : state.dataset.idle;
}

function setErrors(row, problem) {
  const beside = new Map(Object.entries(problem?.errors ?? {}).map(([path, lines]) => [path.replace("given.", ""), [lines].flat().join(" ")]));
  for (const place of row.querySelectorAll("[data-error-of]")) {
    place.textContent = beside.get(place.dataset.errorOf) ?? "";
    beside.delete(place.dataset.errorOf);
  }
  row.querySelector("[data-row-error]").textContent = problem ? (beside.size || !problem.errors ? [problem.detail, ...beside.values()].join(" ") : "") : "";
}

async function send() {
  const sent = rows().filter((row) => isChanged(row) && isWhole(row));
  if (!sent.length) return;
  const button = document.querySelector("[data-rate-send]");
  button.setAttribute("aria-busy", "true");
  const ratings = sent.map((row) => ({ id: row.dataset.rating, version: Number(row.dataset.version), given: givenIn(row), comment: commentOf(row).value.trim() }));
  const answer = await call("POST", "/api/v1/ratings", { body: { ratings }, key: newKey() });
  button.removeAttribute("aria-busy");
  if (!answer.ok) return alarm(answer.problem.detail ?? say("unknown-error"));
  const failed = new Map(answer.data.results.filter((each) => !each.ok).map((each) => [each.id, each.problem]));
  const held = new Map(rows().filter((row) => isChanged(row) && (failed.has(row.dataset.rating) || !isWhole(row))).map((row) => [row.dataset.rating, { given: givenIn(row), comment: commentOf(row).value }]));
  await refresh();
  putBack(held);
  for (const row of rows()) setErrors(row, failed.get(row.dataset.rating));
  begin();
  keep();
  if (failed.size) alarm(say("rate-failed", { n: failed.size }));
  if (sent.length > failed.size) toast(say("rate-sent", { n: sent.length - failed.size }));
  return undefined;
}

// Enter goes down a column of numbers, as in a spreadsheet.
function goDown(field, step) {
  const column = [...document.querySelectorAll(`[data-sheet] input.num-input[data-rates="${CSS.escape(field.dataset.rates)}"]`)];
  const next = column[column.indexOf(field) + step];
  if (next) next.select();
  else field.blur();
}

// The words of the bar at rest are the page's own.
function begin() {
  const state = document.querySelector("[data-rate-state]");
  const text = document.querySelector("[data-rate-send-text]");
  if (state) state.dataset.idle ??= state.textContent;
  if (text) document.querySelector("[data-rate-send]").dataset.idle ??= text.textContent;
  show();
}

function start() {
  const held = new Map(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
  begin();
  const count = putBack(held);
  if (count) toast(say("rate-kept", { n: count }));
  keep();
  show();
  document.addEventListener("input", (event) => {
    const row = event.target.closest("[data-sheet] tr[data-rating]");
    if (!row) return;
    setErrors(row, null);
    keep();
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-sheet] input.num-input")) return;
    event.preventDefault();
    goDown(event.target, event.shiftKey ? -1 : 1);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-rate-send]")) send();
  });
}

start();
