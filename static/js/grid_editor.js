// The one floating editor of the grid: a text field over the cell, a list of levels for ratings, and the reason where
// the scheme asks for one.
import { matches, needsReason, read } from "./grid_rules.js";
import { make, say } from "./words.js";

export class Editor {
  // `commit(cell, text, reason)` takes the result; `leave(key, shift)` moves on; `refuse(why)` says why not.
  constructor(table, { commit, leave, refuse }) {
    Object.assign(this, { table, commit, leave, refuse, cell: null, chosen: 0 });
    this.field = make("input", { className: "grid-editor", autocomplete: "off", spellcheck: false, hidden: true });
    this.list = make("ul", { className: "grid-choices", id: "grid-choices", role: "listbox", hidden: true });
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("input", () => this.offer());
    this.field.addEventListener("blur", () => this.blurred());
    this.list.addEventListener("pointerdown", (event) => this.pick(event));
  }

  get open() {
    return this.cell !== null;
  }

  start(cell, text, typed) {
    this.cell = cell;
    this.column = this.table.column(cell);
    this.typed = typed;
    this.reasonFor = null;
    const scroll = this.table.frame.querySelector(".grid-scroll");
    if (!this.field.isConnected) scroll.append(this.field, this.list);
    this.put(text, say("row-col", { subject: cell.parentElement.dataset.subject, item: this.column.title }));
    this.field.inputMode = this.column.kind === "rating" ? "text" : "decimal";
    this.place(cell, 0);
    if (!typed) this.field.select();
    this.offer();
  }

  put(text, label) {
    this.field.hidden = false;
    this.field.value = text;
    this.field.placeholder = "";
    this.field.setAttribute("aria-label", label);
    this.field.focus({ preventScroll: true });
  }

  // Geometry goes through the CSS object model, which the content policy allows.
  place(cell, least) {
    const scroll = this.table.frame.querySelector(".grid-scroll");
    const from = scroll.getBoundingClientRect();
    const box = cell.getBoundingClientRect();
    const left = box.left - from.left + scroll.scrollLeft;
    const top = box.top - from.top + scroll.scrollTop;
    Object.assign(this.field.style, { left: `${left - 1}px`, top: `${top - 1}px`, width: `${Math.max(box.width, least) + 1}px`, height: `${box.height + 1}px` });
    Object.assign(this.list.style, { left: `${left - 1}px`, top: `${top + box.height + 2}px` });
  }

  offer() {
    const rating = this.column.kind === "rating" && this.reasonFor === null;
    this.list.hidden = !rating;
    this.field.setAttribute("aria-expanded", String(rating));
    if (!rating) return;
    const now = this.table.text(this.cell);
    const fits = this.typed || this.field.value !== now ? matches(this.column, this.field.value) : this.column.levels;
    this.choices = fits.length ? fits : this.column.levels;
    const stands = this.choices.findIndex((level) => level.name === this.field.value);
    this.chosen = Math.max(0, stands);
    this.drawChoices();
  }

  drawChoices() {
    this.field.setAttribute("role", "combobox");
    this.field.setAttribute("aria-controls", "grid-choices");
    this.list.replaceChildren(
      ...this.choices.map((level, n) => {
        const line = make("li", { role: "option", id: `grid-choice-${n}` }, level.name, make("small", {}, level.points ?? ""));
        line.setAttribute("aria-selected", String(n === this.chosen));
        return line;
      }),
    );
    this.field.setAttribute("aria-activedescendant", `grid-choice-${this.chosen}`);
  }

  pick(event) {
    const line = event.target.closest("li");
    if (!line) return;
    event.preventDefault();
    this.field.value = this.choices[[...this.list.children].indexOf(line)].name;
    this.finish("Enter", false);
  }

  key(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    const up = event.key === "ArrowUp";
    const down = event.key === "ArrowDown";
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
      this.leave("Escape", false);
    } else if ((up || down) && !this.list.hidden) {
      event.preventDefault();
      this.chosen = (this.chosen + (down ? 1 : this.choices.length - 1)) % this.choices.length;
      this.field.value = this.choices[this.chosen].name;
      this.drawChoices();
    } else if (["Enter", "Tab"].includes(event.key) || ((up || down) && this.typed)) {
      event.preventDefault();
      this.finish(event.key, event.shiftKey);
    } else if (event.ctrlKey && event.key === "s") {
      event.preventDefault();
      this.finish("Save", false);
    }
  }

  finish(key, shift) {
    if (this.reasonFor !== null) return this.finishReason(key, shift);
    const typed = !this.list.hidden && this.field.value.trim() && this.choices.length ? this.choices[this.chosen].name : this.field.value;
    const result = read(this.column, matches(this.column, this.field.value).length ? typed : this.field.value);
    if (!result.ok) {
      this.field.setAttribute("aria-invalid", "true");
      return this.refuse(result.why);
    }
    const cell = this.cell;
    const unchanged = result.text === this.table.text(cell);
    if (!unchanged && needsReason(this.column, result.text) && key !== "blur") return this.askReason(result.text);
    this.close();
    if (!unchanged) this.commit(cell, result.text, cell.dataset.reason ?? "");
    return this.leave(key, shift);
  }

  // The same field asks why; Esc gives the value up.
  askReason(text) {
    this.reasonFor = text;
    this.list.hidden = true;
    this.put(this.cell.dataset.reason ?? "", say("needs-reason", { text }));
    this.field.placeholder = say("needs-reason", { text });
    this.field.inputMode = "text";
    this.place(this.cell, 280);
  }

  finishReason(key, shift) {
    const reason = this.field.value.trim();
    if (!reason && key !== "blur") return this.refuse(say("needs-reason", { text: this.reasonFor }));
    const cell = this.cell;
    const text = this.reasonFor;
    this.close();
    this.commit(cell, text, reason);
    return this.leave(key, shift);
  }

  blurred() {
    if (this.open && document.hasFocus()) this.finishBlur();
  }

  finishBlur() {
    const cell = this.cell;
    this.finish("blur", false);
    if (this.open && this.cell === cell) this.close();
  }

  close() {
    this.cell = null;
    this.reasonFor = null;
    this.field.hidden = true;
    this.field.removeAttribute("aria-invalid");
    this.list.hidden = true;
  }
}
