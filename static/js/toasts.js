// Short announcements in a live region; good news is polite, bad news is not.
import { icon, make } from "./words.js";

const SHOWN_MS = 4000;
const LEFT = "kaogong.toast";

function put(region, text, mark, stay) {
  const line = make("div", { className: "toast-line" }, icon(mark), make("span", {}, text));
  region.append(line);
  setTimeout(() => line.remove(), stay);
}

export function toast(text) {
  put(document.querySelector("#toasts"), text, "circle-check", SHOWN_MS);
}

export function alarm(text) {
  put(document.querySelector("#alarms"), text, "alert-circle", SHOWN_MS * 2);
}

// A toast that is shown by the next page.
export function leaveToast(text) {
  sessionStorage.setItem(LEFT, text);
}

export function showLeftToast() {
  const text = sessionStorage.getItem(LEFT);
  sessionStorage.removeItem(LEFT);
  if (text) toast(text);
}
