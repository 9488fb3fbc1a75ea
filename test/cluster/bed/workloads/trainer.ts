import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '../commands.ts';
import { asText, at, type JsonObject } from '../json.ts';
import { applyObjects, tryKubectl, type Access } from '../kubectl.ts';
import { goProgramFiles, type GoProgramName } from '../native/goPrograms.ts';
import { ensureProgramImage } from '../native/images/programImage.ts';
import { versions } from '../versions.ts';
import { inBed, isDefinition, kustomized, untilCertified } from './operatorManifests.ts';
import type { Place, Workload } from './workload.ts';

/** As the manifests of the trainer have it, also for JobSet. */
const namespace = 'kubeflow-system';
/** Where the manifests of both expect the program in the image. */
const program = '/manager';

interface Manager {
  readonly deployment: string;
  readonly program: GoProgramName;
  /** Labels of its pods. */
  readonly pods: string;
  /** The Secret of its webhooks. */
  readonly certificates: string;
}

const managers: readonly Manager[] = [
  {
    deployment: 'kubeflow-trainer-controller-manager',
    program: 'trainer-controller-manager',
    pods: 'app.kubernetes.io/name=trainer',
    certificates: 'kubeflow-trainer-webhook-cert',
  },
  {
    deployment: 'jobset-controller-manager',
    program: 'jobset',
    pods: 'control-plane=controller-manager',
    certificates: 'jobset-webhook-server-cert',
  },
];

/**
 * The Kubeflow trainer by the overlay with which it is installed, and with it JobSet, which runs what the trainer makes: definitions,
 * rights, Services, webhooks and Deployments, in pods of the nodes. Both make the certificates of their webhooks themselves.
 */
export const trainer: Workload = {
  namespace,
  rollouts: managers.map(({ deployment }) => `deployment/${deployment}`),
  drivers: ['native'],
  programs: managers.map((manager) => manager.program),
  async apply({ access, cluster, definitions }: Place): Promise<void> {
    if (cluster !== undefined) for (const one of managers) await ensureProgramImage(cluster, one.program, program);
    // Those of another release have the same names; what the operator comes with is to win.
    await definitions;
    const objects = await readManifests(access);
    await applyObjects(access, objects.filter(isDefinition));
    await until('the definitions of TrainJob and JobSet to be served', 30, () => servesJobs(access));
    await applyObjects(access, objects.filter((object) => !isDefinition(object)).map(managerInBed));
    await Promise.all(managers.map((one) => untilCertified(access, namespace, one.pods, one.certificates)));
  },
  seed: waitForWebhooks,
};

/** The overlay takes JobSet from a published file; its module has the folder that this file is made from. */
async function readManifests(access: Access): Promise<JsonObject[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'data-clusters-trainer-'));
  try {
    await cp(await goProgramFiles('trainer-controller-manager'), path.join(folder, 'trainer'), { recursive: true });
    await cp(await goProgramFiles('jobset'), path.join(folder, 'jobset'), { recursive: true });
    await useModuleOfJobSet(path.join(folder, 'trainer', 'third-party', 'jobset', 'kustomization.yaml'));
    return await kustomized(access, path.join(folder, 'trainer', 'overlays', 'manager'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function useModuleOfJobSet(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const published = /https:\/\/\S+\/v([\d.]+)\/manifests\.yaml/.exec(text);
  if (published?.[1] !== versions.jobset)
    throw new Error(`The manifests of the trainer do not name JobSet ${versions.jobset}.`);
  await writeFile(file, text.replace(published[0], '../../../jobset/default'));
}

function managerInBed(object: JsonObject): JsonObject {
  const manager = managers.find(({ deployment }) => deployment === asText(at(object, 'metadata', 'name')));
  return manager === undefined ? object : inBed(object, manager.program);
}

async function servesJobs(access: Access): Promise<boolean> {
  const kinds = [
    'trainjobs.trainer.kubeflow.org',
    'clustertrainingruntimes.trainer.kubeflow.org',
    'jobsets.jobset.x-k8s.io',
  ];
  const answers = await Promise.all(kinds.map((kind) => tryKubectl(access, ['get', kind, '-A'])));
  return answers.every(({ code }) => code === 0);
}

/** Each is refused by the webhook and by nobody else. */
const refusals: readonly (readonly [webhook: string, object: JsonObject])[] = [
  [
    'validator.trainjob.trainer.kubeflow.org',
    {
      apiVersion: 'trainer.kubeflow.org/v1alpha1',
      kind: 'TrainJob',
      metadata: { name: 'nothing', namespace },
      spec: { runtimeRef: { name: 'nothing' } },
    },
  ],
  [
    'vjobset.kb.io',
    {
      apiVersion: 'jobset.x-k8s.io/v1alpha2',
      kind: 'JobSet',
      metadata: { name: 'nothing', namespace },
      spec: { successPolicy: { operator: 'All', targetReplicatedJobs: ['nothing'] }, replicatedJobs: [] },
    },
  ],
];

async function waitForWebhooks(access: Access): Promise<void> {
  for (const [webhook, object] of refusals) {
    await until(`the webhook ${webhook}`, 60, async () => {
      const input = JSON.stringify(object);
      const { stderr } = await tryKubectl(access, ['create', '--dry-run=server', '-f', '-'], { input });
      return stderr.includes(webhook) && stderr.includes('denied the request');
    });
  }
}
