/** Findings at the elements of a diagram: a badge with the worst of them, and the words when one points at it. */
import { say } from '../../language.js';
import { make } from '../controls.js';

/** @typedef {import('../checks.js').Finding} Finding */

const LAYER = 'ops-findings';
const SIGNS = { error: '!', warning: '!', info: 'i' };
const TONES = { error: 'bad', warning: 'warn', info: 'info' };

/**
 * @param {any} modeler
 * @param {Finding[]} findings
 */
export function markFindings(modeler, findings) {
  const overlays = modeler.get('overlays');
  const registry = modeler.get('elementRegistry');
  overlays.remove({ type: LAYER });
  for (const [id, those] of byElement(findings)) {
    const shape = registry.get(id);
    if (!shape?.parent) continue;
    const position = shape.waypoints ? { bottom: 0, left: 0 } : { bottom: 10, left: -10 };
    overlays.add(id, LAYER, { position, html: badge(those), show: { minZoom: 0.2 } });
  }
}

/** @param {Finding[]} findings */
function byElement(findings) {
  /** @type {Map<string, Finding[]>} */
  const groups = new Map();
  for (const finding of findings) {
    if (finding.elementId) groups.set(finding.elementId, [...(groups.get(finding.elementId) ?? []), finding]);
  }
  return groups;
}

/** @param {Finding[]} findings */
function badge(findings) {
  const severities = /** @type {const} */ (['error', 'warning', 'info']);
  const worst = severities.find((severity) => findings.some((finding) => finding.severity === severity)) ?? 'info';
  const words = findings.map(({ message, advice }) => [say(message), say(advice)].filter(Boolean).join(' '));
  const made = make('div', `ops-finding-badge ops-tone-${TONES[worst]}`, findings.length > 1 ? String(findings.length) : SIGNS[worst]);
  made.append(make('div', 'ops-finding-bubble', ...words.map((text) => make('p', '', text))));
  return made;
}
