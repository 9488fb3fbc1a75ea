import { asArray, parseJsonObject, type Json, type JsonObject } from '../bed/json.ts';
import { kubectl, tryKubectl, type Access } from '../bed/kubectl.ts';
import type { MarkedCluster } from '../bed/mark.ts';
import type { Output, RunOptions } from '../bed/commands.ts';
import type { WorkloadName } from '../bed/workloads/deploy.ts';

/** The cluster under test. */
export interface TestCluster {
  readonly access: Access;
  readonly mark: MarkedCluster;
  readonly workloads: readonly WorkloadName[];
  /** Prints a figure that a reader of the run wants to see. */
  readonly note: (text: string) => void;
}

export interface LiveTest {
  /** A sentence that is true when the test passes. */
  readonly title: string;
  /** Why it cannot run here; it is then counted as skipped. */
  readonly skippedBecause?: (cluster: TestCluster) => string | undefined;
  readonly run: (cluster: TestCluster) => Promise<void>;
}

export interface Suite {
  readonly name: string;
  /** What must run in the cluster. */
  readonly needs: readonly WorkloadName[];
  /** Left out, unless named, when what it needs is not deployed. Any other suite then fails. */
  readonly optional?: boolean;
  /** Takes minutes: left out unless named. */
  readonly isLong?: boolean;
  readonly tests: readonly LiveTest[];
}

export const control = ({ access }: Pick<TestCluster, 'access'>, ...args: string[]): Promise<string> =>
  kubectl(access, args);

export const tryControl = (cluster: TestCluster, args: readonly string[], options: RunOptions = {}): Promise<Output> =>
  tryKubectl(cluster.access, args, options);

/** One object, or a list of them, as JSON. */
export const read = async (cluster: TestCluster, ...args: string[]): Promise<JsonObject> =>
  parseJsonObject(await control(cluster, 'get', ...args, '-o', 'json'));

export const readItems = async (cluster: TestCluster, ...args: string[]): Promise<readonly Json[]> =>
  asArray((await read(cluster, ...args))['items']);

/** Runs a command in a pod. */
export const inPod = (cluster: TestCluster, namespace: string, pod: string, ...command: string[]): Promise<string> =>
  control(cluster, '-n', namespace, 'exec', pod, '--', ...command);
