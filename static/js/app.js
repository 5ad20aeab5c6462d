// What every page has: dialogs, forms, menus, toasts, and focus that survives a swap.
import { startDialogs } from "./dialogs.js";
import { startForms } from "./forms.js";
import { alarm, showLeftToast } from "./toasts.js";
import { say } from "./words.js";

function startNavigation() {
  const toggle = document.querySelector("[data-nav-toggle]");
  toggle?.addEventListener("click", () => {
    toggle.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true"));
  });
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) menu.open = false;
  }
}

function startMenus() {
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-prints]")) window.print();
    const details = event.target.closest("[data-opens-details]");
    if (!details) return;
    const target = document.getElementById(details.dataset.opensDetails);
    target.open = true;
    target.querySelector(".ledger-add input")?.focus();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
    const { shows } = event.target.dataset;
    if (shows) document.getElementById(shows).hidden = !event.target.checked;
  });
}

// The field that was being used keeps the focus when its surroundings are swapped.
function startFocusKeeping() {
  let held = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const field = document.activeElement;
    held = field?.id || field?.name ? { id: field.id, name: field.name } : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!held || document.activeElement !== document.body) return;
    const again = held.id ? document.getElementById(held.id) : document.querySelector(`main [name="${CSS.escape(held.name)}"]`);
    (again ?? document.querySelector("#main")).focus({ preventScroll: true });
  });
  document.addEventListener("htmx:sendError", () => alarm(say("server-error")));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) location.reload();
    else alarm(say("unknown-error"));
  });
}

// A merge with a newer page leaves open what the reader opened, and what is being typed.
function startMerging() {
  const typing = (node) => node === document.activeElement && node.matches("input, textarea, select");
  window.Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) => {
    if (name === "open" && node.tagName === "DETAILS") return false;
    return !(name === "value" && typing(node));
  };
}

startMerging();
startDialogs();
startForms();
startNavigation();
startMenus();
startFocusKeeping();
showLeftToast();
