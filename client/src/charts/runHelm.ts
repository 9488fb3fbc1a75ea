import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { UserProblem } from '#client/ui/problem.ts';
import { renderArguments, type RenderRequest } from '#core/charts/render/arguments.ts';

const TIME_LIMIT_MS = 30_000;
const OUTPUT_LIMIT = 32 * 1024 * 1024;

/** An address at which nobody listens: where Helm would fetch something, it fails at once. */
const NOWHERE = 'http://127.0.0.1:9';

export interface RenderResult {
  readonly output: string;
  /** What Helm says when it fails; empty when it does not. */
  readonly error: string;
}

/**
 * Renders a chart with the program of Helm: arguments as they are, no shell, no plugins, no cluster, nothing fetched.
 *
 * @param program `helm`, which is looked for on the PATH, or an absolute path
 * @throws UserProblem when there is no such program, or when it takes too long
 */
export function runHelm(program: string, request: RenderRequest): Promise<RenderResult> {
  return new Promise((resolve, reject) => {
    const options = {
      env: environmentOf(process.env),
      cwd: request.folder,
      timeout: TIME_LIMIT_MS,
      maxBuffer: OUTPUT_LIMIT,
      windowsHide: true,
      shell: false,
    };
    execFile(program, renderArguments(request), options, (error, stdout, stderr) => {
      if (!error) resolve({ output: stdout, error: '' });
      else if (error.code === 'ENOENT' || error.code === 'EACCES') reject(absentProblem(program));
      else if (error.killed === true) {
        const seconds = TIME_LIMIT_MS / 1000;
        reject(new UserProblem(`Helm did not finish within ${seconds} seconds, or printed too much.`, ''));
      } else resolve({ output: stdout, error: stderr === '' ? error.message : stderr });
    });
  });
}

function absentProblem(program: string): UserProblem {
  return new UserProblem(
    `The program ${program} cannot be started.`,
    'Install Helm 3, or name its program in the setting dataClusters.helmPath.',
  );
}

/** The environment of the editor without what leads to a cluster, to plugins or out of this machine. */
export function environmentOf(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !/^(?:HELM_|KUBE|(?:https?|all|no)_proxy$)/i.test(name));
  return {
    ...Object.fromEntries(kept),
    KUBECONFIG: devNull,
    HELM_NO_PLUGINS: '1',
    HTTP_PROXY: NOWHERE,
    HTTPS_PROXY: NOWHERE,
    http_proxy: NOWHERE,
    https_proxy: NOWHERE,
  };
}
