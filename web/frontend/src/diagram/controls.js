/** The buttons of the diagram: zoom in and out, whole diagram, current position. */

/** @typedef {import('./view.js').View} View */

/**
 * @param {HTMLElement} element
 * @param {View} view
 * @param {boolean} inEnglish
 */
export function drawControls(element, view, inEnglish) {
  const bar = document.createElement('div');
  bar.className = 'ops-diagram-controls';
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', inEnglish ? 'View of the diagram' : '流程图视图');
  bar.append(
    button('+', inEnglish ? 'Zoom in' : '放大', () => view.zoomBy(1.25)),
    button('−', inEnglish ? 'Zoom out' : '缩小', () => view.zoomBy(0.8)),
    button('⤢', inEnglish ? 'Whole diagram' : '显示全图', () => view.fit()),
  );
  if (view.current.length) {
    bar.append(button('◎', inEnglish ? 'Current position' : '当前位置', () => view.centre(view.current)));
  }
  element.append(bar);
}

/** @param {string} sign @param {string} title @param {() => void} onClick */
function button(sign, title, onClick) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'ops-diagram-button';
  made.title = title;
  made.setAttribute('aria-label', title);
  made.textContent = sign;
  made.addEventListener('click', onClick);
  return made;
}
