// Search: `/` or Ctrl+K, type, arrows, Enter. The index is loaded when it is first needed, and asked for nowhere else.

import { grouped, prepared, ranked } from "./ranking.js";

const button = document.getElementById("search-open");
if (button) start(button);

function start(button) {
  const { index, up } = button.dataset;
  const { dialog, input, list, none } = built();
  let rows = null;
  let options = [];
  let chosen = -1;

  const choose = (number) => {
    options[chosen]?.setAttribute("aria-selected", "false");
    chosen = number;
    const option = options[chosen];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };

  const show = () => {
    const whole = rows ? ranked(rows, input.value) : [];
    const found = whole.length || !rows ? whole : ranked(rows, input.value, 10, true);
    options = [];
    list.replaceChildren();
    for (const [group, members] of grouped(found, input.value)) {
      const section = make("div", { role: "group", "aria-label": group }, make("div", { class: "search-group", "aria-hidden": "true" }, group));
      for (const row of members) {
        section.append(option(row, options.length));
        options.push(section.lastChild);
      }
      list.append(section);
    }
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    none.textContent = told(options.length, whole.length > 0, input.value.trim(), rows !== null);
    chosen = -1;
    choose(options.length ? 0 : -1);
  };

  const option = (row, number) => {
    const node = make("div", { role: "option", id: `search-${number}`, class: "search-result", "aria-selected": "false" });
    if (row.method) node.append(make("span", { class: `method ${/^[A-Z]+$/.test(row.method) ? row.method.toLowerCase() : ""}` }, row.method));
    node.append(row.title);
    if (row.more) node.append(make("small", {}, row.more));
    node.dataset.page = row.page;
    return node;
  };

  const go = (node) => {
    if (!node) return;
    dialog.close();
    location.href = up + node.dataset.page;
  };

  const open = async () => {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    show();
    if (rows) return;
    try {
      rows = prepared((await import(new URL(index, document.baseURI).href)).default);
      show();
    } catch {
      none.textContent = "The index could not be loaded.";
    }
  };

  button.hidden = false;
  button.addEventListener("click", open);
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && options.length) {
      event.preventDefault();
      choose((chosen + steps[event.key] + options.length) % options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(options[chosen]);
    }
  });
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if ((event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      open();
    }
  });
}

function told(count, whole, query, loaded) {
  if (!query) return "Type a word, a path or an operationId.";
  if (!loaded) return "Loading…";
  if (count === 0) return "Nothing has these words.";
  return whole ? `${count} found: arrows choose, Enter opens` : "Nothing has all of these words; these have some.";
}

function built() {
  const list = make("div", { role: "listbox", id: "search-results", class: "search-results", "aria-label": "Results", hidden: "" });
  const input = make("input", { type: "text", role: "combobox", "aria-label": "Search", "aria-expanded": "false", "aria-controls": "search-results", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: "Search operations, schemas, guides, errors" });
  const none = make("p", { class: "search-none", role: "status" });
  const dialog = make("dialog", { class: "search-dialog", "aria-label": "Search the portal" }, input, list, none);
  document.body.append(dialog);
  return { dialog, input, list, none };
}

function make(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
