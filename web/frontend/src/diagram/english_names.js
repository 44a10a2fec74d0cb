/** Names in another language: replaced in the read model before it is drawn; the file itself is not touched. */

/**
 * @param {Record<string, {name?: string, text?: string}>} elementsById
 * @param {Record<string, string>} labels Chinese name to English name
 */
export function nameInEnglish(elementsById, labels) {
  for (const element of Object.values(elementsById)) {
    if (element.name) element.name = labels[element.name.trim()] ?? element.name;
    if (element.text) element.text = labels[element.text.trim()] ?? element.text;
  }
}
