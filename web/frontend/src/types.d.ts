declare module '*.css';
declare module 'flatpickr/dist/esm/l10n/zh.js';
declare module '@tabler/core/dist/js/tabler.esm.min.js';

interface Window {
  htmx: typeof import('htmx.org').default;
}
