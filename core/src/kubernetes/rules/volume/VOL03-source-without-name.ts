import { isMissing } from '#core/kubernetes/rules/fields.ts';
import { checkedVolumes, sourceOf } from '#core/kubernetes/rules/volume/sources.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** What each source must say. Source: the validate…VolumeSource functions of pkg/apis/core/validation, 1.34. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  configMap: ['name'],
  secret: ['secretName'],
  persistentVolumeClaim: ['claimName'],
  hostPath: ['path'],
  nfs: ['server', 'path'],
  csi: ['driver'],
  iscsi: ['targetPortal', 'iqn'],
  glusterfs: ['endpoints', 'path'],
  awsElasticBlockStore: ['volumeID'],
  gcePersistentDisk: ['pdName'],
  cinder: ['volumeID'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  portworxVolume: ['volumeID'],
  gitRepo: ['repository'],
};

export const sourceWithoutName: PodRule = {
  id: 'VOL03',
  title: 'A volume does not name what it comes from',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateVolumeSource, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A volume from a ConfigMap, a Secret or a claim needs its name. Some of these fields look optional in the schema, and they are named
differently: \`name\` for a ConfigMap, \`secretName\` for a Secret, \`claimName\` for a claim.`,
  subject: 'pod',
  check: (pod, reportRaw) => {
    for (const { volume, report } of checkedVolumes(pod, reportRaw)) {
      const source = sourceOf(volume);
      if (!source) continue;
      for (const name of NEEDED[String(source.step)] ?? []) reportUnnamed(source.field(name), report);
      if (source.step === 'nfs') reportRelative(source.field('path'), report);
      for (const projection of source.step === 'projected' ? source.field('sources').items : []) {
        for (const one of [projection.field('secret'), projection.field('configMap')]) {
          if (one.isPresent) reportUnnamed(one.field('name'), report);
        }
      }
    }
  },
};

function reportUnnamed(field: NodeView, report: Report): void {
  const { parent } = field;
  if (!parent || !isMissing(field)) return;
  const source = String(parent.step);
  const is = field.isPresent ? 'empty' : 'missing';
  report({
    at: field,
    path: source === 'gcePersistentDisk' ? field.path.replace(source, 'persistentDisk') : field.path,
    range: field.isPresent ? field.range : parent.range,
    cause: 'required',
    message: `${source}.${String(field.step)} is ${is}, so nobody knows where the volume comes from.`,
    offersToAdd: !field.isPresent,
  });
}

function reportRelative(field: NodeView, report: Report): void {
  const { text } = field;
  if (text === undefined || text === '' || text.startsWith('/')) return;
  report({
    at: field,
    cause: 'invalid',
    message: `The path ${JSON.stringify(text)} of the NFS server is not absolute.`,
  });
}
