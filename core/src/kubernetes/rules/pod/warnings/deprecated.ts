import type { PodView } from '#core/lint/rules/pods.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Labels of nodes that have another name now, or none. Source: k8s.io/kubernetes pkg/api/node, 1.34. */
const NODE_LABELS: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'is deprecated since 1.14; use kubernetes.io/arch'],
  ['beta.kubernetes.io/os', 'is deprecated since 1.14; use kubernetes.io/os'],
  ['failure-domain.beta.kubernetes.io/region', 'is deprecated since 1.17; use topology.kubernetes.io/region'],
  ['failure-domain.beta.kubernetes.io/zone', 'is deprecated since 1.17; use topology.kubernetes.io/zone'],
  ['beta.kubernetes.io/instance-type', 'is deprecated since 1.17; use node.kubernetes.io/instance-type'],
  ['app.kubernetes.io/created-by', 'is deprecated since 1.9'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'is deprecated since 1.22; use taints and tolerations'],
  ['node-role.kubernetes.io/master', 'is no longer set; use node-role.kubernetes.io/control-plane'],
]);

/** Sources of volumes that are on their way out or gone. Source: k8s.io/kubernetes pkg/api/pod/warnings.go, 1.34. */
const VOLUME_SOURCES: ReadonlyMap<string, string> = new Map([
  ['gitRepo', 'is deprecated since 1.11 and off since 1.33'],
  ['photonPersistentDisk', 'does nothing since 1.16'],
  ['scaleIO', 'does nothing since 1.22'],
  ['flocker', 'does nothing since 1.25'],
  ['storageos', 'does nothing since 1.25'],
  ['quobyte', 'does nothing since 1.25'],
  ['glusterfs', 'does nothing since 1.26'],
  ['cephfs', 'does nothing since 1.31; use a CSI driver'],
  ['rbd', 'does nothing since 1.31; use a CSI driver'],
]);

/** Annotations that have become fields. */
const ANNOTATIONS: ReadonlyMap<string, string> = new Map([
  ['scheduler.alpha.kubernetes.io/critical-pod', 'does nothing since 1.16; use priorityClassName'],
  ['security.alpha.kubernetes.io/sysctls', 'does nothing since 1.11; use securityContext.sysctls'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'does nothing since 1.11; use securityContext.sysctls'],
]);

export function warnOfDeprecated({ spec, metadata, volumes }: PodView, report: Report): void {
  for (const label of spec.field('nodeSelector').fields) warn(label, String(label.step), NODE_LABELS, report);
  for (const key of nodeLabelKeys(spec)) warn(key, key.text, NODE_LABELS, report);
  for (const source of volumes.flatMap((volume) => volume.fields)) {
    if (source.isPresent) warn(source, String(source.step), VOLUME_SOURCES, report);
  }
  for (const annotation of metadata.field('annotations').fields) {
    warn(annotation, String(annotation.step), ANNOTATIONS, report);
  }
}

/** Where labels of nodes are named as values: in requirements, and as topology keys. */
function nodeLabelKeys(spec: NodeView): readonly NodeView[] {
  const affinity = spec.at('affinity', 'nodeAffinity');
  const terms = [
    ...affinity.at('requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms').items,
    ...affinity.field('preferredDuringSchedulingIgnoredDuringExecution').items.map((item) => item.field('preference')),
  ];
  return [
    ...terms.flatMap((term) => term.field('matchExpressions').items.map((item) => item.field('key'))),
    ...spec.field('topologySpreadConstraints').items.map((item) => item.field('topologyKey')),
  ];
}

function warn(at: NodeView, name: string | undefined, table: ReadonlyMap<string, string>, report: Report): void {
  const problem = name === undefined ? undefined : table.get(name);
  if (name === undefined || problem === undefined) return;
  const range = at.step === name ? at.entry?.key.range : undefined;
  report({ at, cause: 'invalid', message: `${name} ${problem}.`, ...(range ? { range } : {}) });
}
