// The edits of the grid: shown at once, sent in batches, settled by the server's answer; conflicts show both values.
import { closeDialog, openDialog } from "./dialogs.js";
import { inputOf, needsReason, textOf } from "./grid_rules.js";
import { call } from "./http.js";
import { Outbox } from "./outbox.js";
import { toast } from "./toasts.js";
import { icon, make, say, shown } from "./words.js";

const UNDO_DEPTH = 100;

export class Edits {
  constructor(table, { refresh, changed }) {
    Object.assign(this, { table, refresh, changed, undoable: [], stamp: Date.now() });
    const { plan, unit } = table.frame.dataset;
    this.name = `kaogong.grid.${plan}.${unit}`;
    this.held = new Map(JSON.parse(sessionStorage.getItem(`${this.name}.held`) ?? "[]"));
    this.outbox = new Outbox(this.name, {
      deliver: (edits, key) => this.deliver(edits, key),
      settle: (edits, answer) => this.settle(edits, answer),
      show: (state) => this.show(state),
      versionOf: (edit) => Number(this.row(edit)?.dataset.version ?? edit.seen),
    });
    this.restore();
  }

  row(edit) {
    return this.table.rows[this.table.byCard.get(edit.card)];
  }

  // What was not acknowledged when the page was left stands again, and is sent.
  restore() {
    const { size } = this.outbox;
    this.redraw();
    if (!size) return;
    toast(say("restored", { n: size }));
    this.outbox.later(0);
  }

  // Puts what is not acknowledged back into the cells, after the page was read anew.
  redraw() {
    for (const edit of [...this.outbox.entries, ...this.held.values()]) {
      const cell = this.table.find(edit);
      if (!cell) continue;
      this.table.write(cell, edit.text, "");
      cell.dataset.reason = edit.reason ?? "";
      this.mark(cell, this.held.has(edit.id) ? "bad" : "pending", edit.why);
    }
    this.show();
  }

  mark(cell, mark, why = "") {
    cell.classList.remove("pending", "bad");
    if (mark) cell.classList.add(mark);
    cell.setAttribute("aria-invalid", String(mark === "bad"));
    if (why) cell.title = why;
    else cell.removeAttribute("title");
  }

  before(cell) {
    return cell.dataset.stood ?? (cell.dataset.stood = this.table.text(cell));
  }

  // Takes new texts for cells: [{cell, text, reason, baseline}].
  change(list, { undo = true } = {}) {
    const steps = [];
    const edits = [];
    for (const each of list) {
      const { cell, text } = each;
      const old = { cell, text: this.table.text(cell), reason: cell.dataset.reason ?? "" };
      if (old.text === text && each.reason === undefined && each.baseline === undefined) continue;
      steps.push(old);
      edits.push(this.edit(each));
    }
    if (!edits.length) return 0;
    if (undo) this.undoable = [...this.undoable, steps].slice(-UNDO_DEPTH);
    const ready = edits.filter((edit) => !this.held.has(edit.id));
    if (ready.length) this.outbox.put(ready);
    this.keepHeld();
    this.show();
    return edits.length;
  }

  edit({ cell, text, reason = cell.dataset.reason ?? "", baseline }) {
    const column = this.table.column(cell);
    const { card, version } = cell.parentElement.dataset;
    const before = this.before(cell);
    const id = `${card}/${column.item}`;
    const lacks = needsReason(column, text) && !reason;
    const why = lacks ? say("needs-reason", { text }) : "";
    const kept = needsReason(column, text) || baseline ? reason : "";
    this.stamp += 1;
    const edit = { id, card, item: column.item, text, reason: kept, baseline, before, why, stamp: this.stamp, seen: Number(version) };
    edit.input = inputOf(column, edit);
    this.table.write(cell, text, "");
    cell.dataset.reason = edit.reason;
    cell.classList.toggle("missing", text === "");
    this.held.delete(id);
    if (lacks) {
      this.held.set(id, edit);
      this.outbox.drop(id);
    }
    this.mark(cell, lacks ? "bad" : "pending", why);
    return edit;
  }

  undo() {
    const steps = this.undoable.pop();
    if (!steps) return;
    this.change(steps, { undo: false });
    toast(say("undone", { n: steps.length }));
  }

  keepHeld() {
    const name = `${this.name}.held`;
    if (this.held.size) sessionStorage.setItem(name, JSON.stringify([...this.held]));
    else sessionStorage.removeItem(name);
  }

  deliver(edits, key) {
    const body = { edits: edits.map(({ card, version, item, input }) => ({ card, version, item, input })) };
    return call("POST", "/api/v1/edits", { body, key });
  }

