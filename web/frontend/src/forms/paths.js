/** Field paths as the server writes them (`lines[0].qty`), and errors put at their fields. */

/**
 * @param {(string | number)[]} parts
 * @returns {string}
 */
export function pathOf(parts) {
  return parts.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i ? '.' : ''}${part}`)).join('');
}

/**
 * Shows the server's errors at their fields.
 * @param {any} form a form-js form
 * @param {Record<string, string>} texts path of the field to the message
 * @returns {string[]} messages of fields that the form does not show now
 */
export function showFieldErrors(form, texts) {
  /** @type {Record<string, any>} */
  const errors = {};
  const left = new Map(Object.entries(texts));
  for (const instance of form.get('formFieldInstanceRegistry').getAllKeyed()) {
    const path = pathOf(instance.valuePath);
    const text = left.get(path);
    if (!text) continue;
    left.delete(path);
    const place = [instance.id, ...Object.values(instance.indexes ?? {})];
    let node = errors;
    for (const part of place.slice(0, -1)) node = node[part] ??= {};
    node[place[place.length - 1]] = [text];
  }
  form._setState({ errors });
  return [...left.values()];
}

/**
 * Moves the focus to the first field with an error.
 * @param {HTMLElement} container
 */
export function focusFirstError(container) {
  const field = container.querySelector('.fjs-has-errors');
  const target = field?.querySelector('input:not([type=file]):not(.fjs-hidden), textarea, select, [tabindex="0"], button');
  field?.scrollIntoView({ block: 'center' });
  /** @type {HTMLElement | null | undefined} */ (target)?.focus({ preventScroll: true });
}
