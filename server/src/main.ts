import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runCli } from '#server/cli/run.ts';
import { kubernetesSource } from '#server/cli/status/clusterSource.ts';
import { processTerminal } from '#server/cli/terminal.ts';
import { runServer } from '#server/runServer.ts';
import { bundledSchemaFolder } from '#server/schemas/bundled.ts';
import { PRODUCT_VERSION } from '#server/version.ts';

/** npm starts programs through a symbolic link; the schemas stand beside the file itself. */
const program = realpathSync(process.argv[1] ?? '.');
const schemaFolder = bundledSchemaFolder(dirname(program));

/** The command line, with the words that the process was started with. */
export async function runCommandLine(): Promise<void> {
  process.exitCode = await runCli(process.argv.slice(2), {
    terminal: processTerminal(),
    version: PRODUCT_VERSION,
    schemaFolder,
    clusters: kubernetesSource,
    environment: process.env,
  });
}

// The language server as a program of its own, as the extension starts it.
if (program === realpathSync(fileURLToPath(import.meta.url))) runServer(schemaFolder);
