/** One of the two versions: its diagram with the marks of what differs. */
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { nameInEnglish } from '../diagram/english_names.js';
import { around } from '../diagram/nesting.js';
import { followTouch } from '../diagram/touch.js';
import { View } from '../diagram/view.js';

/**
 * @param {HTMLElement} parent
 * @param {import('../islands/compare.js').Version} version
 * @param {'before' | 'after'} side
 * @param {Record<string, string> | null} labels Chinese name to English name; none for names as they are
 */
export async function openVersion(parent, version, side, labels) {
  const figure = document.createElement('figure');
  figure.className = `ops-diagram ops-compare-${side}`;
  const title = document.createElement('figcaption');
  title.textContent = version.title;
  const sheet = document.createElement('div');
  sheet.className = 'ops-diagram-sheet';
  sheet.tabIndex = 0;
  sheet.setAttribute('role', 'group');
  sheet.setAttribute('aria-label', version.title);
  figure.append(sheet, title);
  parent.append(figure);

  const viewer = new NavigatedViewer({ container: sheet, zoomScroll: { enabled: false } });
  const events = /** @type {any} */ (viewer.get('eventBus'));
  if (labels) events.on('import.parse.complete', (/** @type {any} */ { elementsById }) => nameInEnglish(elementsById, labels));
  const answer = await fetch(version.url, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${version.url} answered ${answer.status}`);
  await viewer.importXML(await answer.text());
  const view = new View(viewer, sheet, []);
  followTouch(viewer, sheet);
  for (const [id, mark] of Object.entries(version.marks)) {
    if (!view.registry.get(id)) continue;
    view.canvas.addMarker(id, `ops-differs-${mark}`);
    for (const container of around(viewer, id)) {
      if (view.registry.get(container).collapsed && !version.marks[container]) view.canvas.addMarker(container, 'ops-differs-changed');
    }
  }
  return {
    view,
    events,
    close: () => {
      view.stop();
      viewer.destroy();
    },
  };
}
