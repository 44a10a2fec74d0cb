/** A task's form: shown by form-js, checked here and on the server, saved as a draft by itself, sent once. */
import { Form } from '@bpmn-io/form-js-viewer';
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/esm/l10n/zh.js';
import '../styles/form.css';
import { Banner } from '../forms/banner.js';
import { FormSession } from '../forms/form_session.js';
import { LocalCopy } from '../forms/local_copy.js';
import { translator, zh } from '../forms/messages.js';
import { openForm } from '../forms/open_form.js';
import { ownFieldsModule } from '../forms/own_fields.js';
import { showFieldErrors } from '../forms/paths.js';
import { prepareSchema } from '../forms/schema.js';
import { Uploads } from '../forms/uploads.js';
import { valuesOf } from '../forms/values.js';
import { say } from '../language.js';
import { csrfToken } from '../shell/htmx_setup.js';

/**
 * @typedef {object} FormProps
 * @property {import('../forms/schema.js').Component} schema
 * @property {Record<string, unknown>} [data] the initial values
 * @property {Record<string, unknown>} [draft] values saved before, shown instead of the initial ones
 * @property {Record<string, unknown>} [context] further variables that only expressions read
 * @property {string} taskId
 * @property {string} submitUrl
 * @property {string} [draftUrl]
 * @property {string} [attachmentUrl]
 * @property {Record<string, import('../forms/uploads.js').Known>} [attachments]
 * @property {string} [csrf]
 * @property {string} [locale]
 * @property {Record<string, string>} [labels]
 * @property {boolean} [readonly]
 * @property {Record<string, import('../language.js').Bilingual>} [errors]
 * @property {import('../language.js').Bilingual} [submitLabel]
 */

/**
 * @param {HTMLElement} element
 * @param {FormProps} props
 */
export async function mount(element, props) {
  const inEnglish = props.locale === 'en';
  if (!inEnglish) flatpickr.localize(Mandarin);
  const csrf = props.csrf ?? csrfToken();
  const uploads = new Uploads({ url: props.attachmentUrl ?? '', csrf, known: props.attachments });

  element.replaceChildren();
  element.classList.add('ops-form');
  element.classList.toggle('ops-form-readonly', props.readonly ?? false);
  const banner = new Banner(element);
  const paper = document.createElement('div');
  element.append(paper);
  const translate = { translate: ['value', translator(inEnglish ? null : zh)] };
  const options = {
    container: paper,
    debounce: false, // a field that waits would lose what is typed when the form is drawn anew in between
    additionalModules: [ownFieldsModule(uploads), translate],
    properties: { readOnly: props.readonly ?? false },
  };
  const form = new Form(options);
  const copy = new LocalCopy(props.submitUrl);
  const kept = props.readonly ? null : copy.read();
  const schema = prepareSchema(props.schema, inEnglish ? (props.labels ?? {}) : null);
  await openForm(form, schema, { ...props.context, ...props.data }, kept ?? props.draft);
  if (kept) offerToDiscard(banner, copy);
  const words = translateLeftovers(paper, inEnglish);
  const session = props.readonly ? null : new FormSession({ element, form, banner, uploads, copy, props, csrf });
  if (props.errors) {
    const texts = Object.fromEntries(Object.entries(props.errors).map(([path, text]) => [path, say(text)]));
    setTimeout(() => showFieldErrors(form, texts));
  }
  element.dispatchEvent(new CustomEvent('form:ready', { bubbles: true, detail: { form, openForm, valuesOf } }));
  return () => {
    words.disconnect();
    session?.stop();
    form.destroy();
  };
}

/** @param {Banner} banner @param {LocalCopy} copy */
function offerToDiscard(banner, copy) {
  const discard = () => {
    copy.forget();
    window.location.reload();
  };
  const message = say({ zh: '已恢复上次没有送达的内容。', en: 'What could not be sent last time is restored.' });
  banner.show('info', message, { actions: [{ text: say({ zh: '不用它', en: 'Discard it' }), does: discard }] });
}

/**
 * form-js has a word that its translate hook does not reach; placeholders cannot be set by style sheets.
 * @param {HTMLElement} paper
 * @param {boolean} inEnglish
 */
function translateLeftovers(paper, inEnglish) {
  const observer = new MutationObserver(() => {
    for (const input of paper.querySelectorAll('input[placeholder="Search"]')) input.setAttribute('placeholder', zh.Search);
  });
  if (!inEnglish) observer.observe(paper, { childList: true, subtree: true });
  return observer;
}
