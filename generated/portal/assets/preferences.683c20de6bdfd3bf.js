/* specgw portal */
// Which answer the sandbox gives, and in which form: `Prefer` (RFC 7240) and `Accept`.

import { field, make, select } from "./elements.82d6a0553893a970.js";

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The part of the panel that chooses an answer. `responses` are the declared ones with the names of their examples. */
export class Preferences {
  constructor(responses) {
    this.node = make("details", { class: "tryit-more" }, make("summary", {}, "Choose the sandbox's answer"));
    this.code = select([["", "the usual one"], ...responses.map(({ status }) => [codeOf(status), status])]);
    this.example = select([]);
    this.values = select([["", "as documented"], ["true", "made from the schema"], ["false", "documented examples only"]]);
    this.seed = make("input", { type: "text", autocomplete: "off", spellcheck: "false", maxlength: "100" });
    this.delay = make("input", { type: "text", inputmode: "numeric", autocomplete: "off", pattern: "[0-9]*", maxlength: "5" });
    this.named = field("Example", this.example);
    this.node.append(
      field("Status", this.code),
      this.named,
      field("Values", this.values),
      field("Seed", this.seed, "another value for each seed, always the same for the same one"),
      field("Delay", this.delay, "milliseconds, at most 30000"),
    );
    const names = () => {
      const usual = responses.find(({ status }) => /^2/.test(status)) ?? responses[0];
      const chosen = this.code.value ? responses.find(({ status }) => codeOf(status) === this.code.value) : usual;
      const known = chosen?.examples ?? [];
      this.example.replaceChildren(...["", ...known].map((name) => make("option", { value: name }, name || "the first")));
      this.named.hidden = known.length === 0;
    };
    this.code.addEventListener("change", names);
    names();
  }

  /** The header field's value; "" where nothing is asked for. */
  toString() {
    const asked = { code: this.code.value, example: this.example.value, dynamic: this.values.value, seed: this.seed.value.trim(), delay: this.delay.value.replace(/\D/g, "") };
    return Object.entries(asked)
      .filter(([, value]) => value !== "")
      .map(([name, value]) => `${name}=${word(value)}`)
      .join(", ");
  }
}

/** A status that a response stands for: `4XX` is there for 400, `default` for what is declared nowhere. */
function codeOf(status) {
  return status === "default" ? "500" : status.toUpperCase().replace("XX", "00");
}

/** A token or a quoted string; a field has no room for more than Latin 1. */
function word(value) {
  return TOKEN.test(value) ? value : `"${value.replace(/[^\x20-\x7e\xa0-\xff]/g, "?").replace(/["\\]/g, "\\$&")}"`;
}
