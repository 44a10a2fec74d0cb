/** The words of the bpmn.io editors in the reader's language: by their translate hook, and in the DOM where they have none. */

/** @typedef {Record<string, string>} Dictionary English to Chinese */

/**
 * The translate function that diagram-js, the properties panel and dmn-js ask.
 * @param {Dictionary | null} dictionary null for English
 * @param {Set<string>} missing collects what has no entry
 * @returns {(template: string, values?: Record<string, unknown>) => string}
 */
export function translator(dictionary, missing) {
  /** @param {unknown} word */
  const known = (word) => (dictionary && Object.hasOwn(dictionary, String(word)) ? dictionary[String(word)] : null);
  return (template, values = {}) => {
    const words = known(template);
    if (dictionary && words === null && /[A-Za-z]{2}/.test(template)) missing.add(template);
    return String(words ?? template).replace(/\{([^}]+)\}/g, (placeholder, name) => {
      const value = values[name] ?? placeholder;
      return known(value) ?? String(value);
    });
  };
}

/** @param {Dictionary | null} dictionary @param {Set<string>} missing */
export const translateModule = (dictionary, missing) => ({ translate: ['value', translator(dictionary, missing)] });

const ATTRIBUTES = ['title', 'placeholder', 'aria-label', 'data-title', 'alt'];

/**
 * Replaces whole texts and titles as they appear. An entry may have `{}` for a part that stays: `'Focus scope {}'`.
 * @param {HTMLElement} root
 * @param {Dictionary} dictionary
 * @param {string} [untouched] selector of what is data: the person's own words
 * @returns {() => void} ends it
 */
export function translateInPlace(root, dictionary, untouched = '') {
  const protectedParts = ['.cm-editor', 'textarea', '[contenteditable="true"]', untouched].filter(Boolean).join(', ');
  const patterns = Object.entries(dictionary).filter(([words]) => words.includes('{}')).map(([words, chinese]) => {
    const escaped = words.split('{}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return { expression: new RegExp(`^${escaped.join('(.+?)')}$`), chinese };
  });

  /** @param {string} text @returns {string | null} */
  function inChinese(text) {
    const words = text.replace(/\s+/g, ' ').trim();
    if (!words) return null;
    if (Object.hasOwn(dictionary, words)) return dictionary[words];
    for (const { expression, chinese } of patterns) {
      const parts = expression.exec(words);
      if (parts) return parts.slice(1).reduce((said, part) => said.replace('{}', dictionary[part] ?? part), chinese);
    }
    return null;
  }

  /** @param {Node} node */
  function visit(node) {
    if (node instanceof Text) {
      const said = node.parentElement?.closest(protectedParts) ? null : inChinese(node.data);
      if (said !== null && said !== node.data) node.data = said;
    } else if (node instanceof Element) {
      if (node.matches('.cm-editor')) return;
      for (const name of ATTRIBUTES) {
        const value = node.getAttribute(name);
        const said = value ? inChinese(value) : null;
        if (said !== null && said !== value) node.setAttribute(name, said);
      }
      node.childNodes.forEach(visit);
    }
  }

  visit(root);
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'childList') addedNodes.forEach(visit);
      else visit(target);
    }
  });
  observer.observe(root, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
  return () => observer.disconnect();
}
