import process from 'node:process';
import { inProject } from '../../../../scripts/editor/paths.mjs';
import { run, tryRun } from '../commands.ts';
import type { Access } from '../kubectl.ts';
import { goProgram } from '../native/goPrograms.ts';
import type { Place, Workload } from './workload.ts';

/** Where the release of the bed is. */
export const ledger = { namespace: 'helm', name: 'ledger' } as const;

export const ledgerChart = inProject('test', 'fixtures', 'charts', 'ledger');

/** What is set in each revision, one after the other. */
const revisions: readonly (readonly string[])[] = [
  ['auth.password=opening-balance'],
  ['auth.password=opening-balance', 'settings.retention=30d', 'settings.compression=zstd'],
  ['auth.password=closing-balance', 'settings.retention=30d', 'replicas=2'],
];

/** A release that the real Helm has installed and upgraded twice. */
export const helmReleases: Workload = {
  namespace: ledger.namespace,
  rollouts: [`statefulset/${ledger.name}`],
  drivers: ['native'],
  programs: ['helm'],
  async apply({ access }: Place): Promise<void> {
    const target = ['-n', ledger.namespace, ledger.name];
    const { code } = await tryHelm(access, ['status', ...target]);
    if (code === 0) return;
    for (const settings of revisions) {
      const set = settings.flatMap((one) => ['--set', one]);
      await helm(access, ['upgrade', '--install', '--create-namespace', ...target, ledgerChart, ...set]);
    }
  },
};

/** Runs Helm as administrator; throws when it fails. */
export const helm = async (access: Access, args: readonly string[]): Promise<string> =>
  run(await goProgram('helm'), args, helmOptions(access));

/** The same for a call that may fail. */
const tryHelm = async (access: Access, args: readonly string[]): ReturnType<typeof tryRun> =>
  tryRun(await goProgram('helm'), args, helmOptions(access));

/** Nothing of Helm's own configuration on this machine may count. */
const helmOptions = ({ kubeconfig }: Access): { readonly env: NodeJS.ProcessEnv } => ({
  env: { ...process.env, KUBECONFIG: kubeconfig, HELM_NAMESPACE: '', HELM_DRIVER: 'secret', HELM_PLUGINS: '/nowhere' },
});
