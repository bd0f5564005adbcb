// The page of keys: signs in and out, makes, renames, rotates and revokes the keys of the person who is signed in.

const STORE = "specgw.credentials";
const DAY = 86_400;
const OUTCOMES = {
  "#sign-in-refused": "You were not signed in: the provider did not confirm who you are. Try again, or ask who runs the gateway.",
  "#sign-in-expired": "You were not signed in: this attempt is over, or was begun in another window. Try again.",
  "#sign-in-unavailable": "You were not signed in: the provider cannot be reached at the moment. Try again soon.",
};
const CLOSED = {
  closed: "Nobody can sign in to this gateway: gateway.yaml names no provider. Ask who runs it for a key.",
  insecure: "Signing in needs HTTPS, or a browser on the machine of the gateway itself: otherwise somebody on the way could take over what you do here.",
  none: "No operation of this gateway takes keys.",
  unavailable: "Keys cannot be asked for at the moment. Try again soon.",
};

/** A gateway's refusal, in its own words. */
class Refused extends Error {
  constructor(problem, status) {
    super(problem?.detail ?? `The gateway answered ${status}.`);
    this.over = problem?.type === "urn:specgw:problem:not-signed-in";
    this.faults = new Map((problem?.violations ?? []).map((fault) => [String(fault.pointer ?? "").slice(1), String(fault.message)]));
  }
}

class Keys {
  constructor(root) {
    this.root = root;
    this.status = root.querySelector(".keys-status");
    this.body = root.querySelector(".keys-body");
    this.made = make("div", {});
  }

