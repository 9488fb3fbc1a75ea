import { NONE, quantityAmount } from '#core/preview/amounts.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import type { Amount, ContainerPreview, MountPreview } from '#core/preview/model.ts';
import { nameOf, readFirst, textOr } from '#core/preview/reading.ts';

/** The containers of a pod spec as they are written, init containers last. */
export function containersOf(podSpec: NodeView): readonly ContainerPreview[] {
  return [
    ...podSpec.field('containers').items.map((view) => containerOf(view, false)),
    ...podSpec.field('initContainers').items.map((view) => containerOf(view, true)),
  ];
}

/** A container with what it asks for. */
export function containerOf(view: NodeView, isInit: boolean): ContainerPreview {
  return {
    name: nameOf(view.field('name')),
    image: textOr(readFirst(view.field('image')), ''),
    isInit,
    ...resourcesOf(view.field('resources')),
  };
}

/**
 * Requests and limits. Where there is a limit and no request, the API server takes the limit as the request
 * (k8s.io/kubernetes SetDefaults_Pod).
 */
export function resourcesOf(resources: NodeView): Omit<ContainerPreview, 'name' | 'image' | 'isInit'> {
  const limits = resources.field('limits');
  const requests = resources.field('requests');
  const limitOf = (name: string): Amount => quantityAmount(readFirst(limits.field(name)));
  const requestOf = (name: string): Amount => {
    const own = quantityAmount(readFirst(requests.field(name)));
    return own.state === 'none' ? limitOf(name) : own;
  };
  return {
    cpuRequest: requestOf('cpu'),
    cpuLimit: limitOf('cpu'),
    memoryRequest: requestOf('memory'),
    memoryLimit: limitOf('memory'),
    others: devicesOf(limits),
  };
}

/** Devices and other resources beside processors and memory. */
function devicesOf(limits: NodeView): readonly string[] {
  return limits.fields
    .filter(({ step }) => step !== 'cpu' && step !== 'memory')
    .map((view) => `${textOr(readFirst(view), 'an unknown number of')} ${String(view.step)}`);
}

/** A container that an operator makes, with nothing asked for. */
export function bareContainer(name: string, image: string): ContainerPreview {
  return {
    name,
    image,
    isInit: false,
    cpuRequest: NONE,
    cpuLimit: NONE,
    memoryRequest: NONE,
    memoryLimit: NONE,
    others: [],
  };
}

/** What a container of a pod spec mounts. A mount whose volume is not in the pod is refused with the pod. */
export function templateMounts(role: string, podSpec: NodeView): readonly MountPreview[] {
  const volumes = podSpec.field('volumes');
  return podSpec.field('containers').items.flatMap((container) =>
    container.field('volumeMounts').items.map((mount): MountPreview => {
      const name = nameOf(mount.field('name'));
      const volume = volumes.items.find((item) => item.field('name').text === name);
      const path = textOr(readFirst(mount.field('mountPath')), '');
      if (volume !== undefined || volumes.isOpen) {
        return { role, source: volumeText(name, volume), path, outcome: 'mounted', note: 'Of the pod template.' };
      }
      const note = 'The pod template has no such volume, so the API server refuses the pod.';
      return { role, source: `volume ${name}`, path, outcome: 'fails', note };
    }),
  );
}

/** The source of a volume by its field: `volume data (persistentVolumeClaim)`. */
export function volumeText(name: string, volume: NodeView | undefined): string {
  const source = volume?.fields.find(({ step }) => step !== 'name')?.step;
  return source === undefined ? `volume ${name}` : `volume ${name} (${String(source)})`;
}
