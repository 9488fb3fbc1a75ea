import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { until } from '../commands.ts';
import { asArray, asObject, at, parseJsonObject, type Json, type JsonObject } from '../json.ts';
import { applyObjects, kubectl, tryKubectl, type Access } from '../kubectl.ts';
import { goProgramFiles } from '../native/goPrograms.ts';
import { ensureProgramImage, programImage } from '../native/images/programImage.ts';
import type { Place, Workload } from './workload.ts';

const name = 'training-operator';
/** As its own manifests have it. */
const namespace = 'kubeflow';
const certificates = 'training-operator-webhook-cert';
const pods = ['-l', 'control-plane=kubeflow-training-operator'];
/** Where its manifests expect the program in the image. */
const program = '/manager';

/**
 * The Kubeflow training operator by its own manifests: definitions, rights, Service, webhook and Deployment, in a pod of
 * a node. Its release has no way to leave the webhook out, and the pod is the place where its certificates are found.
 */
export const trainingOperator: Workload = {
  namespace,
  rollouts: [`deployment/${name}`],
  drivers: ['native'],
  programs: [name],
  async apply({ access, cluster, definitions }: Place): Promise<void> {
    if (cluster !== undefined) await ensureProgramImage(cluster, name, program);
    // Those of another release have the same names; what the operator comes with is to win.
    await definitions;
    const objects = await readManifests(access);
    await applyObjects(access, objects.filter(isDefinition));
    await until('the definitions of TFJob to be served', 30, () => servesJobs(access));
    await applyObjects(access, objects.filter((object) => !isDefinition(object)).map(asInBed));
    await until('the operator to make its certificates', 120, () => hasCertificates(access));
    // The kubelet looks for new content of a Secret once a minute, or when something about the pod changes.
    await kubectl(access, ['-n', namespace, 'annotate', 'pods', ...pods, '--overwrite', 'testbed/certificates=made']);
  },
  seed: waitForWebhook,
};

async function readManifests(access: Access): Promise<JsonObject[]> {
  const folder = path.join(await goProgramFiles(name), 'overlays', 'standalone');
  const text = await kubectl(access, ['kustomize', folder]);
  const objects = parseAllDocuments(text).map((document) => parseJsonObject(JSON.stringify(document)));
  // The namespace is there already, with the bed's label.
  return objects.filter(({ kind }) => kind !== 'Namespace');
}

const isDefinition = ({ kind }: JsonObject): boolean => kind === 'CustomResourceDefinition';

/** With the image of the bed, and asked more often whether it is ready. */
function asInBed(object: JsonObject): JsonObject {
  if (object['kind'] !== 'Deployment') return object;
  const spec = asObject(object['spec']);
  const template = asObject(spec['template']);
  const pod = asObject(template['spec']);
  const containers = asArray(pod['containers']).map(containerInBed);
  return { ...object, spec: { ...spec, template: { ...template, spec: { ...pod, containers } } } };
}

function containerInBed(container: Json): JsonObject {
  const readinessProbe = { ...asObject(at(container, 'readinessProbe')), initialDelaySeconds: 1, periodSeconds: 1 };
  const resources = { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } };
  return { ...asObject(container), image: programImage(name), readinessProbe, resources };
}

const servesJobs = async (access: Access): Promise<boolean> =>
  (await tryKubectl(access, ['get', 'tfjobs.kubeflow.org', '-A'])).code === 0;

async function hasCertificates(access: Access): Promise<boolean> {
  const data = ['get', 'secret', certificates, '-o', 'jsonpath={.data.tls\\.crt}'];
  const { stdout } = await tryKubectl(access, ['-n', namespace, ...data]);
  return stdout !== '';
}

/** A job without replicas is refused by the webhook and by nobody else. */
async function waitForWebhook(access: Access): Promise<void> {
  const metadata = { name: 'nothing', namespace };
  const spec = { tfReplicaSpecs: { Worker: { template: { spec: { containers: [] } } } } };
  const input = JSON.stringify({ apiVersion: 'kubeflow.org/v1', kind: 'TFJob', metadata, spec });
  const create = ['create', '--dry-run=server', '-f', '-'];
  await until('the webhook of the training operator', 60, async () => {
    const { stderr } = await tryKubectl(access, create, { input });
    return stderr.includes('validator.tfjob.training-operator.kubeflow.org') && stderr.includes('denied the request');
  });
}
