/** Badges on the diagram: how many are at an element, what is wrong there, extra words, links to called cases. */

/** @typedef {import('../islands/diagram.js').DiagramProps} DiagramProps */

/** Badges follow the zoom of the diagram only as far as they can be read. */
const READABLE = { min: 0.8, max: 1.2 };

/**
 * @param {any} viewer
 * @param {DiagramProps} props
 */
export function drawOverlays(viewer, props) {
  const registry = viewer.get('elementRegistry');
  const overlays = viewer.get('overlays');
  /** @param {string} id @param {HTMLElement} html @param {object} position */
  const put = (id, html, position) => registry.get(id) && overlays.add(id, 'ops', { position, html, scale: READABLE });

  for (const { elementId, count } of props.active ?? []) {
    if (count > 1) put(elementId, badge(String(count), 'info'), { top: -12, right: 14 });
  }
  for (const { elementId, message } of props.incidents ?? []) {
    put(elementId, badge('!', 'bad', message), { top: -12, left: -8 });
  }
  for (const { elementId, text, tone, place } of props.overlays ?? []) {
    put(elementId, badge(text, tone ?? 'info'), placeOf(registry.get(elementId), place));
  }
  for (const [elementId, { href, title }] of Object.entries(props.links ?? {})) {
    put(elementId, linkBadge(href, title), { bottom: 12, right: 14 });
  }
  viewer.get('eventBus').on('element.click', (/** @type {any} */ { element }) => {
    const link = props.links?.[element.id];
    if (link) window.location.assign(link.href);
  });
}

/**
 * Above or on the lower edge of a task; beside an event, whose name stands below.
 * @param {any} shape
 * @param {string} [place]
 */
function placeOf(shape, place) {
  if (shape && shape.width < 60) return { top: 7, left: shape.width + 4 };
  return place === 'top' ? { top: -26, left: 4 } : { bottom: -4, left: 4 };
}

/**
 * bpmn-js gives the button that opens a collapsed sub-process a picture only.
 * @param {HTMLElement} sheet
 * @param {boolean} inEnglish
 */
export function nameDrilldowns(sheet, inEnglish) {
  const title = inEnglish ? 'Open the sub-process' : '打开子流程';
  for (const button of sheet.querySelectorAll('.bjs-drilldown')) {
    button.setAttribute('aria-label', title);
    button.setAttribute('title', title);
  }
}

/**
 * The state of the case in one sentence, for readers who do not see the drawing.
 * @param {DiagramProps} props
 */
export function describeState(props) {
  const active = (props.active ?? []).length;
  const done = (props.completed ?? []).length;
  const troubled = (props.incidents ?? []).length;
  if (props.locale === 'en') return `Process diagram: ${done} elements done, ${active} current, ${troubled} incidents`;
  return `流程图：已完成 ${done} 个节点，当前 ${active} 个，异常 ${troubled} 个`;
}

/** @param {string} text @param {string} tone @param {string} [title] */
function badge(text, tone, title) {
  const element = document.createElement('div');
  element.className = `ops-diagram-badge ops-tone-${tone}`;
  element.textContent = text;
  if (title) element.title = title;
  return element;
}

/** @param {string} href @param {string} title */
function linkBadge(href, title) {
  const element = document.createElement('a');
  element.className = 'ops-diagram-link';
  element.href = href;
  element.title = title;
  element.setAttribute('aria-label', title);
  element.textContent = '↗';
  return element;
}
