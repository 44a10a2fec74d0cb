/** The diagram of the player: marks, counts and arcs of a moment, changed only where they differ; tokens that move along flows. */
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import '../styles/diagram.css';
import { drawControls } from '../diagram/controls.js';
import { nameInEnglish } from '../diagram/english_names.js';
import { around, innermost } from '../diagram/nesting.js';
import { nameDrilldowns } from '../diagram/overlays.js';
import { followTouch } from '../diagram/touch.js';
import { View } from '../diagram/view.js';
import { drawJumps } from './jumps.js';

const SVG = 'http://www.w3.org/2000/svg';
const READABLE = { min: 0.8, max: 1.2 };

export class Stage {
  /**
   * @param {HTMLElement} element
   * @param {boolean} inEnglish
   * @param {(elementId: string) => void} onSelect
   */
  constructor(element, inEnglish, onSelect) {
    this.element = element;
    this.inEnglish = inEnglish;
    this.onSelect = onSelect;
    this.follows = true;
    this.xmlUrl = '';
    /** @type {Map<string, string>} marker by element */
    this.marked = new Map();
    /** @type {Map<string, {text: string, id: string}>} badge by element */
    this.counted = new Map();
    this.drawnJumps = 0;
  }

  /**
   * Shows a version of the process.
   * @param {import('./walker.js').Version} version
   */
  async open(version) {
    if (version.xmlUrl === this.xmlUrl) return;
    this.xmlUrl = version.xmlUrl;
    const answer = await fetch(version.xmlUrl, { credentials: 'same-origin' });
    if (!answer.ok) throw new Error(`${version.xmlUrl} answered ${answer.status}`);
    const xml = await answer.text();
    if (version.xmlUrl !== this.xmlUrl) return; // the reader has gone on meanwhile
    this.close();
    const sheet = document.createElement('div');
    sheet.className = 'ops-diagram-sheet';
    sheet.tabIndex = 0;
    sheet.setAttribute('role', 'group');
    sheet.setAttribute('aria-label', this.inEnglish ? 'Process diagram' : '流程图');
    this.element.replaceChildren(sheet);
    const viewer = new NavigatedViewer({ container: sheet, zoomScroll: { enabled: false } });
    const bus = /** @type {any} */ (viewer.get('eventBus'));
    bus.on('import.parse.complete', (/** @type {any} */ { elementsById }) => {
      if (this.inEnglish) nameInEnglish(elementsById, version.labels);
    });
    await viewer.importXML(xml);
    bus.on('element.click', (/** @type {any} */ { element }) => this.onSelect(element.id));
    this.viewer = viewer;
    this.sheet = sheet;
    this.canvas = /** @type {any} */ (viewer.get('canvas'));
    this.registry = /** @type {any} */ (viewer.get('elementRegistry'));
    this.overlays = /** @type {any} */ (viewer.get('overlays'));
    this.view = new View(viewer, sheet, []);
    nameDrilldowns(sheet, this.inEnglish);
    drawControls(this.element, this.view, this.inEnglish);
    followTouch(viewer, sheet);
    this.view.showAtFirst();
  }

  close() {
    this.view?.stop();
    this.viewer?.destroy();
    this.viewer = undefined;
    this.marked.clear();
    this.counted.clear();
    this.drawnJumps = 0;
  }

  /**
   * Shows a moment; what is already shown is left alone, so that scrubbing costs what changes.
   * @param {import('./walker.js').Walker} walker
   */
  show(walker) {
    if (!this.viewer) return;
    const active = Object.values(walker.sheet('runs')).map((run) => run.element);
    this.#mark(walker, active);
    this.#count(walker, active);
    const jumps = walker.jumps.filter((line) => line.n <= walker.position);
    if (jumps.length !== this.drawnJumps) drawJumps(this.canvas, this.registry, jumps);
    this.drawnJumps = jumps.length;
    if (this.follows) this.#follow(walker.line?.element, active);
  }

  /** @param {import('./walker.js').Walker} walker @param {string[]} active */
  #mark(walker, active) {
    /** @type {Map<string, string>} */
    const wanted = new Map();
    for (const id of Object.keys(walker.sheet('passed'))) wanted.set(id, 'ops-completed');
    for (const id of Object.keys(walker.sheet('flows'))) wanted.set(id, this.#isReturn(walker, id) ? 'ops-returned' : 'ops-taken');
    for (const id of innermost(this.viewer, [...new Set(active)])) {
      wanted.set(id, 'ops-active');
      for (const container of around(this.viewer, id)) if (this.registry.get(container)?.collapsed) wanted.set(container, 'ops-active');
    }
    for (const incident of Object.values(walker.sheet('incidents'))) wanted.set(incident.element, 'ops-incident');
    for (const [id, marker] of this.marked) if (wanted.get(id) !== marker) this.canvas.removeMarker(id, marker);
    for (const [id, marker] of wanted) {
      if (!this.registry.get(id)) wanted.delete(id);
      else if (this.marked.get(id) !== marker) this.canvas.addMarker(id, marker);
    }
    this.marked = wanted;
  }

