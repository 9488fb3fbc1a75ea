import { plainText } from '#core/live/plainText.ts';
import {
  ClusterProblem,
  type Cluster,
  type ContainerAddress,
  type ShellSession,
  type Stoppable,
} from '#core/live/ports.ts';

/** The better shell where there is one. Programs of the container see the terminal that editors have. */
export const SHELL_COMMAND: readonly string[] = [
  'sh',
  '-c',
  'TERM=xterm-256color; export TERM; if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi',
];

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalHandlers {
  write(text: string): void;
  close(): void;
}

/** Joins a terminal and a shell: keeps what is typed before the shell answers, and says why a shell has ended. */
export class ShellBridge implements Stoppable {
  readonly #cluster: Pick<Cluster, 'shell'>;
  readonly #address: ContainerAddress;
  #session: ShellSession | undefined;
  #handlers: TerminalHandlers | undefined;
  #typed = '';
  #size: TerminalSize | undefined;
  /** The shell has written something, so there is one. */
  #hasSpoken = false;
  #state: 'starting' | 'running' | 'ended' | 'stopped' = 'starting';

  constructor(cluster: Pick<Cluster, 'shell'>, address: ContainerAddress) {
    this.#cluster = cluster;
    this.#address = address;
  }

  async start(handlers: TerminalHandlers, size: TerminalSize | undefined): Promise<void> {
    this.#handlers = handlers;
    this.#size ??= size;
    try {
      const session = await this.#cluster.shell(this.#address, SHELL_COMMAND, {
        output: (data) => {
          this.#hasSpoken = true;
          this.#write(data);
        },
        ended: (exitCode, message) => this.#ended(exitCode, message),
      });
      this.#begin(session);
    } catch (error) {
      this.#ended(undefined, error instanceof ClusterProblem ? error.message : String(error));
    }
  }

  /** After the end any key closes the terminal. */
  input(data: string): void {
    if (this.#state === 'ended') this.#handlers?.close();
    else if (this.#session) this.#session.write(data);
    else this.#typed += data;
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#session?.resize(size.columns, size.rows);
  }

  stop(): void {
    this.#state = 'stopped';
    this.#session?.stop();
  }

  #begin(session: ShellSession): void {
    if (this.#state === 'stopped') return session.stop();
    if (this.#state === 'ended') return;
    this.#state = 'running';
    this.#session = session;
    if (this.#size) session.resize(this.#size.columns, this.#size.rows);
    if (this.#typed !== '') session.write(this.#typed);
    this.#typed = '';
  }

  #ended(exitCode: number | undefined, message: string): void {
    if (this.#state === 'stopped' || this.#state === 'ended') return;
    this.#state = 'ended';
    this.#session = undefined;
    const why = describeEnd(exitCode, plainText(message, 500), this.#hasSpoken);
    this.#write(`\r\n\u001B[2m${why} Press any key to close.\u001B[0m\r\n`);
  }

  #write(text: string): void {
    if (this.#state !== 'stopped') this.#handlers?.write(text);
  }
}

function describeEnd(exitCode: number | undefined, message: string, hasSpoken: boolean): string {
  // 126 and 127: nothing of that name can be run, as shells and container runtimes say it.
  const isNotFound = exitCode === 126 || exitCode === 127 || /executable file not found|no such file/i.test(message);
  if (isNotFound && !hasSpoken) {
    return `This container has no shell${message === '' ? '.' : `: ${message}.`}`;
  }
  if (exitCode === undefined) return `The connection ended${message === '' ? '.' : `: ${message}.`}`;
  return exitCode === 0 ? 'The shell has ended.' : `The shell has ended with exit code ${exitCode}.`;
}
