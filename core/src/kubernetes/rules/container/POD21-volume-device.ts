import { isEmptyText } from '#core/kubernetes/rules/container/emptyText.ts';
import { tellNames } from '#core/kubernetes/rules/container/namesThere.ts';
import { knownVolumes } from '#core/kubernetes/rules/container/podVolumes.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const volumeDevice: PodRule = {
  id: 'POD21',
  title: 'A block device of a container has no volume that can be one, or stands twice',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateVolumeDevices, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `A raw device comes from a claim with \`volumeMode: Block\`: a persistentVolumeClaim or ephemeral volume of the pod, or a claim template of the
StatefulSet. A container has it once, and cannot mount the same volume as well.`,
  subject: 'pod',
  check: (pod, report) => {
    const volumes = knownVolumes(pod);
    for (const { view } of pod.containers) {
      checkEach(view, report);
      for (const device of view.field('volumeDevices').items) {
        const name = device.field('name');
        if (name.text && volumes) checkVolume(name, name.text, volumes, pod, report);
      }
    }
  },
};

/** Empty and repeated names and paths; a volume that the container also mounts. */
function checkEach(container: NodeView, report: Report): void {
  const taken: Readonly<Record<'name' | 'devicePath', Map<string, NodeView>>> = {
    name: new Map(),
    devicePath: new Map(),
  };
  const mounted = new Map(container.field('volumeMounts').items.map((mount) => [mount.field('name').text, mount]));
  for (const device of container.field('volumeDevices').items) {
    for (const field of ['name', 'devicePath'] as const) checkField(device.field(field), taken[field], report);
    const name = device.field('name');
    const mount = name.text ? mounted.get(name.text) : undefined;
    if (name.text && mount) {
      const message = `The volume ${quoteText(name.text)} is mounted in this container; it cannot be a device there as well.`;
      report({ at: name, cause: 'invalid', message, related: [{ at: mount.field('name'), message: 'The mount' }] });
    }
  }
}

function checkField(view: NodeView, taken: Map<string, NodeView>, report: Report): void {
  const what = view.step === 'name' ? 'name of the volume' : 'path of the device';
  const { text } = view;
  if (isEmptyText(view)) report({ at: view, cause: 'required', message: `The ${what} is empty.` });
  if (text === undefined || text === '') return;
  const earlier = taken.get(text);
  if (view.step === 'devicePath' && text.split('/').includes('..')) {
    report({ at: view, cause: 'invalid', message: `The ${what} ${quoteText(text)} must not contain "..".` });
  } else if (earlier) {
    const message = `The ${what} ${quoteText(text)} stands twice among the devices of this container.`;
    report({ at: view, cause: 'invalid', message, related: [{ at: earlier, message: 'It stands here first' }] });
  } else taken.set(text, view);
}

function checkVolume(at: NodeView, name: string, known: readonly string[], pod: PodView, report: Report): void {
  if (!known.includes(name)) {
    report({ at, cause: 'notFound', message: `${quoteText(name)} is no volume of this pod. ${tellNames(known)}` });
    return;
  }
  const isClaim = pod.claims.some((claim) => claim.at('metadata', 'name').text === name);
  const volume = pod.volumes.find((candidate) => candidate.field('name').text === name);
  if (isClaim || !volume) return;
  const canBeBlock = !volume.field('persistentVolumeClaim').isAbsent || !volume.field('ephemeral').isAbsent;
  if (canBeBlock) return;
  const message = `The volume ${quoteText(name)} cannot be a device: only a persistentVolumeClaim or an ephemeral volume can.`;
  report({ at, cause: 'invalid', message, related: [{ at: volume, message: 'The volume' }] });
}
