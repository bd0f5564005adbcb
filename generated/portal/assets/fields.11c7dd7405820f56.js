/* specgw portal */
// Inputs for parameters, bodies and the fields of forms, and what is typed in them as values.

import { field, make, select } from "./elements.82d6a0553893a970.js";
import { multipart, partsOf, urlencoded } from "./forms.1b12e65d06e9de01.js";
import { formOf, Refused } from "./serialise.382b1818d2ef7763.js";

/** An input for a value, by its type. */
export function control(value) {
  const chosen = value.value ?? "";
  if (value.as === "file") return make("input", { type: "file", accept: value.accept ?? "", ...(value.each ? { multiple: "" } : {}) });
  if (value.options.length && value.type !== "array") {
    return select([...(value.required ? [] : [["", "–"]]), ...value.options.map((one) => [one, one])], chosen || (value.required ? value.options[0] : ""));
  }
  if (value.type === "array" || value.type === "object" || value.media || value.as === "json") {
    const area = make("textarea", { rows: "3", spellcheck: "false" });
    area.value = chosen;
    return area;
  }
  const input = make("input", { type: "text", autocomplete: "off", spellcheck: "false", placeholder: value.default ?? "" });
  if (value.type === "integer" || value.type === "number") input.inputMode = "decimal";
  input.value = chosen;
  return input;
}

/** What a field says of itself in a few words. */
export function hint(value) {
  const words = [value.in, value.required ? "required" : "optional", value.media && !value.as ? value.media : value.type];
  if (value.as === "file") words.push(value.accept ? `file (${value.accept})` : "file");
  else if (value.as === "json" || (value.type === "object" && !value.media)) words.push("as JSON");
  else if (value.type === "array" && !value.media) words.push(`one item a line${value.options.length ? `: ${value.options.join(", ")}` : ""}`);
  return words.filter(Boolean).join(", ");
}

/** What was typed; undefined for nothing. */
export function valueOf(value, input, key) {
  if (value.as === "file") return input.files.length ? (value.each ? [...input.files] : input.files[0]) : undefined;
  if (input.value === "") return undefined;
  if (value.as === "json") return parsed(input.value, key);
  if (value.media && !value.as) return input.value;
  if (value.type === "array") return input.value.split("\n").filter((line) => line !== "");
  return value.type === "object" ? objectOf(input.value, key) : input.value;
}

/** The part of the panel that has the body. */
export class Body {
  constructor(said, inputs) {
    this.said = said;
    this.inputs = inputs;
    this.node = make("fieldset", { class: "tryit-content" }, make("legend", {}, "Body"));
    this.media = select(said.content.map((media, number) => [String(number), media.name]), "0");
    this.example = select([]);
    this.chooser = field("Example", this.example);
    this.room = make("div", {});
    this.node.append(field("Content-Type", this.media), this.chooser, this.room);
    this.media.addEventListener("change", () => this.change());
    this.example.addEventListener("change", () => this.load());
    this.change();
  }

  get chosen() {
    return this.said.content[Number(this.media.value)];
  }

  /** Other inputs, for another media type. */
  change() {
    const { kind, examples, fields } = this.chosen;
    this.example.replaceChildren(...examples.map(([name], number) => make("option", { value: String(number) }, name)));
    this.chooser.hidden = examples.length < 2;
    for (const key of [...this.inputs.keys()].filter((one) => one === "body" || one.startsWith("body/"))) this.inputs.delete(key);
    this.room.replaceChildren();
    if (fields) {
      for (const one of fields) this.add(`body/${one.name}`, one, control(one));
    } else if (kind === "binary") {
      this.add("body", { name: "File", required: this.said.required, as: "file", type: "", options: [] }, make("input", { type: "file" }));
    } else {
      const area = make("textarea", { rows: "10", spellcheck: "false", autocomplete: "off" });
      const words = kind === "form" || kind === "multipart" ? "an object as JSON, one member a field" : "";
      this.add("body", { name: "Body", required: this.said.required, type: "", options: [] }, area, words);
    }
    this.load();
  }

  add(key, value, input, words = "") {
    const holder = field(value.name, input, words || hint(value));
    this.inputs.set(key, { value, input, holder, body: true });
    this.room.append(holder);
    for (const header of value.headers ?? []) {
      const line = make("input", { type: "text", autocomplete: "off", spellcheck: "false" });
      line.value = header.value;
      const more = field(`${value.name}: ${header.name}`, line, `header of the part, ${header.required ? "required" : "optional"}`);
      this.inputs.set(`body/${value.name}: ${header.name}`, { header: { of: value.name, name: header.name }, input: line, holder: more, body: true });
      this.room.append(more);
    }
  }

  /** Fill in the chosen example. */
  load() {
    const example = this.chosen.examples[Number(this.example.value)]?.[1];
    if (!this.chosen.fields) {
      if (this.chosen.kind !== "binary") this.inputs.get("body").input.value = example ?? "";
      return;
    }
    for (const { value, input } of this.inputs.values()) {
      if (value?.as && value.as !== "file") input.value = example?.[value.name] ?? (value.required && value.options.length && value.type !== "array" ? value.options[0] : "");
    }
  }

  /** What is sent: its Content-Type, the body, and the parts of a form; nothing for no body. */
  content() {
    const { name, kind, fields } = this.chosen;
    if (fields) return this.form(kind);
    const { input } = this.inputs.get("body");
    if (kind === "binary") {
      const [file] = input.files;
      if (!file && this.said.required) throw new Refused("is needed", "body");
      return file ? { type: name.includes("*") ? file.type || "application/octet-stream" : name, body: file } : {};
    }
    const text = input.value;
    if (text.trim() === "") {
      if (this.said.required) throw new Refused("is needed", "body");
      return {};
    }
    if (kind === "form") return { type: name, body: formOf(objectOf(text, "body")) };
    if (kind === "multipart") {
      return this.several(Object.entries(objectOf(text, "body")).map(([key, child]) => [{ name: key, each: true, as: isObject(child) ? "json" : "text", media: isObject(child) ? "application/json" : "" }, child]));
    }
    return { type: name.includes("*") ? "application/json" : name, body: text };
  }

  form(kind) {
    const entries = [];
    for (const [key, { value, input }] of this.inputs) {
      if (!value || !key.startsWith("body/")) continue;
      const typed = valueOf(value, input, key);
      if (typed !== undefined) entries.push([{ ...value, headers: this.headers(value.name) }, typed]);
      else if (value.required) throw new Refused("is needed", key);
    }
    if (entries.length === 0 && !this.said.required) return {};
    return kind === "form" ? { type: this.chosen.name, body: urlencoded(entries) } : this.several(entries);
  }

  several(entries) {
    const parts = partsOf(entries);
    return { ...multipart(parts), parts };
  }

  headers(name) {
    return [...this.inputs.values()].filter(({ header, input }) => header?.of === name && input.value.trim()).map(({ header, input }) => [header.name, input.value.trim()]);
  }
}

function parsed(text, key) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refused(`has to be JSON: ${error.message}`, key);
  }
}

function objectOf(text, key) {
  const value = parsed(text, key);
  if (!isObject(value)) throw new Refused("has to be an object, as JSON", key);
  return value;
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
