import type { NodeView } from '#core/lint/rules/view.ts';
import type { MountPreview } from '#core/preview/model.ts';
import { templateMounts, volumeText } from '#core/preview/podSpec.ts';
import { nameOf, readFirst, textOr } from '#core/preview/reading.ts';
import { isLocalDirectory, LOCAL_DIRECTORY_SOURCES } from '#core/systems/spark/rules/localDirectories.ts';

const ROLES = ['driver', 'executor'] as const;

/**
 * What becomes of the volumes, ConfigMaps and Secrets of an application. A volume is only added to pods whose mounts name it; a mount
 * without its volume is left out in silence, unless it is a local directory of Spark: then the submission fails.
 * Source: spark-operator 2.5.2 addVolumes, addSparkConfigMap and addHadoopConfigMap of SparkPodDefaulter, driverVolumeMountsOption.
 */
export function kubeflowMounts(spec: NodeView): readonly MountPreview[] {
  return [
    ...ROLES.flatMap((role) => [
      ...sharedMounts(spec, role),
      ...listed(spec.at(role, 'configMaps'), role, 'ConfigMap'),
      ...listed(spec.at(role, 'secrets'), role, 'Secret'),
      ...volumeMounts(spec, role),
      ...templateMounts(role, spec.at(role, 'template', 'spec')),
    ]),
    ...unusedVolumes(spec),
  ];
}

const SHARED = [
  { field: 'sparkConfigMap', path: '/etc/spark/conf', variable: 'SPARK_CONF_DIR' },
  { field: 'hadoopConfigMap', path: '/etc/hadoop/conf', variable: 'HADOOP_CONF_DIR' },
];

function sharedMounts(spec: NodeView, role: string): readonly MountPreview[] {
  return SHARED.filter(({ field }) => spec.field(field).isPresent).map(({ field, path, variable }) => ({
    role,
    source: `ConfigMap ${nameOf(spec.field(field))}`,
    path,
    outcome: 'mounted',
    note: `${variable} points at it.`,
  }));
}

function listed(list: NodeView, role: string, kind: string): readonly MountPreview[] {
  return list.items.map((item) => ({
    role,
    source: `${kind} ${nameOf(item.field('name'))}`,
    path: textOr(readFirst(item.field('path')), ''),
    outcome: 'mounted',
    note: 'It must exist when the pod starts.',
  }));
}

function volumeMounts(spec: NodeView, role: string): readonly MountPreview[] {
  const volumes = spec.field('volumes');
  return spec.at(role, 'volumeMounts').items.map((mount): MountPreview => {
    const name = nameOf(mount.field('name'));
    const path = textOr(readFirst(mount.field('mountPath')), '');
    const volume = volumes.items.find((item) => item.field('name').text === name);
    const base = { role, source: volumeText(name, volume), path };
    if (volume === undefined && volumes.isOpen) {
      return { ...base, outcome: 'mounted', note: 'If a template brings the volume.' };
    }
    if (isLocalDirectory(name)) return { ...base, ...localDirectory(volume) };
    return volume === undefined
      ? { ...base, outcome: 'dropped', note: 'The application has no such volume: the mount is left out in silence.' }
      : { ...base, outcome: 'mounted', note: '' };
  });
}

function localDirectory(volume: NodeView | undefined): Pick<MountPreview, 'outcome' | 'note'> {
  if (volume === undefined) return { outcome: 'fails', note: 'There is no such volume, so the submission fails.' };
  const isKnown = volume.isOpen || LOCAL_DIRECTORY_SOURCES.some((source) => volume.field(source).isPresent);
  return isKnown
    ? { outcome: 'mounted', note: 'A local directory of Spark, for shuffle data.' }
    : {
        outcome: 'fails',
        note: `Spark has settings for ${LOCAL_DIRECTORY_SOURCES.join(', ')} only, so the submission fails.`,
      };
}

function unusedVolumes(spec: NodeView): readonly MountPreview[] {
  const mounts = ROLES.flatMap((role) => spec.at(role, 'volumeMounts').items);
  const isAnyOpen = spec.isOpen || ROLES.some((role) => spec.at(role, 'volumeMounts').isOpen);
  if (isAnyOpen) return [];
  const named = new Set(mounts.map((mount) => nameOf(mount.field('name'))));
  return spec
    .field('volumes')
    .items.filter((volume) => !named.has(nameOf(volume.field('name'))))
    .map((volume) => ({
      role: '',
      source: volumeText(nameOf(volume.field('name')), volume),
      path: '',
      outcome: 'unused',
      note: 'No mount of driver or executor names it, so no pod gets it.',
    }));
}
