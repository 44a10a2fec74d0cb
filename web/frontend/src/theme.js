/**
 * Sets the colour theme before the first paint, so nothing flashes. Loaded as a blocking classic script in <head>;
 * must stay free of imports. The choice (`auto`, `light`, `dark`) is kept in this browser and in a cookie for the server.
 */
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');

  const chosen = () => localStorage.getItem('opsbook.theme') ?? root.dataset.theme ?? 'auto';

  const apply = () => {
    const choice = chosen();
    root.dataset.theme = choice;
    root.dataset.bsTheme = choice === 'auto' ? (dark.matches ? 'dark' : 'light') : choice;
    for (const button of document.querySelectorAll('[data-theme-set]')) {
      button.setAttribute('aria-pressed', String(button.getAttribute('data-theme-set') === choice));
    }
  };

  apply();
  dark.addEventListener('change', apply);
  document.addEventListener('DOMContentLoaded', apply);
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-theme-set]') : null;
    if (!button) return;
    const choice = button.getAttribute('data-theme-set') ?? 'auto';
    localStorage.setItem('opsbook.theme', choice);
    document.cookie = `theme=${choice}; path=/; max-age=31536000; SameSite=Lax`;
    apply();
  });
})();
