import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import type { Access } from '../bed/kubectl.ts';

export interface PortForward {
  /** On loopback. */
  readonly port: number;
  close(this: void): Promise<void>;
}

/** A port of a pod on this machine, as `kubectl port-forward` gives it. Works with every kind of cluster. */
export async function forwardPort(access: Access, namespace: string, pod: string, port: number): Promise<PortForward> {
  const args = ['-n', namespace, 'port-forward', '--address', '127.0.0.1', `pod/${pod}`, `:${port}`];
  const env = { ...process.env, KUBECONFIG: access.kubeconfig };
  const child = spawn(access.program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (said += String(text)));
  const signal = AbortSignal.timeout(20_000);
  try {
    for (;;) {
      const local = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (local !== undefined) return { port: Number(local), close };
      if (child.exitCode !== null) throw new Error(`kubectl port-forward ended with ${child.exitCode}: ${said}`);
      await Promise.race([once(child.stdout, 'data', { signal }), once(child, 'exit', { signal })]);
    }
  } catch (error) {
    await close();
    throw error;
  }
}
