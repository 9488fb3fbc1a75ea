import { ClusterProblem, type Clock, type ExecRequest, type ExecResult } from '#core/live/ports.ts';
import type { Cancellation } from '#core/ports.ts';
import { pathOfPod } from '../api/urls.ts';
import { cancelled } from '../transport/signals.ts';
import type { Transport } from '../transport/transport.ts';
import type { WebSocketLink } from '../transport/webSocket.ts';
import { channel, commandProtocols, message, openStream, readStatus } from './channels.ts';

const usualBytes = 4_000_000;
/** How often a cancellation is asked for. */
const askEveryMs = 100;
/** A frame of standard input; API servers take at most 1 MB. */
const stdinBytes = 32_000;

/** Runs a command to its end. @throws ClusterProblem when it cannot be run or does not end in time */
export async function execute(
  transport: Transport,
  clock: Clock,
  request: ExecRequest,
  cancellation: Cancellation | undefined,
): Promise<ExecResult> {
  const run = new CommandRun(request.maxBytes ?? usualBytes);
  const path = pathOfPod(request.namespace, request.pod, 'exec', {
    container: request.container,
    command: request.command,
    stdin: request.stdin === undefined ? undefined : true,
    stdout: true,
    stderr: true,
  });
  const timer = clock.after(request.timeoutMs, () => run.fail(tooSlow(request)));
  const stopAsking = askFor(cancellation, clock, () => run.fail(cancelled()));
  try {
    const link = await run.unlessOver(openStream(transport, path, commandProtocols, run.handlers, run.signal));
    if (request.stdin !== undefined) sendInput(link, request, run);
    return await run.result.finally(() => link.close());
  } finally {
    timer.stop();
    stopAsking();
  }
}

function sendInput(link: WebSocketLink, { stdin = '', isStdinOpenEnded = false }: ExecRequest, run: CommandRun): void {
  const canEnd = link.protocol === commandProtocols[0];
  if (!canEnd && !isStdinOpenEnded) return run.fail(noEndOfInput());
  const bytes = Buffer.from(stdin);
  for (let start = 0; start < bytes.length; start += stdinBytes) {
    link.send(message(channel.stdin, bytes.subarray(start, start + stdinBytes)));
  }
  if (canEnd) link.send(message(channel.close, Buffer.from([channel.stdin])));
}

/** Collects what a command says until it ends, one way or another. */
class CommandRun {
  readonly result: Promise<ExecResult>;
  readonly #over = new AbortController();
  readonly #output = { [channel.stdout]: [] as Buffer[], [channel.stderr]: [] as Buffer[] };
  readonly #limit: number;
  #length = 0;
  #isCut = false;
  #resolve: (result: ExecResult) => void = () => undefined;
  #reject: (problem: ClusterProblem) => void = () => undefined;

  constructor(limit: number) {
    this.#limit = limit;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.result.catch(() => undefined);
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  readonly handlers = {
    message: (data: Buffer): void => {
      const kind = data[0];
      if (kind === channel.status) this.#end(readStatus(data.subarray(1).toString('utf8')));
      else if (kind === channel.stdout || kind === channel.stderr) this.#keep(kind, data.subarray(1));
    },
    closed: ({ reason }: { readonly reason: string }): void => this.fail(broken(reason)),
  };

  fail(problem: ClusterProblem): void {
    this.#reject(problem);
    this.#over.abort(problem);
  }

  /** What was awaited, or the problem that came before it. */
  async unlessOver<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (this.signal.aborted) await this.result;
      throw error;
    }
  }

  #keep(kind: 1 | 2, data: Buffer): void {
    const room = this.#limit - this.#length;
    if (data.length > room) this.#isCut = true;
    // A copy: the message is a part of a larger buffer.
    if (room > 0) this.#output[kind].push(Buffer.from(data.subarray(0, room)));
    this.#length += Math.min(data.length, Math.max(room, 0));
  }

  #end(end: number | ClusterProblem): void {
    if (typeof end !== 'number') return this.fail(end);
    const [stdout, stderr] = [channel.stdout, channel.stderr].map((kind) =>
      Buffer.concat(this.#output[kind]).toString('utf8'),
    );
    this.#resolve({ exitCode: end, stdout: stdout ?? '', stderr: stderr ?? '', isCut: this.#isCut });
  }
}

function askFor(cancellation: Cancellation | undefined, clock: Clock, cancel: () => void): () => void {
  if (cancellation === undefined) return () => undefined;
  let timer = { stop: (): void => undefined };
  const ask = (): void => {
    if (cancellation.isCancellationRequested) cancel();
    else timer = clock.after(askEveryMs, ask);
  };
  ask();
  return () => timer.stop();
}

const tooSlow = ({ pod, timeoutMs }: ExecRequest): ClusterProblem =>
  new ClusterProblem(
    'unreachable',
    `The command in the pod ${pod} did not end within ${Math.round(timeoutMs / 1000)} seconds. It may still run there.`,
  );

const broken = (reason: string): ClusterProblem =>
  new ClusterProblem(
    'unreachable',
    `The connection to the command broke before its end${reason === '' ? '' : `: ${reason.replace(/\.$/, '')}`}. It may still run there.`,
  );

const noEndOfInput = (): ClusterProblem =>
  new ClusterProblem(
    'server',
    'This API server cannot tell a command that its input has ended; Kubernetes 1.30 and later can.',
  );
