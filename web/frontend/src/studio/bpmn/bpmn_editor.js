/** The diagram editor: bpmn-js with the Camunda platform panel, element templates, token simulation and our own choices. */
import '@bpmn-io/element-template-chooser/dist/element-template-chooser.css';
import ElementTemplateChooserModule from '@bpmn-io/element-template-chooser';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import BpmnModeler from 'bpmn-js/lib/Modeler';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/diagram-js.css';
import { CreateAppendAnythingModule, CreateAppendElementTemplatesModule } from 'bpmn-js-create-append-anything';
import { ElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates';
import 'bpmn-js-element-templates/dist/assets/element-templates.css';
import {
  BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, CamundaPlatformPropertiesProviderModule,
} from 'bpmn-js-properties-panel';
import TokenSimulationModule from 'bpmn-js-token-simulation';
import 'bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css';
import camundaBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-platform';
import camundaModdle from 'camunda-bpmn-moddle/resources/camunda.json';
import minimapModule from 'diagram-js-minimap';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import { followTouch } from '../../diagram/touch.js';
import { englishNamesModule } from './english_names.js';
import { markFindings } from './finding_marks.js';
import { lookOnlyModule } from './look_only.js';
import { onlySupportedModule } from './only_supported.js';

/**
 * @param {object} parts
 * @param {HTMLElement} parts.sheet
 * @param {HTMLElement} parts.panel
 * @param {object[]} parts.modules further diagram-js modules
 * @param {Record<string, string>} parts.labels Chinese to English, empty for Chinese readers
 * @param {boolean} parts.isReadonly
 * @param {object[]} parts.templates
 */
export function makeBpmnEditor({ sheet, panel, modules, labels, isReadonly, templates }) {
  const modeler = new BpmnModeler({
    container: sheet,
    propertiesPanel: { parent: panel },
    additionalModules: [
      BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, CamundaPlatformPropertiesProviderModule,
      ElementTemplatesPropertiesProviderModule, ElementTemplateChooserModule,
      CreateAppendAnythingModule, CreateAppendElementTemplatesModule,
      camundaBehaviors, TokenSimulationModule, minimapModule, onlySupportedModule,
      ...(Object.keys(labels).length ? [englishNamesModule(labels)] : []),
      ...(isReadonly ? [lookOnlyModule] : []),
      ...modules,
    ],
    moddleExtensions: { camunda: camundaModdle },
  });
  const service = (/** @type {string} */ name) => /** @type {any} */ (modeler.get(name));
  service('elementTemplatesLoader').setTemplates(templates);
  followTouch(modeler, sheet);
  service('eventBus').on('selection.changed', (/** @type {any} */ { newSelection }) => {
    panel.classList.toggle('ops-studio-panel-open', newSelection.length === 1);
  });
  return new BpmnEditor(modeler, service, panel);
}

/** Room that is kept free for the tools at the left, and around what is shown, in pixels. */
const TOOLS = 115;
const MARGIN = 30;
/** Below this scale names cannot be read. */
const READABLE = 0.6;

class BpmnEditor {
  /** @param {any} modeler @param {(name: string) => any} service @param {HTMLElement} panel */
  constructor(modeler, service, panel) {
    this.modeler = modeler;
    this.service = service;
    this.panel = panel;
    this.view = {
      zoomBy: (/** @type {number} */ factor) => service('canvas').zoom(service('canvas').zoom() * factor),
      fit: () => this.fit(),
    };
    /** @type {import('../checks.js').Finding[]} */
    this.findings = [];
  }

  /** @param {string} xml */
  async open(xml) {
    const shown = this.modeler.getDefinitions() ? this.service('canvas').viewbox() : null;
    const { warnings } = await this.modeler.importXML(xml);
    for (const warning of warnings) console.error(warning);
    if (shown) this.service('canvas').viewbox(shown);
    else this.view.fit();
    markFindings(this.modeler, this.findings);
  }

  /** All of it beside the tools, never larger than drawn. */
  fit() {
    const canvas = this.service('canvas');
    const { inner, outer } = canvas.viewbox();
    const left = isOverlaid(this.panel) ? MARGIN : TOOLS + MARGIN;
    const room = { width: outer.width - left - MARGIN, height: outer.height - 2 * MARGIN };
    const scale = Math.min(1, room.width / inner.width, room.height / inner.height);
    const width = outer.width / scale;
    const height = outer.height / scale;
    canvas.viewbox({ x: inner.x - left / scale, y: inner.y + inner.height / 2 - height / 2, width, height });
  }

  async content() {
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  /** @param {() => void} onChange */
  watch(onChange) {
    this.service('eventBus').on('commandStack.changed', onChange);
  }

  canUndo() {
    return this.service('commandStack').canUndo();
  }

  canRedo() {
    return this.service('commandStack').canRedo();
  }

  undo() {
    this.service('commandStack').undo();
  }

  redo() {
    this.service('commandStack').redo();
  }

  /** @param {import('../checks.js').Finding[]} findings */
  mark(findings) {
    this.findings = findings;
    markFindings(this.modeler, findings);
  }

  /** @param {string} id */
  pointAt(id) {
    const shape = this.service('elementRegistry').get(id);
    if (!shape) return;
    const canvas = this.service('canvas');
    canvas.setRootElement(canvas.findRoot(shape));
    if (canvas.zoom() < READABLE) canvas.zoom(READABLE);
    const bottom = isOverlaid(this.panel) ? canvas.getSize().height * READABLE : TOOLS;
    const sides = isOverlaid(this.panel) ? MARGIN : TOOLS + MARGIN;
    if (shape.parent) canvas.scrollToElement(shape, { top: TOOLS, bottom, left: sides, right: sides });
    this.service('selection').select(shape);
  }

  /** @param {string} id */
  nameOf(id) {
    return this.service('elementRegistry').get(id)?.businessObject?.name?.replace(/\s+/g, ' ') || id;
  }

  async picture() {
    return (await this.modeler.saveSVG()).svg;
  }

  destroy() {
    this.modeler.destroy();
  }
}

/** On phones the panel lies over the drawing. @param {HTMLElement} panel */
const isOverlaid = (panel) => getComputedStyle(panel).position === 'absolute';
