/** The theme: the system’s, until the learner chooses; the choice is kept in a cookie, so that the server paints the page right at once. */
const COOKIE = "podlab_theme";
const YEAR = 365 * 24 * 3600;

/** Light becomes dark, dark becomes light. Fires `theme` on the document, for what paints by itself. */
export function switchTheme(): void {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  document.cookie = `${COOKIE}=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
  document.dispatchEvent(new Event("theme"));
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
