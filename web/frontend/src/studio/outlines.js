/** Findings in drawings that are drawn anew all the time: a style rule for each place outlives what is at the place. */

/** @typedef {import('./checks.js').Finding} Finding */

const COLOURS = { error: '#b42323', warning: '#8a5300', info: '#1f5fbf' };

export class Outlines {
  /** @param {(id: string) => string} selectorOf the place of an element's id */
  constructor(selectorOf) {
    this.selectorOf = selectorOf;
    this.sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.sheet];
  }

  /** @param {Finding[]} findings */
  show(findings) {
    const rules = findings.map(({ elementId, severity }) => {
      if (!elementId) return '';
      const mark = `outline: 2px solid ${COLOURS[severity]} !important; outline-offset: -2px;`;
      return `.ops-studio-stage :is(${this.selectorOf(CSS.escape(elementId))}) { ${mark} }`;
    });
    this.sheet.replaceSync(rules.join('\n'));
  }

  stop() {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet);
  }
}
