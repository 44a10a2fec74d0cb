/** One finger moves the diagram, two fingers zoom it: diagram-js itself does not listen to touch. */

const SMALLEST = 0.15;
const LARGEST = 4;

/**
 * @param {any} viewer
 * @param {HTMLElement} sheet
 */
export function followTouch(viewer, sheet) {
  const canvas = viewer.get('canvas');
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  /** @type {{x: number, y: number, spread: number, count: number} | null} */
  let before = null;
  sheet.style.touchAction = 'none';

  const grip = () => {
    const box = sheet.getBoundingClientRect();
    const points = [...fingers.values()].map(({ x, y }) => ({ x: x - box.left, y: y - box.top }));
    const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
    const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
    const spread = points.length > 1 ? Math.hypot(points[0].x - points[1].x, points[0].y - points[1].y) : 0;
    return { x, y, spread, count: points.length };
  };

  /** @param {PointerEvent} event */
  const onDown = (event) => {
    if (event.pointerType !== 'touch') return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    before = grip();
  };
  /** @param {PointerEvent} event */
  const onMove = (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = grip();
    if (before?.count === now.count) {
      canvas.scroll({ dx: now.x - before.x, dy: now.y - before.y });
      if (now.spread && before.spread) {
        canvas.zoom(Math.min(LARGEST, Math.max(SMALLEST, (canvas.zoom() * now.spread) / before.spread)), now);
      }
    }
    before = now;
    event.preventDefault();
  };
  /** @param {PointerEvent} event */
  const onUp = (event) => {
    fingers.delete(event.pointerId);
    before = fingers.size ? grip() : null;
  };

  sheet.addEventListener('pointerdown', onDown);
  sheet.addEventListener('pointermove', onMove);
  for (const end of /** @type {const} */ (['pointerup', 'pointercancel', 'pointerleave'])) sheet.addEventListener(end, onUp);
}
