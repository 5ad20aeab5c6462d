// 团队评分表: keyboard, mouse and clipboard over one server-rendered table, with the side panel of the focused cell.
import { Edits } from "./grid_edits.js";
import { Editor } from "./grid_editor.js";
import { format, parse, plan, preview } from "./grid_paste.js";
import { Table } from "./grid_table.js";
import { refresh } from "./forms.js";
import { alarm, toast } from "./toasts.js";
import { say } from "./words.js";

const PANEL_MS = 180;
const SIDE = "kaogong.grid.side";
const frame = document.querySelector("#grid-frame");

function start() {
  const table = new Table(frame);
  let panelTimer = null;

  async function reread() {
    await refresh();
    table.attach();
    edits.redraw();
  }

  const edits = new Edits(table, { refresh: reread, changed: () => showPanel() });
  const editor = new Editor(table, {
    commit: (cell, text, reason) => edits.change([{ cell, text, reason }]),
    leave,
    refuse: alarm,
  });

  function leave(key, shift) {
    const [row, column] = table.at;
    if (key === "Tab") return step(shift ? -1 : 1);
    if (key === "Enter" || key === "ArrowDown") return table.focus(row + (shift ? -1 : 1), column);
    if (key === "ArrowUp") return table.focus(row - 1, column);
    if (key === "Save") edits.outbox.flush();
    if (key !== "blur") table.focus(row, column);
    return undefined;
  }

  // Tab reads onwards through the cells; past the last one it leaves the grid.
  function step(by) {
    const width = table.columns.length;
    const n = table.at[0] * width + Math.min(table.at[1], width - 1) + by;
    if (n < 0 || n >= table.rows.length * width) return false;
    table.focus(Math.floor(n / width), n % width);
    return true;
  }

  function edit(typed) {
    const cell = table.current;
    if (!table.writable(cell)) return alarm(cell.parentElement.dataset.why ?? say("locked-cell"));
    if (table.column(cell).kind === "adjustments") return ledger(cell, typed);
    const text = typed ?? table.text(cell);
    return editor.start(cell, text, typed !== undefined);
  }

  // Adjustments are entered in the side panel; the cell itself can only say that nothing happened.
  function ledger(cell, typed) {
    const free = Number(cell.dataset.entries ?? 0) === 0;
    if (typed && free && (typed === "0" || typed.toLowerCase() === "w")) return edits.change([{ cell, text: say("nothing") }]);
    return showPanel(0).then(() => document.querySelector("#grid-side .ledger-add input")?.focus());
  }

  function clear() {
    const cells = [...table.selected()].filter((cell) => table.writable(cell) && table.column(cell).kind !== "adjustments");
    edits.change(cells.map((cell) => ({ cell, text: "", reason: "" })));
  }

  function fillDown() {
    const { top, bottom, left, right } = table.range;
    const list = [];
    for (let row = top + 1; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        const source = table.cell(top, column);
        const cell = table.cell(row, column);
        if (table.writable(cell) && table.column(cell).kind !== "adjustments") list.push({ cell, text: table.text(source), reason: source.dataset.reason });
      }
    }
    edits.change(list);
  }

  async function paste(text) {
    const pasted = parse(text);
    const outcomes = plan(table, pasted);
    const single = pasted.length === 1 && pasted[0].length === 1;
    if (single && outcomes.some((each) => !each.ok)) return alarm(outcomes.find((each) => !each.ok).why);
    const chosen = single ? outcomes : await preview(table, pasted, outcomes);
    edits.change(chosen.map(({ cell, text: value }) => ({ cell, text: value })));
    return table.focus(...table.at, true);
  }

  function move(event) {
    const [row, column] = table.at;
    const last = table.columns.length - 1;
    const far = event.ctrlKey || event.metaKey;
    const to = {
      ArrowUp: [far ? 0 : row - 1, column],
      ArrowDown: [far ? table.rows.length - 1 : row + 1, column],
      ArrowLeft: [row, far ? 0 : column - 1],
      ArrowRight: [row, far ? last : column + 1],
      Home: [far ? 0 : row, 0],
      End: [far ? table.rows.length - 1 : row, last],
      PageUp: [row - 15, column],
      PageDown: [row + 15, column],
    }[event.key];
    if (!to) return false;
    table.focus(...to, event.shiftKey);
    showSelection();
    return true;
  }

  function command(event) {
    const key = event.key.toLowerCase();
    if (event.altKey && event.key === "ArrowDown") {
      const next = table.nextProblem();
      if (next) table.focus(...next);
      else toast(say("no-errors"));
    } else if ((event.ctrlKey || event.metaKey) && key === "z") edits.undo();
    else if ((event.ctrlKey || event.metaKey) && key === "d") fillDown();
    else if ((event.ctrlKey || event.metaKey) && key === "s") edits.outbox.flush();
    else if ((event.ctrlKey || event.metaKey) && key === "a") selectAll();
    else if (event.key === "Delete" || event.key === "Backspace") clear();
    else if (event.key === "Enter" || event.key === "F2") edit();
    else return false;
    return true;
  }

  function selectAll() {
    table.focus(0, 0);
    table.focus(table.rows.length - 1, table.columns.length - 1, true);
  }

  function typed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Process") edit("");
    else if (event.key.length === 1 && event.key !== " ") edit(event.key);
    else return false;
    return event.key !== "Process";
  }

  function showSelection() {
    const { top, bottom, left, right } = table.range;
    const size = { rows: bottom - top + 1, columns: right - left + 1 };
    document.querySelector("[data-selection]").textContent = table.several ? say("paste-size", size) : "";
  }

  // Read without htmx: an ended session must not take the page away while edits wait on it.
  async function loadPanel() {
    const side = document.querySelector("#grid-side");
    const cell = table.current;
    const column = cell && table.column(cell);
    if (!navigator.onLine || !column || side.contains(document.activeElement) || !side.checkVisibility()) return;
    const query = new URLSearchParams({ card: cell.parentElement.dataset.card, item: column.item });
    const answer = await fetch(`${frame.dataset.panel}?${query}`, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok || answer.redirected || cell !== table.current) return;
    htmx.swap(side, await answer.text(), { swapStyle: "innerHTML" });
  }

  function showPanel(wait = PANEL_MS) {
    clearTimeout(panelTimer);
    return new Promise((resolve) => {
      panelTimer = setTimeout(() => resolve(loadPanel()), wait);
    });
  }

  // The panel's reason and baseline belong to the cell it was opened for.
  function panelInput(field) {
    const { card, item } = field.closest("[data-card]").dataset;
    const cell = table.find({ card, item });
    const side = document.querySelector("#grid-side");
    const of = (name) => side.querySelector(`[data-panel-input="${name}"]`)?.value.trim();
    edits.change([{ cell, text: table.text(cell), reason: of("reason") ?? "", baseline: of("baseline") || undefined }]);
  }

  const onCell = (event) => event.target.closest?.("#grid tbody td");

  document.addEventListener("keydown", (event) => {
    if (!onCell(event) || editor.open) return;
    if (event.key === "Tab" ? step(event.shiftKey ? -1 : 1) : command(event) || move(event) || typed(event)) event.preventDefault();
  });
  frame.addEventListener("pointerdown", (event) => {
    const cell = onCell(event);
    if (!cell || event.button !== 0) return;
    event.preventDefault();
    table.focus(...table.place(cell), event.shiftKey);
    showSelection();
  });
  frame.addEventListener("pointerover", (event) => {
    const cell = onCell(event);
    if (!cell || !(event.buttons & 1) || editor.open || document.activeElement !== table.current) return;
    table.focus(...table.place(cell), true);
    showSelection();
  });
  frame.addEventListener("dblclick", (event) => {
    if (onCell(event)) edit();
  });
  frame.addEventListener("focusin", (event) => {
    const cell = onCell(event);
    if (!cell) return;
    if (cell !== table.current) table.focus(...table.place(cell));
    showPanel();
  });
  document.addEventListener("copy", (event) => {
    if (document.activeElement !== table.current) return;
    event.clipboardData.setData("text/plain", format(table));
    event.preventDefault();
    toast(say("copied", { n: [...table.selected()].length }));
  });
  document.addEventListener("paste", (event) => {
    if (document.activeElement !== table.current) return;
    event.preventDefault();
    paste(event.clipboardData.getData("text/plain"));
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-panel-input]")) panelInput(event.target);
  });
  document.addEventListener("click", async (event) => {
    const toggle = event.target.closest("[data-side-toggle]");
    if (toggle) setSide(frame.classList.contains("no-side"));
    const nothing = event.target.closest("[data-panel-nothing]");
    if (!nothing) return;
    const { card, item } = nothing.closest("[data-card]").dataset;
    edits.change([{ cell: table.find({ card, item }), text: say("nothing") }]);
    nothing.remove();
  });
  document.addEventListener("kaogong:before-submit", () => edits.outbox.flush());
  document.addEventListener("kaogong:refreshed", () => {
    table.attach();
    edits.redraw();
    document.activeElement?.blur();
    showPanel(0);
  });
  setSide(localStorage.getItem(SIDE) !== "hidden");
}

function setSide(open) {
  frame.classList.toggle("no-side", !open);
  document.querySelector("[data-side-toggle]")?.setAttribute("aria-pressed", String(open));
  localStorage.setItem(SIDE, open ? "shown" : "hidden");
}

if (frame) start();
