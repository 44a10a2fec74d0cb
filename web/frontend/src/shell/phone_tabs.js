/** `<div data-phone-tabs>` with `<section data-tab="标题">` children: side by side on wide screens, tabs on phones. */
import { pageLanguage } from '../language.js';

let made = 0;

/** @param {ParentNode} root */
export function arrangePhoneTabs(root) {
  for (const group of root.querySelectorAll('[data-phone-tabs]:not([data-tabs-on])')) arrange(/** @type {HTMLElement} */ (group));
}

/** @param {HTMLElement} group */
function arrange(group) {
  group.dataset.tabsOn = '1';
  const panels = /** @type {HTMLElement[]} */ ([...group.querySelectorAll(':scope > [data-tab]')]);
  if (!panels.length) return;
  const list = document.createElement('div');
  list.className = 'ops-tabs';
  list.setAttribute('role', 'tablist');
  list.setAttribute('aria-label', pageLanguage() === 'zh' ? '本页内容' : 'Parts of this page');
  const tabs = panels.map((panel) => makeTab(panel));
  list.append(...tabs);
  group.before(list);

  /** @param {number} index */
  function open(index) {
    tabs.forEach((tab, i) => {
      tab.setAttribute('aria-selected', String(i === index));
      tab.tabIndex = i === index ? 0 : -1;
      panels[i].classList.toggle('ops-tab-closed', i !== index);
    });
    window.dispatchEvent(new Event('resize'));
  }

  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => open(index));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (index + step + tabs.length) % tabs.length;
      open(next);
      tabs[next].focus();
    });
  });
  open(0);
}

/** @param {HTMLElement} panel */
function makeTab(panel) {
  made += 1;
  panel.id ||= `ops-panel-${made}`;
  const tab = document.createElement('button');
  tab.type = 'button';
  tab.id = `ops-tab-${made}`;
  tab.className = 'ops-tab';
  tab.setAttribute('role', 'tab');
  tab.setAttribute('aria-controls', panel.id);
  tab.textContent = panel.dataset.tab ?? '';
  panel.setAttribute('aria-labelledby', tab.id);
  return tab;
}
