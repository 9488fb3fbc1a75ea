import type { PodView } from '#core/lint/rules/pods.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/**
 * What a volume can come from, in the order in which the server looks. Of several it takes the first and refuses the others, whatever
 * order they are written in; `printed` is how it then writes them. Source: k8s.io/kubernetes pkg/apis/core/validation
 * validateVolumeSource, 1.34.
 */
export const VOLUME_SOURCES: readonly { readonly name: string; readonly printed?: string }[] = [
  { name: 'emptyDir' },
  { name: 'hostPath' },
  { name: 'gitRepo' },
  { name: 'gcePersistentDisk' },
  { name: 'awsElasticBlockStore' },
  { name: 'secret' },
  { name: 'nfs' },
  { name: 'iscsi' },
  { name: 'glusterfs' },
  { name: 'flocker' },
  { name: 'persistentVolumeClaim' },
  { name: 'rbd' },
  { name: 'cinder' },
  { name: 'cephfs', printed: 'cephFS' },
  { name: 'quobyte' },
  { name: 'downwardAPI', printed: 'downwarAPI' },
  { name: 'fc' },
  { name: 'flexVolume' },
  { name: 'configMap' },
  { name: 'azureFile' },
  { name: 'vsphereVolume' },
  { name: 'photonPersistentDisk' },
  { name: 'portworxVolume' },
  { name: 'azureDisk' },
  { name: 'storageos' },
  { name: 'projected' },
  { name: 'scaleIO' },
  { name: 'csi' },
  { name: 'ephemeral' },
];

/** The source of a volume that the server goes by; undefined when there is none. */
export function sourceOf(volume: NodeView): NodeView | undefined {
  return VOLUME_SOURCES.map(({ name }) => volume.field(name)).find((source) => source.isPresent);
}

/** The source of a volume when it is the named one. */
export function sourceNamed(volume: NodeView, name: string): NodeView | undefined {
  const source = sourceOf(volume);
  return source?.step === name ? source : undefined;
}

/** First minor whose server keeps volumes that come from an image; earlier ones leave them out of the pod. */
const IMAGES_KEPT_SINCE = '1.35';

/** A volume of a pod that the server looks at, and how to report what is in it: with paths as the server counts volumes. */
export interface CheckedVolume {
  readonly volume: NodeView;
  readonly report: Report;
}

/**
 * The volumes of a pod that the server looks at. In a StatefulSet it puts one volume for every claim template before them and leaves
 * out those that a claim of the same name takes the place of, so its indexes are not those of the text.
 */
export function checkedVolumes({ object, spec, volumes, claims }: PodView, report: Report): readonly CheckedVolume[] {
  const claimNames = new Set(claims.map((claim) => claim.at('metadata', 'name').text));
  const dropsImages = !object.isAtLeast(IMAGES_KEPT_SINCE);
  const kept = volumes.filter((volume) => {
    const { text } = volume.field('name');
    if (dropsImages && volume.field('image').isPresent) return false;
    return text === undefined || !claimNames.has(text);
  });
  return kept.map((volume, index) => {
    const printed = `${spec.path}.volumes[${index + claimNames.size}]`;
    const shift = (path: string): string =>
      path.startsWith(volume.path) ? printed + path.slice(volume.path.length) : path;
    return { volume, report: (hit) => report({ ...hit, path: shift(hit.path ?? hit.at.path) }) };
  });
}
