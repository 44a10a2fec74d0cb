/** A field of the panel in which one searches and chooses, by title or by id, by mouse or by keys; nothing is typed into the file. */
import { h } from '@bpmn-io/properties-panel/preact';
import { useRef, useState } from '@bpmn-io/properties-panel/preact/hooks';
import { say } from '../../language.js';

/** @typedef {import('../choices.js').Option} Option */

const SHOWN = 40;

/**
 * @typedef {object} ChoiceProps
 * @property {string} id
 * @property {string} label
 * @property {string} [description]
 * @property {Option[]} options
 * @property {() => string[]} chosen
 * @property {(values: string[]) => void} choose
 * @property {boolean} [isMany]
 * @property {boolean} [takesNew] a name that is not in the list may be added
 * @property {boolean} [disabled]
 */

/** @param {ChoiceProps} props */
export function ChoiceBox(props) {
  const { id, label, description, options, chosen, choose, isMany, takesNew } = props;
  const [words, search] = useState('');
  const [isOpen, open] = useState(false);
  const [active, activate] = useState(0);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const values = chosen();
  const found = isOpen ? matches(options, values, words, takesNew) : [];

  /** @param {Option} option */
  function take(option) {
    choose(isMany ? [...values, option.value] : [option.value]);
    search('');
    activate(0);
    open(Boolean(isMany));
    if (!isMany) input.current?.blur();
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      open(true);
      activate(Math.max(0, Math.min(active + step, found.length - 1)));
    } else if (event.key === 'Enter' && found[active]) take(found[active]);
    else if (event.key === 'Escape') open(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return h('div', { class: 'bio-properties-panel-entry ops-choice', 'data-entry-id': id }, [
    h('label', { class: 'bio-properties-panel-label', for: `ops-choice-${id}` }, label),
    values.length ? h('ul', { class: 'ops-choice-taken' }, values.map((value) => taken(value))) : null,
    isMany || !values.length ? field() : null,
    isOpen ? h('ul', { class: 'ops-choice-list', id: `ops-choice-${id}-list`, role: 'listbox', 'aria-label': label }, lines()) : null,
    description ? h('div', { class: 'bio-properties-panel-description' }, description) : null,
  ]);

  function field() {
    return h('input', {
      ref: input, id: `ops-choice-${id}`, class: 'bio-properties-panel-input', type: 'text', role: 'combobox',
      autocomplete: 'off', spellcheck: false, placeholder: say({ zh: '搜索并选择…', en: 'Search and choose…' }), value: words,
      'aria-expanded': isOpen, 'aria-controls': `ops-choice-${id}-list`, 'aria-autocomplete': 'list',
      'aria-activedescendant': found.length ? `ops-choice-${id}-${active}` : undefined,
      onInput: (/** @type {any} */ event) => {
        search(event.target.value);
        activate(0);
        open(true);
      },
      onFocus: () => open(true), onClick: () => open(true), onBlur: () => open(false), onKeyDown,
    });
  }

  function lines() {
    if (!found.length) return h('li', { class: 'ops-choice-none' }, say({ zh: '没有匹配项', en: 'Nothing matches' }));
    return found.map((option, index) => h('li', {
      key: option.value, id: `ops-choice-${id}-${index}`, role: 'option', 'aria-selected': index === active,
      class: index === active ? 'ops-choice-active' : '',
      onMouseDown: (/** @type {MouseEvent} */ event) => {
        event.preventDefault();
        take(option);
      },
    }, [h('strong', {}, option.title), h('small', {}, option.value), option.text ? h('span', {}, option.text) : null]));
  }

  /** @param {string} value */
  function taken(value) {
    const option = options.find((other) => other.value === value);
    const remove = () => choose(values.filter((other) => other !== value));
    const title = option?.title ?? value;
    return h('li', { key: value, class: option || takesNew ? '' : 'ops-choice-unknown', title: option?.text ?? '' }, [
      h('span', {}, [h('strong', {}, title), option && option.title !== value ? h('small', {}, value) : null]),
      h('button', { type: 'button', 'aria-label': say({ zh: `去掉 ${title}`, en: `Remove ${title}` }), onClick: remove }, '×'),
    ]);
  }
}

/**
 * @param {Option[]} options
 * @param {string[]} values
 * @param {string} words
 * @param {boolean} [takesNew]
 * @returns {Option[]}
 */
function matches(options, values, words, takesNew) {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = options.filter(({ value, title, text = '' }) => {
    const all = `${value} ${title} ${text}`.toLowerCase();
    return !values.includes(value) && parts.every((part) => all.includes(part));
  });
  const isNew = takesNew && words.trim() && !options.some(({ value }) => value === words.trim());
  const added = isNew ? [{ value: words.trim(), title: say({ zh: `新建“${words.trim()}”`, en: `Create “${words.trim()}”` }) }] : [];
  return [...found.slice(0, SHOWN), ...added];
}