  settle(edits, answer) {
    const conflicts = [];
    const results = new Map((answer.data?.results ?? []).map((each) => [`${each.card}/${each.item}`, each]));
    for (const edit of edits) {
      const result = results.get(edit.id) ?? { ok: false, problem: answer.problem ?? { detail: say("unknown-error") } };
      if (result.ok) this.accepted(edit, result);
      else if (result.problem.code === "stale") this.overtaken(edit, result.problem, conflicts);
      else this.refused(edit, result.problem);
    }
    this.keepHeld();
    this.show();
    if (conflicts.length) this.askConflicts(conflicts);
    this.changed();
  }

  // A newer edit of the same cell that waits keeps its own text.
  waits(edit) {
    return this.outbox.queue.has(edit.id) || this.held.has(edit.id);
  }

  accepted(edit, result) {
    const row = this.row(edit);
    const cell = this.table.find(edit);
    if (!row || !cell) return;
    row.dataset.version = Math.max(Number(row.dataset.version), result.version);
    const total = row.querySelector("[data-total]");
    total.textContent = shown(result.complete ? result.total : result.provisional_total);
    total.classList.toggle("provisional-total", !result.complete);
    cell.dataset.stood = edit.text;
    if (this.waits(edit)) return;
    cell.dataset.points = result.points ?? "";
    cell.classList.toggle("missing", result.points === null);
    this.table.write(cell, edit.text, this.table.column(cell).kind === "points" ? "" : shown(result.points).replace("—", ""));
    this.mark(cell, "");
  }

  refused(edit, problem) {
    if (this.waits(edit)) return;
    const lines = Object.values(problem.errors ?? {}).flat().map((line) => line?.text ?? line);
    const why = [problem.detail, ...lines].filter((line) => typeof line === "string").join(" ");
    this.held.set(edit.id, { ...edit, why });
    const cell = this.table.find(edit);
    if (cell) this.mark(cell, "bad", why);
  }

  // The card has moved on. If this very value has not, the edit goes again by itself; else both values are shown.
  overtaken(edit, problem, conflicts) {
    const row = this.row(edit);
    const theirs = textOf(problem.current?.value);
    if (!row || this.waits(edit)) return;
    if (problem.current?.version !== undefined) row.dataset.version = problem.current.version;
    if (theirs === edit.before || theirs === edit.text) this.outbox.put([{ ...edit, before: theirs }]);
    else conflicts.push({ edit, theirs });
  }

  askConflicts(conflicts) {
    const dialog = document.querySelector("#grid-conflict");
    const lines = conflicts.map((conflict) => this.conflictLine(conflict));
    dialog.querySelector("[data-conflicts]").replaceChildren(...lines);
    const decide = (mine) => {
      dialog.onclose = null;
      closeDialog(dialog);
      this.resolve(conflicts.filter((each) => (mine ? mine === "mine" : each.mine)), conflicts);
    };
    for (const button of dialog.querySelectorAll("[data-take]")) button.onclick = () => decide(button.dataset.take);
    dialog.onclose = () => decide(null);
    openDialog(dialog);
  }

  conflictLine(conflict) {
    const { edit, theirs } = conflict;
    conflict.mine = true;
    const choice = (mine, label, text) => {
      const button = make("button", { type: "button" }, make("span", { className: "small muted" }, label), make("b", {}, text || say("empty-value")));
      button.setAttribute("aria-pressed", String(conflict.mine === mine));
      button.onclick = () => {
        conflict.mine = mine;
        for (const each of button.parentElement.children) each.setAttribute("aria-pressed", String(each === button));
      };
      return button;
    };
    const subject = this.row(edit).dataset.subject;
    const item = this.table.column(this.table.find(edit)).title;
    const pair = make("div", { className: "conflict-pair" }, choice(true, say("mine"), edit.text), choice(false, say("theirs"), theirs));
    return make("li", {}, make("strong", {}, say("conflict", { subject, item })), pair);
  }

  async resolve(mine, all) {
    for (const { edit, theirs } of all) {
      const cell = this.table.find(edit);
      cell.dataset.stood = theirs;
      this.table.write(cell, theirs, "");
      this.mark(cell, "");
    }
    const edits = mine.map(({ edit, theirs }) => ({ ...edit, before: theirs, stamp: (this.stamp += 1) }));
    if (edits.length) this.outbox.put(edits);
    await this.refresh();
  }

  show(state) {
    const line = document.querySelector("#save-state");
    const waiting = this.outbox?.size ?? 0;
    const now = state ?? (waiting ? "pending" : this.held.size ? "failed" : "saved");
    const text = { saving: say("saving"), pending: say("pending", { n: waiting }), offline: say("offline", { n: waiting }), failed: say("failed", { n: this.held.size }) }[now] ?? say("saved");
    const mark = { saving: "refresh", pending: "pencil", offline: "wifi-off", failed: "alert-circle" }[now] ?? "cloud-check";
    if (!line || (line.dataset.state === now && line.textContent.trim() === text)) return;
    line.dataset.state = now;
    line.replaceChildren(icon(mark), make("span", {}, text));
  }
}
