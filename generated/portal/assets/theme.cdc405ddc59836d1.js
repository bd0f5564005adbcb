/* specgw portal */
// Not a module: it runs before the first paint, so that no page flashes in the other colours, and nothing moves when buttons come.
(() => {
  const MODES = { system: ["System", "Colours: as the system"], light: ["Light", "Colours: light"], dark: ["Dark", "Colours: dark"] };
  const root = document.documentElement;
  const stored = (choice) => {
    try {
      return choice === undefined ? localStorage.getItem("specgw-theme") : localStorage.setItem("specgw-theme", choice);
    } catch {
      return null; // storage may be refused; the choice then holds for the page
    }
  };
  let mode = "system";
  const choose = (wanted) => {
    mode = Object.hasOwn(MODES, wanted) ? wanted : "system";
    if (mode === "system") delete root.dataset.theme;
    else root.dataset.theme = mode;
  };
  root.dataset.scripts = "";
  choose(stored() ?? "system");
  addEventListener("DOMContentLoaded", () => {
    // In a long navigation the page at hand is in sight.
    const menu = document.querySelector(".menu");
    const here = menu?.querySelector("li li [aria-current], li [aria-current]");
    if (here && menu.scrollHeight > menu.clientHeight) menu.scrollTop = here.offsetTop - menu.clientHeight / 3;
    const button = document.getElementById("theme");
    if (button === null) return;
    const tell = () => {
      button.lastElementChild.textContent = MODES[mode][0];
      button.setAttribute("aria-label", MODES[mode][1]);
    };
    tell();
    button.addEventListener("click", () => {
      const names = Object.keys(MODES);
      choose(names[(names.indexOf(mode) + 1) % names.length]);
      stored(mode);
      tell();
    });
  });
})();
