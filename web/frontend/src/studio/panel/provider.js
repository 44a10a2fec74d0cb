/** Puts our groups into the properties panel, after the general one, and takes out what the engine does not run or we show better. */
import { ownGroups } from './own_groups.js';
import { Subject } from './subject.js';

/** Groups whose place ours take, and those for things that are refused at deployment. */
const REPLACED = new Set([
  'message', 'error', 'timer', 'adHocCompletion', ...[
    'Implementation', 'Errors', 'UserAssignment', 'Form', 'FormData', 'Script', 'CallActivity', 'CandidateStarter', 'FieldInjection',
    'ConnectorInput', 'ConnectorOutput', 'ExecutionListener', 'TaskListener', 'ProcessVariables',
  ].map((name) => `CamundaPlatform__${name}`),
]);
/** Events with a condition have no group of ours. */
const CONDITION = 'CamundaPlatform__Condition';
const AFTER_CAMUNDA = 400;

class OwnPanel {
  /** @param {any} propertiesPanel @param {any} injector @param {import('../choices.js').Choices} choices */
  constructor(propertiesPanel, injector, choices) {
    this.injector = injector;
    this.choices = choices;
    propertiesPanel.registerProvider(AFTER_CAMUNDA, this);
  }

  /** @param {any} element */
  getGroups(element) {
    return (/** @type {any[]} */ groups) => {
      const subject = new Subject(element, this.injector);
      const kept = groups.filter(({ id }) => !REPLACED.has(id) && !(id === CONDITION && subject.is('bpmn:SequenceFlow')));
      const place = kept.findIndex(({ id }) => id === 'general') + 1;
      return [...kept.slice(0, place), ...ownGroups(subject, this.choices), ...kept.slice(place)];
    };
  }
}
/** @type {any} */ (OwnPanel).$inject = ['propertiesPanel', 'injector', 'choices'];

/** @param {import('../choices.js').Choices} choices */
export const ownPanelModule = (choices) => ({
  __init__: ['ownPanel'],
  ownPanel: ['type', OwnPanel],
  choices: ['value', choices],
});
