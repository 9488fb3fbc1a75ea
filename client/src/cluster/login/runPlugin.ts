import { spawn, type ChildProcess } from 'node:child_process';
import { ClusterProblem, type Clock } from '#core/live/ports.ts';
import type { ExecEntry } from '../kubeconfig/entries.ts';
import { codeOf } from '../kubeconfig/loadKubeconfig.ts';
import { plainText, withoutSecrets } from '../plainText.ts';

/** Far above any credential; in characters. */
const maximumOutput = 1_000_000;
/** Between the polite and the other way of ending a plugin. */
const graceMs = 2_000;

export interface PluginRun {
  /** For messages only. */
  readonly user: string;
  readonly entry: ExecEntry;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What the plugin tells the user while it runs. */
  readonly onMessage: (text: string) => void;
}

/**
 * What a login plugin prints on its standard output.
 * @throws ClusterProblem of kind `login`, or `cancelled` when the signal ends it
 */
export function runPlugin(run: PluginRun): Promise<string> {
  return new Promise((resolve, reject) => {
    const { entry, environment, clock, timeoutMs, signal } = run;
    const child = spawn(entry.command, entry.args, {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const said = { stdout: '', stderr: '' };
    const settle = (finish: () => void): void => {
      timer.stop();
      signal.removeEventListener('abort', cancel);
      finish();
    };
    const fail = (problem: ClusterProblem): void => settle(() => reject(problem));
    const cancel = (): void => {
      end(child, clock);
      fail(new ClusterProblem('cancelled', 'The login was given up.'));
    };
    const timer = clock.after(timeoutMs, () => {
      end(child, clock);
      fail(pluginProblem(run, `did not finish within ${Math.round(timeoutMs / 1000)} seconds`, said.stderr));
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said.stdout.length <= maximumOutput) said.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr = (said.stderr + text).slice(-8000);
      const message = plainText(text);
      if (message !== '') run.onMessage(message);
    });
    child.once('error', (error) => fail(startProblem(run, error)));
    child.once('close', (code) => {
      if (code === 0 && said.stdout.length <= maximumOutput) return settle(() => resolve(said.stdout));
      const how = code === 0 ? 'printed too much' : `ended with ${code === null ? 'a signal' : `exit code ${code}`}`;
      fail(pluginProblem(run, how, said.stderr));
    });
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel);
  });
}

function end(child: ChildProcess, clock: Clock): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.kill('SIGTERM');
  const last = clock.after(graceMs, () => child.kill('SIGKILL'));
  child.once('exit', () => last.stop());
}

function startProblem(run: PluginRun, error: Error): ClusterProblem {
  const code = codeOf(error);
  const how =
    code === 'ENOENT'
      ? 'is not installed, or not on the PATH of this program'
      : code === 'EACCES'
        ? 'may not be executed'
        : `cannot be started (${code ?? 'unknown'})`;
  return pluginProblem(run, how, '');
}

/** A sentence with the plugin's own last words and the hint of the kubeconfig. */
export function pluginProblem(
  { user, entry }: Pick<PluginRun, 'user' | 'entry'>,
  how: string,
  stderr: string,
): ClusterProblem {
  const words = withoutSecrets(stderr, 600);
  const hint = entry.installHint === undefined ? '' : ` ${plainText(entry.installHint, 600)}`;
  const said = words === '' ? '' : ` It says: ${words}`;
  return new ClusterProblem('login', `The login plugin ${entry.command} of the user ${user} ${how}.${said}${hint}`);
}
