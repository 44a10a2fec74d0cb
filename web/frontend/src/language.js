/** The reader's language and the choice of a text by it. */

/** @typedef {{zh: string, en: string}} Bilingual */

/** @returns {'zh' | 'en'} the language of the page */
export const pageLanguage = () => (document.documentElement.lang.toLowerCase().startsWith('zh') ? 'zh' : 'en');

/**
 * The text of a bilingual message in the language of the page.
 * @param {Bilingual | string | undefined | null} text
 * @returns {string}
 */
export function say(text) {
  if (!text) return '';
  return typeof text === 'string' ? text : text[pageLanguage()];
}
