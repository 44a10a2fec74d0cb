/**
 * Packages write style elements as they run (the expression editor does). Our content security policy refuses such inline styles,
 * so their text is adopted as constructed sheets, which it allows.
 */

/** @type {Map<HTMLStyleElement, CSSStyleSheet>} */
const adopted = new Map();
let isWatching = false;

/** Begins once for the page. */
export function adoptPackageStyles() {
  if (isWatching) return;
  isWatching = true;
  const observer = new MutationObserver(() => {
    for (const element of document.head.querySelectorAll('style')) adopt(element);
  });
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
}

/** @param {HTMLStyleElement} element */
function adopt(element) {
  let sheet = adopted.get(element);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    adopted.set(element, sheet);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  sheet.replaceSync(element.textContent ?? '');
}
