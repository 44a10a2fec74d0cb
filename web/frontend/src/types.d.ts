declare module '*.css';
declare module '@bpmn-io/element-template-chooser';
declare module '@bpmn-io/properties-panel';
declare module 'bpmn-js-create-append-anything';
declare module 'bpmn-js-element-templates';
declare module 'bpmn-js-i18n/translations/zn.js';
declare module 'bpmn-js-i18n-zh/lib/*';
declare module 'bpmn-js-properties-panel';
declare module 'bpmn-js-token-simulation';
declare module 'camunda-bpmn-js-behaviors/lib/camunda-platform';
declare module 'diagram-js-minimap';
declare module 'dmn-js/lib/Modeler';
declare module 'flatpickr/dist/esm/l10n/zh.js';
declare module '@tabler/core/dist/js/tabler.esm.min.js';

interface Window {
  htmx: typeof import('htmx.org').default;
}
