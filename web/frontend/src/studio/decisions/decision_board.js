/** The decision editor: dmn-js with its overview drawing, tables and expressions, each a tab. */
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import DmnModeler from 'dmn-js/lib/Modeler';
import { say } from '../../language.js';
import { button, make } from '../controls.js';
import { Outlines } from '../outlines.js';
import { Steps } from './steps.js';

export class DecisionBoard {
  /** @param {HTMLElement} host @param {object[]} modules */
  constructor(host, modules) {
    this.tabs = make('div', 'ops-decision-tabs');
    this.tabs.setAttribute('role', 'group');
    this.tabs.setAttribute('aria-label', say({ zh: '视图', en: 'Views' }));
    const board = make('div', 'ops-decision-board');
    host.append(this.tabs, board);
    const parts = { additionalModules: modules };
    this.modeler = /** @type {any} */ (new DmnModeler({
      container: board, drd: parts, decisionTable: parts, literalExpression: parts, boxedExpression: parts,
    }));
    this.steps = new Steps(this);
    this.outlines = new Outlines((id) => `[data-row-id="${id}"], [data-element-id="${id}"]`);
    this.modeler.on('views.changed', (/** @type {any} */ { views, activeView }) => this.showTabs(views, activeView));
  }

  /** @param {any[]} views @param {any} active */
  showTabs(views, active) {
    const overview = say({ zh: '总图', en: 'Overview' });
    this.tabs.replaceChildren(...views.map((view) => {
      const tab = button(view.type === 'drd' ? overview : view.name || view.id, () => void this.modeler.open(view));
      tab.setAttribute('aria-pressed', String(view.element === active?.element));
      return tab;
    }));
  }

  /** @param {string} xml */
  async open(xml) {
    await this.show(xml, this.viewId());
    this.steps.begin(xml);
  }

  /** @param {string} xml @param {string | undefined} place the view to open, if the file has it */
  async show(xml, place) {
    const { warnings } = await this.modeler.importXML(xml);
    for (const warning of warnings) console.error(warning);
    const views = this.modeler.getViews();
    const decisions = views.filter((/** @type {any} */ view) => view.type !== 'drd');
    const wanted = views.find((/** @type {any} */ view) => view.id === place) ?? (decisions.length === 1 ? decisions[0] : null);
    if (wanted) await this.modeler.open(wanted);
  }

  /** @returns {string | undefined} the id of the open view */
  viewId() {
    return this.modeler.getActiveView()?.id;
  }

  async content() {
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  /** @param {() => void} onChange */
  watch(onChange) {
    const listen = (/** @type {any} */ viewer) =>
      viewer.on('commandStack.changed', (/** @type {any} */ { trigger }) => {
        this.steps.follow(trigger);
        onChange();
      });
    for (const viewer of Object.values(this.modeler._viewers)) listen(viewer);
    this.modeler.on('viewer.created', (/** @type {any} */ { viewer }) => listen(viewer));
  }

  get commands() {
    return this.modeler.getActiveViewer()?.get('commandStack');
  }

  canUndo() {
    return this.steps.canUndo();
  }

  canRedo() {
    return this.steps.canRedo();
  }

  undo() {
    return this.steps.undo();
  }

  redo() {
    return this.steps.redo();
  }

  /** @param {import('../checks.js').Finding[]} findings */
  mark(findings) {
    this.outlines.show(findings);
  }

  /** Opens the view that has an element and scrolls to it. @param {string} id */
  async pointAt(id) {
    const holds = (/** @type {any} */ { element }) =>
      element.id === id || element.decisionLogic?.rule?.some((/** @type {any} */ rule) => rule.id === id);
    const view = this.modeler.getViews().find(holds);
    if (view && view.id !== this.modeler.getActiveView()?.id) await this.modeler.open(view);
    document.querySelector(`[data-row-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'center' });
  }

  /** @param {string} id */
  nameOf(id) {
    for (const { element } of this.modeler.getViews()) {
      if (element.id === id) return element.name || id;
      const place = element.decisionLogic?.rule?.findIndex((/** @type {any} */ rule) => rule.id === id) ?? -1;
      if (place >= 0) return say({ zh: `第 ${place + 1} 条规则`, en: `Rule ${place + 1}` });
    }
    return id;
  }

  destroy() {
    this.outlines.stop();
    this.modeler.destroy();
  }
}
