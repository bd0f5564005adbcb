/* specgw portal */
// The panel that calls an operation: in the sandbox, unless one asks for the live service. It reaches this origin's own path alone.

import { formOf, inHeader, keyOf, Refused, sendable, targetOf } from "./serialise.708eb43c534b3932.js";

const LONGEST = 200_000;
const STORE = "specgw.credentials";

const panel = document.getElementById("tryit");
if (panel) start(panel, JSON.parse(document.getElementById("tryit-form").textContent));

/** Builds the panel once it is known whether calls can be made from here. */
async function start(root, form) {
  let session = { live: false };
  try {
    session = await (await fetch(root.dataset.session, { cache: "no-store" })).json();
  } catch {
    // Files opened from a disk, or a server that is gone: the same as a static site.
  }
  root.hidden = false;
  const body = root.querySelector(".tryit-body");
  if (session.live !== true) {
    body.append(make("p", { class: "note" }, "Calls can be made from here where the gateway itself serves the portal, at /portal/."));
    return;
  }
  new Panel(body, form);
}

class Panel {
  constructor(root, form) {
    this.form = form;
    this.inputs = new Map();
    this.running = null;
    this.secrets = stored();
    this.node = make("form", { class: "tryit-form", novalidate: "", "aria-label": "Call this operation" });
    this.build();
    this.answer = make("div", { class: "tryit-answer", role: "region", "aria-label": "Answer", "aria-live": "polite" });
    root.append(this.node, this.answer);
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.send();
      }
    });
  }

  get sandbox() {
    return this.target.value === "sandbox";
  }

  build() {
    const { form, node } = this;
    this.target = select([["sandbox", "Sandbox: made-up answers, safe to try"], ["live", "Live: the real service"]], "sandbox");
    this.target.addEventListener("change", () => this.retarget());
    node.append(field("Where", this.target));
    this.credentials = make("div", { class: "tryit-credentials" });
    node.append(this.credentials);
    for (const parameter of form.parameters) node.append(this.parameter(parameter));
    if (form.body) node.append(this.body(form.body));
    this.prefer = make("input", { type: "text", placeholder: "code=404, dynamic=true, seed=7", autocomplete: "off", spellcheck: "false" });
    this.preference = make("details", { class: "tryit-more" }, make("summary", {}, "Choose the sandbox's answer"));
    this.preference.append(field("Prefer", this.prefer, choices(form)));
    node.append(this.preference);
    this.submit = make("button", { type: "submit", class: "button" }, "Send");
    this.abort = make("button", { type: "button", class: "button quiet", hidden: "" }, "Stop");
    this.abort.addEventListener("click", () => this.running?.abort());
    this.failure = make("p", { class: "tryit-wrong", role: "alert" });
    node.append(make("p", { class: "tryit-actions" }, this.submit, this.abort, make("span", { class: "note" }, "or Ctrl+Enter")), this.failure);
    this.retarget();
  }

  retarget() {
    this.preference.hidden = !this.sandbox;
    this.credentials.replaceChildren();
    this.asked = [];
    const alternatives = this.form.security;
    if (alternatives.length === 0) return;
    const usable = alternatives.findIndex((schemes) => schemes.every((scheme) => scheme.kind !== "other"));
    this.alternative ??= Math.max(usable, 0);
    if (alternatives.length > 1) {
      const names = alternatives.map((schemes, number) => [String(number), schemes.map((scheme) => scheme.name).join(" and ") || "none"]);
      const chooser = select(names, String(this.alternative));
      chooser.addEventListener("change", () => {
        this.alternative = Number(chooser.value);
        this.retarget();
      });
      this.credentials.append(field("Credentials", chooser));
    }
    for (const scheme of alternatives[this.alternative]) this.credentials.append(this.credential(scheme));
  }

  credential(scheme) {
    const blocked = scheme.kind === "other" || (scheme.kind === "apiKey" && (scheme.in === "cookie" || (scheme.in === "header" && !sendable(scheme.field))));
    if (blocked) return make("p", { class: "note" }, `${scheme.name}: a page cannot send these credentials. Take the call with curl.`);
    const place = `${this.target.value} ${scheme.name}`;
    const input = make("input", { type: this.sandbox ? "text" : "password", autocomplete: "off", spellcheck: "false" });
    input.value = this.secrets[place] ?? (this.sandbox ? scheme.sandbox : "");
    input.addEventListener("input", () => {
      this.secrets[place] = input.value;
      remember(this.secrets);
    });
    this.asked.push([scheme, input]);
    const words = scheme.kind === "basic" ? "user:password" : scheme.kind === "bearer" ? "token" : "key";
    const more = this.sandbox ? "The sandbox's own; it opens nothing else." : "Kept until this tab is closed.";
    return field(`${scheme.name} (${words})`, input, more);
  }

  parameter(parameter) {
    const key = keyOf(parameter);
    if (parameter.in === "cookie" || (parameter.in === "header" && !sendable(parameter.name))) {
      return make("p", { class: "note" }, `${parameter.name}: browsers do not let a page set ${parameter.in === "cookie" ? "cookies of a request" : "this field"}. Take the call with curl.`);
    }
    const input = control(parameter);
    const holder = field(parameter.name, input, `${parameter.in}, ${parameter.required ? "required" : "optional"}${hint(parameter)}`);
    this.inputs.set(key, { parameter, input, holder });
    return holder;
  }

  body(body) {
    const set = make("div", { class: "tryit-content" });
    this.media = select(body.content.map((media, number) => [String(number), media.name]), "0");
    set.append(field("Content-Type", this.media));
    const example = select([], "");
    const chooser = field("Example", example);
    this.text = make("textarea", { rows: "10", spellcheck: "false", autocomplete: "off" });
    this.file = make("input", { type: "file" });
    const text = field("Body", this.text, body.required ? "required" : "optional");
    const file = field("File", this.file);
    set.append(chooser, text, file);
    this.inputs.set("body", { holder: text });
    const load = () => {
      this.text.value = this.chosen.examples[Number(example.value)]?.[1] ?? "";
    };
    const change = () => {
      example.replaceChildren(...this.chosen.examples.map(([name], number) => make("option", { value: String(number) }, name)));
      chooser.hidden = this.chosen.examples.length < 2;
      text.hidden = this.chosen.kind === "binary";
      file.hidden = this.chosen.kind !== "binary";
      load();
    };
    this.media.addEventListener("change", change);
    example.addEventListener("change", load);
    change();
    return set;
  }

  get chosen() {
    return this.form.body.content[Number(this.media.value)];
  }

  /** The request, or `Refused` with the field that is to blame. */
  request() {
    const values = new Map();
    const headers = {};
    for (const [key, { parameter, input }] of this.inputs) {
      if (!parameter) continue;
      const value = valueOf(parameter, input, key);
      if (value === undefined) {
        if (parameter.required && parameter.in !== "path") throw new Refused("is needed", key);
        continue;
      }
      values.set(key, value);
      if (parameter.in === "header") headers[parameter.name] = inHeader(parameter, value);
    }
    let target = targetOf(this.form.path, this.form.parameters, values);
    for (const [scheme, input] of this.asked) {
      if (!input.value) continue;
      if (scheme.kind === "basic") headers.Authorization = `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(input.value)))}`;
      else if (scheme.kind === "bearer") headers.Authorization = `Bearer ${input.value.trim()}`;
      else if (scheme.in === "query") target += `${target.includes("?") ? "&" : "?"}${encodeURIComponent(scheme.field)}=${encodeURIComponent(input.value)}`;
      else headers[scheme.field] = input.value.trim();
    }
    if (this.sandbox && this.prefer.value.trim()) headers.Prefer = this.prefer.value.trim();
    const body = this.form.body ? this.content(headers) : undefined;
    return { method: this.form.method, target: (this.sandbox ? "/sandbox" : "") + target, headers, body };
  }

  content(headers) {
    const { name, kind } = this.chosen;
    if (kind === "binary") {
      const file = this.file.files[0];
      if (!file) return undefined;
      headers["Content-Type"] = name.includes("*") ? file.type || "application/octet-stream" : name;
      return file;
    }
    const text = this.text.value;
    if (text.trim() === "") {
      if (this.form.body.required) throw new Refused("is needed", "body");
      return undefined;
    }
    if (kind === "multipart") {
      const parts = new FormData();
      for (const [key, child] of Object.entries(objectOf(text))) {
        for (const item of Array.isArray(child) ? child : [child]) parts.append(key, typeof item === "string" ? item : partOf(item));
      }
      return parts;
    }
    headers["Content-Type"] = name.includes("*") ? "application/json" : name;
    return kind === "form" ? formOf(objectOf(text)) : text;
  }

  async send() {
    if (this.running) return;
    this.clear();
    let request;
    try {
      request = this.request();
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      this.blame(refused.field, refused.message);
      return;
    }
    this.running = new AbortController();
    this.submit.disabled = true;
    this.abort.hidden = false;
    const began = performance.now();
    try {
      const { method, headers, body } = request;
      const options = { method, headers, body, signal: this.running.signal, redirect: "manual", cache: "no-store", credentials: "omit" };
      const response = await fetch(request.target, options);
      const data = await response.arrayBuffer();
      this.show(request, response, data, performance.now() - began);
    } catch (error) {
      const words = error.name === "AbortError" ? "Stopped before an answer came." : "No answer came: the gateway cannot be reached, or it ended the connection.";
      this.failure.textContent = words;
    } finally {
      this.running = null;
      this.submit.disabled = false;
      this.abort.hidden = true;
    }
  }

  show(request, response, data, time) {
    const status = response.type === "opaqueredirect" ? "A redirection, which was not followed" : `${response.status} ${response.statusText}`.trim();
    const good = response.ok ? "good" : "bad";
    const line = make("p", { class: "tryit-status" }, make("strong", { class: good }, status), ` ${Math.round(time)} ms · ${size(data.byteLength)}`);
    const fields = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    this.answer.replaceChildren(make("h3", {}, "Answer"), line, bodyView(response, data), unfold("Header fields", fields), unfold("Request as sent", sent(request)), unfold("As curl", curl(request)));
    this.answer.scrollIntoView({ block: "nearest" });
    if (!response.ok && /json/.test(response.headers.get("content-type") ?? "")) this.explain(data);
  }

  /** Puts what a problem (RFC 9457) says about the request beside the fields that it is about. */
  explain(data) {
    let problem;
    try {
      problem = JSON.parse(new TextDecoder().decode(data));
    } catch {
      return;
    }
    const found = problem?.violations ?? problem?.errors;
    for (const violation of Array.isArray(found) ? found : []) {
      if (typeof violation?.message !== "string" && typeof violation?.detail !== "string") continue;
      const words = String(violation.message ?? violation.detail);
      const place = violation.in === "body" ? "body" : `${violation.in}:${violation.name}`;
      this.blame(place, violation.pointer ? `${violation.pointer} ${words}` : words);
    }
  }

  blame(place, words) {
    const found = this.inputs.get(place);
    if (!found) {
      this.failure.textContent = `${this.failure.textContent} ${place ? `${place} ` : ""}${words}`.trim();
      return;
    }
    const note = found.holder.querySelector(".tryit-wrong");
    note.textContent = note.textContent ? `${note.textContent}; ${words}` : words;
    const input = found.holder.querySelector("input, select, textarea");
    input.setAttribute("aria-invalid", "true");
    if (!this.node.contains(document.activeElement) || document.activeElement === this.submit) input.focus();
  }

  clear() {
    for (const note of this.node.querySelectorAll(".tryit-wrong")) note.textContent = "";
    for (const input of this.node.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  }
}

