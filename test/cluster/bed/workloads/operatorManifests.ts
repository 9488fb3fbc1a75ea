import { parseAllDocuments } from 'yaml';
import { until } from '../commands.ts';
import { asArray, asObject, at, parseJsonObject, type Json, type JsonObject } from '../json.ts';
import { kubectl, tryKubectl, type Access } from '../kubectl.ts';
import type { GoProgramName } from '../native/goPrograms.ts';
import { programImage } from '../native/images/programImage.ts';

/** What kustomize makes of a folder of an operator's manifests, without the namespace: that is there already, with the bed's label. */
export async function kustomized(access: Access, folder: string): Promise<JsonObject[]> {
  const text = await kubectl(access, ['kustomize', folder]);
  const objects = parseAllDocuments(text).map((document) => parseJsonObject(JSON.stringify(document)));
  return objects.filter(({ kind }) => kind !== 'Namespace');
}

export const isDefinition = ({ kind }: JsonObject): boolean => kind === 'CustomResourceDefinition';

/** A Deployment with the image of the bed, and asked more often whether it is ready; any other object as it is. */
export function inBed(object: JsonObject, program: GoProgramName): JsonObject {
  if (object['kind'] !== 'Deployment') return object;
  const spec = asObject(object['spec']);
  const template = asObject(spec['template']);
  const pod = asObject(template['spec']);
  const containers = asArray(pod['containers']).map((container) => containerInBed(container, program));
  return { ...object, spec: { ...spec, template: { ...template, spec: { ...pod, containers } } } };
}

function containerInBed(container: Json, program: GoProgramName): JsonObject {
  const readinessProbe = { ...asObject(at(container, 'readinessProbe')), initialDelaySeconds: 1, periodSeconds: 1 };
  const resources = { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } };
  return { ...asObject(container), image: programImage(program), readinessProbe, resources };
}

/** Waits until an operator has written the certificates of its webhook into its Secret, and lets its pods see them. */
export async function untilCertified(access: Access, namespace: string, pods: string, secret: string): Promise<void> {
  await until(`certificates in the Secret ${secret}`, 120, async () => {
    const data = ['get', 'secret', secret, '-o', 'jsonpath={.data.tls\\.crt}'];
    return (await tryKubectl(access, ['-n', namespace, ...data])).stdout !== '';
  });
  // The kubelet looks for new content of a Secret once a minute, or when something about the pod changes.
  await kubectl(access, ['-n', namespace, 'annotate', 'pods', '-l', pods, '--overwrite', 'testbed/certificates=made']);
}
