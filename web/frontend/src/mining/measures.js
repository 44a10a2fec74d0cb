/** What a map can be measured by: words, texts and colours. */
import { say } from '../language.js';

/** @typedef {{count: number, median: number | null, p90: number | null, waiting: number | null, handling: number | null,
 *   again: number | null, breached: number, standing: number}} ElementFigures */
/** @typedef {{count: number, waiting: number | null, p90: number | null}} FlowFigures */

/** @type {Record<string, {name: import('../language.js').Bilingual, kind: 'count' | 'time' | 'share', flow?: 'waiting' | 'p90'}>} */
export const MEASURES = {
  count: { name: { zh: '次数', en: 'Count' }, kind: 'count' },
  median: { name: { zh: '用时中位数', en: 'Median time' }, kind: 'time', flow: 'waiting' },
  p90: { name: { zh: '用时 90%', en: '90% within' }, kind: 'time', flow: 'p90' },
  waiting: { name: { zh: '等待', en: 'Waiting' }, kind: 'time', flow: 'waiting' },
  handling: { name: { zh: '办理', en: 'Handling' }, kind: 'time' },
  again: { name: { zh: '返工', en: 'Rework' }, kind: 'share' },
  breached: { name: { zh: '超时', en: 'Overdue' }, kind: 'count' },
};

/** From calm to hot; one hue with falling lightness, so it is read without colours too, and dark text is readable on each. */
export const HEAT = ['#fff6e0', '#fee3b8', '#fdc88a', '#f8a468', '#ef7d55'];
export const TOO_FEW_COLOUR = '#eceff3';
/** Fewer than this say nothing about how long something takes. */
export const TOO_FEW = 5;

/** Working time as short as a badge wants it. @param {number} seconds */
export function shortTime(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} ${say({ zh: '秒', en: 's' })}`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} ${say({ zh: '分', en: 'min' })}`;
  const hours = seconds / 3600;
  return `${hours < 10 ? hours.toFixed(1) : Math.round(hours)} ${say({ zh: '小时', en: 'h' })}`;
}

/** @param {number} value @param {'count' | 'time' | 'share'} kind */
export function textOf(value, kind) {
  if (kind === 'time') return shortTime(value);
  return kind === 'share' ? `${Math.round(value * 100)}%` : String(value);
}

/**
 * Upper ends of up to five classes with as many values in each: one that takes a hundred times as long must not hide the others.
 * @param {number[]} values
 */
export function classesOf(values) {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const ends = HEAT.map((_, place) => sorted[Math.ceil(((place + 1) / HEAT.length) * sorted.length) - 1]);
  return [...new Set(ends.filter((end) => end !== undefined))];
}

/** @param {number} value @param {number[]} classes */
export function colourOf(value, classes) {
  const place = classes.findIndex((end) => value <= end);
  const step = (place < 0 ? classes.length - 1 : place) + (HEAT.length - classes.length);
  return HEAT[Math.min(HEAT.length - 1, Math.max(0, step))];
}
