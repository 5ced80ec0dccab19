/** Light, dark, or as the system says: chosen by the person, remembered in this browser. */

const THEMES = ["system", "light", "dark"];
const REMEMBERED = "theme";

export function theme() {
  return localStorage.getItem(REMEMBERED) ?? "system";
}

export function applyTheme() {
  document.documentElement.dataset.theme = theme();
}

/** Go on to the next of the three, and return it. */
export function nextTheme() {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
  localStorage.setItem(REMEMBERED, next);
  applyTheme();
  return next;
}
