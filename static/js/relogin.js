// Signing in again in a dialog over the page, so that nothing on it is lost.
import { closeDialog, openDialog } from "./dialogs.js";
import { showProblem } from "./problems.js";

let waiting = null;

// The token of the ended session may have gone with it, so a new one is read from the sign-in page first.
async function freshToken(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector('input[name="csrf_token"]')?.value ?? page.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

async function submit(form, token) {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": await freshToken(form.action) },
    body: JSON.stringify({ username: form.username.value, password: form.password.value, otp: form.otp.value }),
    credentials: "same-origin",
  });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok || !data.csrf_token) return showProblem(form, data);
  token.content = data.csrf_token;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = data.csrf_token;
  return true;
}

// Resolves to true once signed in, to false when the reader puts it off; several callers share one dialog.
export function signInAgain(token) {
  waiting ??= new Promise((resolve) => {
    const dialog = document.querySelector("#relogin");
    const form = dialog.querySelector("[data-relogin]");
    form.password.value = "";
    form.otp.value = "";
    const finish = (signedIn) => {
      form.onsubmit = null;
      waiting = null;
      resolve(signedIn);
    };
    form.onsubmit = async (event) => {
      event.preventDefault();
      if ((await submit(form, token).catch(() => showProblem(form, {}))) !== true) return;
      dialog.onclose = null;
      closeDialog(dialog);
      finish(true);
    };
    dialog.onclose = () => finish(false);
    openDialog(dialog);
    form.password.focus();
  });
  return waiting;
}
