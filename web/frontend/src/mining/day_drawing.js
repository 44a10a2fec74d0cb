/** Draws a moment of a day on the diagram: counts where tokens stand, dots where they move. */

const SVG = 'http://www.w3.org/2000/svg';
/** Below this scale of the diagram tokens no longer shrink with it. */
const READABLE = 0.9;

export class DayDrawing {
  /** @param {any} viewer */
  constructor(viewer) {
    this.canvas = viewer.get('canvas');
    this.registry = viewer.get('elementRegistry');
    this.layer = this.canvas.getLayer('ops-day', 1);
    this.size = 1;
    /** @type {Map<string, {path: SVGPathElement, length: number}>} */
    this.paths = new Map();
  }

  clear() {
    this.layer.replaceChildren();
  }

  /**
   * @param {import('./day.js').Day} day
   * @param {number} time
   * @param {boolean} moves whether tokens on their way are drawn
   */
  draw(day, time, moves) {
    const plane = this.canvas.getRootElement();
    this.size = Math.max(1, READABLE / this.canvas.zoom());
    /** @param {string} id */
    const isSeen = (id) => this.registry.get(id) && this.canvas.findRoot(id) === plane;
    const dots = moves ? day.moving(time).filter(({ flow }) => isSeen(flow)).map(({ flow, share }) => this.#dot(flow, share)) : [];
    const counts = [...day.standing(time)].filter(([id]) => isSeen(id)).map(([id, count]) => this.#count(id, count));
    this.layer.replaceChildren(...dots, ...counts);
  }

  /** @param {string} flow @param {number} share */
  #dot(flow, share) {
    const { path, length } = this.#path(flow);
    const { x, y } = path.getPointAtLength(length * share);
    return shape('circle', { class: 'ops-day-token', cx: x, cy: y, r: 7 * this.size });
  }

  /** @param {string} id @param {number} count */
  #count(id, count) {
    const { x, y, width } = this.registry.get(id);
    const group = shape('g', { class: 'ops-day-count', transform: `translate(${x + width - 4},${y + 4}) scale(${this.size})` });
    const text = shape('text', { y: 5 });
    text.textContent = String(count);
    group.append(shape('circle', { r: Math.min(26, 10 + 2 * Math.sqrt(count)) }), text);
    return group;
  }

  /** @param {string} id */
  #path(id) {
    const known = this.paths.get(id);
    if (known) return known;
    const path = /** @type {SVGPathElement} */ (shape('path', {
      d: `M${this.registry.get(id).waypoints.map((/** @type {any} */ point) => `${point.x},${point.y}`).join('L')}`,
    }));
    const made = { path, length: path.getTotalLength() };
    this.paths.set(id, made);
    return made;
  }
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
