// What may stand in a cell: how typed or pasted text is read, by the kind of its item's rule.
import { say, shown } from "./words.js";

const NUMBER = /^-?\d{1,15}(\.\d{1,13})?$/;
const THOUSANDS = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;
const NOTHING = new Set(["无", "none", "-", "—"]);
// First letters of the levels that the schemes use, so that a level can be typed without an input method.
const INITIALS = { 优: "y", 良: "l", 一: "y", 差: "c", 合: "h", 不: "b", 中: "z", 好: "h", 较: "j", 达: "d", 未: "w", 高: "g", 低: "d" };

// Full-width digits and signs, spaces and a percent sign become what the server reads.
export function normalise(text) {
  const plain = text.normalize("NFKC").replace(/[\u2212\u2013\u2014]/g, "-").replace(/。/g, ".").trim();
  return THOUSANDS.test(plain) ? plain.replaceAll(",", "") : plain;
}

function compare(left, right) {
  return Number(left) - Number(right);
}

export function columnOf(head) {
  const { item, kind, unit, least, most, levels, levelPoints, reasonFor } = head.dataset;
  const points = levelPoints?.split("|") ?? [];
  const asks = new Set(reasonFor?.split("|").filter(Boolean));
  return {
    item,
    kind,
    unit,
    least,
    most,
    title: head.querySelector(".grid-head")?.textContent.trim() ?? "",
    levels: (levels?.split("|") ?? []).map((name, n) => ({ name, points: points[n], needsReason: asks.has(name) })),
  };
}

// The levels that the typed text can mean: by name, by points, by first letter.
export function matches(column, text) {
  const typed = normalise(text).toLowerCase();
  if (!typed) return column.levels;
  const exact = column.levels.filter((level) => level.name.toLowerCase() === typed);
  if (exact.length) return exact;
  const byPoints = column.levels.filter((level) => NUMBER.test(typed) && compare(level.points, typed) === 0);
  if (byPoints.length) return byPoints;
  return column.levels.filter((level) => {
    const name = level.name.toLowerCase();
    return name.startsWith(typed) || INITIALS[name[0]] === typed;
  });
}

function readLevel(column, text) {
  const found = matches(column, text);
  if (found.length) return { ok: true, text: found[0].name };
  const levels = column.levels.map((level) => level.name).join("、");
  return { ok: false, why: say("not-a-level", { text, levels }) };
}

function readNumber(column, text) {
  const bare = column.unit === "%" ? normalise(text).replace(/\s*%$/, "") : normalise(text);
  if (!NUMBER.test(bare)) return { ok: false, why: say("not-a-number", { text }) };
  const low = column.least !== undefined && compare(bare, column.least) < 0;
  const high = column.most !== undefined && compare(bare, column.most) > 0;
  if (!low && !high) return { ok: true, text: bare };
  return { ok: false, why: say("too-precise", { text: bare, least: shown(column.least), most: shown(column.most) }) };
}

// Answers {ok, text} with the text as it will stand, or {ok: false, why}; an empty text clears the cell.
export function read(column, text) {
  if (text.trim() === "") return { ok: true, text: "" };
  if (column.kind === "rating") return readLevel(column, text);
  if (column.kind !== "adjustments") return readNumber(column, text);
  if (NOTHING.has(normalise(text))) return { ok: true, text: say("nothing") };
  return { ok: false, why: say("ledger-cell") };
}

// Whether the scheme asks for a reason with this text.
export function needsReason(column, text) {
  if (!text) return false;
  if (column.kind === "rating") return column.levels.some((level) => level.name === text && level.needsReason);
  return column.kind === "points" && column.most !== undefined && compare(text, column.most) < 0;
}

// The input of the interface for a text; null when the cell is empty.
export function inputOf(column, { text, reason, baseline }) {
  if (column.kind === "adjustments") return text ? { adjustments: [] } : null;
  if (!text) return null;
  const field = { rating: "level", points: "points" }[column.kind] ?? "value";
  const input = { [field]: text };
  if (baseline) input.baseline = baseline;
  if (reason) input.reason = reason;
  return input;
}

// The text of an input as the interface gives it back.
export function textOf(input) {
  if (input === null || input === undefined) return "";
  if (typeof input !== "object") return String(input);
  if (Array.isArray(input.adjustments)) return input.adjustments.length ? "" : say("nothing");
  return String(input.level ?? input.points ?? input.value ?? "");
}
