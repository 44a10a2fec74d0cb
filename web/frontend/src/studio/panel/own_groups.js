/** Our groups of the panel, by what the element is: who does it, with which form, which work, until when, why. */
import { say } from '../../language.js';
import { feel, group, one, select, several, text } from './entries.js';
import { attribute, bareExpression, declared, inputParameter, ownProperty } from './values.js';

/** @typedef {import('./subject.js').Subject} Subject */
/** @typedef {import('../choices.js').Choices} Choices */

/** @param {string} zh @param {string} en */
const t = (zh, en) => say({ zh, en });

const CLOCKS = () => [
  { value: '', label: t('自然时间', 'Calendar time') },
  { value: 'working', label: t('工作时间', 'Working time') },
];

/**
 * @param {Subject} subject
 * @param {Choices} choices
 * @returns {any[]}
 */
export function ownGroups(subject, choices) {
  return [people, form, dueTime, work, decision, calledProcess, message, error, timer, condition, script, manual]
    .map((make) => make(subject, choices))
    .filter(Boolean);
}

/** @param {Subject} subject @param {Choices} choices */
function people(subject, choices) {
  if (subject.is('bpmn:Process')) {
    const starters = attribute(subject, 'camunda:candidateStarterGroups');
    return group('ops-people', t('谁可以发起', 'Who may start it'), [
      several('ops-starters', t('岗位', 'Roles'), starters, choices.options('roles')),
    ]);
  }
  if (!subject.is('bpmn:UserTask')) return null;
  const modes = [
    { value: '', label: t('未指定', 'Not set') },
    { value: '单人', label: t('单人', 'One person') },
    { value: '或签', label: t('或签', 'Any one of several') },
  ];
  return group('ops-people', t('谁来办', 'Who does it'), [
    several('ops-roles', t('岗位', 'Roles'), attribute(subject, 'camunda:candidateGroups'), choices.options('roles')),
    several('ops-users', t('指定人员（可选）', 'Named people (optional)'), attribute(subject, 'camunda:candidateUsers'), choices.options('users')),
    feel('ops-assignee', t('直接派给', 'Assigned to'), attribute(subject, 'camunda:assignee'), { variables: choices.variables() }),
    select('ops-mode', t('办理方式', 'Mode'), ownProperty(subject, 'opsbook:mode'), modes),
  ]);
}

/** @param {Subject} subject @param {Choices} choices */
function form(subject, choices) {
  const hasForm = subject.is('bpmn:UserTask') || (subject.is('bpmn:StartEvent') && subject.node.$parent?.$instanceOf('bpmn:Process'));
  if (!hasForm) return null;
  const reference = attribute(subject, 'camunda:formRef', { 'camunda:formRefBinding': 'latest' });
  return group('ops-form', t('表单', 'Form'), [one('ops-form-ref', t('填哪张表单', 'Which form'), reference, choices.options('forms'))]);
}

/** @param {Subject} subject @param {Choices} choices */
function dueTime(subject, choices) {
  if (!subject.is('bpmn:UserTask')) return null;
  const due = attribute(subject, 'camunda:dueDate');
  return group('ops-due', t('期限', 'Deadline'), [
    one('ops-due-parameter', t('从参数中选', 'From the parameters'), parameterOf(due, '='), choices.options('parameters')),
    feel('ops-due-date', t('到期', 'Due'), due, { variables: choices.variables() }),
    select('ops-due-clock', t('计时方式', 'Clock'), ownProperty(subject, 'opsbook:clock'), CLOCKS()),
    feel('ops-follow-up', t('跟进', 'Follow up'), attribute(subject, 'camunda:followUpDate'), { variables: choices.variables() }),
    feel('ops-priority', t('优先级', 'Priority'), attribute(subject, 'camunda:priority'), { variables: choices.variables() }),
  ]);
}

