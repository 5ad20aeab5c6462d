// The sentences that scripts say: rendered by the server in the reader's language, places filled here.
export function say(key, places = {}) {
  const line = document.querySelector("#words")?.content.querySelector(`[data-w="${key}"]`);
  return (line?.textContent ?? key).replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  const sprite = document.querySelector(".icon use")?.getAttribute("href")?.split("#")[0] ?? "";
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

// An element with properties, data and children; text children are always text, never markup.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const MINUS = "\u2212";

// A decimal text as people read it; a dash for null, which is never zero.
export function shown(text) {
  return text === null || text === undefined || text === "" ? "—" : String(text).replace("-", MINUS);
}
