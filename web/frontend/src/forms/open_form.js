/** Opens a schema in a form-js form, with initial values and, over them, what somebody had entered before. */

/**
 * Entered values are shown but are not the initial ones: expressions fall back to the initial value of a field that is hidden,
 * here and on the server. They go in by the import itself, because fields write late and would bring back removed rows.
 * @param {any} form a new form-js form
 * @param {object} schema
 * @param {Record<string, unknown>} initial
 * @param {Record<string, unknown> | null} [entered]
 */
export async function openForm(form, schema, initial, entered) {
  const imported = form.importSchema(schema, { ...initial, ...entered });
  if (entered) form._setState({ initialData: form._getInitializedFieldData(structuredClone(initial)) });
  await imported;
}
