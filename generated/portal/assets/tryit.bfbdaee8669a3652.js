/* specgw portal */
// The button that opens the panel which calls an operation. Nothing more is loaded, and nobody is asked, until it is pressed.

const button = document.getElementById("tryit-open");
if (button) start(button);

function start(button) {
  const dialog = document.getElementById("tryit");
  const room = dialog.querySelector(".tryit-body");
  const wide = matchMedia("(min-width: 78rem)");
  let ready = false;

  const load = async () => {
    let session;
    try {
      const answer = await fetch(dialog.dataset.session, { cache: "no-store" });
      if (!answer.ok && answer.status !== 404) throw new Error(answer.statusText);
      session = answer.ok ? await answer.json() : {};
    } catch {
      room.replaceChildren(note("The gateway cannot be reached, so nothing can be called now. Close this and try again in a moment."));
      return;
    }
    if (session.live !== true) {
      room.replaceChildren(
        note("These pages are files without a gateway behind them, so nothing can be called from here."),
        note("Where a gateway serves them, at /portal/, this panel calls the operation: ask who published them, or start one with"),
        command("specgw serve generated/"),
        note("The examples on this page run from any terminal."),
      );
      return;
    }
    const { Panel } = await import("./panel.597c46a471dcb44d.js");
    new Panel(room, JSON.parse(document.getElementById("tryit-form").textContent), session, dialog.dataset.up);
    ready = true;
  };

  const open = async () => {
    if (dialog.open) return;
    // Beside the page where there is room, so that one can read while one types; over it on a phone.
    if (wide.matches) dialog.show();
    else dialog.showModal();
    button.setAttribute("aria-expanded", "true");
    if (!ready) await load();
    (dialog.querySelector(".tryit-form :is(input, select, textarea)") ?? dialog.querySelector(".tryit-close")).focus();
  };

  const close = () => {
    dialog.close();
  };

  button.addEventListener("click", () => (dialog.open ? close() : open()));
  dialog.querySelector(".tryit-close").addEventListener("click", close);
  dialog.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
  dialog.addEventListener("close", () => {
    button.setAttribute("aria-expanded", "false");
    button.focus();
  });
  if (location.hash === "#tryit") open();
}

function note(words) {
  const node = document.createElement("p");
  node.textContent = words;
  return node;
}

function command(text) {
  const node = document.createElement("pre");
  node.append(Object.assign(document.createElement("code"), { textContent: text }));
  return node;
}
