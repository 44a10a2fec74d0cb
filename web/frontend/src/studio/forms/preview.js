/** A form as those will see it who fill it: with the viewer of the task pages, in a window above the editor; nothing is sent. */
import { Form } from '@bpmn-io/form-js-viewer';
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '../../styles/form.css';
import { translator, zh } from '../../forms/messages.js';
import { openForm } from '../../forms/open_form.js';
import { ownFieldsModule } from '../../forms/own_fields.js';
import { prepareSchema } from '../../forms/schema.js';
import { Uploads } from '../../forms/uploads.js';
import { pageLanguage, say } from '../../language.js';
import { button, make } from '../controls.js';

/** @param {import('../../forms/schema.js').Component} schema */
export async function preview(schema) {
  const paper = make('div', 'ops-form');
  const dialog = make('dialog', 'ops-studio-preview', paper);
  const title = say({ zh: '预览：填写的人会看到这样', en: 'Preview: what people will see' });
  dialog.prepend(make('header', '', make('strong', '', title), button(say({ zh: '关闭', en: 'Close' }), () => dialog.close())));
  document.body.append(dialog);
  const form = new Form({
    container: paper,
    additionalModules: [
      ownFieldsModule(new Uploads({ url: '', csrf: '' })),
      { translate: ['value', translator(pageLanguage() === 'zh' ? zh : null)] },
    ],
  });
  dialog.addEventListener('close', () => {
    form.destroy();
    dialog.remove();
  });
  dialog.showModal();
  await openForm(form, prepareSchema(schema, null), {});
}
