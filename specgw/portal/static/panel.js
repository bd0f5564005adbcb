// The panel that calls an operation: in the sandbox, unless one asks for the live service. It reaches this origin's own path alone.

import { collected, problemOf, shown, soFar } from "./answer.js";
import { Credentials } from "./credentials.js";
import { code, field, make, select, unfold } from "./elements.js";
import { Body, control, hint } from "./fields.js";
import { Preferences } from "./preferences.js";
import { curl, fetched, requestOf, withheld, written } from "./request.js";
import { keyOf, Refused, unsendable } from "./serialise.js";

const PATIENCE = 60_000;
const MANY = 6;
const SAFE = ["GET", "HEAD", "OPTIONS", "QUERY"];

/** Builds the panel for an operation. `session` is what the gateway tells: see docs/portal.md. */
export class Panel {
  constructor(room, form, session, up) {
    this.form = form;
    this.inputs = new Map();
    this.running = null;
    this.addresses = [];
    // Where the gateway is, seen from its portal: a proxy may have put it below a path of its own.
    this.gateway = new URL(`${up}..`, location.href).pathname.replace(/\/$/, "");
    this.prefix = place(session.sandbox);
    this.node = make("form", { class: "tryit-form", novalidate: "", "aria-label": "Call this operation" });
    const keys = session.user || session.signIn?.length ? `${up}keys.html` : "";
    this.credentials = new Credentials(form.security, session.credentials ?? {}, keys, () => this.permit());
    this.preferences = new Preferences(form.responses);
    this.build();
    this.answer = make("section", { class: "tryit-answer", "aria-label": "Answer" });
    this.told = make("p", { class: "unseen", role: "status" });
    room.replaceChildren(this.node, this.told, this.answer);
    this.retarget();
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

  build() {
    const { form, node } = this;
    this.live = this.prefix === null;
    if (this.prefix !== null && this.prefix !== "/") node.append(this.targets());
    this.caution = make("p", { class: "warning", hidden: "" }, `This changes real data: ${form.method} goes to the service itself.`);
    node.append(this.caution);
    if (form.security.length) node.append(this.credentials.node);
    for (const parameter of form.parameters) {
      const reason = withheld(parameter);
      if (reason) node.append(make("p", { class: "note" }, `${parameter.name}: ${reason}. Take the call with curl.`));
    }
    const sent = form.parameters.filter((parameter) => !withheld(parameter));
    const seldom = sent.filter((parameter) => !parameter.required && !parameter.value);
    const folded = seldom.length > MANY ? make("details", { class: "tryit-more" }, make("summary", {}, `${seldom.length} more parameters, all optional`)) : node;
    for (const parameter of sent) (folded !== node && seldom.includes(parameter) ? folded : node).append(this.parameter(parameter));
    if (folded !== node) node.append(folded);
    // Fetch standard, "Request class": no body with GET or HEAD.
    const bare = form.method === "GET" || form.method === "HEAD";
    if (form.body && bare) node.append(make("p", { class: "note" }, `Body: browsers do not let a page send one with ${form.method}. Take the call with curl.`));
    else if (form.body) node.append((this.body = new Body(form.body, this.inputs)).node);
    if (form.accepts.length > 1) {
      this.accept = select([["", "the first that fits"], ...form.accepts.map((name) => [name, name])]);
      node.append(field("Accept", this.accept, "the media type of the answer"));
    }
    node.append(this.preferences.node);
    this.submit = make("button", { type: "submit", class: "button" });
    this.abort = make("button", { type: "button", class: "button quiet", hidden: "" }, "Stop");
    this.abort.addEventListener("click", () => this.running?.abort());
    this.failure = make("p", { class: "tryit-wrong", role: "alert" });
    node.append(this.failure, make("p", { class: "tryit-actions" }, this.submit, this.abort, make("span", { class: "note" }, "or Ctrl+Enter")));
  }

  /** Nothing is offered that cannot work: then it is said why. */
  permit() {
    const { method, parameters, body } = this.form;
    const cookie = parameters.find((one) => one.required && one.in === "cookie");
    const lost = body?.required && !this.body ? "The call needs a body." : cookie ? `The call needs the cookie ${cookie.name}.` : "";
    const everywhere = unsendable(method) || lost;
    const reason = everywhere || this.credentials.obstacle;
    const elsewhere = !everywhere && this.live && this.prefix !== null && this.credentials.good(false) ? ", or try it in the sandbox" : "";
    this.submit.disabled = reason !== "";
    this.failure.textContent = reason && `${reason} Nothing can be sent from here: take the call with curl${elsewhere}.`;
  }

  targets() {
    const radio = (value, words, note) => {
      const input = make("input", { type: "radio", name: "tryit-where", value, ...(value === "sandbox" ? { checked: "" } : {}) });
      input.addEventListener("change", () => this.retarget(value === "live"));
      return make("label", {}, input, make("span", {}, words, " ", make("small", {}, note)));
    };
    return make("fieldset", { class: "tryit-where" }, make("legend", {}, "Where"), radio("sandbox", "Sandbox", "made-up answers, safe to try"), radio("live", "Live", "the real service"));
  }

  /** Ask here or there. What was typed stays. */
  retarget(live = this.live) {
    this.live = live;
    this.preferences.node.hidden = live;
    this.caution.hidden = !live || SAFE.includes(this.form.method);
    this.submit.textContent = live ? "Send to the live service" : "Send to the sandbox";
    this.credentials.show(live);
    this.permit();
  }

  parameter(parameter) {
    const input = control(parameter);
    const holder = field(parameter.name, input, hint(parameter));
    if (parameter.required) input.setAttribute("aria-required", "true");
    this.inputs.set(keyOf(parameter), { value: parameter, input, holder });
    return holder;
  }

  async send() {
    if (this.running || this.submit.disabled) return;
    this.clear();
    let request;
    try {
      const more = { Accept: this.accept?.value, Prefer: this.live ? "" : String(this.preferences) };
      request = requestOf(this.form, this.inputs, this.body, this.credentials.values(), this.gateway + (this.live ? "/" : this.prefix), more);
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      this.blame(refused.field, refused.message)?.focus();
      return;
    }
    const secret = this.live;
    const running = (this.running = new AbortController());
    const patience = setTimeout(() => running.abort("late"), PATIENCE);
    this.submit.setAttribute("aria-disabled", "true");
    this.abort.hidden = false;
    this.told.textContent = "Sending…";
    this.flow = null;
    try {
      const began = performance.now();
      const [target, options] = fetched(request);
      const response = await fetch(target, { ...options, signal: running.signal });
      const first = performance.now() - began;
      const came = await collected(response, (pieces) => this.stream(pieces));
      await this.show(request, response, came, { first, whole: performance.now() - began }, secret);
    } catch (error) {
      const late = running.signal.reason === "late";
      if (!running.signal.aborted && error.name !== "TypeError") throw error;
      this.told.textContent = "";
      this.failure.textContent = !running.signal.aborted
        ? "No answer came: the gateway cannot be reached, or it ended the connection."
        : late ? `No whole answer within ${PATIENCE / 1000} s: given up.` : "Stopped before the whole answer came.";
      this.failure.scrollIntoView({ block: "nearest" });
    } finally {
      clearTimeout(patience);
      this.running = null;
      this.submit.removeAttribute("aria-disabled");
      this.abort.hidden = true;
    }
  }

  /** A stream is shown as it comes. */
  async stream(pieces) {
    if (!this.flow) {
      this.flow = code("", "Body of the answer, so far");
      this.answer.replaceChildren(make("h3", {}, "Answer"), this.flow);
    }
    const text = await soFar(pieces);
    if (this.flow) this.flow.querySelector("code").textContent = text;
  }

  async show(request, response, came, times, secret) {
    const links = [];
    const problem = await problemOf(response, came.blob);
    for (const [where, words] of violationsOf(problem)) {
      const input = this.blame(where, words, false);
      const name = where.startsWith("body") ? "body" : where.replace(":", " ");
      if (!input) {
        links.push(`${name} ${words}`);
        continue;
      }
      const link = make("a", { href: `#${input.id}` }, `${name} ${words}`);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        input.closest("details")?.setAttribute("open", "");
        input.focus();
      });
      links.push(link);
    }
    if (problem?.more > 0) links.push(`and ${problem.more} more`);
    if (problem?.beside && links.length === 0 && typeof problem.detail === "string") links.push(problem.detail);
    this.release();
    this.flow = null;
    const parts = await shown(response, came, times, links);
    this.answer.replaceChildren(make("h3", {}, `Answer of the ${secret ? "live service" : "sandbox"}`), ...parts, unfold("Request as sent", written(request, secret)), unfold("As curl", curl(request, secret)));
    this.addresses = [...this.answer.querySelectorAll("a[download]")].map((link) => link.href);
    this.told.textContent = `Answer: ${this.answer.querySelector(".tryit-status").textContent}${links.length ? `, ${links.length} things are wrong with the request` : ""}`;
    this.answer.scrollIntoView({ block: "nearest" });
  }

  /** Puts words beside the field that they are about, and gives its input; null where there is none. */
  blame(where, words, general = true) {
    const found = this.inputs.get(where) ?? (where?.startsWith("body/") ? this.inputs.get("body") : undefined);
    if (!found) {
      if (general) this.failure.textContent = `${this.failure.textContent} ${where ? `${where} ` : ""}${words}`.trim();
      return null;
    }
    const note = found.holder.querySelector(".tryit-wrong");
    note.textContent = note.textContent ? `${note.textContent}; ${words}` : words;
    found.input.setAttribute("aria-invalid", "true");
    found.input.closest("details")?.setAttribute("open", "");
    return found.input;
  }

  clear() {
    this.failure.textContent = "";
    for (const note of this.node.querySelectorAll(".tryit-wrong")) note.textContent = "";
    for (const input of this.node.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  }

  release() {
    for (const address of this.addresses) URL.revokeObjectURL(address);
    this.addresses = [];
  }
}

/** Where the sandbox is: a path of this origin, null for none. */
function place(path) {
  return typeof path === "string" && /^\/([\w.~-]+\/)*$/.test(path) ? path : null;
}

/** What a problem (RFC 9457) says of the request: the key of a field, and words. */
function violationsOf(problem) {
  const found = problem?.violations ?? problem?.errors;
  const told = [];
  for (const violation of Array.isArray(found) ? found.slice(0, 50) : []) {
    const words = violation?.message ?? violation?.detail;
    if (typeof words !== "string") continue;
    const pointer = typeof violation.pointer === "string" ? violation.pointer : "";
    const text = pointer ? `${pointer} ${words}` : words;
    if (violation.in !== "body") told.push([`${violation.in}:${violation.name}`, text]);
    else told.push([pointer ? `body/${pointer.split("/")[1].replaceAll("~1", "/").replaceAll("~0", "~")}` : "body", text]);
  }
  return told;
}
