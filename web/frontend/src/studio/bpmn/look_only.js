/** For those who may look but not change: nothing reaches the diagram, whatever is clicked. */

class LookOnly {
  /** @param {any} commandStack @param {any} eventBus */
  constructor(commandStack, eventBus) {
    commandStack.execute = () => {};
    commandStack.canExecute = () => false;
    eventBus.on('element.dblclick', 10_000, () => false);
  }
}
/** @type {any} */ (LookOnly).$inject = ['commandStack', 'eventBus'];

export const lookOnlyModule = { __init__: ['lookOnly'], lookOnly: ['type', LookOnly] };
