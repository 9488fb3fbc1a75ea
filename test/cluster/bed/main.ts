// The local test bed: a real Kubernetes cluster that tests may break.
//   up [kafka] [cassandra]     bring it up, with both systems unless some are named
//   down                       take it down; nothing is left but the caches
//   status                     what runs
// Options:
//   --control-plane-only       API server, controllers and definitions, no nodes: seconds, and no root
//   --kubernetes MINOR         1.34 (default), or 1.33 with --control-plane-only
//   --strimzi RELEASE          which generation of Strimzi's definitions, such as 1.2.0
//   --install                  install missing Debian packages (always when CI is set)
//   --keep                     down: keep the disks, so that the same cluster comes back
import process from 'node:process';
import { parseArgs } from 'node:util';
import { controlPlaneCluster, fullCluster, kubeconfigOf, type Cluster } from './cluster.ts';
import { accessTo } from './native/access.ts';
import { takeDown } from './native/down.ts';
import { BedUnavailable } from './native/requirements.ts';
import { bringUp } from './native/up.ts';
import { createProgress } from './progress.ts';
import { printStatus } from './status.ts';
import { minors, nodeMinor, type KubernetesMinor } from './versions.ts';
import { defaultWorkloads, deployWorkloads, isWorkload, workloadNames, type WorkloadName } from './workloads/deploy.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'control-plane-only': { type: 'boolean', default: false },
    kubernetes: { type: 'string', default: nodeMinor },
    strimzi: { type: 'string' },
    install: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

/** Exit code for a machine that cannot carry the bed, so that nobody takes it for a failed test. */
const unavailable = 3;

try {
  await main(positionals[0]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof BedUnavailable ? unavailable : 1;
}

async function main(command: string | undefined): Promise<void> {
  const cluster = chosenCluster();
  switch (command) {
    case 'up':
      return up(cluster);
    case 'down':
      return takeDown(cluster, { keep: options.keep }, createProgress());
    case 'status':
      return printStatus((line) => process.stdout.write(`${line}\n`));
    case undefined:
    default:
      throw new Error('Say up, down or status.');
  }
}

function chosenCluster(): Cluster {
  const minor = minors.find((known) => known === options.kubernetes);
  if (minor === undefined)
    throw new Error(`Kubernetes ${options.kubernetes} is not pinned. There are: ${minors.join(', ')}.`);
  return options['control-plane-only'] ? controlPlaneCluster(minor) : clusterWithNodes(minor);
}

function clusterWithNodes(minor: KubernetesMinor): Cluster {
  if (minor === nodeMinor) return fullCluster(minor);
  throw new Error(`Nodes run Kubernetes ${nodeMinor} only. Add --control-plane-only for ${minor}.`);
}

function chosenWorkloads(): readonly WorkloadName[] {
  const names = positionals.slice(1);
  const unknown = names.filter((name) => !isWorkload(name));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}. There are: ${workloadNames.join(', ')}.`);
  return names.length === 0 ? defaultWorkloads : names.filter(isWorkload);
}

async function up(cluster: Cluster): Promise<void> {
  const install = options.install || process.env['CI'] !== undefined;
  const progress = createProgress();
  const strimzi = options.strimzi === undefined ? {} : { strimzi: options.strimzi };
  await bringUp(cluster, { install, ...strimzi }, progress);
  if (cluster.hasNodes) await deployWorkloads(await accessTo(cluster), 'native', chosenWorkloads(), progress);
  process.stdout.write(`\nexport KUBECONFIG=${kubeconfigOf(cluster)}\n`);
}
