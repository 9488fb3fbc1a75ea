import type { ClusterSource } from '#server/cli/status/clusterSource.ts';
import type { Terminal } from '#server/cli/terminal.ts';

export interface CliWorld {
  readonly terminal: Terminal;
  readonly version: string;
  /** Folder of the bundled schema store. */
  readonly schemaFolder: string;
  readonly clusters: ClusterSource;
  readonly environment: Readonly<Record<string, string | undefined>>;
}
