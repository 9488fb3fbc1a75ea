import { delimiter } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readHelmVersion, whyNotUsable, type HelmPort, type HelmProgram } from '#core/live/helm/program.ts';
import type { Clock } from '#core/live/ports.ts';
import { findProgram, type Environment } from './findProgram.ts';
import { startProgram } from './runProgram.ts';

export interface HelmPortOptions {
  /** Name of the context in the kubeconfig files. */
  readonly context: string;
  /** The files that count now. */
  readonly kubeconfigs: () => readonly string[];
  readonly environment: Environment;
  readonly clock: Clock;
}

/** It starts at once or not at all. */
const VERSION_MS = 15_000;

/** Packing and unpacking, and no program: for clusters that no program could reach. */
export function helmWithoutProgram(reason: string): HelmPort {
  return { ...packing, program: () => Promise.resolve(reason) };
}

const packing: Pick<HelmPort, 'inflate' | 'deflate'> = {
  inflate: (gzip, maxOutputLength) => gunzipSync(gzip, { maxOutputLength }),
  deflate: (bytes) => gzipSync(bytes, { level: 9 }),
};

/** Helm as the context of a kubeconfig sees it. Nothing is run before somebody asks for the program. */
export function createHelmPort(options: HelmPortOptions): HelmPort {
  return { ...packing, program: () => findHelm(options) };
}

async function findHelm({ context, kubeconfigs, environment, clock }: HelmPortOptions): Promise<HelmProgram | string> {
  const file = await findProgram('helm', environment);
  if (file === undefined) return 'The program helm is not on the PATH of this program.';
  const own = ownEnvironment(environment, kubeconfigs());
  const asked = startProgram({
    file,
    args: ['version', '--template={{.Version}}'],
    environment: own,
    timeoutMs: VERSION_MS,
    clock,
  });
  const { stdout } = await asked.ended;
  const version = readHelmVersion(stdout);
  const reason = whyNotUsable(stdout);
  if (reason !== undefined || !version) return reason ?? 'The program helm does not tell its version.';
  return {
    version,
    start: (args, { driver, timeoutMs }) =>
      startProgram({
        file,
        args: [...args, `--kube-context=${context}`],
        environment: { ...own, HELM_DRIVER: driver },
        timeoutMs,
        clock,
      }),
  };
}

/** Variables by which Helm would reach another cluster, or another namespace, than the context says. */
const LEADING_ELSEWHERE = /^(?:HELM_KUBE|HELM_NAMESPACE$|HELM_DRIVER|HELM_DEBUG$)/i;

function ownEnvironment(environment: Environment, kubeconfigs: readonly string[]): Environment {
  const kept = Object.entries(environment).filter(([name]) => !LEADING_ELSEWHERE.test(name));
  return { ...Object.fromEntries(kept), KUBECONFIG: kubeconfigs.join(delimiter) };
}