  /** @param {import('./walker.js').Walker} walker @param {string[]} active */
  #count(walker, active) {
    /** @type {Map<string, string>} */
    const wanted = new Map();
    for (const [id, times] of Object.entries(walker.sheet('passed'))) if (times > 1) wanted.set(id, `×${times}`);
    for (const [id, times] of Object.entries(walker.sheet('flows'))) if (this.#isReturn(walker, id)) wanted.set(id, `↩ ×${times}`);
    for (const id of active) {
      const here = active.filter((other) => other === id).length;
      if (here > 1) wanted.set(id, `${here}`);
    }
    for (const [id, badge] of this.counted) {
      if (wanted.get(id) === badge.text) continue;
      this.overlays.remove(badge.id);
      this.counted.delete(id);
    }
    for (const [id, text] of wanted) {
      if (this.counted.has(id) || !this.registry.get(id)) continue;
      const html = document.createElement('div');
      const shape = this.registry.get(id);
      html.className = `ops-diagram-badge ops-tone-${shape.waypoints ? 'warn' : 'info'}`;
      html.textContent = text;
      this.counted.set(id, { text, id: this.overlays.add(id, 'ops', { position: place(shape), html, scale: READABLE }) });
    }
  }

  /**
   * Whether a flow leads back to what was reached before the element it comes from.
   * @param {import('./walker.js').Walker} walker
   * @param {string} id
   */
  #isReturn(walker, id) {
    const flow = this.registry.get(id);
    if (!flow?.source) return false;
    const [from, to] = [flow.source, flow.target].map((shape) => walker.reached.get(shape.id) ?? 0);
    return to > 0 && to <= from;
  }

  /** @param {string | null | undefined} last @param {string[]} active */
  #follow(last, active) {
    const here = [last, ...innermost(this.viewer, active)].find((id) => id && this.registry.get(id));
    if (!here) return;
    if (this.canvas.findRoot(here) !== this.canvas.getRootElement()) this.view?.turnTo(here);
    const shape = this.registry.get(here);
    if (!('width' in shape)) return;
    const seen = this.canvas.viewbox();
    const { x, y, width, height } = shape;
    const isSeen = x > seen.x && y > seen.y && x + width < seen.x + seen.width && y + height < seen.y + seen.height;
    if (!isSeen) this.view?.centre([here]);
  }

  /**
   * Moves a token along a flow.
   * @param {string} flowId
   * @param {number} ms
   */
  moveToken(flowId, ms) {
    const flow = this.viewer && this.registry.get(flowId);
    if (!flow?.waypoints || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', `M${flow.waypoints.map((/** @type {any} */ point) => `${point.x},${point.y}`).join('L')}`);
    const token = document.createElementNS(SVG, 'circle');
    token.setAttribute('r', '8');
    token.setAttribute('class', 'ops-token');
    this.canvas.getLayer('ops-tokens', 1).append(token);
    const length = path.getTotalLength();
    const begun = performance.now();
    /** @param {number} now */
    const step = (now) => {
      const share = Math.min(1, (now - begun) / ms);
      const point = path.getPointAtLength(length * share);
      token.setAttribute('cx', String(point.x));
      token.setAttribute('cy', String(point.y));
      if (share < 1 && token.isConnected) requestAnimationFrame(step);
      else token.remove();
    };
    step(begun);
  }
}

/**
 * Where the badge of a shape is, or that of a flow: at the middle of its way.
 * @param {any} shape
 */
function place(shape) {
  if (!shape.waypoints) return { top: -12, right: 14 };
  const middle = (shape.waypoints.length - 1) / 2;
  const [one, other] = [shape.waypoints[Math.floor(middle)], shape.waypoints[Math.ceil(middle)]];
  const left = Math.min(...shape.waypoints.map((/** @type {any} */ point) => point.x));
  const top = Math.min(...shape.waypoints.map((/** @type {any} */ point) => point.y));
  return { left: (one.x + other.x) / 2 - left - 20, top: (one.y + other.y) / 2 - top - 11 };
}
