/** Beside the diagram: what just happened and why, what the case waits for, and its data as of that moment. */
import { say } from '../language.js';
import { instant } from './instants.js';
import { waiting } from './waiting.js';
import { put } from './words.js';

/** @typedef {import('./walker.js').Walker} Walker */

const WORDS = {
  happened: { zh: '这一刻', en: 'At this moment' },
  waiting: { zh: '现在等什么', en: 'What it waits for' },
  data: { zh: '当时的资料', en: 'Data as of then' },
  start: { zh: '还没有开始。按播放键，或拖动下面的时间条。', en: 'Nothing has happened yet. Press play, or drag the time bar below.' },
  nothing: { zh: '不等任何人或事。', en: 'It waits for nobody and nothing.' },
  noData: { zh: '还没有资料。', en: 'No data yet.' },
  why: { zh: '为什么', en: 'Why' },
  form: { zh: '看当时的表单', en: 'See the form as it was' },
  open: { zh: '打开被调用的流程', en: 'Open the called process' },
  link: { zh: '复制这一刻的链接', en: 'Copy a link to this moment' },
  late: { zh: '已超时', en: 'overdue' },
  since: { zh: '自 {when}', en: 'since {when}' },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
};

export class Panel {
  /**
   * @param {HTMLElement} element
   * @param {{onCall: (run: string) => void, onElement: (id: string) => void, onLink: () => void}} wishes
   */
  constructor(element, wishes) {
    this.wishes = wishes;
    this.happened = section(WORDS.happened, 'ops-player-happened');
    this.waiting = section(WORDS.waiting, 'ops-player-waiting');
    this.data = section(WORDS.data, 'ops-player-data');
    element.append(this.happened, this.waiting, this.data);
  }

  /** @param {Walker} walker @param {import('./walker.js').Version | undefined} version */
  show(walker, version) {
    this.#tell(walker);
    this.#wait(walker, version);
    this.#list(walker);
  }

  /** @param {Walker} walker */
  #tell(walker) {
    const { line, story } = walker;
    if (!line) return fill(this.happened, make('p', 'text-secondary', say(WORDS.start)));
    const parts = [make('p', `ops-player-line ops-tone-${line.tone}`, line.text)];
    if (line.who) parts.push(make('p', 'ops-player-who', story.people[line.who] ?? line.who));
    if (line.detail && !line.reasons) parts.push(make('p', 'line-detail', line.detail));
    if (line.reasons) {
      const facts = make('dl', 'ops-player-facts');
      for (const [name, text] of line.reasons) facts.append(make('dt', '', story.fields[name]?.label ?? name), make('dd', '', text));
      parts.push(make('h3', 'ops-player-why', say(WORDS.why)), facts);
    }
    if (line.formUrl) parts.push(this.#formLink(line.formUrl));
    const called = line.run ? story.called[line.run] : undefined;
    if (called) parts.push(button(`${say(WORDS.open)}: ${called.title}`, () => this.wishes.onCall(line.run ?? '')));
    parts.push(button(say(WORDS.link), () => this.wishes.onLink()));
    fill(this.happened, ...parts);
  }

  /** @param {string} url */
  #formLink(url) {
    const holder = make('div', 'ops-player-form');
    holder.append(button(say(WORDS.form), () => void window.htmx.ajax('get', url, { target: holder, swap: 'innerHTML' })));
    return holder;
  }

  /** @param {Walker} walker @param {import('./walker.js').Version | undefined} version */
  #wait(walker, version) {
    const list = make('ul', 'plain');
    for (const { entry, text, late, reasons, called } of waiting(walker, version)) {
      const item = make('li', 'ops-player-wait');
      const title = version?.titles[entry.element] ?? entry.element;
      item.append(button(title, () => this.wishes.onElement(entry.element), 'ops-player-element'), make('span', '', text));
      if (late) item.append(make('span', 'tag tag-bad', say(WORDS.late)));
      if (entry.since) item.append(make('span', 'text-secondary', put(WORDS.since, { when: instant(entry.since, walker.story.zone) })));
      for (const reason of reasons) item.append(make('div', 'line-detail', reason));
      if (called) item.append(button(say(WORDS.open), () => this.wishes.onCall(called)));
      list.append(item);
    }
    fill(this.waiting, list.childElementCount ? list : make('p', 'text-secondary', say(WORDS.nothing)));
  }

  /** @param {Walker} walker */
  #list(walker) {
    const { story, line } = walker;
    const changed = new Set((line?.changes ?? []).filter((change) => change.sheet === 'variables').map((change) => change.key));
    const names = Object.keys(walker.sheet('variables')).filter((name) => !name.endsWith('_en'));
    if (!names.length) return fill(this.data, make('p', 'text-secondary', say(WORDS.noData)));
    const list = make('dl', 'ops-player-facts');
    for (const name of names.sort((a, b) => Number(changed.has(b)) - Number(changed.has(a)))) {
      const value = walker.sheet('variables')[name];
      if (!changed.has(name) && (value === null || value === '')) continue;
      const field = story.fields[name];
      const term = make('dt', changed.has(name) ? 'ops-player-changed' : '', field?.label ?? name);
      const data = make('dd', changed.has(name) ? 'ops-player-changed' : '');
      data.append(...pieces(value, story, field));
      list.append(term, data);
    }
    fill(this.data, list);
  }
}

/**
 * A value in words; files as links, pictures small.
 * @param {any} value
 * @param {import('./walker.js').Story} story
 * @param {{options: Record<string, string>} | undefined} field
 * @returns {(string | Node)[]}
 */
function pieces(value, story, field) {
  const ids = Array.isArray(value) ? value : [value];
  if (!ids.length || !ids.every((id) => typeof id === 'string' && story.files[id])) return [shown(value, story.zone, field)];
  return ids.map((id) => {
    const { name, url, thumbnail } = story.files[id];
    const link = /** @type {HTMLAnchorElement} */ (make('a', 'ops-player-file', thumbnail ? '' : name));
    link.href = url;
    if (!thumbnail) return link;
    const picture = /** @type {HTMLImageElement} */ (make('img', ''));
    picture.src = thumbnail;
    picture.alt = name;
    link.append(picture);
    return link;
  });
}

/** @param {any} value @param {string} zone @param {{options: Record<string, string>} | undefined} [field] @returns {string} */
function shown(value, zone, field) {
  if (value === null || value === undefined || value === '') return '—';
  if (typeof value === 'boolean') return say(value ? WORDS.yes : WORDS.no);
  if (Array.isArray(value)) return value.map((item) => shown(item, zone, field)).join(say({ zh: '、', en: ', ' })) || '—';
  if (typeof value === 'object') {
    const parts = Object.entries(value).filter(([name]) => !name.endsWith('_en'));
    return parts.map(([name, item]) => `${name}: ${shown(item, zone)}`).join('; ');
  }
  if (field?.options[String(value)]) return field.options[String(value)];
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(String(value)) ? instant(String(value), zone) : String(value);
}

/** @param {string} tag @param {string} className @param {string} [text] */
function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** @param {string} text @param {() => void} onClick @param {string} [className] */
function button(text, onClick, className = 'btn btn-sm') {
  const made = /** @type {HTMLButtonElement} */ (make('button', className, text));
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

/** @param {import('../language.js').Bilingual} title @param {string} className */
function section(title, className) {
  const made = make('section', `ops-player-section ${className}`);
  made.append(make('h2', 'card-title', say(title)), make('div', 'ops-player-body'));
  return made;
}

/** @param {HTMLElement} holder @param {Node[]} children */
function fill(holder, ...children) {
  holder.lastElementChild?.replaceChildren(...children);
}
