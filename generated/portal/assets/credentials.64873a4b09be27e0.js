/* specgw portal */
// The credentials of a call: the sandbox's own as the gateway tells them, or somebody's, kept for as long as the tab is open.

import { field, make, select } from "./elements.82d6a0553893a970.js";
import { sendable } from "./serialise.382b1818d2ef7763.js";

const STORE = "specgw.credentials";
const WORDS = { basic: "User and password", bearer: "Bearer token" };

/** The part of the panel that asks for credentials. `known` are the sandbox's, by the scheme's key; `changed` hears of another choice. */
export class Credentials {
  constructor(alternatives, known, keys, changed) {
    this.node = make("div", { class: "tryit-credentials" });
    this.alternatives = alternatives;
    this.known = known;
    this.keys = keys;
    this.typed = stored();
    this.asked = [];
    this.live = false;
    this.changed = changed;
    this.choice = null;
    this.chosen = 0;
    this.obstacle = "";
  }

  /** Ask for those of the sandbox, or of the live service. */
  show(live) {
    this.live = live;
    this.asked = [];
    const usable = this.alternatives.findIndex((schemes) => schemes.every((scheme) => !this.obstacleOf(scheme)));
    this.chosen = this.choice ?? Math.max(usable, 0);
    const schemes = this.alternatives[this.chosen] ?? [];
    this.obstacle = schemes.map((scheme) => this.obstacleOf(scheme)).find(Boolean) ?? "";
    this.node.replaceChildren();
    if (this.alternatives.length > 1) {
      const names = this.alternatives.map((schemes, number) => [String(number), schemes.map((scheme) => scheme.name).join(" and ") || "none"]);
      const chooser = select(names, String(this.chosen));
      chooser.addEventListener("change", () => {
        this.choice = Number(chooser.value);
        this.show(live);
        this.changed();
        this.node.querySelector("select").focus();
      });
      this.node.append(field("Credentials", chooser, "One of them is enough."));
    }
    // The panel says what stands in the way.
    for (const scheme of this.obstacle ? [] : schemes) this.node.append(this.ask(this.placed(scheme)));
  }

  /** Whether some of them can be sent there. */
  good(live) {
    return this.alternatives.length === 0 || this.alternatives.some((schemes) => schemes.every((scheme) => !this.obstacleOf(scheme, live)));
  }

  /** Where the scheme is sent: in the sandbox a certificate has a header field of its own. */
  placed(scheme) {
    const field = scheme.kind === "certificate" && !this.live ? this.known[scheme.key]?.name : "";
    return field ? { ...scheme, field } : scheme;
  }

  /** Why a call with this scheme cannot be made from here, or would be in vain; "" where it can. */
  obstacleOf(scheme, live = this.live) {
    const made = !live && this.known[scheme.key]?.in === "header";
    if (scheme.kind === "digest") return "Digest credentials are computed for each request from what the server asks, which this page does not do.";
    if (scheme.kind === "certificate" && !made) return "A client certificate belongs to the connection, and a page cannot choose one.";
    if (scheme.kind === "other" && !made) return live ? "The gateway cannot verify this scheme, so that it refuses every call with 401." : "Nobody can say what this scheme is sent as.";
    if (scheme.kind !== "apiKey" || scheme.in === "query") return "";
    if (scheme.in === "cookie") return "Browsers do not let a page set cookies of a request.";
    return sendable(scheme.field) ? "" : "Browsers do not let a page set this header field.";
  }

  ask(scheme) {
    const place = `${this.live ? "live" : "sandbox"} ${scheme.key || scheme.name}`;
    const input = make("input", { type: this.live ? "password" : "text", autocomplete: "off", spellcheck: "false" });
    const known = this.live ? "" : plain(scheme, this.known[scheme.key]);
    input.value = this.typed[place] ?? known;
    input.addEventListener("input", () => {
      this.typed[place] = input.value;
      remember(this.typed);
    });
    this.asked.push([scheme, input]);
    const words = { basic: "as user:password. ", bearer: "", apiKey: `API key, in ${scheme.in}. `, certificate: "the certificate, which the sandbox takes in this header field. " }[scheme.kind] ?? "the whole value of this header field. ";
    const note = make("span", {}, words, this.live ? "Kept in this tab until it is closed. " : known ? "The sandbox's own: no secret, and it opens nothing else." : "");
    if (this.live && this.keys) note.append(make("a", { href: this.keys }, "Get a key"));
    return field(WORDS[scheme.kind] ?? scheme.field, input, note);
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
