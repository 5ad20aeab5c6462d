// A problem of the interface shown where it belongs: beside its field, or at the head of the form.
import { say } from "./words.js";

function texts(value) {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  if (value && typeof value === "object") return texts(value.text ?? value.message ?? value.detail ?? Object.values(value));
  return [];
}

export function clearProblem(form) {
  const head = form.querySelector("[data-problem]");
  if (head) head.hidden = true;
  for (const place of form.querySelectorAll("[data-error-for]")) place.textContent = "";
  for (const field of form.querySelectorAll(".is-invalid")) {
    field.classList.remove("is-invalid");
    field.removeAttribute("aria-invalid");
  }
}

function besideField(form, path, lines) {
  const name = [path, path.split(".").at(-1)].find((each) => form.querySelector(`[data-error-for="${CSS.escape(each)}"]`));
  if (!name) return false;
  form.querySelector(`[data-error-for="${CSS.escape(name)}"]`).textContent = lines.join(" ");
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLElement) {
    field.classList.add("is-invalid");
    field.setAttribute("aria-invalid", "true");
  }
  return true;
}

// Asks for the password or the code where the form can take one; answers whether it now does.
function askProof(form) {
  const proof = form.querySelector("[data-proof]");
  if (!proof) return false;
  const asked = !proof.hidden;
  const field = proof.querySelector("input");
  proof.hidden = false;
  field.disabled = false;
  field.required = true;
  field.focus();
  return !asked;
}

export function showProblem(form, problem) {
  clearProblem(form);
  if (problem.code === "credential_required" && askProof(form)) return;
  const errors = Object.entries(problem.errors ?? {}).map(([path, value]) => [path, texts(value)]);
  const loose = errors.filter(([path, lines]) => !besideField(form, path, lines)).flatMap(([, lines]) => lines);
  const head = form.querySelector("[data-problem]");
  if (!head) return;
  head.querySelector("[data-problem-text]").textContent = [problem.detail ?? say("unknown-error"), ...loose].join(" ");
  head.hidden = false;
  form.querySelector("[aria-invalid]")?.focus();
}
