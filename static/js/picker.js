// A field in which people are found as one types: by number, name or sound.
import { make } from "./words.js";

const WAIT_MS = 120;

export function startPicker(input) {
  const list = make("ul", { id: `${input.id}-found`, className: "picker-list", hidden: true, role: "listbox" });
  const attach = () => {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.after(list);
  };
  attach();
  let timer = 0;
  let asked = 0;
  let here = -1;

  const close = () => {
    list.hidden = true;
    here = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    input.value = option.dataset.value;
    close();
  };
  const go = (place) => {
    const options = [...list.children];
    here = (place + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === here)));
    input.setAttribute("aria-activedescendant", options[here].id);
    options[here].scrollIntoView({ block: "nearest" });
  };
  const show = (people) => {
    if (!list.isConnected) attach(); // a merge with a newer page takes it away
    list.replaceChildren(
      ...people.map((each, index) => {
        const option = make("li", { id: `${input.id}-found-${index}`, role: "option" }, `${each.code} ${each.name}`, make("span", { className: "sub" }, each.unit));
        option.dataset.value = `${each.code} ${each.name}`;
        return option;
      }),
    );
    list.hidden = people.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) go(0);
  };
  const ask = async () => {
    const number = ++asked;
    if (!input.value.trim()) return close();
    const answer = await fetch(`${input.dataset.people}?q=${encodeURIComponent(input.value.trim())}`, { credentials: "same-origin" });
    if (answer.ok && number === asked && document.activeElement === input) show(await answer.json());
    return undefined;
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") go(here + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter" || event.key === "Tab") choose(list.children[here]);
    else if (event.key === "Escape") close();
    else return;
    if (event.key !== "Tab") event.preventDefault();
  });
  input.addEventListener("blur", () => {
    asked += 1;
    close();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}
