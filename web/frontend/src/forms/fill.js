/** Values put into a form that is already open. */

/**
 * Shows saved values without making them the initial ones, which expressions fall back to.
 * @param {any} form
 * @param {object} values
 */
export function fill(form, values) {
  const data = form._getInitializedFieldData({ ...form._getState().initialData, ...values });
  form._setState({ data });
}
