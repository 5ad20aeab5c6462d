// Forms that speak to the interface: data-api="POST /api/v1/…", fields become JSON, problems are shown in place.
import { closeDialog } from "./dialogs.js";
import { call, newKey } from "./http.js";
import { clearProblem, showProblem } from "./problems.js";
import { leaveToast, toast } from "./toasts.js";
import { say } from "./words.js";

function valueOf(field) {
  if (field.type === "checkbox" && "flag" in field.dataset) return field.checked;
  if ("list" in field.dataset) {
    const chosen = field.options ? [...field.selectedOptions].map((each) => each.value) : field.value.split(/[\s,,、]+/);
    return chosen.filter(Boolean);
  }
  if ("number" in field.dataset) return field.value === "" ? undefined : Number(field.value);
  if (field.value !== "" && "flag" in field.dataset) return field.value === "true";
  if ("code" in field.dataset) return field.value.trim().split(" ")[0] || undefined;
  if (field.value === "") return "nullable" in field.dataset ? null : undefined;
  return field.value;
}

function place(body, path, value) {
  const names = path.split(".");
  const last = names.pop();
  const target = names.reduce((part, name) => (part[name] ??= {}), body);
  target[last] = value;
}

export function bodyOf(form) {
  const body = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.name === "csrf_token") continue;
    if (field.type === "radio" && !field.checked) continue;
    if (field.type === "checkbox" && "many" in field.dataset) {
      if (field.checked) place(body, field.name, [...(body[field.name] ?? []), field.value]);
      continue;
    }
    const value = valueOf(field);
    if (value !== undefined) place(body, field.name, value);
  }
  return body;
}

// The version that the reader saw: of the form, or of the card that the form is about.
function versionFor(form) {
  if (form.dataset.version) return form.dataset.version;
  if (form.dataset.versionOf !== "card") return undefined;
  const id = form.closest("[data-card]")?.dataset.card;
  const row = id && document.querySelector(`tr[data-card="${CSS.escape(id)}"]`);
  return (row ?? document.querySelector("#card"))?.dataset.version;
}

// The page as it is now, merged into what stands: scroll, focus and open details stay.
export async function refresh() {
  await htmx.ajax("GET", location.pathname + location.search, { target: "#main", select: "#main", swap: "morph:outerHTML" });
  document.dispatchEvent(new CustomEvent("kaogong:refreshed"));
}

async function finish(form, data) {
  const text = form.dataset.doneText ?? say("done");
  const dialog = form.closest("dialog");
  const done = form.dataset.done ?? "refresh";
  if (done.startsWith("/")) {
    leaveToast(text);
    location.assign(done.replace(/\{(\w+)\}/g, (whole, name) => encodeURIComponent(data?.[name] ?? "")));
    return;
  }
  if (dialog) closeDialog(dialog);
  form.reset();
  form.dispatchEvent(new CustomEvent("kaogong:done", { bubbles: true, detail: data }));
  await refresh();
  toast(text);
}

async function submit(form) {
  if (form.getAttribute("aria-busy") === "true") return;
  clearProblem(form);
  document.dispatchEvent(new CustomEvent("kaogong:before-submit"));
  form.setAttribute("aria-busy", "true");
  const button = form.querySelector("button:not([type=button])");
  button?.setAttribute("aria-busy", "true");
  const [method, url] = form.dataset.api.split(" ");
  form.dataset.key ??= newKey();
  const body = "rows" in form.dataset ? [bodyOf(form)] : bodyOf(form);
  const answer = await call(method, url, { body, version: versionFor(form), key: form.dataset.key });
  if (answer.status !== 0) delete form.dataset.key;
  form.removeAttribute("aria-busy");
  button?.removeAttribute("aria-busy");
  if (answer.ok) await finish(form, answer.data);
  else showProblem(form, answer.problem);
}

export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-api]");
    if (!form) return;
    event.preventDefault();
    if (form.reportValidity()) submit(form);
  });
}
