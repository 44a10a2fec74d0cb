/** Two versions of a diagram: side by side, or one laid over the other; what differs is marked, and both always show the same place. */
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import '../styles/diagram.css';
import '../styles/compare.css';
import { drawModes } from '../compare/modes.js';
import { keepTogether } from '../compare/together.js';
import { openVersion } from '../compare/version.js';

/**
 * @typedef {'added' | 'removed' | 'changed' | 'moved'} Mark
 * @typedef {{url: string, title: string, marks: Record<string, Mark>}} Version
 * @typedef {{before: Version, after: Version, labels: Record<string, string>, locale: string}} CompareProps
 */

/**
 * @param {HTMLElement} element
 * @param {CompareProps} props
 */
export async function mount(element, props) {
  const inEnglish = props.locale === 'en';
  element.classList.add('ops-compare');
  element.replaceChildren();
  const sheets = document.createElement('div');
  sheets.className = 'ops-compare-sheets';
  element.append(sheets);
  const labels = inEnglish ? props.labels : null;
  const [before, after] = await Promise.all([
    openVersion(sheets, props.before, 'before', labels),
    openVersion(sheets, props.after, 'after', labels),
  ]);
  const apart = keepTogether(before, after);
  drawModes(element, after.view, inEnglish);
  after.view.showAtFirst();

  element.addEventListener('diagram:focus', (event) => {
    const id = /** @type {CustomEvent} */ (event).detail.elementId;
    const version = after.view.registry.get(id) ? after : before;
    for (const { view } of [before, after]) view.mark(id);
    version.view.centre([id]);
  });
  return () => {
    apart();
    for (const version of [before, after]) version.close();
  };
}
