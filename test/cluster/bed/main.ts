// The local test bed: a real Kubernetes cluster that tests may break.
//   up [kafka] [cassandra]     bring it up, with both systems unless some are named
//   down                       take it down; nothing is left but the caches
//   status                     what runs
//   node-up N, node-down N     power a node on or off as if by its plug; a fourth to a sixth node may be added so
//   cycles                     up and down, again and again, and whether the machine is as it was each time
// Options:
//   --control-plane-only       API server, controllers and definitions, no nodes: seconds, and no root
//   --kubernetes MINOR         1.34 (default), or 1.33 with --control-plane-only
//   --strimzi RELEASE          which generation of Strimzi's definitions, such as 1.2.0
//   --install                  install missing Debian packages (always when CI is set)
//   --times N                  cycles: how often (default 20)
//   --keep                     down: keep the disks, so that the same cluster comes back
import process from 'node:process';
import { parseArgs } from 'node:util';
import {
  controlPlaneCluster,
  fullCluster,
  kubeconfigOf,
  possibleNodes,
  type Cluster,
  type NodeNumber,
} from './cluster.ts';
import { runCycles } from './native/cycles.ts';
import { takeDown } from './native/down.ts';
import { startNodes, stopNode } from './native/nodes.ts';
import { BedUnavailable } from './native/requirements.ts';
import { bringUp } from './native/up.ts';
import { provideVolumes } from './native/volumes.ts';
import { createProgress, type Progress } from './progress.ts';
import { printStatus } from './status.ts';
import { minors, nodeMinor, type KubernetesMinor } from './versions.ts';
import { defaultWorkloads, isWorkload, workloadNames, type WorkloadName } from './workloads/deploy.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'control-plane-only': { type: 'boolean', default: false },
    kubernetes: { type: 'string', default: nodeMinor },
    strimzi: { type: 'string' },
    install: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    times: { type: 'string', default: '20' },
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
      await up(cluster, createProgress());
      process.stdout.write(`\nexport KUBECONFIG=${kubeconfigOf(cluster)}\n`);
      return;
    case 'down':
      return takeDown(cluster, { keep: options.keep }, createProgress());
    case 'node-up':
      return powerOn(cluster, chosenNode());
    case 'node-down':
      return stopNode(cluster, chosenNode());
    case 'cycles':
      return cycles(cluster);
    case 'status':
      return printStatus((line) => process.stdout.write(`${line}\n`));
    case undefined:
    default:
      throw new Error('Say up, down, status, node-up, node-down or cycles.');
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

function chosenNode(): NodeNumber {
  const node = possibleNodes.find((number) => String(number) === positionals[1]);
  if (node === undefined) throw new Error(`Say which node, a number from 1 to ${possibleNodes.length}.`);
  return node;
}

async function powerOn(cluster: Cluster, node: NodeNumber): Promise<void> {
  await startNodes(cluster, [node]);
  await provideVolumes(cluster, [node]);
}

function chosenWorkloads(): readonly WorkloadName[] {
  const names = positionals.slice(1);
  const unknown = names.filter((name) => !isWorkload(name));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}. There are: ${workloadNames.join(', ')}.`);
  return names.length === 0 ? defaultWorkloads : names.filter(isWorkload);
}

async function up(cluster: Cluster, progress: Progress): Promise<void> {
  const install = options.install || process.env['CI'] !== undefined;
  const strimzi = options.strimzi === undefined ? {} : { strimzi: options.strimzi };
  await bringUp(cluster, { install, ...strimzi, workloads: chosenWorkloads() }, progress);
}

/** A cycle counts as failed when anything came or went. */
async function cycles(cluster: Cluster): Promise<void> {
  const times = Number(options.times);
  if (!Number.isInteger(times) || times < 1 || times > 100) throw new Error('--times takes a number from 1 to 100.');
  const leaks = await runCycles(cluster, times, (progress) => up(cluster, progress));
  process.stdout.write(`${times - leaks} passed, ${leaks} failed\n`);
  process.exitCode = leaks === 0 ? 0 : 1;
}
