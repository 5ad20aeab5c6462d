// Native dialogs: data-opens="id" opens one, data-closes or the backdrop closes it, focus returns to who opened it.
const openers = new WeakMap();

export function openDialog(dialog) {
  if (dialog.open) return;
  openers.set(dialog, document.activeElement);
  dialog.showModal();
  dialog.querySelector("[autofocus], .dialog-body input:not([type=hidden], :disabled), .dialog-body textarea, .dialog-body select")?.focus();
}

export function closeDialog(dialog) {
  if (dialog.open) dialog.close();
}

// data-fill="name=value&…" on an opener chooses what the dialog's form begins with; data-form-api and data-form-version
// what it is about, where one dialog serves many rows.
function fill(dialog, opener) {
  const { fill: text = "", formApi, formVersion } = opener.dataset;
  if (formApi) Object.assign(dialog.querySelector("form").dataset, { api: formApi, version: formVersion });
  for (const [name, value] of new URLSearchParams(text)) {
    for (const field of dialog.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
  }
}

function onClick(event) {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    fill(dialog, opener);
    return openDialog(dialog);
  }
  if (event.target.closest("[data-closes]")) return closeDialog(event.target.closest("dialog"));
  if (event.target instanceof HTMLDialogElement && event.target.id !== "relogin") closeDialog(event.target);
  return undefined;
}

function onClose(event) {
  const opener = openers.get(event.target);
  if (opener?.isConnected) opener.focus();
}

export function startDialogs() {
  document.addEventListener("click", onClick);
  document.addEventListener("close", onClose, true);
  for (const dialog of document.querySelectorAll("dialog[data-open-now]")) openDialog(dialog);
}
