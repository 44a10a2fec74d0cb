/** Which elements lie inside which: in an expanded sub-process, or on the plane of a collapsed one. */

/**
 * The ids of everything around an element, innermost first.
 * @param {any} viewer
 * @param {string} id
 * @returns {string[]}
 */
export function around(viewer, id) {
  const registry = viewer.get('elementRegistry');
  /** @type {string[]} */
  const ids = [];
  for (let shape = outer(registry, registry.get(id)); shape; shape = outer(registry, shape)) ids.push(shape.id);
  return ids;
}

/** @param {any} registry @param {any} shape */
function outer(registry, shape) {
  const parent = shape?.parent;
  if (!parent) return null;
  const owner = parent.businessObject?.id;
  return owner && owner !== parent.id && !parent.parent ? registry.get(owner) : parent;
}

/**
 * The elements that contain none of the others: where work really stands.
 * @param {any} viewer
 * @param {string[]} ids
 * @returns {string[]}
 */
export function innermost(viewer, ids) {
  const containers = new Set(ids.flatMap((id) => around(viewer, id)));
  return ids.filter((id) => viewer.get('elementRegistry').get(id) && !containers.has(id));
}
