/** What the diagram editor says, in Chinese: the public dictionaries of bpmn-js and, over them, our own words. */
import diagram from 'bpmn-js-i18n/translations/zn.js';
import elements from 'bpmn-js-i18n-zh/lib/bpmn-js';
import camundaPanel from 'bpmn-js-i18n-zh/lib/camunda-properties-panel';
import panel from 'bpmn-js-i18n-zh/lib/properties-panel';

/** @type {import('../translation.js').Dictionary} */
const own = {
};

export const zhDiagram = { ...diagram, ...elements, ...panel, ...camundaPanel, ...own };

/** Parts without a translate hook: token simulation and the template chooser. */
export const zhDiagramInPlace = {
  'Token Simulation': '令牌模拟',
};
