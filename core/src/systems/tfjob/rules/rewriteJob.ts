import type { Fix } from '#core/lint/finding.ts';
import { entryLines, lineBreakAfter, lineBreakOf, lineStart } from '#core/lint/fixes/edits.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import type { TextEdit } from '#core/text/range.ts';
import type { SequenceItem } from '#core/yaml/nodes.ts';
import { FLAT_POLICIES, moveToRunPolicy } from '#core/systems/tfjob/rules/moveToRunPolicy.ts';
import { roleOf } from '#core/systems/tfjob/rules/replicas.ts';

const CURRENT = 'kubeflow.org/v1';
const OLD_ROLES: Readonly<Record<string, string>> = { MASTER: 'Chief', PS: 'PS', WORKER: 'Worker' };

/** From the versions that have the map already: v1alpha2, v1beta1, v1beta2. */
export function rewriteMap(object: ObjectView): readonly Fix[] {
  const { spec, text } = object;
  const replicas = spec.field('tfReplicaSpecs').fields;
  const isSame = replicas.every((replica) => {
    const policy = replica.at('template', 'spec', 'restartPolicy');
    const isRole = roleOf(String(replica.step)) !== undefined;
    return (
      isRole && hasOnly(replica, ['replicas', 'restartPolicy', 'template']) && policy.isAbsent && hasTensorflow(replica)
    );
  });
  if (spec.content?.kind !== 'map' || !isSame || !hasOnly(spec, ['tfReplicaSpecs', ...FLAT_POLICIES])) return [];
  const extra = spec.field('cleanPodPolicy').isPresent ? [] : ['cleanPodPolicy: Running'];
  return makeFix(object, moveToRunPolicy(text, spec.content, extra));
}

/** From v1alpha1, whose replicas are a list. */
export function rewriteList(object: ObjectView): readonly Fix[] {
  const list = object.spec.field('replicaSpecs');
  const { content, entry } = list;
  if (content?.kind !== 'sequence' || content.flow || !entry || !hasOnly(object.spec, ['replicaSpecs'])) return [];
  const roles = list.items.map((item) => OLD_ROLES[item.field('tfReplicaType').text ?? 'MASTER'] ?? '');
  const isClear = roles.every((role) => role !== '') && new Set(roles).size === roles.length;
  const column = columnOf(object.text, entry.key.range.start);
  const edits = content.items.map((item, index) => {
    const [view, role] = [list.items[index], roles[index]];
    return view && role !== undefined ? rewriteItem(object.text, item, view, { role, column }) : undefined;
  });
  const isWhole = edits.every((edit): edit is readonly TextEdit[] => edit !== undefined);
  return isClear && isWhole
    ? makeFix(object, [{ range: entry.key.range, newText: 'tfReplicaSpecs' }, ...edits.flat()])
    : [];
}

interface ItemTarget {
  readonly role: string;
  /** Column of the key that holds the list; the items must stand further right, because they become keys below it. */
  readonly column: number;
}

/** The dash becomes the role, the line of the type goes, and the restart policy of the pod becomes that of the role. */
function rewriteItem(
  text: string,
  item: SequenceItem,
  view: NodeView,
  { role, column }: ItemTarget,
): readonly TextEdit[] | undefined {
  const { content } = view;
  const first = content?.kind === 'map' ? content.entries[0] : undefined;
  const pod = view.at('template', 'spec');
  if (content?.kind !== 'map' || content.flow || !first || columnOf(text, item.range.start) <= column) return undefined;
  if (!hasOnly(view, ['replicas', 'tfReplicaType', 'template']) || !hasTensorflow(view)) return undefined;
  const policy = pod.field('restartPolicy');
  if (policy.isPresent && (policy.text === undefined || !policy.entry)) return undefined;
  const policyLines = policy.entry ? entryLines(text, policy.entry.range) : undefined;
  const type = view.field('tfReplicaType').entry;
  const typeLines = type && type !== first ? entryLines(text, type.range) : undefined;
  if ((policy.entry && !policyLines) || (type && type !== first && !typeLines)) return undefined;
  const indent = ' '.repeat(columnOf(text, first.range.start));
  const eol = lineBreakOf(text);
  const lines = [`${role}:`, ...(policy.isPresent ? [`${indent}restartPolicy: ${policy.text}`] : [])].join(eol) + eol;
  const head =
    type === first
      ? { range: { start: item.range.start, end: lineBreakAfter(text, first.range.end) }, newText: lines }
      : { range: { start: item.range.start, end: first.range.start }, newText: lines + indent };
  const removed = [typeLines, policyLines].filter((range) => range !== undefined);
  return [head, ...removed.map((range) => ({ range, newText: '' }))];
}

function makeFix({ root }: ObjectView, edits: readonly TextEdit[] | undefined): readonly Fix[] {
  const { content } = root.field('apiVersion');
  if (!edits || content?.kind !== 'scalar') return [];
  const version = { range: content.range, newText: CURRENT };
  return [{ title: `Rewrite for ${CURRENT}`, preferred: true, edits: [version, ...edits] }];
}

/** Whether the operator of today finds its container, with an image. */
function hasTensorflow(replica: NodeView): boolean {
  const containers = replica.at('template', 'spec', 'containers').items;
  const haveImages = containers.every((container) => container.field('image').isPresent);
  return haveImages && containers.some((container) => container.field('name').text === 'tensorflow');
}

/** Whether an object is written out here, with none but these keys. */
function hasOnly(view: NodeView, names: readonly string[]): boolean {
  const { content } = view;
  if (content?.kind !== 'map' || view.written !== content || view.isOpen) return false;
  return content.entries.every(({ key }) => names.includes(key.text));
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}
