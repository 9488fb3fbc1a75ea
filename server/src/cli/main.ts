import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { runCli } from '#server/cli/run.ts';
import { kubernetesSource } from '#server/cli/status/clusterSource.ts';
import { processTerminal } from '#server/cli/terminal.ts';
import { bundledSchemaFolder } from '#server/schemas/bundled.ts';
import { PRODUCT_VERSION } from '#server/version.ts';

/** npm starts the program through a symbolic link; the schemas stand beside the file itself. */
const programFolder = dirname(realpathSync(process.argv[1] ?? '.'));

void runCli(process.argv.slice(2), {
  terminal: processTerminal(),
  version: PRODUCT_VERSION,
  schemaFolder: bundledSchemaFolder(programFolder),
  clusters: kubernetesSource,
  environment: process.env,
}).then((code) => {
  process.exitCode = code;
});