  /** Asks who is there, and shows what that person can do. */
  async start() {
    let session = { live: false };
    try {
      session = await (await fetch(this.root.dataset.session, { cache: "no-store" })).json();
    } catch {
      // Files opened from a disk, or a server that is gone: the same as a static site.
    }
    this.session = session;
    const outcome = OUTCOMES[location.hash];
    if (outcome) history.replaceState(null, "", location.pathname);
    if (session.live !== true) {
      this.body.replaceChildren(make("p", { class: "note" }, "This is a copy of the portal as files. Keys can be made where the gateway itself serves it, at /portal/."));
    } else if (session.user) {
      await this.load();
    } else {
      this.signedOut(outcome ?? "");
    }
    // A page that comes back from the browser's memory may show what somebody signed out of.
    window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  say(words) {
    this.status.textContent = words;
  }

  signedOut(words) {
    this.made.replaceChildren();
    const ways = this.session.signIn ?? [];
    const card = make("div", { class: "card keys-empty" });
    if (words) card.append(make("p", { class: "warning", role: "alert" }, words));
    if (ways.length) {
      const actions = make("p", { class: "keys-actions middle" }, ...ways.map((way) => this.way(way)));
      card.append(make("p", {}, "Sign in to make keys for yourself, to see what they are used for, and to end them."), actions);
    } else {
      card.append(make("p", {}, CLOSED[this.session.keys] ?? CLOSED.closed));
    }
    this.body.replaceChildren(card);
  }

  way(way) {
    if (way.kind !== "development") return make("a", { class: "button", href: way.href }, `Sign in at ${way.at}`);
    const button = make("button", { class: "button", type: "button" }, `Sign in as ${way.at}`);
    button.addEventListener("click", () =>
      this.guarded(button, async () => {
        await this.send(way.href, {});
        location.reload();
      }),
    );
    return button;
  }

  /** Runs what a button does, once at a time; what goes wrong is said. */
  async guarded(button, work, wrong = (refused) => this.say(refused.message)) {
    if (button.disabled) return;
    button.disabled = true;
    try {
      await work();
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      if (refused.over) {
        this.session = { ...this.session, user: null, csrf: null };
        document.querySelector(".keys-dialog")?.close();
        await this.again("Your session is over. Sign in again.");
      } else {
        wrong(refused);
      }
    } finally {
      button.disabled = false;
    }
  }

  async again(words) {
    const answer = await fetch(this.root.dataset.session, { cache: "no-store" });
    this.session = await answer.json();
    this.signedOut(words);
  }

  async send(href, body) {
    const headers = { "Content-Type": "application/json" };
    if (this.session.csrf) headers["X-CSRF-Token"] = this.session.csrf;
    return read(() => fetch(href, { method: "POST", headers, body: JSON.stringify(body), cache: "no-store", redirect: "error" }));
  }

  async load() {
    try {
      this.show(await read(() => fetch("keys", { cache: "no-store" })));
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      if (refused.over) await this.again("Your session is over. Sign in again.");
      else this.body.replaceChildren(make("p", { class: "warning", role: "alert" }, refused.message));
    }
  }

  show({ consumer, limits, keys }) {
    this.limits = limits;
    const valid = keys.filter((key) => key.state === "valid");
    const ended = keys.filter((key) => key.state !== "valid");
    const out = make("button", { class: "button quiet", type: "button" }, "Sign out");
    out.addEventListener("click", () => this.guarded(out, () => this.signOut()));
    const who = make("p", {}, "Signed in as ", make("strong", {}, this.session.user.name), ". Your keys call as ", make("code", {}, consumer), ".");
    const list = valid.length
      ? make("ul", { class: "keys-list", "aria-label": "Valid keys" }, ...valid.map((key) => this.card(key)))
      : make("div", { class: "card keys-empty" }, make("p", {}, "You have no valid key yet. Give the first one the name of the program that will use it."));
    const more = make("details", {}, make("summary", {}, `Ended keys (${ended.length})`), make("ul", { class: "keys-list", "aria-label": "Ended keys" }, ...ended.map((key) => this.card(key))));
    const counted = keys.length ? [make("p", { class: "note" }, "Uses are counted every minute.")] : [];
    this.body.replaceChildren(make("div", { class: "keys-who" }, who, out), this.form(valid.length), this.made, list, ...counted, ...(ended.length ? [more] : []));
  }

  form(count) {
    const { limits } = this;
    const name = make("input", { type: "text", required: "", maxlength: String(limits.name), autocomplete: "off", placeholder: "till 4" });
    const terms = [7, 30, 90, 365].filter((days) => days <= limits.days).map((days) => [String(days), `${days} days`]);
    const whole = limits.forever ? ["", "Until it is revoked"] : [String(limits.days), `${limits.days} days, the longest`];
    const days = select([...terms.filter(([value]) => value !== whole[0]), whole], limits.forever ? "90" : whole[0]);
    if (![...days.options].some((option) => option.selected)) days.selectedIndex = 0;
    const submit = make("button", { class: "button", type: "submit" }, "Make a key");
    const named = field("Name", name, `What it is for. ${count} of ${limits.keys} keys.`, "name");
    const form = make("form", { class: "card keys-form", novalidate: "", "aria-label": "Make a key" }, named, field("Good for", days, "", "days"), submit);
    const wrong = make("p", { class: "keys-wrong", role: "alert" });
    form.append(wrong);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clear(form);
      this.guarded(
        submit,
        async () => {
          const key = await this.send("keys", { name: name.value, ...(days.value ? { days: Number(days.value) } : {}) });
          await this.load();
          this.reveal(key, `The key “${key.name}” was made.`);
        },
        (refused) => blame(form, wrong, refused),
      );
    });
    return form;
  }

  /** Shows a key for the only time, and takes the reader to it. */
  reveal(key, words) {
    const text = make("input", { type: "text", readonly: "", spellcheck: "false", "aria-label": "The new key", value: key.key });
    text.addEventListener("focus", () => text.select());
    const copy = make("button", { class: "button", type: "button" }, "Copy");
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(key.key);
        this.say("The key is in the clipboard.");
      } catch {
        text.focus();
        this.say("The key is selected: copy it with the keyboard.");
      }
    });
    const actions = make("p", { class: "keys-actions" });
    const schemes = JSON.parse(this.root.dataset.schemes);
    if (schemes.length) {
      const use = make("button", { class: "button quiet", type: "button" }, "Use it in this tab");
      use.addEventListener("click", () => {
        remember(schemes, key.key);
        this.say("“Try it” has the key filled in for live calls, until this tab is closed or you sign out.");
      });
      actions.append(use);
    }
    const done = make("button", { class: "button quiet", type: "button" }, "I have kept it");
    done.addEventListener("click", () => {
      this.made.replaceChildren();
      this.say("");
      this.root.querySelector(".keys-form input")?.focus();
    });
    actions.append(done);
    const title = make("h3", { tabindex: "-1" }, words);
    const panel = make("section", { class: "card keys-made", "aria-label": "The new key" }, title, make("p", {}, "Copy it now: it is never shown again."), make("div", { class: "keys-text" }, text, copy));
    const { path, option } = this.root.dataset;
    if (path) panel.append(make("pre", { tabindex: "0" }, make("code", {}, `curl ${option ? `${option.replace("$KEY", key.key)} ` : ""}"${gateway()}${path.replace("$KEY", key.key)}"`)));
    panel.append(actions);
    this.made.replaceChildren(panel);
    this.say("");
    title.focus();
  }

  card(key) {
    const title = make("h3", {}, key.name || "without a name", " ");
    if (key.state !== "valid") title.append(make("span", { class: "badge" }, key.state));
    const facts = make("dl", { class: "keys-facts" });
    const fact = (term, ...words) => facts.append(make("div", {}, make("dt", {}, term), make("dd", {}, ...words)));
    fact("Id", make("code", {}, key.id));
    fact("Made", when(key.created));
    if (key.revoked) fact("Revoked", when(key.revoked));
    else fact(key.state === "expired" ? "Ended" : "Ends", key.expires ? when(key.expires) : "never");
    fact("Uses", String(key.uses));
    fact("Last used", key.lastUsed ? when(key.lastUsed) : "never");
    const item = make("li", { class: "card keys-key" }, title);
    if (key.state === "valid") {
      const actions = make("div", { class: "keys-actions" });
      for (const [words, kind, ask] of [
        ["Rename", "quiet", () => this.rename(key)],
        ["Rotate", "quiet", () => this.rotate(key)],
        ["Revoke", "quiet danger", () => this.revoke(key)],
      ]) {
        const button = make("button", { class: `button ${kind}`, type: "button", "aria-label": `${words} ${key.name}` }, words);
        button.addEventListener("click", ask);
        actions.append(button);
      }
      item.append(actions);
    }
    item.append(facts);
    return item;
  }

  rename(key) {
    const name = make("input", { type: "text", required: "", maxlength: String(this.limits.name), autocomplete: "off", value: key.name });
    this.ask(`Rename “${key.name}”`, [field("Name", name, "", "name")], "Rename", "", async () => {
      const renamed = await this.send(`keys/${key.id}/rename`, { name: name.value });
      await this.load();
      return () => this.back(`The key is called “${renamed.name}” now.`);
    });
  }

  rotate(key) {
    const terms = [["0", "at once"], ["3600", "in an hour"], [String(DAY), "in a day"], [String(7 * DAY), "in 7 days"], [String(30 * DAY), "in 30 days"]];
    const overlap = select(terms.filter(([value]) => Number(value) <= this.limits.overlap), String(DAY));
    const words = make("p", {}, "You get a new key with the same rights. The old one stays good for a while, so that you can change your program in between.");
    this.ask(`Rotate “${key.name}”`, [words, field("The old key ends", overlap, "", "overlap")], "Rotate", "", async () => {
      const made = await this.send(`keys/${key.id}/rotate`, { overlap: Number(overlap.value) });
      await this.load();
      return () => this.reveal(made, `The new key for “${made.name}” was made.`);
    });
  }

  revoke(key) {
    const words = make("p", {}, "Whoever uses this key is refused within two seconds, everywhere and for good. This cannot be taken back.");
    this.ask(`Revoke “${key.name}”?`, [words], "Revoke", "danger", async () => {
      await this.send(`keys/${key.id}/revoke`, {});
      await this.load();
      return () => this.back(`The key “${key.name}” is revoked.`);
    });
  }

  /** The button that asked is gone with its list: go on where the keys begin. */
  back(words) {
    this.root.querySelector("h2").focus();
    this.say(words);
  }

  /** A question in a dialog of its own: Escape and the second button leave everything as it is. `work` gives what follows its end. */
  ask(title, content, words, kind, work) {
    const submit = make("button", { class: `button ${kind}`, type: "submit" }, words);
    const keep = make("button", { class: "button quiet", type: "button" }, "Cancel");
    const wrong = make("p", { class: "keys-wrong", role: "alert" });
    const heading = make("h2", { id: "keys-question" }, title);
    const form = make("form", { novalidate: "" }, heading, ...content, wrong, make("p", { class: "keys-actions end" }, keep, submit));
    const dialog = make("dialog", { class: "keys-dialog", "aria-labelledby": "keys-question" }, form);
    keep.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clear(form);
      this.guarded(
        submit,
        async () => {
          const after = await work();
          dialog.close();
          after();
        },
        (refused) => blame(form, wrong, refused),
      );
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  async signOut() {
    await this.send("sign-out", {});
    forget();
    await this.again("");
    this.say("You are signed out.");
  }
}

