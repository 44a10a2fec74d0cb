/** What the colours and bands of the map mean, with numbers. */
import { say } from '../language.js';
import { colourOf, MEASURES, textOf, TOO_FEW, TOO_FEW_COLOUR } from './measures.js';

const WORDS = {
  few: { zh: `不足 ${TOO_FEW} 次`, en: `fewer than ${TOO_FEW}` },
  width: { zh: '线宽 = 经过次数', en: 'width = times taken' },
  untouched: { zh: '没有案例经过', en: 'no case came here' },
  worked: { zh: '工作时间', en: 'working time' },
  nothing: { zh: '没有', en: 'none' },
};

/**
 * @param {HTMLElement} element
 * @param {string} measure
 * @param {number[]} classes upper ends
 */
export function drawLegend(element, measure, classes) {
  const { name, kind } = MEASURES[measure];
  const title = document.createElement('strong');
  title.textContent = say(name) + (kind === 'time' ? ` (${say(WORDS.worked)})` : '');
  const parts = classes.map((end) => sample(colourOf(end, classes), `≤ ${textOf(end, kind)}`));
  if (!classes.length) parts.push(sample('#fff', say(WORDS.nothing)));
  if (kind !== 'count') parts.push(sample(TOO_FEW_COLOUR, say(WORDS.few)));
  parts.push(sample('', say(WORDS.width), 'ops-map-key-band'), sample('', say(WORDS.untouched), 'ops-map-key-untouched'));
  element.replaceChildren(title, ...parts);
}

/** @param {string} colour @param {string} text @param {string} [more] */
function sample(colour, text, more = '') {
  const made = document.createElement('span');
  made.className = 'ops-map-key';
  const box = document.createElement('i');
  box.className = more;
  if (colour) box.style.background = colour;
  made.append(box, text);
  return made;
}
