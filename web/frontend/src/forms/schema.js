/** What is done to a form's schema before it is shown: labels in the reader's language, no buttons (the page has its own). */

const WORDS = [
  'label', 'description', 'text', 'content', 'title', 'alt', 'placeholder', 'dateLabel', 'timeLabel', 'patternErrorMessage',
  'prefixAdorner', 'suffixAdorner',
];

/** @typedef {{type: string, components?: Component[], [key: string]: unknown}} Component */

/**
 * @param {Component} schema
 * @param {Record<string, string> | null} labels Chinese to English, null to leave the words alone
 * @returns {Component} a copy
 */
export function prepareSchema(schema, labels) {
  const copy = withoutButtons(structuredClone(schema));
  if (labels) relabel(copy, labels);
  return copy;
}

/** @param {Component} component @returns {Component} */
function withoutButtons(component) {
  if (component.components) {
    component.components = component.components.filter((child) => child.type !== 'button').map(withoutButtons);
  }
  return component;
}

/** @param {any} node @param {Record<string, string>} labels */
function relabel(node, labels) {
  if (Array.isArray(node)) {
    for (const item of node) relabel(item, labels);
    return;
  }
  if (!node || typeof node !== 'object') return;
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'string' && WORDS.includes(key)) node[key] = labels[value.trim()] ?? value;
    else if (key !== 'defaultValue') relabel(value, labels);
  }
}
