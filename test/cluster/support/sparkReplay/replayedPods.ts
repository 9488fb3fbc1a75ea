import { readFileSync } from 'node:fs';
import type { JsonObject } from '#core/json.ts';
import { nameOf, ownedBy } from './replayApi.ts';

const image = 'data-clusters.local/spark:bed';
const program = readFileSync(new URL('programs.py', import.meta.url), 'utf8');

/** How long what never ends by itself is kept. */
export const ENDLESS = 100_000;
export const UI_PORT = 4040;

export interface PodWish {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly container: string;
  /** Of programs.py. */
  readonly args: readonly string[];
  readonly owner?: JsonObject;
  readonly env?: Readonly<Record<string, string>>;
  /** With the hook that Spark adds when decommissioning is on. */
  readonly isDecommissioned?: boolean;
  readonly port?: number;
}

/** A pod with a real process that says nothing of Spark but its labels. */
export function podOf(wish: PodWish): JsonObject {
  const { name, labels, owner } = wish;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels, ...(owner === undefined ? {} : { ownerReferences: ownedBy(owner) }) },
    spec: podSpecOf(wish),
  };
}

export function podSpecOf({ container, args, env = {}, isDecommissioned = false, port }: PodWish): JsonObject {
  const hook = { lifecycle: { preStop: { exec: { command: ['/opt/decom.sh'] } } } };
  return {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: isDecommissioned ? 35 : 1,
    containers: [
      {
        name: container,
        image,
        command: ['python3', '-c', program, ...args],
        env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
        resources: { requests: { cpu: '10m', memory: '16Mi' } },
        ...(port === undefined ? {} : { ports: [{ name: 'web', containerPort: port }] }),
        ...(isDecommissioned ? hook : {}),
      },
    ],
  };
}

/** A driver that ends after a time with a code; without arguments it goes on. */
export const driverArgs = ([seconds = String(ENDLESS), code = '0']: readonly string[]): readonly string[] => [
  'keep',
  String(UI_PORT),
  seconds,
  code,
];

export interface ExecutorWish {
  readonly driver: JsonObject;
  readonly driverIp: string;
  readonly id: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly isDecommissioned: boolean;
}

/** Owned by its driver, as Spark makes it. */
export const executorOf = ({ driver, driverIp, id, labels, isDecommissioned }: ExecutorWish): JsonObject =>
  podOf({
    name: `${nameOf(driver).replace(/-(?:driver|server)$/, '')}-exec-${id}`,
    labels: { ...labels, 'spark-role': 'executor', 'spark-exec-id': String(id) },
    container: 'spark-kubernetes-executor',
    args: ['report', `http://${driverIp}:${UI_PORT}`, String(id)],
    owner: driver,
    isDecommissioned,
  });
