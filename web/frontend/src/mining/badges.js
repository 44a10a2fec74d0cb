/** Badges of the map: the most important are always shown, others only where they cover none and nothing of importance. */

const READABLE = { min: 0.85, max: 1.15 };

/**
 * @typedef {{id: string, text: string, weight: number, tone: 'element' | 'flow', title: string}} Badge
 */

export class Badges {
  /** @param {any} viewer */
  constructor(viewer) {
    this.overlays = viewer.get('overlays');
    this.registry = viewer.get('elementRegistry');
    /** @type {{html: HTMLElement, weight: number}[]} */
    this.shown = [];
    this.frame = 0;
    this.clear = () => {
      this.frame = 0;
      hideCovered(this.shown);
    };
    viewer.get('eventBus').on(['canvas.viewbox.changed', 'root.set'], () => this.arrange());
  }

  /** @param {Badge[]} badges instead of those before */
  show(badges) {
    this.overlays.remove({ type: 'ops-map' });
    this.shown = badges.flatMap((badge) => this.#put(badge));
    this.arrange();
  }

  /** Looks again which of them fit. */
  arrange() {
    this.frame ||= requestAnimationFrame(this.clear);
  }

  /** @param {Badge} badge */
  #put({ id, text, weight, tone, title }) {
    const shape = this.registry.get(id);
    if (!shape) return [];
    const html = document.createElement('div');
    html.className = `ops-map-badge ops-map-badge-${tone}`;
    html.textContent = text;
    html.title = title;
    this.overlays.add(id, 'ops-map', { position: shape.waypoints ? beside(shape) : above(shape), html, scale: READABLE });
    return [{ html, weight }];
  }
}

/** On the upper edge: the name inside stays free. @param {any} shape */
const above = (shape) => ({ top: 3, left: shape.width / 2 });

/**
 * The middle of the longest piece of a flow; overlays of connections are placed from the upper left of their box.
 * @param {any} flow
 */
function beside({ waypoints }) {
  const left = Math.min(...waypoints.map((/** @type {any} */ point) => point.x));
  const top = Math.min(...waypoints.map((/** @type {any} */ point) => point.y));
  let longest = { length: -1, x: 0, y: 0 };
  for (let i = 1; i < waypoints.length; i += 1) {
    const [from, to] = [waypoints[i - 1], waypoints[i]];
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length > longest.length) longest = { length, x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  }
  return { left: longest.x - left, top: longest.y - top };
}

/** @param {{html: HTMLElement, weight: number}[]} badges the heaviest are kept */
function hideCovered(badges) {
  const boxes = badges.map((badge) => ({ ...badge, box: badge.html.getBoundingClientRect() }));
  /** @type {DOMRect[]} */
  const taken = [];
  for (const { html, box } of boxes.sort((a, b) => b.weight - a.weight)) {
    const isCovered = taken.some((other) => cover(other, box));
    html.classList.toggle('ops-map-badge-hidden', isCovered);
    if (!isCovered && box.width) taken.push(box);
  }
}

/** @param {DOMRect} one @param {DOMRect} other */
const cover = (one, other) =>
  one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
