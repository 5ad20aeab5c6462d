// Shows the interface's own OpenAPI document as a page; nothing is loaded from elsewhere.
const METHODS = ["get", "post", "patch"];
const words = document.body.dataset;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const resolved = (found, part) => (part?.$ref ? part.$ref.slice(2).split("/").reduce((at, name) => at[name], found) : part);

function shapeOf(schema) {
  if (!schema) return "";
  if (schema.$ref) return make("a", { href: `#shape-${schema.$ref.split("/").at(-1)}` }, schema.$ref.split("/").at(-1));
  if (schema.type === "array") return make("span", {}, "[", shapeOf(schema.items), "]");
  const types = [schema.type ?? "any"].flat().join(" | ");
  return schema.enum ? `${types}: ${schema.enum.join(" | ")}` : types;
}

function parametersOf(found, operation, shared) {
  const rows = [...shared, ...(operation.parameters ?? [])].map((each) => resolved(found, each));
  if (!rows.length) return null;
  const lines = rows.map((each) =>
    make("tr", {}, make("td", {}, make("code", {}, each.name)), make("td", {}, each.in), make("td", {}, shapeOf(each.schema)), make("td", {}, each.required ? words.wordsRequired : "")),
  );
  return make("div", {}, make("h4", {}, words.wordsParameters), make("table", {}, make("tbody", {}, ...lines)));
}

function contentOf(found, part) {
  return Object.values(resolved(found, part)?.content ?? {}).map((media) => shapeOf(media.schema));
}

function operationOf(found, address, method, operation, shared) {
  const head = make("summary", {}, make("span", { class: "method" }, method.toUpperCase()), make("code", { class: "address" }, address), make("span", { class: "what" }, operation.summary ?? ""));
  const body = operation.requestBody ? make("p", {}, `${words.wordsBody}: `, ...contentOf(found, operation.requestBody)) : null;
  const answers = Object.entries(operation.responses ?? {}).map(([status, answer]) => make("li", {}, make("code", {}, status), " ", ...contentOf(found, answer)));
  return make("details", { "data-text": `${method} ${address} ${operation.summary ?? ""}`.toLowerCase() }, head, parametersOf(found, operation, shared), body, make("h4", {}, words.wordsAnswer), make("ul", {}, ...answers));
}

function showOperations(found) {
  const titles = new Map((found.tags ?? []).map((tag) => [tag.name, tag.description]));
  const groups = new Map();
  for (const [address, item] of Object.entries(found.paths)) {
    for (const method of METHODS.filter((each) => item[each])) {
      const [tag] = item[method].tags ?? [""];
      groups.set(tag, [...(groups.get(tag) ?? []), operationOf(found, address, method, item[method], item.parameters ?? [])]);
    }
  }
  const place = document.querySelector("#operations");
  for (const [tag, operations] of groups) place.append(make("h2", {}, titles.get(tag) ?? tag), ...operations);
}

function showShapes(found) {
  const place = document.querySelector("#shapes");
  for (const [name, schema] of Object.entries(found.components?.schemas ?? {})) {
    place.append(make("details", { id: `shape-${name}` }, make("summary", {}, make("code", {}, name)), make("pre", { tabindex: "0" }, JSON.stringify(schema, null, 2))));
  }
}

function find(event) {
  const text = event.target.value.trim().toLowerCase();
  for (const each of document.querySelectorAll("#operations details")) each.hidden = !each.dataset.text.includes(text);
}

async function start() {
  const answer = await fetch(words.document);
  if (!answer.ok) throw new Error(answer.statusText);
  const found = await answer.json();
  showOperations(found);
  showShapes(found);
  document.querySelector("#find").addEventListener("input", find);
}

start().catch(() => document.querySelector("#operations").append(make("p", {}, words.wordsFailed)));
