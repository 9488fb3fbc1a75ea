import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { liveSystems, type WatchedSystem } from '#core/live/liveSystems.ts';
import type { Clock, ClusterDirectory } from '#core/live/ports.ts';
import type { Operations } from '#core/operations/operations.ts';
import { operations } from '#core/systems/operations.ts';
import { runCli } from '#server/cli/run.ts';
import type { ClusterSource } from '#server/cli/status/clusterSource.ts';
import type { Terminal } from '#server/cli/terminal.ts';
import { bundledStoreFolder } from '#test/support/catalog.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeDirectory } from '#test/support/fakeDirectory.ts';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder on the real disk and the command line program in it; only the terminal is a stand-in. */
export class CliHarness {
  readonly folder: string;
  colors = false;
  showsProgress = false;
  /** Contexts that `status` finds; there are none as a rule. */
  directory: ClusterDirectory = new FakeDirectory();
  systems: readonly WatchedSystem[] = liveSystems;
  /** What somebody at the keyboard types, line by line; nobody is there when it is undefined. */
  typed: string[] | undefined;
  operations: Operations = operations;
  environment: Readonly<Record<string, string>> = {};
  /** Time for whatever waits. */
  clock: Clock = new FakeClock();
  private interrupted: () => void = () => undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<CliHarness> {
    const harness = new CliHarness(await mkdtemp(join(tmpdir(), 'data-clusters-cli-')));
    for (const [path, content] of Object.entries(files)) await harness.write(path, content);
    return harness;
  }

  async run(args: readonly string[], input: string | Uint8Array = ''): Promise<CliResult> {
    const out: string[] = [];
    const err: string[] = [];
    const terminal: Terminal = {
      cwd: this.folder,
      colors: this.colors,
      showsProgress: this.showsProgress,
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
      readInput: async () => Buffer.from(input),
      onInterrupt: (listener) => void (this.interrupted = listener),
      canAsk: this.typed !== undefined,
      ask: async (question) => {
        err.push(question);
        return this.typed?.shift() ?? '';
      },
    };
    const { clock, systems, directory } = this;
    const clusters: ClusterSource = {
      clock,
      systems,
      openDirectory: () => directory,
      operations: () => this.operations,
    };
    const schemaFolder = await bundledStoreFolder();
    const code = await runCli(args, {
      terminal,
      version: '1.2.3',
      schemaFolder,
      clusters,
      environment: this.environment,
    });
    return { code, out: out.join(''), err: err.join('') };
  }

  /** As if the user pressed Ctrl+C. */
  interrupt(): void {
    this.interrupted();
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), content);
  }

  read(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
