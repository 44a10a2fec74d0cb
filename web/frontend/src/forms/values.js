/** What a form sends. */

/**
 * The values of visible, enabled fields. form-js leaves out a list whose last row was removed; the server would take that as
 * "not changed", so it is sent as an empty list.
 * @param {any} form a form-js form
 * @returns {Record<string, any>}
 */
export function valuesOf(form) {
  const values = form._getSubmitData();
  const { data } = form._getState();
  for (const { id, valuePath } of form.get('formFieldInstanceRegistry').getAll()) {
    if (form.get('formFieldRegistry').get(id)?.type !== 'dynamiclist') continue;
    if (at(data, valuePath)?.length === 0) put(values, valuePath, []);
  }
  return values;
}

/** @param {any} tree @param {(string | number)[]} path */
const at = (tree, path) => path.reduce((node, part) => node?.[part], tree);

/** @param {any} tree @param {(string | number)[]} path @param {unknown} value */
function put(tree, path, value) {
  let node = tree;
  path.slice(0, -1).forEach((part, i) => {
    node = node[part] ??= typeof path[i + 1] === 'number' ? [] : {};
  });
  node[path[path.length - 1]] = value;
}
