import type { Inflate } from '#core/live/helm/decode.ts';

/**
 * How core meets Helm: the packing of its releases, and the program `helm` where it is installed. The implementation runs the program with
 * its arguments as a list, never through a shell, against the context of the cluster it belongs to.
 */
export interface HelmPort {
  readonly inflate: Inflate;
  /** Packs as gzip. */
  readonly deflate: (bytes: Uint8Array) => Uint8Array;
  /** The program on the PATH of this program and its version; a reason, one sentence, why there is none that can be used. */
  program(this: void): Promise<HelmProgram | string>;
}

export interface HelmProgram {
  readonly version: HelmVersion;
  /** Begins to run it; never rejects. */
  start(this: void, args: readonly string[], options: HelmRunOptions): HelmRun;
}

export interface HelmVersion {
  readonly major: number;
  /** `v3.22.0`. */
  readonly text: string;
}

export interface HelmRunOptions {
  /** Where the releases are kept. */
  readonly driver: 'secret' | 'configmap';
  /** After that it is ended. */
  readonly timeoutMs: number;
}

/** A program that runs, or has ended. */
export interface HelmRun {
  /** Undefined while it runs. */
  readonly result: HelmResult | undefined;
  readonly ended: Promise<HelmResult>;
}

export interface HelmResult {
  /** Undefined when a signal ended it, or when it could not be started. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** Untrusted plain text, without what looks like a login. */
  readonly stderr: string;
}

/** Of `helm version --template '{{.Version}}'`, which is `v3.22` of one built from its sources; undefined for what is no version of Helm. */
export function readHelmVersion(output: string): HelmVersion | undefined {
  const [text = '', major = ''] = /^v(\d{1,3})(?:\.\d{1,4}){1,2}(?:[-+]\S{1,40})?$/.exec(output.trim()) ?? [];
  return text === '' ? undefined : { major: Number(major), text };
}

/** Those whose command line and storage are known here. */
const KNOWN_MAJORS: readonly number[] = [3, 4];

/** Why a version cannot be used, a sentence; undefined when it can. */
export function whyNotUsable(output: string): string | undefined {
  const version = readHelmVersion(output);
  if (!version) return 'The program helm does not tell its version.';
  if (KNOWN_MAJORS.includes(version.major)) return undefined;
  return `The program helm is ${version.text}; versions 3 and 4 are known.`;
}

/** What a rollback is told to the program. */
export interface RollbackCommand {
  readonly release: string;
  readonly namespace: string;
  readonly to: number;
  readonly timeoutMs: number;
}

/**
 * The arguments of `helm rollback`, each a word of its own. Names are those of Kubernetes and cannot begin with a dash, and options are
 * written with their values so that none can be taken for another. Helm 4 would apply on the server's side where an earlier revision was:
 * what is previewed here is the patch of Helm 3, so it is asked for.
 */
export function rollbackArguments({ major }: HelmVersion, command: RollbackCommand): readonly string[] {
  const { release, namespace, to, timeoutMs } = command;
  return [
    'rollback',
    release,
    String(to),
    `--namespace=${namespace}`,
    `--timeout=${Math.round(timeoutMs / 1000)}s`,
    ...(major >= 4 ? ['--server-side=false'] : []),
  ];
}
