// Elements for the panel that calls an operation. Text is only ever text.

import { colour } from "./syntax.js";

let number = 0;

/** An element with attributes and children; strings become text. */
export function make(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** A choice of values with their words. */
export function select(options, chosen = "") {
  const node = make("select", {}, ...options.map(([value, words]) => make("option", { value }, words)));
  node.value = chosen;
  return node;
}

/** An input with its label, a note, and room for what is wrong with it: both describe it to screen readers. */
export function field(label, input, note = "") {
  const id = `tryit-${++number}`;
  input.id = id;
  input.setAttribute("aria-describedby", `${id}-note ${id}-wrong`);
  const wrong = make("span", { class: "tryit-wrong", id: `${id}-wrong` });
  return make("div", { class: "field tryit-field" }, make("label", { for: id }, label), input, make("span", { class: "note", id: `${id}-note` }, note), wrong);
}

/** Text that unfolds. */
export function unfold(title, text) {
  return make("details", { class: "tryit-more" }, make("summary", {}, title), code(text, title));
}

/** Text as it came, with a button that copies it. */
export function code(text, label) {
  const copy = make("button", { type: "button", class: "button quiet tryit-copy" }, "Copy");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "Select and copy"; // no permission, or no secure context
      getSelection().selectAllChildren(pre);
    }
  });
  const pre = make("pre", { tabindex: "0", role: "group", "aria-label": label }, make("code", {}, text));
  colour(pre.firstChild);
  return make("div", { class: "tryit-code" }, pre, copy);
}

/** A number of bytes in words. */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
