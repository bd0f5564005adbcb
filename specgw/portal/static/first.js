// The first call names this gateway, wherever it is: the address in the page is the one of gateway.yaml.

const text = document.querySelector("code[data-address]");
if (text !== null) {
  try {
    const answer = await fetch(new URL("session.json", location.href), { cache: "no-store" });
    const session = await answer.json();
    if (session.live === true) text.textContent = text.textContent.replaceAll(text.dataset.address, location.origin);
  } catch {
    // Files opened from a disk: there is no gateway to name.
  }
}
