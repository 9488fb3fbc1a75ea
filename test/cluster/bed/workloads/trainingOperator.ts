import path from 'node:path';
import { until } from '../commands.ts';
import type { JsonObject } from '../json.ts';
import { applyObjects, tryKubectl, type Access } from '../kubectl.ts';
import { goProgramFiles } from '../native/goPrograms.ts';
import { ensureProgramImage } from '../native/images/programImage.ts';
import { inBed, isDefinition, kustomized, untilCertified } from './operatorManifests.ts';
import type { Place, Workload } from './workload.ts';

const name = 'training-operator';
/** As its own manifests have it. */
const namespace = 'kubeflow';
const certificates = 'training-operator-webhook-cert';
const pods = 'control-plane=kubeflow-training-operator';
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
    await applyObjects(
      access,
      objects.filter((object) => !isDefinition(object)).map((object) => inBed(object, name)),
    );
    await untilCertified(access, namespace, pods, certificates);
  },
  seed: waitForWebhook,
};

const readManifests = async (access: Access): Promise<JsonObject[]> =>
  kustomized(access, path.join(await goProgramFiles(name), 'overlays', 'standalone'));

const servesJobs = async (access: Access): Promise<boolean> =>
  (await tryKubectl(access, ['get', 'tfjobs.kubeflow.org', '-A'])).code === 0;

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
