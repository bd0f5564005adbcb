// Not a module: it runs before the first paint, so that no page flashes in the other colours.
(() => {
  const root = document.documentElement;
  const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const stored = (choice) => {
    try {
      return choice === undefined ? localStorage.getItem("specgw-theme") : localStorage.setItem("specgw-theme", choice);
    } catch {
      return null; // storage may be refused; the choice then holds for the page
    }
  };
  const chosen = stored();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    if (button === null) return;
    const tell = () => button.setAttribute("aria-pressed", String(dark()));
    button.hidden = false;
    tell();
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      stored(root.dataset.theme);
      tell();
    });
  });
})();
