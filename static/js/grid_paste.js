// Copying to and pasting from a spreadsheet: what would be filled in is shown first, rejects are marked, nothing is cut.
import { closeDialog, openDialog } from "./dialogs.js";
import { read } from "./grid_rules.js";
import { make, say } from "./words.js";

const PREVIEWED_ROWS = 60;
const NAMED_ERRORS = 50;

// Tab-separated text of a spreadsheet, with quoted cells that hold tabs, line ends and doubled quotes.
export function parse(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let n = 0; n < clean.length; n += 1) {
    const mark = clean[n];
    if (quoted) {
      if (mark !== '"') cell += mark;
      else if (clean[n + 1] === '"') {
        cell += '"';
        n += 1;
      } else quoted = false;
    } else if (mark === '"' && cell === "") quoted = true;
    else if (mark === "\t" || mark === "\n") {
      rows.at(-1).push(cell);
      cell = "";
      if (mark === "\n") rows.push([]);
    } else cell += mark;
  }
  rows.at(-1).push(cell);
  return rows;
}

export function format(table) {
  const lines = [];
  const { top, bottom, left, right } = table.range;
  for (let row = top; row <= bottom; row += 1) {
    const texts = [];
    for (let column = left; column <= right; column += 1) texts.push(table.text(table.cell(row, column)).replace(/[\t\n"]/g, " "));
    lines.push(texts.join("\t"));
  }
  return lines.join("\n");
}

// What each pasted text would do: {row, column, cell, text, ok, why}.
export function plan(table, pasted) {
  const one = pasted.length === 1 && pasted[0].length === 1;
  const { top, left } = table.range;
  if (one && table.several) return [...table.selected()].map((cell) => outcome(table, cell, pasted[0][0], ...table.place(cell)));
  return pasted.flatMap((texts, down) => texts.map((text, over) => outcome(table, table.cell(top + down, left + over), text, top + down, left + over)));
}

function outcome(table, cell, text, row, column) {
  const base = { row, column, cell, text };
  if (!cell || !table.column(cell)) return { ...base, ok: false, why: say("outside-grid") };
  if (!table.writable(cell)) return { ...base, ok: false, why: cell.parentElement.dataset.why ?? say("locked-cell") };
  const result = read(table.column(cell), text);
  return { ...base, ...result };
}

function drawTable(dialog, table, outcomes) {
  const columns = [...new Set(outcomes.map((each) => each.column))];
  const rows = [...new Set(outcomes.map((each) => each.row))];
  const known = new Map(outcomes.map((each) => [`${each.row}/${each.column}`, each]));
  const heads = columns.map((n) => make("th", { scope: "col" }, table.columns[n]?.title ?? "?"));
  const head = make("tr", {}, make("th", { scope: "col" }, ""), ...heads);
  const lines = rows.slice(0, PREVIEWED_ROWS).map((row) => {
    const cells = columns.map((column) => {
      const each = known.get(`${row}/${column}`);
      const cell = make("td", { className: each && !each.ok ? "reject" : "" }, each?.text ?? "");
      if (each && !each.ok) cell.title = each.why;
      return cell;
    });
    return make("tr", {}, make("th", { scope: "row" }, table.rows[row]?.dataset.subject ?? "?"), ...cells);
  });
  if (rows.length > PREVIEWED_ROWS) lines.push(make("tr", {}, make("td", { colSpan: columns.length + 1 }, "…")));
  dialog.querySelector("[data-paste-table]").replaceChildren(make("thead", {}, head), make("tbody", {}, ...lines));
}

// Shows the preview; resolves to the outcomes to apply, empty when given up.
export function preview(table, pasted, outcomes) {
  const dialog = document.querySelector("#grid-paste");
  const good = outcomes.filter((each) => each.ok);
  const bad = outcomes.filter((each) => !each.ok);
  const set = (name, text) => {
    const place = dialog.querySelector(`[data-paste-${name}]`);
    place.textContent = text;
    place.hidden = text === "";
  };
  set("size", say("paste-size", { rows: pasted.length, columns: Math.max(...pasted.map((row) => row.length)) }));
  set("good", say("paste-good", { n: good.length }));
  set("bad", bad.length ? say("paste-bad", { n: bad.length }) : "");
  drawTable(dialog, table, outcomes);
  const named = bad.slice(0, NAMED_ERRORS).map((each) => {
    const where = say("row-col", { subject: table.rows[each.row]?.dataset.subject ?? each.row + 1, item: table.columns[each.column]?.title ?? each.column + 1 });
    return make("li", {}, `${where}:${each.why}`);
  });
  dialog.querySelector("[data-paste-errors]").replaceChildren(...named);
  const apply = dialog.querySelector("[data-paste-apply]");
  apply.textContent = say("paste-apply", { n: good.length });
  apply.disabled = good.length === 0;
  return new Promise((resolve) => {
    apply.onclick = () => {
      dialog.onclose = null;
      closeDialog(dialog);
      resolve(good);
    };
    dialog.onclose = () => resolve([]);
    openDialog(dialog);
    apply.focus();
  });
}
