// The form of the ledger: people found as one types, and only the fields that the chosen item needs.
import { startPicker } from "./picker.js";

// By selector: a collection of controls has a method called `item`.
const field = (form, name) => form.querySelector(`[name="${name}"]`);

// An item has fixed amounts, free points, or causes: what it does not have is neither shown nor sent.
function fit(form) {
  const item = field(form, "item").selectedOptions[0];
  const cause = field(form, "cause");
  let some = false;
  for (const option of cause.options) {
    if (!option.value) continue;
    const fits = option.dataset.item === item?.value;
    option.hidden = option.disabled = !fits;
    some ||= fits;
    if (!fits && option.selected) cause.value = "";
  }
  const wanted = { step: Boolean(item?.dataset.step), each: !item?.dataset.step, cause: some };
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = !wanted[part.dataset.for];
    for (const control of part.querySelectorAll("input, select")) control.disabled = part.hidden;
  }
}

const form = document.querySelector("[data-ledger]");
startPicker(form.querySelector("[data-people]"));
field(form, "item").addEventListener("change", () => fit(form));
fit(form);