/** @param {Subject} subject @param {Choices} choices */
function work(subject, choices) {
  if (!subject.is('bpmn:ServiceTask', 'bpmn:SendTask') || subject.get('camunda:modelerTemplate')) return null;
  const topic = attribute(subject, 'camunda:topic', { 'camunda:type': 'external' });
  const handler = choices.handler(topic.get());
  const inputs = (handler?.inputs ?? []).map((input) => {
    const id = `ops-input-${input.name}`;
    const label = say(input.title) + (input.required ? ' *' : '');
    const value = inputParameter(subject, input.name);
    const offered = (input.options ?? []).map((option) => ({ value: String(option.value), title: say(option.label) }));
    if (offered.length && !value.get().startsWith('=')) return one(id, label, value, offered, { description: say(input.description) });
    return feel(id, label, value, { variables: choices.variables(), description: say(input.description) });
  });
  return group('ops-work', t('系统做什么', 'What the system does'), [
    one('ops-topic', t('处理功能', 'Handler'), topic, choices.options('handlers'), { description: say(handler?.description) }),
    ...inputs,
    text('ops-result', t('结果存为变量（可选）', 'Keep the result as (optional)'), attribute(subject, 'camunda:resultVariable')),
  ]);
}

/** @param {Subject} subject @param {Choices} choices */
function decision(subject, choices) {
  if (!subject.is('bpmn:BusinessRuleTask')) return null;
  const shapes = {
    singleEntry: t('一个值', 'One value'), singleResult: t('一行', 'One row'),
    collectEntries: t('一列值', 'A list of values'), resultList: t('多行', 'A list of rows'),
  };
  const options = Object.entries(shapes).map(([value, label]) => ({ value, label }));
  const reference = attribute(subject, 'camunda:decisionRef', { 'camunda:decisionRefBinding': 'latest' });
  const result = attribute(subject, 'camunda:mapDecisionResult');
  return group('ops-decision', t('决策表', 'Decision table'), [
    one('ops-decision-ref', t('用哪张决策表', 'Which table'), reference, choices.options('decisions')),
    select('ops-decision-result', t('结果', 'Result'), { get: () => result.get() || 'resultList', set: result.set }, options),
    text('ops-decision-variable', t('结果存为变量', 'Keep the result as'), attribute(subject, 'camunda:resultVariable')),
  ]);
}

/** @param {Subject} subject @param {Choices} choices */
function calledProcess(subject, choices) {
  if (!subject.is('bpmn:CallActivity')) return null;
  const called = attribute(subject, 'calledElement');
  return group('ops-call', t('调用的流程', 'Called process'), [
    one('ops-called', t('调用哪个流程', 'Which process'), called, choices.options('processes')),
  ]);
}

/** @param {Subject} subject @param {Choices} choices */
function message(subject, choices) {
  const isTask = subject.is('bpmn:SendTask', 'bpmn:ReceiveTask');
  const holder = isTask ? subject.node : subject.eventDefinition('bpmn:MessageEventDefinition');
  if (!holder) return null;
  const reference = declared(subject, holder, { reference: 'messageRef', type: 'bpmn:Message', key: 'name' });
  const isThrown = subject.is('bpmn:SendTask', 'bpmn:IntermediateThrowEvent', 'bpmn:EndEvent');
  const { get, set } = ownProperty(subject, 'opsbook:correlationKey');
  const life = t('没人等时保留多久，如 P1D', 'How long it waits for its receiver, like P1D');
  return group('ops-message', t('消息', 'Message'), [
    one('ops-message-name', t('哪条消息', 'Which message'), reference, choices.options('messages'), { takesNew: true }),
    feel('ops-message-key', t('凭什么对上（默认业务编号）', 'Matched by (default: business key)'), bareExpression(get, set), expression(choices)),
    ...(isThrown ? [text('ops-message-ttl', t('有效期', 'Time to live'), ownProperty(subject, 'opsbook:ttl'), life)] : []),
  ]);
}

/** @param {Subject} subject @param {Choices} choices */
function error(subject, choices) {
  const definition = subject.eventDefinition('bpmn:ErrorEventDefinition');
  if (!definition) return null;
  const handler = choices.handler(subject.get('attachedToRef')?.get('camunda:topic') ?? '');
  const ofHandler = (handler?.errors ?? []).map(({ code, title }) => ({ value: code, title: say(title), text: say(handler?.title) }));
  const others = choices.options('errors').filter(({ value }) => !ofHandler.some((option) => option.value === value));
  const reference = declared(subject, definition, { reference: 'errorRef', type: 'bpmn:Error', key: 'errorCode' });
  return group('ops-error', t('错误', 'Error'), [
    one('ops-error-code', t('哪种错误（不选：任何错误）', 'Which error (none: any)'), reference, [...ofHandler, ...others], { takesNew: true }),
  ]);
}

