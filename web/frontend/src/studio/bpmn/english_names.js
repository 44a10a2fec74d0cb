/** Draws the known English names on the diagram for English readers; the file and the name being edited stay as they are. */
import TextRenderer from 'bpmn-js/lib/draw/TextRenderer';

/** @param {Record<string, string>} labels Chinese to English */
export function englishNamesModule(labels) {
  /** @this {any} @param {any} config */
  function EnglishText(config) {
    TextRenderer.call(this, config);
    const draw = this.createText;
    this.createText = (/** @type {string} */ text, /** @type {any} */ options) => draw.call(this, labels[text] ?? text, options);
  }
  EnglishText.$inject = ['config.textRenderer'];
  return { textRenderer: ['type', EnglishText] };
}
