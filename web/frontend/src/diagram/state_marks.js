/** Marks elements as done, current or in trouble, and draws the path that was taken. */
import { around, innermost } from './nesting.js';

/** Dark green on a white sheet, contrast 5.6:1; the same as `--ops-path` in diagram.css. */
const PATH_COLOUR = '#1b7f4b';
const QUIET_COLOUR = '#98a2b0';

/**
 * Colours the edges before they are drawn, so that their arrow heads get the colour too.
 * @param {any} definitions what bpmn-moddle read
 * @param {Record<string, number>} flowsTaken how often each sequence flow was taken
 */
export function colourPath(definitions, flowsTaken) {
  const hasPath = Object.keys(flowsTaken).length > 0;
  if (!hasPath) return;
  for (const diagram of definitions.diagrams ?? []) {
    for (const part of diagram.plane?.planeElement ?? []) {
      const flow = part.bpmnElement;
      if (flow?.$type !== 'bpmn:SequenceFlow') continue;
      part.set('color:border-color', flowsTaken[flow.id] ? PATH_COLOUR : QUIET_COLOUR);
    }
  }
}

/**
 * @param {any} viewer
 * @param {import('../islands/diagram.js').DiagramProps} props
 */
export function markState(viewer, props) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  /** @param {string} id @param {string} marker */
  const mark = (id, marker) => registry.get(id) && canvas.addMarker(id, marker);

  const active = new Set((props.active ?? []).map((place) => place.elementId));
  const troubled = new Set((props.incidents ?? []).map((incident) => incident.elementId));
  for (const id of props.completed ?? []) if (!active.has(id) && !troubled.has(id)) mark(id, 'ops-completed');
  for (const id of Object.keys(props.flowsTaken ?? {})) mark(id, 'ops-taken');
  for (const id of innermost(viewer, [...active])) if (!troubled.has(id)) mark(id, 'ops-active');
  for (const id of troubled) mark(id, 'ops-incident');
  for (const id of [...active, ...troubled]) {
    const collapsed = around(viewer, id).filter((container) => registry.get(container).collapsed);
    for (const container of collapsed) mark(container, troubled.has(id) ? 'ops-incident' : 'ops-active');
  }
  for (const id of Object.keys(props.links ?? {})) mark(id, 'ops-linked');
}
