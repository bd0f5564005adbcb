/* specgw portal */
// Not a module: it runs before what follows is painted, so that the language that was chosen is there from the beginning.
(() => {
  const root = document.documentElement;
  const KEY = "specgw-language";
  const stored = (choice) => {
    try {
      return choice === undefined ? localStorage.getItem(KEY) : localStorage.setItem(KEY, choice);
    } catch {
      return null; // storage may be refused; the choice then holds for the page
    }
  };

  root.dataset.copies = ""; // buttons that copy have their place already, and are shown now
  const spoken = document.createElement("p");
  spoken.className = "unseen";
  spoken.setAttribute("role", "status");
  document.currentScript.after(spoken);

  const chosen = stored();
  for (const radio of document.querySelectorAll('input[name="language"]')) {
    if (radio.value === chosen) radio.checked = true;
    radio.addEventListener("change", () => stored(radio.value));
  }

  /** Copy where the clipboard cannot be asked: outside of secure contexts, through the selection. */
  const select = (code) => {
    getSelection().selectAllChildren(code);
    return document.execCommand("copy");
  };

  const copy = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch {
      return select(code);
    }
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.(".copy");
    const around = button?.closest(".code");
    if (!around) return;
    const code = [...around.querySelectorAll("pre > code")].find((each) => each.getClientRects().length > 0);
    if (code === undefined) return;
    const done = await copy(code);
    button.textContent = done ? "Copied" : "Selected";
    spoken.textContent = done ? "Copied" : "Selected: copy it with Ctrl+C";
    clearTimeout(button.timer);
    button.timer = setTimeout(() => {
      button.textContent = "Copy";
      spoken.textContent = "";
    }, 2000);
  });
})();