let number = 0;

function make(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function select(options, chosen) {
  const node = make("select", {}, ...options.map(([value, words]) => make("option", { value }, words)));
  node.value = chosen;
  return node;
}

function field(label, input, note = "") {
  const id = `tryit-${++number}`;
  input.id = id;
  input.setAttribute("aria-describedby", `${id}-note ${id}-wrong`);
  return make("div", { class: "field tryit-field" }, make("label", { for: id }, label), input, make("span", { class: "note", id: `${id}-note` }, note), make("span", { class: "tryit-wrong", id: `${id}-wrong`, "aria-live": "polite" }));
}

function control(parameter) {
  if (parameter.options.length && parameter.type !== "array") {
    return select([...(parameter.required ? [] : [["", "–"]]), ...parameter.options.map((value) => [value, value])], parameter.value || (parameter.required ? parameter.options[0] : ""));
  }
  if (parameter.type === "array" || parameter.type === "object" || parameter.media) {
    const area = make("textarea", { rows: "3", spellcheck: "false" });
    area.value = parameter.value;
    return area;
  }
  const input = make("input", { type: "text", autocomplete: "off", spellcheck: "false", placeholder: parameter.default });
  if (parameter.type === "integer" || parameter.type === "number") input.inputMode = "decimal";
  input.value = parameter.value;
  return input;
}

function hint(parameter) {
  if (parameter.media) return `, ${parameter.media}`;
  if (parameter.type === "array") return `, one item a line${parameter.options.length ? `: ${parameter.options.join(", ")}` : ""}`;
  return parameter.type === "object" ? ", an object as JSON" : parameter.type ? `, ${parameter.type}` : "";
}

function valueOf(parameter, input, key) {
  if (input.value === "") return undefined;
  if (parameter.media) return input.value;
  if (parameter.type === "array") return input.value.split("\n").filter((line) => line !== "");
  if (parameter.type !== "object") return input.value;
  try {
    return objectOf(input.value);
  } catch (refused) {
    throw new Refused(refused.message, key);
  }
}

function objectOf(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Refused("has to be an object, as JSON", "body");
  return value;
}

function partOf(value) {
  return value !== null && typeof value === "object" ? new Blob([JSON.stringify(value)], { type: "application/json" }) : String(value);
}

function choices(form) {
  return form.responses.length ? `Declared: ${form.responses.join(", ")}` : "";
}

function bodyView(response, data) {
  const type = (response.headers.get("content-type") ?? "").toLowerCase();
  if (data.byteLength === 0) return make("p", { class: "note" }, "No body.");
  if (/json|text|xml|urlencoded|yaml/.test(type)) {
    let text = new TextDecoder().decode(data.byteLength > LONGEST ? data.slice(0, LONGEST) : data);
    if (data.byteLength > LONGEST) text += "\n… shortened";
    else if (/json/.test(type) && !/seq|lines|nd/.test(type)) text = pretty(text);
    return make("pre", { tabindex: "0" }, make("code", {}, text));
  }
  const link = make("a", { class: "button quiet", download: "answer" }, `Download ${size(data.byteLength)} of ${type.split(";")[0] || "data"}`);
  link.href = URL.createObjectURL(new Blob([data], { type: "application/octet-stream" }));
  return make("p", {}, link);
}

function pretty(text) {
  try {
    // Numbers that JavaScript cannot hold would change: then the text stays as it came.
    const value = JSON.parse(text);
    return /\d{16}/.test(text) ? text : JSON.stringify(value, null, 2);
  } catch {
    return text;
  }
}

function unfold(title, text) {
  return make("details", { class: "tryit-more" }, make("summary", {}, title), make("pre", { tabindex: "0" }, make("code", {}, text)));
}

function lines(request) {
  return Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
}

function sent(request) {
  const body = typeof request.body === "string" ? `\n\n${request.body}` : request.body === undefined ? "" : "\n\n(a form, or a file)";
  return `${request.method} ${request.target}\n${lines(request).join("\n")}${body}`;
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function curl(request) {
  const words = [`curl --request ${request.method} ${quoted(location.origin + request.target)}`];
  for (const line of lines(request)) words.push(`--header ${quoted(line)}`);
  if (typeof request.body === "string") words.push(`--data-raw ${quoted(request.body)}`);
  else if (request.body instanceof FormData) {
    for (const [name, value] of request.body) words.push(typeof value === "string" ? `--form-string ${quoted(`${name}=${value}`)}` : `--form ${quoted(`${name}=@FILE`)}`);
  } else if (request.body !== undefined) words.push("--data-binary @FILE");
  return words.join(" \\\n  ");
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KiB`;
}

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE)) ?? {};
  } catch {
    return {};
  }
}

function remember(secrets) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(secrets));
  } catch {
    // Without a store they are good for this page.
  }
}
