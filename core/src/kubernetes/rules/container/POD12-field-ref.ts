import { checkQualifiedName } from '#core/kubernetes/names.ts';
import { downwardRefs, type DownwardRef } from '#core/kubernetes/rules/container/downwardRefs.ts';
import { tellNames } from '#core/kubernetes/rules/container/namesThere.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';

const OFFERED: Readonly<Record<DownwardRef['holder'], readonly string[]>> = {
  env: [
    'metadata.name',
    'metadata.namespace',
    'metadata.uid',
    'spec.nodeName',
    'spec.serviceAccountName',
    'status.hostIP',
    'status.hostIPs',
    'status.podIP',
    'status.podIPs',
  ],
  volume: ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'],
};

/** Fields the server knows; those that a place does not offer are unsupported there, all others are invalid. */
const KNOWN = [...OFFERED.env, ...OFFERED.volume, 'spec.restartPolicy', 'spec.schedulerName', 'status.phase'];

/** An old name the server still takes. */
const OLD_NAMES: Readonly<Record<string, string>> = { 'spec.host': 'spec.nodeName' };

export const fieldRef: PodRule = {
  id: 'POD12',
  title: 'A fieldRef names a field that the pod does not offer',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateObjectFieldSelector, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Only a few fields of the pod can be given to its containers. Environment variables get the names, the uid, the node and the addresses, and
single labels or annotations as \`metadata.labels['key']\`; all labels or annotations at once only fit into a file of a volume.`,
  subject: 'pod',
  check: (pod, report) => {
    for (const ref of downwardRefs(pod, 'fieldRef', report)) checkRef(ref);
  },
};

function checkRef(downward: DownwardRef): void {
  const { ref, path, holder, report } = downward;
  const version = ref.field('apiVersion');
  const view = ref.field('fieldPath');
  const { text } = view;
  const at = { at: view, path: `${path}.fieldPath` };
  if (text === '') report({ ...at, cause: 'required', message: 'The path of the field is empty.' });
  if (text === undefined || text === '') return;
  if (version.text !== undefined && !['', 'v1'].includes(version.text)) {
    const message = `${quoteText(version.text)} is no version of a pod; it is v1.`;
    report({ ...at, at: version, cause: 'invalid', message });
    return;
  }
  const [, map, key] = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(text) ?? [];
  if (map !== undefined && key !== undefined) checkKey(downward, map, key);
  else if (!OFFERED[holder].includes(OLD_NAMES[text] ?? text)) reportField(downward, text);
}

function checkKey({ ref, path, report }: DownwardRef, map: string, key: string): void {
  const problem = checkQualifiedName(map === 'metadata.annotations' ? key.toLowerCase() : key);
  if (problem === undefined) return;
  const message = `The key ${quoteText(key)} in ${map} ${problem}.`;
  report({ at: ref.field('fieldPath'), path, cause: 'invalid', message });
}

function reportField({ ref, path, holder, report }: DownwardRef, text: string): void {
  const view = ref.field('fieldPath');
  const { content } = view;
  const near = nearestName(text, OFFERED[holder]);
  const isMap = text === 'metadata.labels' || text === 'metadata.annotations';
  const place = holder === 'env' ? 'an environment variable' : 'a file of a volume';
  const hint = isMap ? `Name one key: ${text}['key'].` : tellNames(OFFERED[holder]);
  report({
    at: view,
    path: `${path}.fieldPath`,
    cause: KNOWN.includes(OLD_NAMES[text] ?? text) ? 'unsupported' : 'invalid',
    message: `${quoteText(text)} is no field of the pod that ${place} can get. ${hint}`,
    fixes: () =>
      near !== undefined && !isMap && content?.kind === 'scalar'
        ? [replaceScalar(content, near, `Change to ${near}`)]
        : [],
  });
}