const ISO = /^(R\d*\/|P|\d{4}-)/;

/** @param {Subject} subject @param {Choices} choices */
function timer(subject, choices) {
  const definition = subject.eventDefinition('bpmn:TimerEventDefinition');
  if (!definition) return null;
  const kinds = { timeDuration: t('过多久', 'After a duration'), timeDate: t('到某时', 'At a date'), timeCycle: t('每隔', 'Repeatedly') };
  const names = Object.keys(kinds);
  const current = () => names.find((name) => definition.get(name)) ?? 'timeDuration';
  /** @param {string} name @param {string} body */
  const write = (name, body) => {
    const expression = subject.create('bpmn:FormalExpression', { body }, definition);
    subject.set(Object.fromEntries(names.map((other) => [other, other === name ? expression : undefined])), definition);
  };
  const body = () => definition.get(current())?.get('body') ?? '';
  const value = bareExpression(body, (words) => write(current(), words), (words) => ISO.test(words));
  const kind = { get: current, set: (/** @type {string} */ name) => write(name, body()) };
  return group('timer', t('时间', 'Timer'), [
    select('ops-timer-kind', t('何时', 'When'), kind, Object.entries(kinds).map(([name, label]) => ({ value: name, label }))),
    one('ops-timer-parameter', t('从参数中选', 'From the parameters'), parameterOf(value, ''), choices.options('parameters')),
    feel('ops-timer-value', t('时间（如 PT2H，或表达式）', 'Time (like PT2H, or an expression)'), value, { variables: choices.variables() }),
    select('ops-timer-clock', t('计时方式', 'Clock'), ownProperty(subject, 'opsbook:clock'), CLOCKS()),
  ]);
}

/** @param {Subject} subject @param {Choices} choices */
function condition(subject, choices) {
  if (!subject.is('bpmn:SequenceFlow')) return null;
  const read = () => subject.get('conditionExpression')?.get('body') ?? '';
  const write = (/** @type {string} */ body) => {
    const expression = body ? subject.create('bpmn:FormalExpression', { body }, subject.node) : undefined;
    subject.set({ conditionExpression: expression });
  };
  return group('ops-condition', t('条件', 'Condition'), [
    feel('ops-condition-text', t('什么时候走这里', 'When it is taken'), bareExpression(read, write), expression(choices)),
  ]);
}

/** @param {Subject} subject @param {Choices} choices */
function script(subject, choices) {
  if (!subject.is('bpmn:ScriptTask')) return null;
  const write = (/** @type {string} */ words) => subject.set({ script: words || undefined, scriptFormat: words ? 'feel' : undefined });
  const value = bareExpression(() => subject.get('script') ?? '', write);
  return group('ops-script', t('计算', 'Computation'), [
    feel('ops-script-text', t('表达式', 'Expression'), value, expression(choices)),
    text('ops-script-variable', t('结果存为变量', 'Keep the result as'), attribute(subject, 'camunda:resultVariable')),
  ]);
}

/** @param {Subject} subject @param {Choices} choices */
function manual(subject, choices) {
  if (!subject.is('bpmn:FlowElement', 'bpmn:Process')) return null;
  const cards = ownProperty(subject, 'opsbook:guidance');
  const guidance = several('ops-guidance', t('旁边显示的指引', 'Guidance shown beside it'), cards, choices.options('guidance'));
  return group('ops-manual', t('手册依据', 'Clauses of the manual'), [
    several('ops-clauses', t('条款', 'Clauses'), ownProperty(subject, 'opsbook:clause'), choices.options('clauses')),
    ...(subject.is('bpmn:UserTask') ? [guidance] : []),
  ]);
}

/** @param {Choices} choices */
const expression = (choices) => ({ variables: choices.variables(), isExpression: true });

/**
 * A value that is exactly one parameter.
 * @param {import('./entries.js').Value} value
 * @param {string} lead what stands before it in the file
 * @returns {import('./entries.js').Value}
 */
function parameterOf(value, lead) {
  return {
    get: () => /^=?\s*parameters\.(\w+)$/.exec(value.get())?.[1] ?? '',
    set: (name) => value.set(name ? `${lead}parameters.${name}` : ''),
  };
}
