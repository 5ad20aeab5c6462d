// The table of the team grid as rows and columns: where the focus is, what is selected, what stands in a cell.
import { columnOf } from "./grid_rules.js";

export class Table {
  constructor(frame) {
    this.frame = frame;
    this.at = [0, 0];
    this.anchor = [0, 0];
    this.attach();
  }

  // Finds the rows again, after the page has been merged with a newer one.
  attach() {
    this.element = this.frame.querySelector("#grid");
    this.columns = [...this.element.tHead.rows[0].querySelectorAll("th[data-item]")].map(columnOf);
    this.rows = [...this.element.tBodies[0].rows];
    this.byCard = new Map(this.rows.map((row, n) => [row.dataset.card, n]));
    this.byItem = new Map(this.columns.map((column, n) => [column.item, n]));
    this.cell(...this.at)?.setAttribute("tabindex", "0");
  }

  cell(row, column) {
    return this.rows[row]?.cells[column + 1];
  }

  // The cell of an edit, or null when its card is no longer on this page.
  find({ card, item }) {
    const row = this.byCard.get(card);
    const column = this.byItem.get(item);
    return row === undefined || column === undefined ? null : this.cell(row, column);
  }

  place(cell) {
    const row = this.rows.indexOf(cell.parentElement);
    return row < 0 ? null : [row, cell.cellIndex - 1];
  }

  column(cell) {
    return this.columns[cell.cellIndex - 1];
  }

  get current() {
    return this.cell(...this.at);
  }

  writable(cell) {
    return Boolean(this.column(cell)) && cell.getAttribute("aria-readonly") !== "true";
  }

  text(cell) {
    return (cell.querySelector(".v") ?? cell).textContent.trim();
  }

  write(cell, text, points) {
    cell.querySelector(".v").textContent = text;
    const small = cell.querySelector("small");
    if (small) small.textContent = points ?? "";
  }

  focus(row, column, extend = false) {
    const to = [Math.max(0, Math.min(this.rows.length - 1, row)), Math.max(0, Math.min(this.columns.length, column))];
    this.current?.setAttribute("tabindex", "-1");
    this.at = to;
    if (!extend) this.anchor = to;
    this.current.setAttribute("tabindex", "0");
    this.current.focus({ preventScroll: true });
    this.reveal(this.current);
    this.paint();
  }

  // Brings a cell into sight from under the fixed head and the fixed columns.
  reveal(cell) {
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    const scroll = this.frame.querySelector(".grid-scroll");
    const name = cell.parentElement.cells[0].getBoundingClientRect();
    const total = cell.parentElement.lastElementChild.getBoundingClientRect();
    const head = this.element.tHead.getBoundingClientRect();
    const box = cell.getBoundingClientRect();
    if (box.left < name.right) scroll.scrollLeft -= name.right - box.left;
    else if (cell !== cell.parentElement.lastElementChild && box.right > total.left) scroll.scrollLeft += box.right - total.left;
    const headBottom = scroll.getBoundingClientRect().top + head.height;
    if (box.top < headBottom) scroll.scrollTop -= headBottom - box.top;
  }

  get range() {
    const [top, bottom] = [this.at[0], this.anchor[0]].sort((a, b) => a - b);
    const [left, right] = [this.at[1], this.anchor[1]].sort((a, b) => a - b);
    return { top, bottom, left, right };
  }

  get several() {
    const { top, bottom, left, right } = this.range;
    return top !== bottom || left !== right;
  }

  *selected() {
    const { top, bottom, left, right } = this.range;
    for (let row = top; row <= bottom; row += 1) for (let column = left; column <= right; column += 1) yield this.cell(row, column);
  }

  paint() {
    for (const cell of this.element.querySelectorAll(".picked")) cell.classList.remove("picked");
    if (this.several) for (const cell of this.selected()) cell.classList.add("picked");
  }

  // The next cell that is wrong or empty, reading onwards from here and around.
  nextProblem() {
    const width = this.columns.length;
    const start = this.at[0] * width + Math.min(this.at[1], width - 1);
    for (let step = 1; step <= this.rows.length * width; step += 1) {
      const n = (start + step) % (this.rows.length * width);
      const cell = this.cell(Math.floor(n / width), n % width);
      if (cell.matches(".bad") || (cell.matches(".missing") && this.writable(cell))) return [Math.floor(n / width), n % width];
    }
    return null;
  }
}
