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
      camundaBehaviors, TokenSimulationModule, minimapModule,
      ...(Object.keys(labels).length ? [englishNamesModule(labels)] : []),
      ...(isReadonly ? [lookOnlyModule] : []),
      ...modules,
    ],
    moddleExtensions: { camunda: camundaModdle },
  });
  const service = (/** @type {string} */ name) => /** @type {any} */ (modeler.get(name));
  service('elementTemplatesLoader').setTemplates(templates);
  followTouch(modeler, sheet);
  return new BpmnEditor(modeler, service);
}

class BpmnEditor {
  /** @param {any} modeler @param {(name: string) => any} service */
  constructor(modeler, service) {
    this.modeler = modeler;
    this.service = service;
    this.view = {
      zoomBy: (/** @type {number} */ factor) => service('canvas').zoom(service('canvas').zoom() * factor),
      fit: () => service('canvas').zoom('fit-viewport', 'auto'),
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
    if (shape.parent) canvas.scrollToElement(shape, 120);
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
