import type { ClusterProblem, LogHandlers, LogRequest, Stoppable } from '#core/live/ports.ts';
import { pathOfPod } from '../api/urls.ts';
import { problemOfFailure } from '../transport/networkProblems.ts';
import type { Transport } from '../transport/transport.ts';

/** A longer line is cut into several; in characters. */
const longestLine = 1_000_000;

/** Reads the log of a container until it ends, breaks or is stopped; beginning again is up to the caller. */
export function readLogs(transport: Transport, request: LogRequest, handlers: LogHandlers): Stoppable {
  const stopped = new AbortController();
  const end = (problem: ClusterProblem | undefined): void => {
    if (!stopped.signal.aborted) handlers.ended(problem);
    stopped.abort();
  };
  follow(transport, request, handlers, stopped.signal).then(
    () => end(undefined),
    (error: unknown) => end(problemOfFailure(error, transport.server)),
  );
  return { stop: () => stopped.abort() };
}

async function follow(
  transport: Transport,
  request: LogRequest,
  handlers: LogHandlers,
  signal: AbortSignal,
): Promise<void> {
  const stream = await transport.stream({ path: pathOfLog(request), accept: '*/*', signal });
  const lines = new LineSplitter();
  const tell = (found: readonly string[]): void => {
    if (found.length > 0 && !signal.aborted) handlers.lines(found);
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) tell(lines.take(chunk));
    tell(lines.rest());
  } finally {
    stream.destroy();
  }
}

const pathOfLog = (request: LogRequest): string =>
  pathOfPod(request.namespace, request.pod, 'log', {
    container: request.container,
    follow: request.follow ? true : undefined,
    previous: request.previous === true ? true : undefined,
    tailLines: request.tailLines,
    sinceSeconds: request.sinceSeconds,
    timestamps: request.timestamps === true ? true : undefined,
  });

/** Makes whole lines of bytes that are cut anywhere. */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #rest = '';

  take(chunk: Buffer): readonly string[] {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > longestLine) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    return lines.map(withoutReturn);
  }

  /** What stands after the last line end. */
  rest(): readonly string[] {
    return this.#rest === '' ? [] : [withoutReturn(this.#rest)];
  }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
