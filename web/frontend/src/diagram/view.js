/** What part of the diagram is seen, and how it moves: fit, zoom, centre, wheel and keys. */
import { around } from './nesting.js';

const SMALLEST = 0.15;
const LARGEST = 4;
/** Below this scale names cannot be read: then we rather show the neighbourhood of the current position. */
const READABLE = 0.65;
const STEP = 1.25;
const KEY_PAN_PX = 60;

export class View {
  /**
   * @param {any} viewer
   * @param {HTMLElement} sheet
   * @param {string[]} current ids of the elements where the case stands
   */
  constructor(viewer, sheet, current) {
    this.viewer = viewer;
    this.canvas = viewer.get('canvas');
    this.registry = viewer.get('elementRegistry');
    this.sheet = sheet;
    this.current = current;
    this.isTouchedByReader = false;
    /** @type {string | null} */
    this.marked = null;
    this.isTurning = false;
    viewer.get('eventBus').on('root.set', () => this.isTurning || requestAnimationFrame(() => this.showPlane()));
    this.sizes = new ResizeObserver(() => this.onResize());
    this.sizes.observe(sheet);
    sheet.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    sheet.addEventListener('keydown', (event) => this.onKey(event));
    sheet.addEventListener('pointerdown', () => (this.isTouchedByReader = true));
  }

  stop() {
    this.sizes.disconnect();
  }

  showAtFirst() {
    if (!this.sheet.clientWidth) return;
    if (this.current.length) this.turnTo(this.current[0]);
    this.showPlane();
  }

  /** The whole plane; where that would be too small to read, the neighbourhood of the current position. */
  showPlane() {
    this.fit();
    const plane = this.canvas.getRootElement();
    const here = this.current.flatMap((id) => [id, ...around(this.viewer, id)]).filter((id) => this.canvas.findRoot(id) === plane);
    if (this.canvas.zoom() < READABLE && here.length) this.centre(here.slice(0, 1));
  }

  /**
   * Opens the plane on which an element is drawn: a collapsed sub-process has its own.
   * @param {string} id
   */
  turnTo(id) {
    this.isTurning = true;
    this.canvas.setRootElement(this.canvas.findRoot(id));
    this.isTurning = false;
  }

  fit() {
    this.canvas.resized();
    this.canvas.zoom('fit-viewport', 'auto');
  }

  /** @param {number} factor @param {{x: number, y: number}} [around] */
  zoomBy(factor, around) {
    this.isTouchedByReader = true;
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.canvas.zoom() * factor));
    const { clientWidth, clientHeight } = this.sheet;
    this.canvas.zoom(scale, around ?? { x: clientWidth / 2, y: clientHeight / 2 });
  }

  /**
   * Brings elements to the middle, readable.
   * @param {string[]} ids
   */
  centre(ids) {
    const known = ids.map((id) => this.registry.get(id)).filter((shape) => shape && 'width' in shape);
    if (!known.length) return;
    this.turnTo(known[0].id);
    const shapes = known.filter((shape) => this.canvas.findRoot(shape) === this.canvas.getRootElement());
    const left = Math.min(...shapes.map((s) => s.x));
    const top = Math.min(...shapes.map((s) => s.y));
    const right = Math.max(...shapes.map((s) => s.x + s.width));
    const bottom = Math.max(...shapes.map((s) => s.y + s.height));
    const { clientWidth, clientHeight } = this.sheet;
    const fitting = Math.min(clientWidth / (right - left + 80), clientHeight / (bottom - top + 80));
    const scale = Math.min(1, Math.max(fitting, SMALLEST));
    const width = clientWidth / scale;
    const height = clientHeight / scale;
    this.canvas.viewbox({ x: (left + right) / 2 - width / 2, y: (top + bottom) / 2 - height / 2, width, height });
  }

  /**
   * Brings one element to the middle and marks it, also when the sheet changes its size.
   * @param {string} id
   */
  pointAt(id) {
    if (!this.registry.get(id)) return;
    this.current = [id];
    this.mark(id);
    if (this.sheet.clientWidth) this.centre([id]);
  }

  /** @param {string} id of a collapsed sub-process whose own plane is wanted, all of it; the process itself without one */
  open(id) {
    this.canvas.setRootElement(id ? this.canvas.findRoot(`${id}_plane`) : this.canvas.getRootElements()[0]);
    this.fit();
  }

  /** @param {string} id the element that the reader looks at; the only one with this mark */
  mark(id) {
    if (this.marked) this.canvas.removeMarker(this.marked, 'ops-focus');
    this.marked = this.registry.get(id)?.parent ? id : null;
    if (this.marked) this.canvas.addMarker(id, 'ops-focus');
  }

  onResize() {
    if (!this.sheet.clientWidth) return;
    this.canvas.resized();
    if (!this.isTouchedByReader) this.showAtFirst();
  }

  /**
   * Ctrl + wheel zooms, as maps do; the plain wheel scrolls the page unless the reader has clicked into the diagram.
   * @param {WheelEvent} event
   */
  onWheel(event) {
    const isWanted = event.ctrlKey || event.metaKey || this.sheet.contains(document.activeElement);
    if (!isWanted) return;
    event.preventDefault();
    const box = this.sheet.getBoundingClientRect();
    this.zoomBy(Math.exp(-Math.sign(event.deltaY) * 0.12), { x: event.clientX - box.left, y: event.clientY - box.top });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    /** @type {Record<string, () => void>} */
    const actions = {
      '+': () => this.zoomBy(STEP),
      '=': () => this.zoomBy(STEP),
      '-': () => this.zoomBy(1 / STEP),
      '0': () => this.fit(),
      ArrowLeft: () => this.canvas.scroll({ dx: KEY_PAN_PX, dy: 0 }),
      ArrowRight: () => this.canvas.scroll({ dx: -KEY_PAN_PX, dy: 0 }),
      ArrowUp: () => this.canvas.scroll({ dx: 0, dy: KEY_PAN_PX }),
      ArrowDown: () => this.canvas.scroll({ dx: 0, dy: -KEY_PAN_PX }),
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.isTouchedByReader = true;
    action();
  }
}
