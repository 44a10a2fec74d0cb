/** Arcs of tokens that people moved: they leave the drawn way, so they are drawn beside it, dashed. */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {any} canvas
 * @param {any} registry
 * @param {import('./walker.js').Line[]} lines events that moved tokens
 */
export function drawJumps(canvas, registry, lines) {
  const layer = canvas.getLayer('ops-jumps', 1);
  layer.replaceChildren();
  for (const { jump } of lines) {
    const left = (jump?.before ?? []).filter((id) => !jump?.after.includes(id));
    const reached = (jump?.after ?? []).filter((id) => !jump?.before.includes(id));
    for (const from of left) for (const to of reached) layer.append(...arc(registry.get(from), registry.get(to)));
  }
}

/** @param {any} from @param {any} to @returns {Element[]} */
function arc(from, to) {
  if (!from || !to) return [];
  const start = { x: from.x + from.width / 2, y: from.y };
  const end = { x: to.x + to.width / 2, y: to.y };
  const height = Math.min(start.y, end.y) - 40 - Math.abs(start.x - end.x) / 8;
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', `M${start.x},${start.y} C${start.x},${height} ${end.x},${height} ${end.x},${end.y}`);
  path.setAttribute('class', 'ops-jump');
  const head = document.createElementNS(SVG, 'path');
  head.setAttribute('d', `M${end.x - 6},${end.y - 10} L${end.x},${end.y} L${end.x + 6},${end.y - 10}`);
  head.setAttribute('class', 'ops-jump ops-jump-head');
  return [path, head];
}
