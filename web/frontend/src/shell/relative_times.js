/** Rewrites `<time datetime="…" data-relative>` as "3 分钟前" or "in 2 hours" and keeps it true; the full time stays in the tooltip. */
import { pageLanguage } from '../language.js';

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60]];

/** @param {ParentNode} root */
export function keepTimesRelative(root) {
  for (const element of root.querySelectorAll('time[data-relative]')) write(element);
}

setInterval(() => keepTimesRelative(document), 30_000);

/** @param {Element} element */
function write(element) {
  const instant = new Date(element.getAttribute('datetime') ?? '');
  if (Number.isNaN(instant.getTime())) return;
  if (!element.getAttribute('title')) element.setAttribute('title', element.textContent?.trim() ?? '');
  element.textContent = relative((instant.getTime() - Date.now()) / 1000);
}

/** @param {number} seconds from now, negative in the past */
function relative(seconds) {
  const format = new Intl.RelativeTimeFormat(pageLanguage() === 'zh' ? 'zh-CN' : 'en', { numeric: 'auto' });
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, 'minute');
}
