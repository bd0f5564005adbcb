/* specgw portal */
// The credentials of a call: the sandbox's own as the gateway tells them, or somebody's, kept for as long as the tab is open.

import { field, make, select } from "./elements.a1d5772eddf8aaab.js";
import { sendable } from "./serialise.382b1818d2ef7763.js";

const STORE = "specgw.credentials";
const WORDS = { basic: "User and password", bearer: "Bearer token", apiKey: "API key" };

/** The part of the panel that asks for credentials. `known` are the sandbox's, by the scheme's key. */
export class Credentials {
  constructor(alternatives, known, keys) {
    this.node = make("div", { class: "tryit-credentials" });
    this.alternatives = alternatives;
    this.known = known;
    this.keys = keys;
    this.typed = stored();
    this.asked = [];
    this.live = false;
    const usable = alternatives.findIndex((schemes) => schemes.every((scheme) => possible(scheme)));
    this.chosen = Math.max(usable, 0);
  }

  /** Ask for those of the sandbox, or of the live service. */
  show(live) {
    this.live = live;
    this.asked = [];
    this.node.replaceChildren();
    if (this.alternatives.length > 1) {
      const names = this.alternatives.map((schemes, number) => [String(number), schemes.map((scheme) => scheme.name).join(" and ") || "none"]);
      const chooser = select(names, String(this.chosen));
      chooser.addEventListener("change", () => {
        this.chosen = Number(chooser.value);
        this.show(live);
        this.node.querySelector("select").focus();
      });
      this.node.append(field("Credentials", chooser, "One of them is enough."));
    }
    for (const scheme of this.alternatives[this.chosen] ?? []) this.node.append(this.ask(scheme));
  }

  ask(scheme) {
    if (!possible(scheme)) {
      const reason = scheme.in === "cookie" ? "a page cannot set a cookie of a request" : "a page cannot send these credentials";
      return make("p", { class: "note" }, `${scheme.name}: ${reason}. Take the call with curl.`);
    }
    const place = `${this.live ? "live" : "sandbox"} ${scheme.key || scheme.name}`;
    const input = make("input", { type: this.live ? "password" : "text", autocomplete: "off", spellcheck: "false" });
    const known = this.live ? "" : plain(scheme, this.known[scheme.key]);
    input.value = this.typed[place] ?? known;
    input.addEventListener("input", () => {
      this.typed[place] = input.value;
      remember(this.typed);
    });
    this.asked.push([scheme, input]);
    const words = { basic: "as user:password. ", bearer: "", apiKey: `API key, in ${scheme.in}. ` }[scheme.kind];
    const note = make("span", {}, words, this.live ? "Kept in this tab until it is closed. " : known ? "The sandbox's own: no secret, and it opens nothing else." : "");
    if (this.live && this.keys) note.append(make("a", { href: this.keys }, "Get a key"));
    return field(scheme.kind === "apiKey" ? scheme.field : WORDS[scheme.kind], input, note);
  }

  /** What was typed: scheme and value, without what is empty. */
  values() {
    return this.asked.map(([scheme, input]) => ({ scheme, value: input.value.trim() })).filter((one) => one.value);
  }
}

/** Adds credentials to a request: header fields, or what stands at the end of its query. */
export function signed(target, headers, values) {
  for (const { scheme, value } of values) {
    if (scheme.kind === "basic") headers.Authorization = `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(value)))}`;
    else if (scheme.kind === "bearer") headers.Authorization = `Bearer ${value}`;
    else if (scheme.in === "query") target += `${target.includes("?") ? "&" : "?"}${encodeURIComponent(scheme.field)}=${encodeURIComponent(value)}`;
    else headers[scheme.field] = value;
  }
  return target;
}

function possible(scheme) {
  return scheme.kind in WORDS && (scheme.kind !== "apiKey" || scheme.in === "query" || (scheme.in === "header" && sendable(scheme.field)));
}

/** A header field's or parameter's value as people type it. */
function plain(scheme, known) {
  const value = known?.value ?? "";
  if (scheme.kind === "bearer") return value.replace(/^Bearer /, "");
  if (scheme.kind !== "basic") return value;
  try {
    return atob(value.replace(/^Basic /, ""));
  } catch {
    return "";
  }
}

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE)) ?? {};
  } catch {
    return {};
  }
}

function remember(typed) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(typed));
  } catch {
    // Without a store they are good for this page.
  }
}
