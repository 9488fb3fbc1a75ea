import { nameText } from '#core/live/decode/meta.ts';
import { isObject, numberOf, objectOf, objectsOf, textOf, textsOf, valueAt } from '#core/live/json.ts';
import type { LiveContainer, LivePod, PodVolume } from '#core/live/objects.ts';
import type { JsonObject } from '#core/live/ports.ts';

/** The containers of a pod spec, without init containers. @param namespace that the pods are in */
export function decodeContainers(podSpec: JsonObject, namespace: string): readonly LiveContainer[] {
  return objectsOf(podSpec['containers']).map((container) => decodeContainer(container, namespace));
}

function decodeContainer(container: JsonObject, namespace: string): LiveContainer {
  return {
    name: nameText(container['name']),
    image: textOf(container['image']),
    command: [...textsOf(container['command']), ...textsOf(container['args'])].join(' '),
    variables: Object.fromEntries(objectsOf(container['env']).map((variable) => decodeVariable(variable, namespace))),
    ports: objectsOf(container['ports']).map((port) => ({
      name: nameText(port['name']),
      port: numberOf(port['containerPort']) ?? 0,
    })),
    mounts: objectsOf(container['volumeMounts']).map((mount) => ({
      volume: nameText(mount['name']),
      path: textOf(mount['mountPath']),
    })),
    hasReadinessProbe: isObject(container['readinessProbe']),
    preStop: textsOf(valueAt(container, 'lifecycle', 'preStop', 'exec', 'command')).join(' '),
  };
}

/** A variable without value and source is an empty text, as the kubelet sees it. */
function decodeVariable(variable: JsonObject, namespace: string): [string, string | undefined] {
  const name = textOf(variable['name']);
  const source = variable['valueFrom'];
  if (!isObject(source)) return [name, textOf(variable['value'])];
  const isNamespace = valueAt(source, 'fieldRef', 'fieldPath') === 'metadata.namespace';
  return [name, isNamespace ? namespace : undefined];
}

export function decodeVolumes(podSpec: JsonObject): readonly PodVolume[] {
  return objectsOf(podSpec['volumes']).map((volume) => {
    const name = nameText(volume['name']);
    const row = volumeSources.find(({ field }) => isObject(volume[field]));
    if (!row) return { name, source: 'other', target: '' };
    return { name, source: row.source, target: nameText(objectOf(volume[row.field])[row.target]) };
  });
}

const volumeSources: readonly { field: string; source: PodVolume['source']; target: string }[] = [
  { field: 'persistentVolumeClaim', source: 'claim', target: 'claimName' },
  { field: 'configMap', source: 'configMap', target: 'name' },
  { field: 'secret', source: 'secret', target: 'secretName' },
  { field: 'emptyDir', source: 'emptyDir', target: '' },
  { field: 'hostPath', source: 'hostPath', target: 'path' },
];

/** The ConfigMaps and Secrets that variables of any container come from, each once. */
export function decodeReferences(podSpec: JsonObject): LivePod['references'] {
  const found = new Map<string, LivePod['references'][number]>();
  const containers = [...objectsOf(podSpec['initContainers']), ...objectsOf(podSpec['containers'])];
  for (const container of containers) {
    const sources = objectsOf(container['env']).map((variable) => objectOf(variable['valueFrom']));
    for (const source of [...sources, ...objectsOf(container['envFrom'])]) {
      for (const { field, kind } of referenceFields) {
        const name = nameText(objectOf(source[field])['name']);
        if (name !== '') found.set(`${kind}/${name}`, { kind, name });
      }
    }
  }
  return [...found.values()];
}

const referenceFields = [
  { field: 'configMapKeyRef', kind: 'ConfigMap' },
  { field: 'secretKeyRef', kind: 'Secret' },
  { field: 'configMapRef', kind: 'ConfigMap' },
  { field: 'secretRef', kind: 'Secret' },
] as const;
