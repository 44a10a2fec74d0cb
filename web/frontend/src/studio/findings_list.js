/** The findings below the drawing: in words, with advice, a way to the place and a repair where there is one. */
import { say } from '../language.js';
import { button, make } from './controls.js';

/** @typedef {import('./checks.js').Finding} Finding */

const TONES = { error: 'bad', warning: 'warn', info: 'info' };
const ORDER = ['error', 'warning', 'info'];

export class FindingsList {
  /**
   * @param {HTMLElement} host
   * @param {object} options
   * @param {(finding: Finding) => void} options.onJump
   * @param {((finding: Finding) => void) | null} options.onFix
   * @param {(elementId: string) => string} options.nameOf
   */
  constructor(host, { onJump, onFix, nameOf }) {
    this.onJump = onJump;
    this.onFix = onFix;
    this.nameOf = nameOf;
    this.summary = make('summary', 'ops-findings-summary', say({ zh: '正在检查…', en: 'Checking…' }));
    this.summary.setAttribute('role', 'status');
    this.list = make('ul', 'ops-findings-list');
    this.element = make('details', 'ops-findings', this.summary, this.list);
    host.append(this.element);
  }

  /** @param {Finding[]} findings */
  show(findings) {
    const sorted = [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
    this.summary.textContent = inWords(findings);
    this.element.dataset.tone = sorted.length ? TONES[sorted[0].severity] : 'good';
    this.list.replaceChildren(...sorted.map((finding) => this.item(finding)));
  }

  /** @param {boolean} [isOpen] */
  toggle(isOpen = !this.element.open) {
    this.element.open = isOpen;
  }

  /** @param {Finding} finding */
  item(finding) {
    const item = make('li', `ops-finding ops-tone-${TONES[finding.severity]}`);
    const place = finding.fieldPath ?? (finding.elementId ? this.nameOf(finding.elementId) : '');
    const words = make('div', 'ops-finding-words', make('strong', '', say(finding.message)));
    if (finding.advice) words.append(make('span', '', say(finding.advice)));
    if (finding.elementId) item.append(button(place, () => this.onJump(finding), { className: 'btn btn-sm ops-finding-place' }));
    else if (place) item.append(make('span', 'ops-finding-place', place));
    item.append(words);
    if (finding.fix && this.onFix) {
      const fix = this.onFix;
      item.append(button(say(finding.fix.label), () => fix(finding), { className: 'btn btn-sm btn-primary' }));
    }
    return item;
  }
}

/** @param {Finding[]} findings */
function inWords(findings) {
  const count = (/** @type {string} */ severity) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, notes] = ORDER.map(count);
  if (!findings.length) return say({ zh: '检查：没有问题', en: 'Checks: no problems' });
  const parts = [
    errors ? say({ zh: `${errors} 个错误`, en: `${errors} ${errors === 1 ? 'error' : 'errors'}` }) : '',
    warnings ? say({ zh: `${warnings} 个提醒`, en: `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` }) : '',
    notes ? say({ zh: `${notes} 条说明`, en: `${notes} ${notes === 1 ? 'note' : 'notes'}` }) : '',
  ];
  return say({ zh: '检查：', en: 'Checks: ' }) + parts.filter(Boolean).join(say({ zh: '，', en: ', ' }));
}
