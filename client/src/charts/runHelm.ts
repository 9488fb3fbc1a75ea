import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import path from 'node:path';
import { findProgram } from '#client/cluster/helm/findProgram.ts';
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
 * @param program an absolute path, or a name that is looked for in the absolute folders of the PATH, never in the workspace
 * @throws UserProblem when there is no such program, or when it takes too long
 */
export async function runHelm(program: string, request: RenderRequest): Promise<RenderResult> {
  const file = path.isAbsolute(program) ? program : await findProgram(program, process.env);
  if (file === undefined) throw absentProblem(program);
  return render(file, request);
}

function render(program: string, request: RenderRequest): Promise<RenderResult> {
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
