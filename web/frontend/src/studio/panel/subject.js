/** One element as the panel reads and changes it; every change is one step that can be undone. */
import { is } from 'bpmn-js/lib/util/ModelUtil';

export class Subject {
  /** @param {any} element @param {any} injector */
  constructor(element, injector) {
    this.element = element;
    this.injector = injector;
    const node = element.businessObject;
    /** A pool stands for its process. */
    this.node = is(element, 'bpmn:Participant') ? (node.processRef ?? node) : node;
  }

  /** @param {...string} types */
  is(...types) {
    return types.some((type) => this.node.$instanceOf?.(type));
  }

  /** @param {string} name @returns {any} */
  get(name) {
    return this.node.get(name);
  }

  /** @param {Record<string, unknown>} properties @param {any} [target] the part of the element that has them */
  set(properties, target = this.node) {
    const change = { element: this.element, moddleElement: target, properties };
    this.injector.get('commandStack').execute('element.updateModdleProperties', change);
  }

  /** @param {string} type @param {object} attributes @param {any} parent */
  create(type, attributes, parent) {
    const made = this.injector.get('bpmnFactory').create(type, attributes);
    made.$parent = parent;
    return made;
  }

  /** @param {string} name of a property of our own, like `opsbook:clause` @returns {string} */
  property(name) {
    return this.list('camunda:Properties', 'values').find((entry) => entry.get('name') === name)?.get('value') ?? '';
  }

  /** @param {string} name @param {string} value removed when empty */
  setProperty(name, value) {
    this.changeList('camunda:Properties', 'values', name, value && ['camunda:Property', { name, value }]);
  }

  /** @param {string} name of an input parameter @returns {string} */
  input(name) {
    return this.list('camunda:InputOutput', 'inputParameters').find((entry) => entry.get('name') === name)?.get('value') ?? '';
  }

  /** @param {string} name @param {string} value removed when empty */
  setInput(name, value) {
    this.changeList('camunda:InputOutput', 'inputParameters', name, value && ['camunda:InputParameter', { name, value }]);
  }

  /** @param {string} type @returns {any} the definition of an event, null for others */
  eventDefinition(type) {
    return this.node.get('eventDefinitions')?.find((/** @type {any} */ definition) => definition.$instanceOf(type)) ?? null;
  }

  /**
   * A message or an error of the file, made when the file does not have it yet.
   * @param {string} type
   * @param {string} key name of the attribute that tells them apart
   * @param {string} value
   */
  rootElement(type, key, value) {
    const definitions = this.injector.get('bpmnjs').getDefinitions();
    const found = definitions.get('rootElements').find((/** @type {any} */ root) => root.$instanceOf(type) && root.get(key) === value);
    if (found) return found;
    const made = this.create(type, { name: value, [key]: value }, definitions);
    this.set({ rootElements: [...definitions.get('rootElements'), made] }, definitions);
    return made;
  }

  /** @param {string} holderType */
  holder(holderType) {
    return this.node.get('extensionElements')?.get('values').find((/** @type {any} */ value) => value.$instanceOf(holderType)) ?? null;
  }

  /** @param {string} holderType @param {string} name @returns {any[]} */
  list(holderType, name) {
    return this.holder(holderType)?.get(name) ?? [];
  }

  /**
   * @param {string} holderType
   * @param {string} listName
   * @param {string} name of the entry
   * @param {'' | [string, object]} entry type and attributes, empty to remove it
   */
  changeList(holderType, listName, name, entry) {
    const before = this.list(holderType, listName);
    const place = before.findIndex((other) => other.get('name') === name);
    const after = [...before];
    const holder = this.holder(holderType) ?? this.addHolder(holderType);
    const made = entry ? [this.create(entry[0], entry[1], holder)] : [];
    after.splice(place < 0 ? before.length : place, place < 0 ? 0 : 1, ...made);
    this.set({ [listName]: after }, holder);
  }

  /** @param {string} type */
  addHolder(type) {
    const extensions = this.node.get('extensionElements') ?? this.create('bpmn:ExtensionElements', { values: [] }, this.node);
    const holder = this.create(type, {}, extensions);
    if (this.node.get('extensionElements')) this.set({ values: [...extensions.get('values'), holder] }, extensions);
    else {
      extensions.get('values').push(holder);
      this.set({ extensionElements: extensions });
    }
    return holder;
  }
}
