/** Two versions of a form side by side as people see them; what differs is marked, and both scroll together. */
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/esm/l10n/zh.js';
import '../styles/form.css';
import '../styles/compare.css';
import { openFormVersion } from '../compare/form_version.js';
import { legend } from '../compare/legend.js';
import { fieldOf, scrollTogether } from '../compare/scroll_together.js';

/**
 * @param {HTMLElement} element
 * @param {import('./compare.js').CompareProps} props
 */
export async function mount(element, props) {
  const inEnglish = props.locale === 'en';
  if (!inEnglish) flatpickr.localize(Mandarin);
  element.classList.add('ops-compare', 'ops-compare-forms');
  const bar = Object.assign(document.createElement('div'), { className: 'ops-compare-bar' });
  bar.append(legend(inEnglish));
  const sheets = Object.assign(document.createElement('div'), { className: 'ops-compare-sheets' });
  element.replaceChildren(bar, sheets);
  const labels = inEnglish ? props.labels : null;
  const before = await openFormVersion(sheets, props.before, 'before', labels);
  const after = await openFormVersion(sheets, props.after, 'after', labels);
  scrollTogether(before.sheet, after.sheet);

  element.addEventListener('diagram:focus', (event) => {
    const id = /** @type {CustomEvent} */ (event).detail.elementId;
    element.querySelectorAll('.ops-field-found').forEach((field) => field.classList.remove('ops-field-found'));
    for (const { sheet } of [before, after]) {
      const field = fieldOf(sheet, id);
      field?.classList.add('ops-field-found');
      if (field) sheet.scrollTop += field.getBoundingClientRect().top - sheet.getBoundingClientRect().top - 24;
      field?.scrollIntoView({ block: 'nearest' }); // on the phone the list stands above both forms
    }
  });
  return () => {
    before.close();
    after.close();
  };
}
