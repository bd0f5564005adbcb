// The first call names this gateway, wherever it is: the address in the page is the one of gateway.yaml.

const text = document.querySelector("code[data-address]");
if (text !== null) {
  try {
    const answer = await fetch(new URL("session.json", location.href), { cache: "no-store" });
    const session = await answer.json();
    // The gateway begins where the portal's folder lies, which a proxy may have put below a path of its own.
    const gateway = new URL("..", location.href);
    const sandbox = new URL(String(session.sandbox).replace(/^\/+/, ""), gateway);
    if (session.live === true && sandbox.origin === gateway.origin) {
      text.textContent = text.textContent.replaceAll(text.dataset.address, sandbox.href.replace(/\/$/, ""));
    }
  } catch {
    // Files opened from a disk: there is no gateway to name.
  }
}
