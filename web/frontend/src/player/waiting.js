/** For whom or what a case waits at a moment, since when, why for them, and what would release it. */
import { say } from '../language.js';
import { instant } from './instants.js';
import { put } from './words.js';

/** @typedef {import('./walker.js').Walker} Walker */
/** @typedef {import('./walker.js').Story} Story */
/** @typedef {{entry: any, text: string, reasons: string[], late?: boolean, called?: string}} Waiting */

const WORDS = {
  task: { zh: '等 {who} 办理，完成后继续', en: 'waits for {who} to complete it' },
  claim: { zh: '等 {who} 认领办理', en: 'waits for one of {who} to take it' },
  call: { zh: '等“{name}”办完', en: 'waits until “{name}” is done' },
  timer: { zh: '到 {when} 触发', en: 'fires at {when}' },
  wait: { zh: '等消息 {name}（关联号 {key}）', en: 'waits for the message {name} (key {key})' },
  signal: { zh: '等信号 {name}', en: 'waits for the signal {name}' },
  job: { zh: '等系统处理 {name}', en: 'waits for the system to do {name}' },
  incident: { zh: '异常：{name}；有人处理后继续', en: 'incident: {name}; it goes on when somebody mends it' },
};
/** What gives a task to somebody. */
const GIVEN = new Set(['UserTaskClaimed', 'UserTaskAssigned', 'UserTaskUnclaimed']);

/**
 * @param {Walker} walker
 * @param {import('./walker.js').Version | undefined} version
 * @returns {Waiting[]}
 */
export function waiting(walker, version) {
  const { story } = walker;
  const sheet = (/** @type {string} */ name) => Object.entries(walker.sheet(name));
  return [
    ...sheet('tasks').map(([run, task]) => taskWaits(walker, version, run, task)),
    ...sheet('runs').filter(([run]) => story.called[run]).map(([run, entry]) =>
      ({ entry, text: put(WORDS.call, { name: story.called[run].title }), reasons: [], called: run })),
    ...sheet('timers').map(([, entry]) =>
      ({ entry, text: put(WORDS.timer, { when: instant(entry.due_at, story.zone) }), reasons: told(entry.explanation) })),
    ...sheet('waits').map(([, entry]) => {
      const words = entry.kind === 'signal' ? WORDS.signal : WORDS.wait;
      return { entry, text: put(words, { name: entry.name, key: entry.correlation_key ?? '—' }), reasons: [] };
    }),
    ...sheet('jobs').map(([, entry]) => ({ entry, text: put(WORDS.job, { name: entry.topic ?? '' }), reasons: told(entry.error) })),
    ...sheet('incidents').map(([, entry]) => ({ entry, text: put(WORDS.incident, { name: say(entry) }), reasons: [] })),
  ];
}

/**
 * @param {Walker} walker
 * @param {import('./walker.js').Version | undefined} version
 * @param {string} run
 * @param {any} task
 * @returns {Waiting}
 */
function taskWaits(walker, version, run, task) {
  const { story, line } = walker;
  const who = task.assignee ? (story.people[task.assignee] ?? task.assignee) : candidates(task.candidates, story);
  const rules = (version?.rules[task.element] ?? []).map(([name, text]) => `${name} ${text}`);
  const given = walker.last((other) => other.run === run && GIVEN.has(other.type));
  const late = Boolean(task.due_at && line && Date.parse(line.at) > Date.parse(task.due_at));
  const by = given ? [`${instant(given.at, story.zone)} ${story.people[given.who ?? ''] ?? given.who ?? ''} ${given.text}`] : [];
  const text = put(task.assignee ? WORDS.task : WORDS.claim, { who });
  return { entry: task, text, late, reasons: [...told(task.explanation), ...rules, ...by] };
}

/** @param {any} text @returns {string[]} */
const told = (text) => (text ? [say(text)] : []);

/** @param {string[] | null} ids @param {Story} story */
function candidates(ids, story) {
  return (ids ?? []).map((id) => {
    const name = id.replace(/^(group|user):/, '');
    return (id.startsWith('group:') ? story.groups[name] : story.people[name]) ?? name;
  }).join(say({ zh: '、', en: ', ' })) || '—';
}
