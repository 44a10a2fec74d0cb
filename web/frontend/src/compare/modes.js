/** Side by side or overlaid; overlaid, a slider fades from the old to the new version. */
import { legend } from './legend.js';

/**
 * @param {HTMLElement} element
 * @param {import('../diagram/view.js').View} view
 * @param {boolean} inEnglish
 */
export function drawModes(element, view, inEnglish) {
  const bar = document.createElement('div');
  bar.className = 'ops-compare-bar';
  const fade = document.createElement('input');
  fade.type = 'range';
  fade.className = 'form-range ops-compare-fade';
  fade.min = '0';
  fade.max = '100';
  fade.value = '50';
  fade.setAttribute('aria-label', inEnglish ? 'From the old to the new version' : '从旧版本到新版本');
  fade.addEventListener('input', () => element.style.setProperty('--ops-fade', String(Number(fade.value) / 100)));

  /** @param {boolean} isOverlaid */
  const show = (isOverlaid) => {
    element.classList.toggle('ops-compare-overlaid', isOverlaid);
    fade.hidden = !isOverlaid;
    beside.setAttribute('aria-pressed', String(!isOverlaid));
    overlaid.setAttribute('aria-pressed', String(isOverlaid));
    requestAnimationFrame(() => view.fit());
  };
  const beside = button(inEnglish ? 'Side by side' : '并排', () => show(false));
  const overlaid = button(inEnglish ? 'Overlaid' : '叠加', () => show(true));
  bar.append(beside, overlaid, fade, legend(inEnglish));
  element.prepend(bar);
  show(false);
}

/** @param {string} title @param {() => void} onClick */
function button(title, onClick) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'chip';
  made.textContent = title;
  made.addEventListener('click', onClick);
  return made;
}