async function read(ask) {
  let answer;
  try {
    answer = await ask();
  } catch {
    throw new Refused({ detail: "No answer came: the gateway cannot be reached." });
  }
  if (answer.status === 204) return null;
  let said = null;
  try {
    said = await answer.json();
  } catch {
    // An answer without words is told by its status.
  }
  if (!answer.ok || said === null) throw new Refused(said, answer.status);
  return said;
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

function field(label, input, note, place) {
  const id = `keys-${++number}`;
  input.id = id;
  input.dataset.place = place;
  input.setAttribute("aria-describedby", `${id}-note ${id}-wrong`);
  return make("div", { class: "keys-field" }, make("label", { for: id }, label), input, make("span", { class: "note", id: `${id}-note` }, note), make("span", { class: "keys-wrong", id: `${id}-wrong` }));
}

/** Puts what is wrong beside the fields that it is about, and all else where it is read out. */
function blame(form, wrong, refused) {
  let first = null;
  for (const input of form.querySelectorAll("[data-place]")) {
    const words = refused.faults.get(input.dataset.place);
    if (!words) continue;
    document.getElementById(`${input.id}-wrong`).textContent = words;
    input.setAttribute("aria-invalid", "true");
    first ??= input;
  }
  if (first) first.focus();
  else wrong.textContent = refused.message;
}

function clear(form) {
  for (const note of form.querySelectorAll(".keys-wrong")) note.textContent = "";
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

/** Where the gateway is, seen from its portal: a proxy may have put it below a path of its own. */
function gateway() {
  return new URL("..", location.href).href.replace(/\/$/, "");
}

function when(text) {
  const node = make("time", { datetime: text }, new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }));
  return node;
}

/** What “Try it” fills in: in this tab alone, and only because somebody asked for it. */
function remember(schemes, key) {
  const kept = stored();
  for (const scheme of schemes) kept[`live ${scheme}`] = key;
  keep(kept);
}

function forget() {
  keep(Object.fromEntries(Object.entries(stored()).filter(([, value]) => !String(value).startsWith("sgw_"))));
}

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE)) ?? {};
  } catch {
    return {};
  }
}

function keep(kept) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(kept));
  } catch {
    // Without a store nothing is filled in.
  }
}

const root = document.getElementById("keys-own");
if (root) new Keys(root).start();
