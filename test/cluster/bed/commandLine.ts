import process from 'node:process';
import { parseArgs } from 'node:util';
import { controlPlaneCluster, fullCluster, possibleNodes, type Cluster, type NodeNumber } from './cluster.ts';
import { dockerAnswers } from './kind/driver.ts';
import type { DriverName } from './mark.ts';
import { minors, nodeMinor, type KubernetesMinor } from './versions.ts';
import { defaultWorkloads, isWorkload, runsOn, workloadNames, type WorkloadName } from './workloads/deploy.ts';

const commands = ['up', 'down', 'status', 'node-up', 'node-down', 'cycles'] as const;
export type Command = (typeof commands)[number];

/** What the caller wants, checked. */
export interface Wish {
  readonly command: Command;
  readonly cluster: Cluster;
  readonly driver: DriverName;
  readonly install: boolean;
  readonly keep: boolean;
  readonly times: number;
  readonly strimzi?: string;
  readonly workloads: readonly WorkloadName[];
  /** Of the node commands. */
  readonly node: NodeNumber | undefined;
}

export async function readCommandLine(args: readonly string[]): Promise<Wish> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      driver: { type: 'string' },
      'control-plane-only': { type: 'boolean', default: false },
      kubernetes: { type: 'string', default: nodeMinor },
      strimzi: { type: 'string' },
      install: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      times: { type: 'string', default: '20' },
    },
  });
  const [first, ...rest] = positionals;
  const command = readCommand(first);
  const controlPlaneOnly = values['control-plane-only'];
  const driver = controlPlaneOnly ? 'native' : await readDriver(values.driver);
  return {
    command,
    cluster: readCluster(values.kubernetes, controlPlaneOnly),
    driver,
    install: values.install || process.env['CI'] !== undefined,
    keep: values.keep,
    times: readTimes(values.times),
    ...(values.strimzi === undefined ? {} : { strimzi: values.strimzi }),
    workloads: command === 'up' || command === 'cycles' ? readWorkloads(rest, driver) : [],
    node: command === 'node-up' || command === 'node-down' ? readNode(rest[0]) : undefined,
  };
}

function readCommand(word: string | undefined): Command {
  const command = commands.find((known) => known === word);
  if (command === undefined) throw new Error(`Say one of: ${commands.join(', ')}.`);
  return command;
}

function readCluster(version: string, controlPlaneOnly: boolean): Cluster {
  const minor = minors.find((known) => known === version);
  if (minor === undefined) throw new Error(`Kubernetes ${version} is not pinned. There are: ${minors.join(', ')}.`);
  return controlPlaneOnly ? controlPlaneCluster(minor) : clusterWithNodes(minor);
}

function clusterWithNodes(minor: KubernetesMinor): Cluster {
  if (minor === nodeMinor) return fullCluster(minor);
  throw new Error(`Nodes run Kubernetes ${nodeMinor} only. Add --control-plane-only for ${minor}.`);
}

/** Where Docker answers, kind needs neither root nor a compiler; elsewhere the machine itself carries the nodes. */
async function readDriver(name: string | undefined): Promise<DriverName> {
  if (name === undefined) return (await dockerAnswers()) ? 'kind' : 'native';
  if (name === 'native' || name === 'kind') return name;
  throw new Error(`There is no driver ${name}. There are: native, kind.`);
}

function readTimes(text: string): number {
  const times = Number(text);
  if (Number.isInteger(times) && times >= 1 && times <= 100) return times;
  throw new Error('--times takes a number from 1 to 100.');
}

function readNode(text: string | undefined): NodeNumber {
  const node = possibleNodes.find((number) => String(number) === text);
  if (node === undefined) throw new Error(`Say which node, a number from 1 to ${possibleNodes.length}.`);
  return node;
}

function readWorkloads(names: readonly string[], driver: DriverName): readonly WorkloadName[] {
  const unknown = names.filter((name) => !isWorkload(name));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}. There are: ${workloadNames.join(', ')}.`);
  const elsewhere = names.filter((name) => isWorkload(name) && !runsOn(name, driver));
  if (elsewhere.length > 0) throw new Error(`${elsewhere.join(', ')}: only with --driver native.`);
  return names.length === 0 ? defaultWorkloads : names.filter(isWorkload);
}
