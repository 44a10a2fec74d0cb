/** Draws figures on a diagram: colours of elements, widths of flows, badges. */
import { Badges } from './badges.js';
import { classesOf, colourOf, MEASURES, textOf, TOO_FEW, TOO_FEW_COLOUR } from './measures.js';

const SVG = 'http://www.w3.org/2000/svg';
const PAPER = '#fff';
const THINNEST = 2;
const WIDEST = 12;
/** Elements outrank flows when there is no room for both. */
const ELEMENTS_FIRST = 1e9;

/**
 * @typedef {import('./measures.js').ElementFigures} ElementFigures
 * @typedef {import('./measures.js').FlowFigures} FlowFigures
 */

export class Paint {
  /**
   * @param {any} viewer
   * @param {Record<string, ElementFigures>} elements
   * @param {Record<string, FlowFigures>} flows
   */
  constructor(viewer, elements, flows) {
    this.registry = viewer.get('elementRegistry');
    this.elements = elements;
    this.flows = flows;
    this.badges = new Badges(viewer);
    this.#drawWidths();
  }

  /**
   * Colours the elements by a measure.
   * @param {string} name
   * @returns {number[]} upper ends of the classes, for the legend
   */
  colour(name) {
    const { kind } = MEASURES[name];
    const known = Object.entries(this.elements).filter(([id]) => this.registry.get(id));
    const values = known.filter(([, figures]) => this.#says(figures, kind)).map(([, figures]) => valueOf(figures, name) ?? 0);
    const classes = classesOf(values);
    for (const shape of this.registry.filter((/** @type {any} */ item) => isPlace(item))) {
      const figures = this.elements[shape.id];
      const value = figures ? valueOf(figures, name) : null;
      if (!figures || !isCounted(shape)) this.#fill(shape, PAPER, !figures);
      else if (!this.#says(figures, kind)) this.#fill(shape, TOO_FEW_COLOUR, false);
      else this.#fill(shape, value ? colourOf(value, classes) : PAPER, false);
    }
    this.badges.show([...this.#ofElements(known, name), ...this.#ofFlows(name)]);
    return classes;
  }

  /** @param {ElementFigures} figures @param {string} kind */
  #says(figures, kind) {
    return kind === 'count' || figures.count >= TOO_FEW;
  }

  /** @param {any} shape @param {string} colour @param {boolean} isUntouched no case came here */
  #fill(shape, colour, isUntouched) {
    const graphics = this.registry.getGraphics(shape);
    const body = graphics.querySelector('.djs-visual > :is(rect, circle, polygon)');
    graphics.classList.toggle('ops-map-untouched', isUntouched);
    if (body) body.style.fill = colour;
  }

  /** @param {[string, ElementFigures][]} known @param {string} name */
  #ofElements(known, name) {
    return known.flatMap(([id, figures]) => {
      const value = valueOf(figures, name);
      const shape = this.registry.get(id);
      if (!value || !isCounted(shape)) return [];
      const text = textOf(value, MEASURES[name].kind);
      const weight = ELEMENTS_FIRST + shape.width * shape.height + value;
      return [{ id, text, title: text, weight, tone: /** @type {const} */ ('element') }];
    });
  }

  /** @param {string} name */
  #ofFlows(name) {
    const { flow, kind } = MEASURES[name];
    if (kind === 'time' && !flow) return [];
    return Object.entries(this.flows).flatMap(([id, figures]) => {
      const value = flow ? figures[flow] : figures.count;
      if (!value || (!flow && name !== 'count')) return [];
      const text = textOf(value, flow ? 'time' : 'count');
      return [{ id, text, title: text, weight: value, tone: /** @type {const} */ ('flow') }];
    });
  }

  /** Below each flow a band as wide as often it was taken. */
  #drawWidths() {
    const most = Math.max(1, ...Object.values(this.flows).map((flow) => flow.count));
    for (const flow of this.registry.filter((/** @type {any} */ item) => item.type === 'bpmn:SequenceFlow')) {
      const graphics = this.registry.getGraphics(flow);
      const count = this.flows[flow.id]?.count ?? 0;
      graphics.classList.toggle('ops-map-untouched', !count);
      if (!count) continue;
      const band = document.createElementNS(SVG, 'path');
      band.setAttribute('class', 'ops-map-band');
      band.setAttribute('d', `M${flow.waypoints.map((/** @type {any} */ point) => `${point.x},${point.y}`).join('L')}`);
      const width = THINNEST + (WIDEST - THINNEST) * Math.sqrt(count / most);
      band.style.setProperty('stroke-width', `${width}px`, 'important'); // also where the flow is marked
      graphics.querySelector('.djs-visual').prepend(band);
    }
  }
}

/** @param {any} figures @param {string} name @returns {number | null} */
const valueOf = (figures, name) => figures[name] ?? null;

/** Whether a shape stands for something that a case comes to. @param {any} item */
const isPlace = (item) =>
  Boolean(item.parent) && !item.waypoints && !item.labelTarget && /Task|Activity|SubProcess|Event|Gateway|Transaction/.test(item.type);

/** Gateways take no time and an opened sub-process is seen by what is in it. @param {any} shape */
const isCounted = (shape) => !/Gateway/.test(shape.type) && !(/SubProcess|Transaction/.test(shape.type) && !shape.collapsed);
